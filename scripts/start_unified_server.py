"""Start the server: settings checked, first `.env` written, one screen of what to do next, then requests are taken."""

import argparse
import contextlib
import errno
import os
import socket
import sys
from gettext import gettext as _
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import uvicorn
from sqlalchemy.exc import DBAPIError

from app import MissingService, create_app
from config.printed import Printed
from config.settings import Settings, WrongSettings, env_path
from dashboard.checks import at_start
from dashboard.checks.plugins import misspelt, set_aside
from relay.deadline import PatientProtocol
from relay.signals import signals
from relay.store import AlreadyRunning, NewerDatabase
from scripts.first_env import write_tokens
from scripts.own_settings import complain, own_settings
from scripts.reload import Reload
from scripts.welcome import doubts, welcome

# On a socket that is handed over a successor waits for the database, and senders wait with it: Chatwoot for 5 s.
HANDED_OVER = {"wait_seconds": 60.0, "grace_seconds": 2.0}


def main() -> None:
    """Start, and serve until SIGTERM; exit code 2 when a setting is wrong."""
    arguments = _arguments()
    is_first = _is_first()
    settings = own_settings(whole=True)
    listener = _listener(arguments.fd, settings)
    if arguments.reload:
        listener.listen()  # who sends before the server is there is answered when it is
        Reload(listener, settings).run()
    sys.stdout, sys.stderr = Printed(sys.stdout), Printed(sys.stderr)  # before plugins are imported
    try:
        app = create_app(settings, **(HANDED_OVER if arguments.fd is not None else {}))
    except AlreadyRunning as running:
        sys.exit(_("Another server is using this database ({lock}). Stop it first.").format(lock=running))
    except NewerDatabase as newer:
        sys.exit(_("A newer version of this server wrote the database {path}: start that version.").format(path=newer))
    except WrongSettings as wrong:  # of a source, or of a shipped handler's own: known only when they are loaded
        complain(wrong.errors)
    except MissingService as missing:
        sys.exit(str(missing))
    except (OSError, DBAPIError) as error:
        sys.exit(
            _("A folder or file cannot be used: {error}. See DATABASE_URL, LOG_DIR, PLUGINS_DIR.").format(error=error)
        )
    _welcome(settings, listener.getsockname()[1], is_first, in_short=arguments.again)
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C: it has stopped as it should, and uvicorn tells it again
        uvicorn.Server(_configuration(app, settings)).run(sockets=[listener])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fd", type=int, default=_systemd_fd(), help="take requests from this open socket")
    parser.add_argument("--reload", action="store_true", help="start again whenever a file changes (for development)")
    parser.add_argument("--again", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _welcome(settings: Settings, port: int, is_first: bool, *, in_short: bool) -> None:
    """The screen, with its tokens, past what hides secrets; after a change, what is doubtful alone."""
    screen = sys.__stdout__ or sys.stdout
    if not in_short:
        print(welcome(settings, port, is_first, show_tokens=screen.isatty()), file=screen, flush=True)
    aside = [set_aside(each.module, each.reason) for each in signals.broken]
    print(doubts([*at_start(settings), *aside, *misspelt(signals.all_handlers())]), end="", file=screen, flush=True)


def _is_first() -> bool:
    """Whether this start has written tokens into `.env`. What is unreadable there is told with the settings."""
    path = env_path()
    try:
        return write_tokens(path)
    except UnicodeDecodeError:
        return False
    except OSError as error:
        if path.exists():  # mounted, or another's: the server starts without tokens, and says which are missing
            return False
        sys.exit(_("The file {path} cannot be written: {error}").format(path=path, error=error.strerror))


def _systemd_fd() -> int | None:
    """The socket that systemd hands over, where it does (sd_listen_fds(3))."""
    mine = os.environ.get("LISTEN_PID") == str(os.getpid())
    return 3 if mine and os.environ.get("LISTEN_FDS", "0") != "0" else None


def _listener(fd: int | None, settings: Settings) -> socket.socket:
    """The listening socket: handed over, so that a restart refuses nobody, or one of our own."""
    if fd is not None:
        return _handed_over(fd)
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            text = _("{name} = {value}: expected {wanted}. For example: {name}={example}")
            wanted = _("a name or an address of this machine")
            complain([text.format(name="SERVER_HOST", value=repr(settings.host), wanted=wanted, example="0.0.0.0")])  # noqa: S104  # an example
        text = _("The address {host}:{port} cannot be used: {error}. Set SERVER_PORT to another, or stop what has it.")
        sys.exit(text.format(host=settings.host, port=settings.port, error=error.strerror))
    return listener


def _handed_over(fd: int) -> socket.socket:
    try:
        return socket.socket(fileno=fd)
    except OSError as error:
        print(_("--fd {number} is no open socket: {error}").format(number=fd, error=error.strerror), file=sys.stderr)
        sys.exit(2)


def _configuration(app: object, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an ASGI application
        http=PatientProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
    )


if __name__ == "__main__":
    main()
