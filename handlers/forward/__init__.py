"""The proxy: with `FORWARD_URL` everything is handed on to the server behind. See README.md beside this file."""

from handlers.forward.forward import become_proxy, pass_on

__all__ = ["become_proxy", "pass_on"]
