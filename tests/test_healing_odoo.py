"""What an Odoo without a module changed while nobody listened is fetched, where it may be asked."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clients.testing_odoo import FakeOdoo
from tests.rig import TOKENS, Server, eventually, serving
from tests.rig_healing import came_earlier, healed, looked_again, set_back

MODEL = "x_regra"
SHIPPING, RETURNS = "Frete grátis acima de R$ 200.", "Trocas em 7 dias."


@pytest.fixture(params=[19, 17])
def odoo(request: pytest.FixtureRequest) -> FakeOdoo:
    """With a rule model that has no type."""
    fake = FakeOdoo(request.param)
    fake.records[MODEL] = {}
    fake.fields[MODEL] = {"id", "name", "description", "active", "write_date"}
    return fake


@pytest.fixture
def server(tmp_path: Path, odoo: FakeOdoo) -> Iterator[Server]:
    with serving(odoo.app) as url:
        asked = {"ODOO_URL": url, "ODOO_DB": "loja", "ODOO_LOGIN": odoo.login, "ODOO_API_KEY": odoo.key}
        server = Server(tmp_path, HEAL_EVERY_MINUTES="0.01", **asked)
        (tmp_path / "accounts.toml").write_text(f'[[account.account_1.rule_model]]\nmodel = "{MODEL}"\n')
        server.start()
        eventually(lambda: healed(server, MODEL))
        yield server
        server.stop()


def down(server: Server) -> None:
    server.kill()
    set_back(server, days=1)


def changed(odoo: FakeOdoo, number: int | None = None, *, ago: float = 60.0, **values: Any) -> int:
    """A record is made, or changed, so many seconds ago."""
    values["write_date"] = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - ago))
    if number is None:
        return odoo.add(MODEL, **{"active": True, **values})
    odoo.records[MODEL][number].update(values)
    return number


def fetched(server: Server) -> list[tuple[str, str]]:
    """Signal and key of what was fetched, the oldest first."""
    return [(each["signal"], each["key"]) for each in reversed(server.events(source="odoo")) if each["reconciled"]]


def known(server: Server) -> list[str]:
    return sorted(each["text"] for each in server.admin("knowledge/items")["items"])


def test_a_change_that_was_never_told_is_fetched_once_and_one_that_was_told_is_not(
    server: Server, odoo: FakeOdoo
) -> None:
    told = odoo.add(MODEL, name="Troca", description=RETURNS, active=True, write_date="2026-01-01 00:00:00")
    body = {"_model": MODEL, "_id": told, "name": "Troca", "description": RETURNS, "active": True}
    server.http.post(f"/webhook/odoo?token={TOKENS['WEBHOOK_TOKEN']}", json=body).raise_for_status()
    down(server)
    changed(odoo, told)
    lost = changed(odoo, name="Frete", description=SHIPPING)
    server.start()
    eventually(lambda: len(known(server)) == 2)
    looked_again(server, of=MODEL)

    assert fetched(server) == [(f"odoo.{MODEL}.changed", f"{MODEL}:{lost}")]
    assert known(server) == [SHIPPING, RETURNS]
    assert healed(server, MODEL)[0]["made"] == 1


def test_a_rule_that_was_switched_off_meanwhile_is_one_no_more(server: Server, odoo: FakeOdoo) -> None:
    number = odoo.add(MODEL, name="Frete", description=SHIPPING, active=True, write_date="2026-01-01 00:00:00")
    body = {"_model": MODEL, "_id": number, "name": "Frete", "description": SHIPPING, "active": True}
    server.http.post(f"/webhook/odoo?token={TOKENS['WEBHOOK_TOKEN']}", json=body).raise_for_status()
    eventually(lambda: server.is_quiet() and known(server) == [SHIPPING])
    down(server)
    came_earlier(server, days=1)
    changed(odoo, number, active=False)
    server.start()
    eventually(lambda: known(server) == [])

    assert fetched(server) == [(f"odoo.{MODEL}.changed", f"{MODEL}:{number}")]


def test_what_was_there_before_the_model_was_known_here_is_not_fetched(server: Server, odoo: FakeOdoo) -> None:
    changed(odoo, name="Frete", description=SHIPPING)
    looked_again(server, of=MODEL)

    assert fetched(server) == []


def test_an_odoo_that_is_down_is_said_and_asked_again(server: Server, odoo: FakeOdoo) -> None:
    down(server)
    changed(odoo, name="Frete", description=SHIPPING)
    odoo.fault = lambda _what: (502, False)
    server.start()
    problems = eventually(lambda: [each["problem"] for each in healed(server, MODEL) if each["problem"]])
    odoo.fault = lambda _what: None

    assert problems == ["unreachable"]
    assert eventually(lambda: known(server) == [SHIPPING], 30)
    assert [each["problem"] for each in healed(server, MODEL)] == [""]
