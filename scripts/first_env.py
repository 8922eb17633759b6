"""What does the first start write? Tokens, into an `.env` that knows none of them yet."""

import os
import secrets
from collections.abc import Iterable
from gettext import gettext as _
from pathlib import Path

from dotenv import dotenv_values

from scripts.whole_file import alone, replace

GENERATED = ("WEBHOOK_TOKEN", "ODOO_SYNC_KEY", "ADMIN_TOKEN")
HEAD = "# Gerado no primeiro início. Todas as opções: .env.example\n"


def write_tokens(path: Path) -> bool:
    """Write them, for the owner alone; True when they were written.

    A file that names one of them, filled or empty, has been decided on, and so has one beside an environment that does.
    """
    is_there = path.exists()
    if is_there and any(name in os.environ or name in dotenv_values(path) for name in GENERATED):
        return False
    with alone(path.parent):
        text = path.read_text(encoding="utf-8") if is_there else HEAD
        tokens = fresh(name for name in GENERATED if not os.environ.get(name))
        added = "".join(f"{name}={token}\n" for name, token in tokens.items())
        replace(path, text + ("" if text.endswith("\n") else "\n") + added, mode=0o600)
    return True


def fresh(names: Iterable[str]) -> dict[str, str]:
    """New tokens by these names."""
    return {name: secrets.token_urlsafe(24) for name in names}


def missing(names: Iterable[str]) -> str:
    """What a person does where these are not set: lines for `.env`, with new tokens."""
    tokens = fresh(names)
    lines = "\n".join(f"  {name}={token}" for name, token in tokens.items())
    text = _("Not set: {names}. Write into .env, and start the server again (scripts/start):")
    return f"{text.format(names=', '.join(tokens))}\n{lines}"
