"""What is pasted into Chatwoot and Odoo? The addresses with their tokens: the one command that shows them."""

import sys
from gettext import gettext as _
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click

from scripts.ask_server import Failed
from scripts.first_env import missing
from scripts.own_settings import own_settings, speak_as_set
from scripts.welcome import addresses

speak_as_set()


@click.command(help=_("Show the addresses and tokens to paste into Chatwoot and Odoo."))
def main() -> None:
    """Print them; exit code 1 where a token is not set yet."""
    settings = own_settings()
    for line in addresses(settings, settings.port, show_tokens=True):
        print(line)
    tokens = {"WEBHOOK_TOKEN": settings.accounts.first.webhook_token, "ODOO_SYNC_KEY": settings.accounts.first.odoo_key}
    unset = [name for name, value in tokens.items() if not value]
    if unset:
        raise Failed(missing(unset))


if __name__ == "__main__":
    main()
