"""What does ngrok's error mean, and what is to be done? Its codes in plain words (https://ngrok.com/docs/errors)."""

from collections.abc import Mapping
from gettext import gettext as _
from typing import NamedTuple

from clients.ngrok import error_code

TOKEN_PAGE = "https://dashboard.ngrok.com/get-started/your-authtoken"  # noqa: S105  # an address
AGENTS_PAGE = "https://dashboard.ngrok.com/agents"
DOMAINS_PAGE = "https://dashboard.ngrok.com/domains"
USAGE_PAGE = "https://dashboard.ngrok.com/usage"


class Plainly(NamedTuple):
    """One of ngrok's errors: what it means here, and the next thing to do."""

    code: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} (ERR_NGROK_{self.code})\n→ {self.remedy}"


def in_plain_words(text: str, headers: Mapping[str, str] | None = None) -> Plainly | None:
    """The error that ngrok's text or error page names; None where it names none that is known."""
    code = error_code(text, headers)
    for codes, what, remedy in (*_of_the_account(), *_of_the_way()):
        if code in codes:
            return Plainly(code, what, remedy)
    return None


def no_token() -> Plainly:
    """What a start without any token would be told by ngrok."""
    return Plainly("4018", *_token_lacks())


def _token_lacks() -> tuple[str, str]:
    remedy = _("Copy it from {page} (a free account has one) into .env: NGROK_AUTH_TOKEN=…")
    return _("ngrok needs your account's token, and there is none"), remedy.format(page=TOKEN_PAGE)


def _of_the_account() -> list[tuple[tuple[str, ...], str, str]]:
    correct = _("Compare NGROK_AUTH_TOKEN in .env with the one at {page}").format(page=TOKEN_PAGE)
    stop = _("Stop the other one: {page} lists them. On this machine: NGROK_API is the address of the one that runs")
    newer = _("Delete the old program, and this command fetches the newest; or: ngrok update")
    wait = _("Wait for the next month, or choose a plan; how much was used: {page}")
    return [
        (("4018",), *_token_lacks()),
        (("105", "106", "107", "109"), _("ngrok does not accept the token"), correct),
        (("108",), _("This ngrok account already runs as many agents as it may"), stop.format(page=AGENTS_PAGE)),
        (
            ("324",),
            _("The running ngrok already has as many tunnels as the account may have"),
            _("Close one: {page}").format(page=AGENTS_PAGE),
        ),
        (
            ("725", "726", "727", "4027"),
            _("The ngrok account's limit of this month is used up"),
            wait.format(page=USAGE_PAGE),
        ),
        (("120", "121"), _("This ngrok program is too old for the account"), newer),
        (
            ("102", "103"),
            _("The ngrok account is suspended or not paid for"),
            _("See there: {page}").format(page="https://dashboard.ngrok.com/billing"),
        ),
        (
            ("115", "116", "9040"),
            _("ngrok does not let this machine's network address in"),
            _("Another network; or another way than ngrok: docs/ngrok.md, cloudflared"),
        ),
    ]  # fmt: skip


def _of_the_way() -> list[tuple[tuple[str, ...], str, str]]:
    start = "python scripts/start_ngrok_unified.py"
    elsewhere = _("Stop that one ({page}); if it was killed a moment ago, try again in a minute")
    return [
        (("334", "344"), _("This domain is online already, by another ngrok"), elsewhere.format(page=AGENTS_PAGE)),
        (
            ("319", "320", "314", "7117", "7118"),
            _("NGROK_DOMAIN is not a domain of this ngrok account"),
            _("Write one that {page} lists into .env, or none").format(page=DOMAINS_PAGE),
        ),
        (("3200",), _("The tunnel is offline: no ngrok serves this address"), start),
        (
            ("8012",),
            _("The tunnel reaches this machine, but no server answers behind it"),
            _("Start the server in another terminal: scripts/start"),
        ),
        (
            ("3004",),
            _("What stands behind the tunnel does not answer as a server does"),
            _("SERVER_PORT must be the port of this server: scripts/start"),
        ),
        (("734", "702", "717"), _("ngrok limits how many requests a minute it lets through"), _("Wait a minute")),
        (("3210", "810"), _("ngrok is just connecting again"), _("Wait a minute")),
    ]
