"""How is ngrok's agent started and ended? By pyngrok, with the token in a file that only its owner reads."""

import contextlib
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from pyngrok import ngrok, process
from pyngrok.conf import DEFAULT_NGROK_PATH, PyngrokConfig
from pyngrok.exception import PyngrokError, PyngrokNgrokInstallError

from config.settings import known_names
from config.tunnel_settings import TunnelSettings
from dashboard.checks.context import ngrok_files, own_ngrok_file
from dashboard.checks.ngrok_errors import in_plain_words, no_token
from scripts.ask_server import Failed
from scripts.whole_file import replace

# A session that ends in order frees its domain at once; a killed one holds it for a while.
SECONDS_TO_END = 5.0
SECONDS_TO_START = 10
NO_NETWORK = ("dial tcp", "no such host", "i/o timeout", "x509", "reconnect")
NGROKS_OWN = {"NGROK_AUTHTOKEN", "NGROK_API_KEY"}  # pyngrok would write them on the command line


class StartedAgent:
    """The agent that this command has started; `url` is where its local API listens."""

    def __init__(self, running: process.NgrokProcess) -> None:
        self._running = running
        self.url = running.api_url or ""

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._running.proc.poll() is None

    def end(self) -> None:
        """End it, and wait for its end."""
        self._running.proc.terminate()
        try:
            self._running.proc.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._running.proc.kill()
            self._running.proc.wait()


def start(settings: TunnelSettings) -> StartedAgent:
    """Start the agent and wait until it is connected; raises `Failed` with what is to be done."""
    file = _file_with_token(settings)
    # In a session of its own: Ctrl-C is for this command, which ends it in order.
    config = PyngrokConfig(
        str(_program(settings)), str(file), config_version="2", start_new_session=True, startup_timeout=SECONDS_TO_START
    )
    config.auth_token = None  # that of the environment, which would be seen on the command line
    with _silent() as stderr:
        _forget_secrets()
        try:
            return StartedAgent(ngrok.get_ngrok_process(config))
        except PyngrokNgrokInstallError:
            raise Failed(_no_program()) from None
        except (PyngrokError, OSError) as error:
            stderr.seek(0)
            said = f"{getattr(error, 'ngrok_error', None) or error} {stderr.read().decode(errors='replace')}"
            raise Failed(_in_words(said, settings)) from None


def _file_with_token(settings: TunnelSettings) -> Path:
    """The configuration of ngrok: our own with the token of `.env`, or the one that the user has made."""
    own = own_ngrok_file()
    if settings.auth_token:
        address = urlsplit(settings.api).netloc
        # Quoted as JSON is, which YAML reads. Version 2 is understood by every agent of ngrok 3.
        text = f'version: "2"\nauthtoken: {json.dumps(settings.auth_token)}\nweb_addr: {json.dumps(address)}\n'
        own.parent.mkdir(parents=True, exist_ok=True)
        replace(own, text, mode=0o600)
        return own
    for path in ngrok_files():
        if path != own and path.is_file() and re.search(r"^\s*authtoken:\s*\S", path.read_text("utf-8"), re.MULTILINE):
            return path
    raise Failed(str(no_token()))


def _program(settings: TunnelSettings) -> Path:
    """The program of ngrok; where there is none, pyngrok fetches it to where this points."""
    if settings.path:
        if not settings.path.is_file():
            raise Failed(_("NGROK_PATH names no program: {path}").format(path=settings.path))
        return settings.path
    fetched = Path(DEFAULT_NGROK_PATH)
    found = None if fetched.exists() else shutil.which("ngrok")
    return Path(found) if found and not _is_script(Path(found)) else fetched


def _is_script(path: Path) -> bool:
    """Whether it is pyngrok's own command `ngrok`, which is a script and no agent."""
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def _forget_secrets() -> None:
    """What this command was told is not ngrok's to know; and a proxy is not between programs of this machine."""
    for name in known_names() | NGROKS_OWN:
        os.environ.pop(name, None)
    not_by_proxy = ["127.0.0.1", "localhost", *filter(None, [os.environ.get("no_proxy")])]
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(not_by_proxy)


@contextlib.contextmanager
def _silent() -> Iterator[IO[bytes]]:
    """Errors of ngrok quote the token: its stderr goes into a file, which this gives, and pyngrok's log nowhere."""
    log = logging.getLogger("pyngrok")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            yield file
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _no_program() -> str:
    what = _("ngrok's program is not there, and it cannot be fetched: no network, or ngrok.com does not answer")
    remedy = _("Fetch it by another machine from {page} to {path}, or name its place in .env: NGROK_PATH=…")
    return f"{what}\n→ {remedy.format(page='https://ngrok.com/download', path=DEFAULT_NGROK_PATH)}"


def _in_words(said: str, settings: TunnelSettings) -> str:
    plainly = in_plain_words(said)
    if plainly:
        return str(plainly)
    quoted = without_token(said, settings)
    if "address already in use" in said.lower():
        what = _("Another program has the address that ngrok listens at on this machine: {address}")
        remedy = _("In .env: NGROK_API=http://127.0.0.1:4041, or stop that program")
        return f"{what.format(address=settings.api)}\n→ {remedy}"
    if any(sign in said for sign in NO_NETWORK):
        what = _("ngrok does not reach its servers: no network, or a firewall")
        remedy = _("Look at this machine and its network. ngrok says: {error}").format(error=quoted)
        return f"{what}\n→ {remedy}"
    return _("ngrok does not start: {error}").format(error=quoted)


def without_token(said: str, settings: TunnelSettings) -> str:
    """The words of ngrok on one line, without the token that they may quote."""
    hidden = said.replace(settings.auth_token, "…") if settings.auth_token else said
    return re.sub(r"(authtoken:?\s*)\S+", r"\1…", " ".join(hidden.split()), flags=re.IGNORECASE)[:400]
