"""Do the settings say what they are meant to? What is wrong, misspelt, or open to others."""

import difflib
import re
import stat
from gettext import gettext as _
from pathlib import Path

from dotenv import dotenv_values

from config.settings import ROOT, Settings, known_names
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning

# Read elsewhere than by config/settings.py, or kept from an earlier time and needed no longer.
ALSO_KNOWN = {"ENV_FILE", "ODOO_API_URL", "PYTHON"}
LIKE = 0.8
# A secret of fewer letters can be guessed.
LEAST = 12
_FROM_ENVIRONMENT = re.compile(r"[\"']env:(\w+)[\"']")


def check(context: Context) -> list[Finding]:
    """The settings and `.env`."""
    if context.settings is None:
        return [_wrong(each) for each in context.wrong]
    return [*check_files(context), *_admin_token(context.settings), *_short(context.settings)]


def check_files(context: Context) -> list[Finding]:
    """`.env`, its names, and what it opens to everybody."""
    assert context.settings is not None
    named = _named_in(context.settings.accounts_file.path) | _named_in(context.settings.sources_file)
    # The template has those of the sources that ship, too: what they may be told, they declare themselves.
    known = known_names() | ALSO_KNOWN | _names_in(ROOT / ".env.example") | named
    return [
        *_env_file(context.env_file),
        *unknown(_names_in(context.env_file), known),
        *_open(context.settings),
    ]


def _wrong(sentence: str) -> Finding:
    why = _("The server does not start with it.")
    return error("settings.wrong", sentence, why, _("Correct it in .env or the environment: docs/settings.md"))


def _env_file(path: Path) -> list[Finding]:
    if not path.exists():
        what = _("There is no {path}: the settings come from the environment").format(path=path)
        return [good("settings.file", what)]
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        what = _("{path} can be read by other users of this machine").format(path=path)
        return [warning("settings.mode", what, _("It holds tokens and keys."), f"chmod 600 {path}")]
    return [good("settings.file", _("{path} is read, and only by its owner").format(path=path))]


def unknown(names: set[str], known: set[str]) -> list[Finding]:
    """What `.env` sets and nothing reads: a misspelling is doubtful, another program's name is not."""
    found = []
    for name in sorted(names - known):
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=LIKE)
        if near:
            what = _("{name} is no setting; {near} is").format(name=name, near=near[0])
            why = _("Nothing reads it: it is as if it were not set.")
            remedy = _("In .env: {near}=… in place of {name}=…").format(name=name, near=near[0])
            found.append(warning("settings.unknown", what, why, remedy))
    others = sorted(names - known - {each.what.partition(" ")[0] for each in found})
    if others:
        what = _("Not read by this server: {names}").format(names=", ".join(others))
        found.append(good("settings.others", what))
    return found


def _names_in(path: Path) -> set[str]:
    return set(dotenv_values(path, interpolate=False)) if path.exists() else set()


def _named_in(file: Path | None) -> set[str]:
    """The names that a file of accounts or sources takes from the environment."""
    if file is None or not file.is_file():
        return set()
    return set(_FROM_ENVIRONMENT.findall(file.read_text("utf-8", errors="replace")))


def _open(settings: Settings) -> list[Finding]:
    if not settings.allow_unauthenticated:
        return []
    sources = ", ".join(settings.allow_unauthenticated)
    what = _("Taken without any authentication: {sources}").format(sources=sources)
    why = _("Whoever knows the address can make this server answer customers.")
    return [warning("settings.unauthenticated", what, why, _("Take ALLOW_UNAUTHENTICATED out of .env"))]


def _admin_token(settings: Settings) -> list[Finding]:
    if settings.admin_token:
        return []
    what, why = _("ADMIN_TOKEN is not set"), _("Without it /admin and most commands are closed.")
    return [warning("settings.admin_token", what, why, _("In .env: ADMIN_TOKEN=… (any long random text)"))]


def _short(settings: Settings) -> list[Finding]:
    """Our own secrets that are short enough to be guessed, by their names."""
    account = settings.accounts.first
    own = {
        "ADMIN_TOKEN": [settings.admin_token],
        "METRICS_TOKEN": [settings.metrics_token],
        "WEBHOOK_TOKEN": account.webhook_tokens,
        "ODOO_SYNC_KEY": account.odoo_keys,
    }
    names = [name for name, values in own.items() if any(0 < len(value) < LEAST for value in values)]
    if not names:
        return []
    what = _("Shorter than {number} characters: {names}").format(number=LEAST, names=", ".join(names))
    why = _("Whoever tries for long enough finds it.")
    return [warning("settings.short", what, why, _("In .env, a longer one: openssl rand -hex 32"))]
