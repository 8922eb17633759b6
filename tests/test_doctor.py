"""Is everything looked at beside each other, told so that it can be read, and explained? The doctor as a whole."""

import ast
import io
import json
import re
import time
from pathlib import Path

import pytest
from rich.console import Console

from dashboard.checks import Finding, at_start, examine
from dashboard.checks.finding import error, good, warning
from scripts.doctor import as_told, show
from tests.rig import ROOT, Server, eventually, serving
from tests.rig_doctor import answering, context, hanging, installation, one, told, wire
from tests.test_commands import command

CHECKS = sorted((ROOT / "dashboard" / "checks").glob("*.py"))
DIRECT = {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}


def codes() -> dict[str, set[str]]:
    """Every code in the checks, with the levels that it may have."""
    found: dict[str, set[str]] = {}
    for node in (node for file in CHECKS for node in ast.walk(ast.parse(file.read_text()))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            code = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
            if node.func.id in ("good", "warning", "error", "level"):
                assert isinstance(code, str), ast.unparse(node)
                found.setdefault(code, set()).add(node.func.id)
    return found


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_code_is_explained_and_met_in_a_test(code: str):
    page = (ROOT / "docs" / "doctor.md").read_text()
    files = (ROOT / "tests").glob("test_doctor*.py")
    tests = "".join(file.read_text() for file in files)

    assert f"| `{code}` |" in page
    assert f'"{code}"' in tests


def test_the_page_explains_no_code_that_there_is_not():
    page = (ROOT / "docs" / "doctor.md").read_text()

    assert set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", page, re.MULTILINE)) == set(codes())


# All of it


async def test_where_all_is_well_nothing_is_wrong(tmp_path: Path):
    with installation() as (fake, settings):
        found = await examine(context(tmp_path, **settings, **wire(fake)))

    wrong = {each.code for each in found if each.level == "error"}
    assert wrong <= {"public.unreachable", "disk.space"}
    assert {"settings.file", "store.opens", "server.down", "clock.right", "chatwoot.inboxes"} <= set(told(found))


async def test_offline_nobody_is_asked(tmp_path: Path):
    with installation() as (fake, settings):
        known = context(tmp_path, **settings)
        known.offline = True
        found = await examine(known)

    assert not [each for each in found if each.code.startswith(("chatwoot.", "server.", "public.", "clock."))]
    assert fake.asked == []


async def test_who_hangs_delays_nobody_else_and_is_told(tmp_path: Path):
    with hanging() as url:
        hung = {"CHATWOOT_BASE_URL": url, "CHATWOOT_API_KEY": "x", "ODOO_URL": url, "ODOO_API_KEY": "x"}
        started = time.monotonic()
        found = await examine(context(tmp_path, **hung))
        took = time.monotonic() - started

    assert took < 20  # its own limits say 10
    assert {code: told(found)[code] for code in ("chatwoot.unreachable", "odoo.unreachable", "store.opens")} == {
        "chatwoot.unreachable": "error", "odoo.unreachable": "error", "store.opens": "good",
    }  # fmt: skip


async def test_what_takes_longer_than_there_is_time_is_told(tmp_path: Path):
    with hanging() as url:
        found = await examine(context(tmp_path, CHATWOOT_BASE_URL=url, CHATWOOT_API_KEY="x"), seconds=1.5)

    late = [each.what for each in found if each.code == "doctor.slow"]
    assert "chatwoot: not known within 1.5 s" in late
    assert "server.down" in told(found)


async def test_what_nobody_thought_of_hides_nothing_else(tmp_path: Path):
    answers = {"/health": {"status": "ok"}, "/ready": {}, "/admin/api/rejections": {"items": [{"reason": 1}]}}
    with serving(answering(answers)) as url:
        found = await examine(context(tmp_path, SERVER_PORT=url.rpartition(":")[2]))

    assert one(found, "doctor.failed").what.startswith("server: it could not be looked at (KeyError, server.py:")
    assert "'received'" not in one(found, "doctor.failed").what  # an error's own words may quote a secret
    assert {"store.opens", "public.unset"} <= set(told(found))


# How it is told

HOSTILE = "\x1b[2J[bold]x[/bold]\r\nInjected"


def shown(findings: list[Finding], width: int = 80) -> str:
    written = io.StringIO()
    show(Console(file=written, width=width, highlight=False), findings)
    return written.getvalue()


def test_it_is_read_on_80_columns_the_servers_first():
    findings = [
        error("a.b", "x" * 30 + " what " + "y" * 60, "why " * 30, "do " * 40, "loja2"),
        warning("c.d", "what", "because", "python -m scripts.x"),
        good("e.f", "as it should be"),
    ]
    lines = [line.rstrip() for line in shown(findings).splitlines()]

    assert max(len(line) for line in lines) <= 80
    assert [line[0] for line in lines if line.startswith(("✔", "⚠", "✖"))] == ["⚠", "✔", "✖"]
    assert lines.index("loja2") > lines.index("✔ e.f  as it should be")
    assert "  → python -m scripts.x" in lines


def test_somebodys_text_is_shown_as_text():
    said = shown([error("a.b", HOSTILE, HOSTILE, HOSTILE, HOSTILE)])

    assert "\x1b" not in said
    assert said.count("[bold]x[/bold]") == 4


def test_machines_are_told_the_same():
    both = as_told([error("a.b", "x", "y", "z", "loja2"), good("c.d", "x")])

    assert both == {
        "errors": 1,
        "warnings": 0,
        "findings": [
            {"level": "error", "code": "a.b", "what": "x", "why": "y", "remedy": "z", "account": "loja2", "place": ""},
            {"level": "good", "code": "c.d", "what": "x", "why": "", "remedy": "", "account": "", "place": ""},
        ],
    }


# The command


@pytest.fixture
def stopped(tmp_path: Path) -> Server:
    """The settings of a server that does not run."""
    return Server(tmp_path, SERVER_LANGUAGE="en", **DIRECT)


def test_the_command_ends_with_0_where_nothing_is_wrong_and_with_1_where_something_is(stopped: Server):
    right = command(stopped, "doctor", "--offline")
    wrong = command(stopped, "doctor", "--offline", LOG_DIR="/proc/logs")

    assert (right.returncode, wrong.returncode) == (0, 1), right.stdout + right.stderr
    assert "✖ folders.write" in wrong.stdout
    assert "1 wrong" in wrong.stdout


def test_since_an_earlier_examination_only_what_is_new_is_wrong(stopped: Server, tmp_path: Path):
    (stopped.folder / "accounts.toml").write_text("[account.loja2\n")
    before = command(stopped, "doctor", "--offline", "--json")
    (stopped.folder / "before.json").write_text(before.stdout)
    (stopped.folder / "none.json").write_text('{"findings": []}')
    files = (stopped.folder / "before.json", stopped.folder / "none.json", stopped.folder / "accounts.toml")
    known, new, unreadable = (command(stopped, "doctor", "--offline", "--since", str(each)) for each in files)

    assert [before.returncode, known.returncode, new.returncode, unreadable.returncode] == [1, 0, 1, 1]
    assert "accounts.toml" in unreadable.stderr


def test_the_command_tells_machines(stopped: Server):
    with installation() as (_fake, settings):
        said = command(stopped, "doctor", "--json", **settings)
    found = {each["code"]: each for each in json.loads(said.stdout)["findings"]}

    assert found["chatwoot.token"]["level"] == "good"
    assert found["chatwoot.bot_unset"]["remedy"] == "python -m scripts.chatwoot register"
    assert "rig-" not in said.stdout
    assert "user-token" not in said.stdout


def test_wrong_settings_are_findings_too(stopped: Server):
    (stopped.folder / "accounts.toml").write_text("[account.loja2]\nodoo_kee = 1\n")
    settings = command(stopped, "doctor", "--json", "--offline", SERVER_PORT="many")
    accounts = command(stopped, "doctor", "--json", "--offline")

    found = [{each["code"] for each in json.loads(said.stdout)["findings"]} for said in (settings, accounts)]
    assert (settings.returncode, accounts.returncode) == (1, 1)
    assert found[0] == {"settings.wrong"}
    assert {"accounts.wrong", "store.opens"} <= found[1]


def test_of_one_account_only_its_own_is_told(stopped: Server):
    tables = '[account.loja2]\nodoo_key = "k2"\n[account.loja3]\nodoo_key = "k3"\n'
    (stopped.folder / "accounts.toml").write_text(tables)
    said = command(stopped, "doctor", "--json", "--offline", "--account", "loja2")

    assert {each["account"] for each in json.loads(said.stdout)["findings"]} == {"", "loja2"}


# At the start


def test_a_start_says_in_short_what_a_glance_finds(tmp_path: Path):
    server = Server(tmp_path, SERVER_LANGUAGE="en")
    (tmp_path / ".env").write_text("CHATWOOT_BASE_ULR=https://chat.example.com\n")
    (tmp_path / ".env").chmod(0o644)
    server.start()
    said = eventually((tmp_path / "output").read_text)
    server.stop()

    assert "⚠ settings.mode" in said
    assert "⚠ settings.unknown  CHATWOOT_BASE_ULR is no setting; CHATWOOT_BASE_URL is" in said
    assert "python -m scripts.doctor" in said


def test_a_start_with_nothing_to_say_says_nothing_more(tmp_path: Path):
    known = context(tmp_path)
    (tmp_path / ".env").write_text("")
    assert known.settings is not None

    assert [each.code for each in at_start(known.settings) if each.code != "disk.space"] == []


@pytest.mark.alone
def test_a_glance_costs_a_start_no_tenth_of_a_second(tmp_path: Path):
    known = context(tmp_path)
    assert known.settings is not None
    took = []
    for _ in range(5):
        started = time.perf_counter()
        at_start(known.settings)
        took.append(time.perf_counter() - started)

    assert min(took) < 0.1
