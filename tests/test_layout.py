"""The shape of the project: who imports whom, how files are named, and that samples, settings and READMEs are there."""

import ast
import contextlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest

from app import own_settings
from config.settings import load
from config.sources_file import TAKEN
from relay import Incoming, Refused, Source
from relay.discover import discover
from relay.event import now_ms
from relay.handler import Handler
from relay.signals import OWN_NAMES, signals
from relay.testing.samples import samples_in

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("config", "clients", "relay", "hubcrew", "handlers", "dashboard", "scripts")
# The arrows of design.md; they never turn back.
MAY_IMPORT = {
    "config": set(),
    "clients": set(),
    "relay": set(),
    "hubcrew": {"clients"},
    "handlers": {"relay", "hubcrew", "clients", "config"},
    "dashboard": {"relay", "hubcrew", "clients", "config"},
    "app": {"relay", "hubcrew", "clients", "config", "handlers", "dashboard"},
    "scripts": {"relay", "hubcrew", "clients", "config", "handlers", "dashboard", "app"},
}
OURS = {*MAY_IMPORT, "tests", "plugins"}
# Alembic costs 0.2 s and is imported where it is needed, OpenTelemetry too, and may not be there; a plain `python` has
# no starlette.
IMPORTS_INSIDE = {"relay/store/database.py", "relay/traces.py", "scripts/in_venv.py"}
NOT_VOCABULARY = re.compile(r"(^|_)(utils?|helpers?|base|common|managers?|misc)(_|$)")

# Events that are kept and shown, and that no shipped handler reacts to.
ONLY_KEPT = {
    "chatwoot.account_created",
    "chatwoot.automation_event.message_created",
    "chatwoot.contact_created",
    "chatwoot.contact_updated",
    "chatwoot.conversation_typing_off",
    "chatwoot.conversation_typing_on",
    "chatwoot.inbox_created",
    "chatwoot.inbox_updated",
    "chatwoot.macro.executed",
    "chatwoot.webwidget_triggered",
}
# Sources that only take and keep: what reacts to them is a plugin.
WITHOUT_HANDLERS = {"github", "standard_webhooks", "evolution", "generic"}
# Signals of our own making: their payload is that of the event which they were made of.
EMITTED = {"chatwoot.message_unanswered": "chatwoot.message_created"}


