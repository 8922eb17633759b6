"""Which settings does a command go by? The server's own, read the same way; what is wrong is told in plain words."""

import contextlib
import sys
from gettext import gettext as _
from typing import NoReturn

from config.settings import Settings, WrongSettings, load


def speak_as_set() -> None:
    """Speak the language of `.env` before a command's help texts are made; wrong settings are told later."""
    with contextlib.suppress(WrongSettings):
        load()


def own_settings(*, whole: bool = False) -> Settings:
    """The settings; every mistake is told at once, and ends the command with exit code 2.

    A mistake in accounts.toml counts only with `whole`: the others are needed most while something is wrong.
    """
    try:
        return load(need_accounts=whole)
    except WrongSettings as wrong:
        complain(wrong.errors)


def complain(errors: list[str]) -> NoReturn:
    """Say what is wrong with the settings, and end with exit code 2."""
    print(_("These settings cannot be used (in .env, the environment or accounts.toml):"), file=sys.stderr)
    for error in errors:
        print(f"  - {error}", file=sys.stderr)
    sys.exit(2)
