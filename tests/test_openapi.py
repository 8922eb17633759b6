"""Is what is said of the addresses true? Every operation is called as the OpenAPI document allows, and answers so."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dashboard.api import OPERATIONS
from dashboard.openapi import BASE
from dashboard.operation import Operation
from tests.rig import RULES, TOKENS, Server

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
TOKEN = {"Authorization": f"Bearer {TOKENS['ADMIN_TOKEN']}"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("openapi")).start()
    server.sync_rules(RULES)
    server.post_chatwoot({"event": "conversation_created", "id": 7, "account": {"id": 1}})
    yield server
    server.stop()


@pytest.fixture(scope="module")
def described(server: Server) -> Any:
    """The document, for schemathesis; only what is ours to describe to the letter."""
    document = server.http.get("/openapi.json").raise_for_status().json()
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=server.url)
    return schema.include(path_regex="^/admin/api")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path}")
def test_every_operation_answers_as_it_is_described(described: Any, operation: Operation) -> None:
    @settings(max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=described[f"{BASE}/{operation.path}"][operation.method].as_strategy())
    def call(case: Case) -> None:
        answer = case.call_and_validate(headers=TOKEN, checks=CHECKS)
        answered.add(answer.status_code)

    answered: set[int] = set()
    call()

    assert answered <= {200, 404, 422}


def test_the_document_has_every_operation_and_every_way_in(server: Server) -> None:
    paths = server.http.get("/openapi.json").json()["paths"]

    assert {(f"/admin/api/{each.path}", each.method.lower()) for each in OPERATIONS} <= {
        (path, method) for path, methods in paths.items() for method in methods
    }
    assert {"/webhook", "/webhook/chatwoot/{account}", "/api/v1/business-rules/sync", "/health", "/ready"} <= set(paths)


def test_neither_the_document_nor_its_page_is_for_everybody(server: Server) -> None:
    with httpx.Client(base_url=server.url) as stranger:
        statuses = [stranger.get(path).status_code for path in ("/openapi.json", "/docs")]

    assert statuses == [401, 303]