def shipped() -> list[Path]:
    """Every Python file that ships."""
    files = [ROOT / "app.py", *(file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")))]
    return [file for file in files if not file.name.startswith("test_")]


def relative(file: Path) -> str:
    return str(file.relative_to(ROOT))


each_file = pytest.mark.parametrize("file", shipped(), ids=relative)


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(file: Path) -> Iterator[str]:
    """The dotted names that a file imports."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(file)}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(file)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def room_of(file: Path) -> str:
    return file.relative_to(ROOT).parts[0].removesuffix(".py")


@each_file
def test_arrows_never_turn_back(file: Path):
    room = room_of(file)
    others = {name.partition(".")[0] for name in imported(file)} & OURS - {room}

    assert others <= MAY_IMPORT[room]


@pytest.mark.parametrize("file", [each for each in shipped() if room_of(each) == "handlers"], ids=relative)
def test_a_handler_imports_no_other_handler(file: Path):
    own = file.relative_to(ROOT).parts[1]
    met = {name.split(".")[1] for name in imported(file) if name.startswith("handlers.")}

    assert met <= {own}


@each_file
def test_nothing_is_imported_within_a_function(file: Path):
    inside = [
        f"line {node.lineno}"
        for function in functions(file)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]

    assert inside == [] or relative(file) in IMPORTS_INSIDE


@each_file
def test_httpx_is_imported_only_where_others_are_called(file: Path):
    assert room_of(file) == "clients" or not {"httpx", "requests", "aiohttp"} & {
        name.partition(".")[0] for name in imported(file)
    }


@each_file
def test_a_file_is_named_for_what_it_does(file: Path):
    assert not [part for part in file.relative_to(ROOT).with_suffix("").parts if NOT_VOCABULARY.search(part)]


@each_file
def test_a_file_is_no_longer_than_400_lines(file: Path):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400


@each_file
def test_a_function_fits_in_40_lines(file: Path):
    long = {each.name: length for each in functions(file) if (length := (each.end_lineno or 0) - each.lineno + 1) > 40}

    assert long == {}


@each_file
def test_a_module_says_what_it_is_for(file: Path):
    assert ast.get_docstring(tree_of(file))


# Settings


def settings_read() -> set[str]:
    """The names that config/settings.py asks its reader for."""
    calls = [node for node in ast.walk(tree_of(ROOT / "config" / "settings.py")) if isinstance(node, ast.Call)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "read"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_the_settings_are_found_in_the_code():
    assert {"SERVER_PORT", "CHATWOOT_WEBHOOK_SECRET", "CHATWOOT_ACCOUNT_ID", "TIMEZONE"} <= settings_read()


@pytest.mark.parametrize("name", sorted(settings_read()))
def test_every_setting_stands_in_the_example(name: str):
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert re.search(rf"^#?\s*{name}=", example, re.MULTILINE)


# Handlers, samples, READMEs

FOLDERS = sorted(path.parent for path in (ROOT / "handlers").glob("*/__init__.py"))
SAMPLES = sorted((ROOT / "handlers").glob("*/samples/*.json"))
each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=relative)
SETTINGS = load(
    {
        "CHATWOOT_WEBHOOK_SECRET": "chatwoot-secret",
        "ODOO_SYNC_KEY": "odoo-key",
        "ODOO_SIGNING_SECRET": "odoo-secret",
        "GITHUB_SECRET": "github-secret",
        "STANDARD_WEBHOOKS_SECRET": "whsec_bWFkZSB1cCBmb3IgdGhlIHRlc3Rz",
        "EVOLUTION_SECRET": "evolution-secret",
        "SOURCES_FILE": str(ROOT / "config" / "sources.example.toml"),
        "LOJA_VIRTUAL_SECRET": "till-secret",
        "ERP_KEY": "erp-key",
    }
)


@pytest.fixture(scope="module", autouse=True)
def _found() -> None:
    discover(signals, ROOT / "handlers", "handlers")


def signal_of(sample: Path) -> str:
    """What a sample's file is named for: `chatwoot/samples/message_created__private_note.json`."""
    return signals_of_samples()[sample]


@cache
def signals_of_samples() -> dict[Path, str]:
    return {each.file: each.signal for each in samples_in([ROOT / "handlers"], {each.name for each in sources()})}


def shipped_handlers() -> list[Handler]:
    return [each for each in signals.all_handlers() if each.module.startswith("handlers.")]


@cache
def sources() -> list[Source]:
    return signals.make_sources({type(SETTINGS): SETTINGS, **own_settings(signals, SETTINGS)})


def as_sent(source: Source, signal: str, body: bytes) -> Incoming:
    """A sample as its sender would send it: in its envelope, with its proof."""
    envelope, proof = source.envelope(signal), source.prove(body, "account_1")
    path, _, query = envelope.path.partition("?")
    headers = {name.lower(): value for name, value in {**envelope.headers, **proof.headers}.items()}
    return Incoming("POST", path, "&".join(filter(None, (query, proof.query))), headers, body, now_ms())


def names_given(sample: Path) -> set[str]:
    """The names that its sources give a sample, sent as they would have it sent."""
    signal = EMITTED.get(signal_of(sample), signal_of(sample))
    names = set()
    for source in (each for each in sources() if each.name == signal.partition(".")[0]):
        incoming = as_sent(source, signal, sample.read_bytes())
        if source.claims(incoming):
            with contextlib.suppress(Refused):
                known = incoming._replace(sender=source.authenticate(incoming))
                named = source.describe(known)
                assert (named.account, named.unmapped) == ("account_1", False)
                names.add(named.name)
    return names


@pytest.mark.parametrize("folder", FOLDERS, ids=relative)
def test_every_folder_of_handlers_has_a_readme(folder: Path):
    assert (folder / "README.md").is_file()


def test_every_handled_signal_has_a_sample():
    sampled = {signal_of(sample) for sample in SAMPLES}
    handled = {pattern for each in shipped_handlers() if each.keep for pattern in each.patterns}
    lacking = {
        pattern
        for pattern in handled
        if not any(name == pattern or name.startswith(pattern.removesuffix("*")) for name in sampled)
    }

    assert handled
    assert lacking == set()


@each_sample
def test_a_sample_is_named_by_its_source_as_its_file_is(sample: Path):
    signal = signal_of(sample)

    assert EMITTED.get(signal, signal) in names_given(sample)


@each_sample
def test_a_sample_reaches_a_handler_or_is_only_kept(sample: Path):
    reached = [each for each in signals.handlers_of(signal_of(sample)) if each.module.startswith("handlers.")]
    only_kept = signal_of(sample) in ONLY_KEPT or sample.parent.parent.name in WITHOUT_HANDLERS

    assert bool(reached) != only_kept


@each_sample
def test_a_sample_holds_nothing_of_the_real_world(sample: Path):
    text = sample.read_text(encoding="utf-8")
    hosts = set(re.findall(r"https?://([^/\"]+)", text)) | set(re.findall(r"\"[^\"\s@]+@([\w.-]+)\"", text))

    assert {host for host in hosts if not host.endswith(("example.com", "s.whatsapp.net"))} <= {"g.us", "lid"}


def test_a_declared_source_can_take_no_name_of_one_that_ships():
    shipped_names = {each.name for each in sources()} - {each.name for each in SETTINGS.sources}

    assert set(TAKEN) == shipped_names | set(OWN_NAMES)


def test_every_source_tells_how_it_is_connected_and_lacks_nothing_that_is_set():
    told = {each.name: told for each in sources() if (told := each.set_up("account_1"))}

    assert set(told) == {each.name for each in sources()} - {"health"}
    assert {name: each.missing for name, each in told.items() if each.missing} == {}


def test_every_own_setting_of_what_ships_stands_in_the_example():
    kinds = [(kind, prefix) for kind, prefix in signals.own_settings.items() if kind.__module__.startswith("handlers.")]
    names = {f"{prefix}_{each.name}".upper() for kind, prefix in kinds for each in msgspec.structs.fields(kind)}
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert "GITHUB_SECRET" in names
    assert {name for name in names if not re.search(rf"^{name}=", example, re.MULTILINE)} == set()
