"""What may be set? Everything comes from the environment and `.env`; all mistakes are told at once, before serving."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import environs
from loguru import logger

from config import language
from config.accounts import MODES, Account, Accounts, OdooAccess, Place
from config.accounts_file import AccountsFile
from config.alarm_settings import AlarmSettings, read_minutes
from config.forward import Forward, check_server
from config.plugin_settings import PluginSettings
from config.reader import Reader, check_url
from config.sources_file import DeclaredSource, read_sources_file
from config.tunnel_settings import LOCAL_API, TunnelSettings, domain_of

ROOT = Path(__file__).resolve().parent.parent
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
ACCOUNTS_FILE = "config/accounts.toml"
SOURCES_FILE = "config/sources.toml"
LEAST_KEY = 16
STATUSES = ("open", "pending", "snoozed", "resolved")
_ACCOUNT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
_NO_ROTATION = re.compile(r"-|[\d.]+$|0+(\.0*)? ")  # loguru would begin a new file at every line


class WrongSettings(Exception):
    """One sentence per setting that cannot be used."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass(frozen=True)
class Settings:
    """Every setting, checked. Times are in the unit that the name says; secrets are ""  where none is set."""

    host: str
    port: int
    language: str
    timezone: str
    database_url: str
    plugins_dir: Path
    plugin_import_seconds: float
    public_url: str
    trusted_proxies: str
    max_body_mb: int
    retention_days: int
    log_dir: Path
    log_level: str
    log_format: str
    log_rotation: str
    log_keep_days: int
    admin_token: str
    admin_hosts: tuple[str, ...]
    metrics_token: str
    otel_endpoint: str
    allow_unauthenticated: tuple[str, ...]
    answer_statuses: tuple[str, ...]
    reply_max_age_minutes: float
    quiet_seconds: float
    most_quiet_seconds: float
    unknown_outcome: str
    heal_every_minutes: float
    loop_rounds: int
    loop_acts: int
    knowledge_dir: Path
    llm_base_url: str
    llm_api_key: str
    llm_model: str
    llm_monthly_calls: int
    alarms: AlarmSettings
    tunnel: TunnelSettings
    forward: Forward
    accounts: Accounts
    accounts_file: AccountsFile
    plugins: PluginSettings
    sources_file: Path | None
    sources: tuple[DeclaredSource, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def secret_values(self) -> list[str]:
        """Every value that must never be seen in a log."""
        own = [
            self.admin_token,
            self.metrics_token,
            self.llm_api_key,
            *self.alarms.secret_values,
            *self.tunnel.secret_values,
            *self.forward.keys,
            *self.plugins.secret_values,
            *(value for source in self.sources for value in source.secret_values),
            *(value for account in self.accounts for value in account.secret_values),
        ]
        return [value for value in own if len(value) >= 6]


def load(
    environment: Mapping[str, str] | None = None, *, env_file: Path | None = None, need_accounts: bool = True
) -> Settings:
    """Read the settings, and speak their language from now on; raises `WrongSettings` with every mistake there is.

    Without `need_accounts`, a wrong accounts.toml leaves the first account alone.
    """
    look_up = _from_files(env_file or env_path()) if environment is None else environment.get
    language.speak(look_up("SERVER_LANGUAGE") or language.DEFAULT)
    reader = Reader(look_up)
    accounts = look_up("ACCOUNTS_FILE") or (ACCOUNTS_FILE if environment is None else "")
    sources = look_up("SOURCES_FILE") or (SOURCES_FILE if environment is None else "")
    file = AccountsFile(_path(accounts) if accounts else None, look_up)
    settings = _read(reader, file, _path(sources) if sources else None, need_accounts)
    if reader.errors:
        raise WrongSettings(reader.errors)
    return settings


def _from_files(path: Path) -> Callable[[str], str | None]:
    """Looks a setting up in the environment, then in `.env`."""
    language.speak(os.environ.get("SERVER_LANGUAGE") or language.DEFAULT)
    env = environs.Env()
    try:
        env.read_env(path, recurse=False)
    except (OSError, ValueError) as error:
        why = str(error)
        if isinstance(error, UnicodeDecodeError):
            why = _("not UTF-8 at byte {place}").format(place=error.start)
        raise WrongSettings([_("{path} cannot be read: {error}").format(path=path, error=why)]) from error
    return lambda name: str(env.str(name, ""))


def known_names() -> set[str]:
    """The names of all settings."""
    nothing: dict[str, str] = {}
    reader = Reader(nothing.get)
    _read(reader, AccountsFile(None, nothing.get), None, need_accounts=False)
    return {*reader.names, "ACCOUNTS_FILE", "SOURCES_FILE"}


def env_path() -> Path:
    """Where `.env` is: in the project, unless `ENV_FILE` names another place."""
    return Path(os.environ.get("ENV_FILE") or ROOT / ".env")


def _path(value: str) -> Path:
    return Path(value) if Path(value).is_absolute() else ROOT / value


def _check_database(value: str) -> None:
    if not value.startswith("sqlite:///") or ":memory:" in value or value == "sqlite:///":
        raise ValueError(value)


def _check_rotation(value: str) -> None:
    if _NO_ROTATION.match(value):
        raise ValueError(value)
    logger.remove(logger.add(os.devnull, rotation=value, delay=True))  # loguru's own parser judges


def _check_account_id(value: str) -> None:
    if not _ACCOUNT_ID.fullmatch(value):
        raise ValueError(value)


def _database_url(value: str) -> str:
    """A relative SQLite path is relative to the project, from wherever the server is started."""
    path = value.removeprefix("sqlite:///")
    return f"sqlite:///{_path(path)}"


def _read(read: Reader, file: AccountsFile, sources_file: Path | None, need_accounts: bool) -> Settings:
    database = read.checked(
        "DATABASE_URL", "sqlite:///data/server.db", _check_database,
        _("a SQLite address (Postgres is not supported yet)"), "sqlite:///data/server.db",
    )  # fmt: skip
    first = _first_account(read)
    declared, errors = _declared(file, sources_file, first)
    read.errors += errors if need_accounts else []
    return Settings(
        host=read.text("SERVER_HOST", "0.0.0.0"),  # noqa: S104  # reached by the tunnel or proxy; nothing is unauthenticated
        port=read.whole("SERVER_PORT", 8000, 0, 65535),
        language=read.text("SERVER_LANGUAGE", language.DEFAULT, ("pt_BR", "en")),
        timezone=first.timezone,
        database_url=_database_url(database),
        **_plugins(read),
        public_url=read.url("PUBLIC_URL").rstrip("/"),
        trusted_proxies=read.text("TRUSTED_PROXIES"),
        max_body_mb=read.whole("MAX_BODY_MB", 10, 1, 100),
        retention_days=read.whole("RETENTION_DAYS", 30, 1, 365),
        log_dir=_path(read.text("LOG_DIR", "logs")),
        log_level=read.text("LOG_LEVEL", "INFO", LOG_LEVELS),
        log_format=read.text("LOG_FORMAT", "text", ("text", "json")),
        log_rotation=read.checked("LOG_ROTATION", "50 MB", _check_rotation, _("a size or a time"), "50 MB"),
        log_keep_days=read.whole("LOG_KEEP_DAYS", 14, 1, 3650),
        admin_token=read.text("ADMIN_TOKEN"),
        admin_hosts=tuple(host.lower() for host in read.words("ADMIN_HOSTS")),
        metrics_token=read.text("METRICS_TOKEN"),
        otel_endpoint=read.url("OTEL_EXPORTER_OTLP_ENDPOINT"),
        allow_unauthenticated=read.words("ALLOW_UNAUTHENTICATED"),
        **_answering(read),
        loop_rounds=read.whole("LOOP_ROUNDS", 10, 0, 10_000),
        loop_acts=read.whole("LOOP_ACTS", 30, 0, 10_000),
        alarms=_alarms(read),
        tunnel=_tunnel(read),
        forward=_forward(read, _database_url(database)),
        **declared,
    )


def _declared(file: AccountsFile, sources_file: Path | None, first: Account) -> tuple[dict[str, Any], list[str]]:
    """What stands in files of their own: the other accounts, with the plugins' settings, and sources without code."""
    found, wrong = file.read(first)
    sources, wrong_sources = read_sources_file(sources_file, file.look_up, {each.id for each in found})

    def changed() -> list[Account] | None:
        return _reread(file, first) if file.has_changed() else None

    accounts = Accounts(found, changed)
    return {
        "accounts": accounts,
        "accounts_file": file,
        "plugins": PluginSettings(file.look_up, accounts),
        "sources_file": sources_file,
        "sources": tuple(sources),
    }, [*wrong, *wrong_sources]


def _plugins(read: Reader) -> dict[str, Any]:
    """Where plugins are, and for how long they are waited for."""
    return {
        "plugins_dir": _path(read.text("PLUGINS_DIR", "plugins")),
        "plugin_import_seconds": read.number("PLUGIN_IMPORT_SECONDS", 60, 1, 600),
    }


def _answering(read: Reader) -> dict[str, Any]:
    """When customers are answered, and from what."""
    return {
        "answer_statuses": read.words("ANSWER_STATUSES", "pending", STATUSES),
        "reply_max_age_minutes": read.number("REPLY_MAX_AGE_MINUTES", 15, 0.05, 1440),
        "quiet_seconds": read.number("ANSWER_QUIET_SECONDS", 8, 0, 60),
        "most_quiet_seconds": read.number("ANSWER_WAIT_SECONDS", 30, 0, 120),
        "heal_every_minutes": read.number("HEAL_EVERY_MINUTES", 10, 0, 1440),
        "unknown_outcome": read.text("UNKNOWN_OUTCOME", "park", ("park", "repost")),
        "knowledge_dir": _path(read.text("KNOWLEDGE_DIR", "knowledge")),
        "llm_base_url": read.url("LLM_BASE_URL").rstrip("/"),
        "llm_api_key": read.text("LLM_API_KEY"),
        "llm_model": _llm_model(read),
        "llm_monthly_calls": read.whole("LLM_MONTHLY_CALLS", 1000, 0, 1_000_000),
    }


def _alarms(read: Reader) -> AlarmSettings:
    """When somebody is told, and where."""
    wanted, example = _("minutes by source"), "chatwoot=120,odoo=1440"
    silent = read.checked("ALARM_SILENT_MINUTES", "", read_minutes, wanted, example)
    return AlarmSettings(
        every_seconds=read.number("ALARM_EVERY_SECONDS", 30, 0.1, 600),
        waiting_minutes=read.number("ALARM_WAITING_MINUTES", 10, 0, 10_000),
        silent_minutes={} if read.errors else read_minutes(silent),
        refused=read.whole("ALARM_REFUSED", 20, 0, 1000),
        disk_mb=read.whole("ALARM_DISK_MB", 500, 0, 1_000_000),
        webhook_url=read.url("ALARM_WEBHOOK_URL"),
        webhook_secret=read.text("ALARM_WEBHOOK_SECRET"),
        conversation=read.whole("ALARM_CHATWOOT_CONVERSATION", 0, 0, 2**53) or None,
    )


def _tunnel(read: Reader) -> TunnelSettings:
    """How the outside reaches this machine."""
    local, path = _("an address that begins with https:// or http://"), read.text("NGROK_PATH")
    domain = read.checked("NGROK_DOMAIN", "", domain_of, _("a domain, without a path"), "loja.ngrok-free.app")
    return TunnelSettings(
        auth_token=read.text("NGROK_AUTH_TOKEN"),
        domain="" if read.errors else domain_of(domain),
        api=read.checked("NGROK_API", LOCAL_API, check_url, local, LOCAL_API).rstrip("/"),
        path=_path(path) if path else None,
        vps_url=read.url("VPS_URL").rstrip("/"),
        vps_token=read.text("VPS_TOKEN"),
    )


def _forward(read: Reader, database_url: str) -> Forward:
    """Where everything is handed on to, if it is."""
    name, wanted = "FORWARD_SIGNING_KEY", _("a secret of 16 letters and digits or more, the same on both servers")
    keys = read.words(name)
    if any(len(key) < LEAST_KEY or not key.isascii() for key in keys):
        read.wrong(name, "", wanted, "openssl rand -hex 32")
    plain = _("an address that begins with https:// or http://, without password, ? and #")
    url = read.checked("FORWARD_URL", "", check_server, plain, "https://loja.ngrok-free.app")
    return Forward(url, keys, Path(database_url.removeprefix("sqlite:///")).with_name("forward_url"))


def _llm_model(read: Reader) -> str:
    model = read.text("LLM_MODEL")
    if read.text("LLM_BASE_URL") and not model:
        read.wrong("LLM_MODEL", model, _("the model's name, as the server at LLM_BASE_URL has it"), "gpt-4o-mini")
    return model


def _reread(file: AccountsFile, first: Account) -> list[Account]:
    accounts, wrong = file.read(first)
    if wrong:
        raise WrongSettings(wrong)
    return accounts


def _first_account(read: Reader) -> Account:
    """The account that `.env` describes."""
    number = read.text("CHATWOOT_ACCOUNT_ID")
    if number and not (number.isascii() and number.isdigit()):
        read.wrong("CHATWOOT_ACCOUNT_ID", number, _("the number in Chatwoot's address (/app/accounts/…)"), "1")
        number = ""
    token, key = read.text("WEBHOOK_TOKEN"), read.text("ODOO_SYNC_KEY")
    return Account(
        id=read.checked(
            "ACCOUNT_ID", "account_1", _check_account_id, _("letters, digits, . - and _ only"), "account_1"
        ),
        timezone=_zone(read),
        answer_mode=read.text("ANSWER_MODE", "on", MODES),
        webhook_tokens=(token,) if token else (),
        odoo_keys=(key,) if key else (),
        odoo_signing_secret=read.text("ODOO_SIGNING_SECRET"),
        chatwoot=(
            Place(
                base_url=read.url("CHATWOOT_BASE_URL"),
                number=int(number) if number else None,
                secrets=read.words("CHATWOOT_WEBHOOK_SECRET"),
                api_key=read.text("CHATWOOT_API_KEY"),
                bot_token=read.text("CHATWOOT_BOT_TOKEN"),
            ),
        ),
        odoo=OdooAccess(
            url=read.url("ODOO_URL"),
            database=read.text("ODOO_DB"),
            login=read.text("ODOO_LOGIN"),
            api_key=read.text("ODOO_API_KEY"),
            webhook_url=read.url("ODOO_WEBHOOK_URL"),
        ),
    )


def _zone(read: Reader) -> str:
    return read.checked("TIMEZONE", "America/Sao_Paulo", ZoneInfo, _("a time zone's name"), "America/Sao_Paulo")
