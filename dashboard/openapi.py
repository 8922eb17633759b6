"""What can be sent to this server, and asked of it? One OpenAPI document, made of the operations and sources."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dashboard.operation import Operation
from relay.source import Source

BASE = "/admin/api"
TEXT = {"text/plain": {"schema": {"type": "string"}}}
_PART = re.compile(r"{(\w+)}")
# How a request that a source takes may be answered; what each means: docs/reliability.md.
TAKEN = {
    "200": "Kept on disk, or, where it is answered at once, done. A repeat is 200 too.",
    "400": "The body is not JSON; says where.",
    "401": "Not authenticated.",
    "403": "Not for this account.",
    "408": "It came too slowly.",
    "413": "The body is too large.",
    "415": "The body is compressed, or not JSON.",
    "422": "The body is not what it should be; says where.",
    "429": "More than 60 refusals in a minute from one address.",
    "500": "Our fault: nothing was kept.",
}
ANSWERED = {
    "401": "The token is missing or wrong.",
    "403": "Asked from outside: see ADMIN_HOSTS.",
    "429": "Too many wrong tokens in a minute.",
    "404": "What is asked for does not exist.",
    "422": "What is asked cannot be answered as it stands; says why.",
}


def document(operations: Sequence[Operation], sources: Iterable[Source]) -> dict[str, Any]:
    """The whole document."""
    kinds = [each.asked for each in operations]
    _refs, components = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for source in sources:
        for path in source.paths:
            taken = paths.setdefault(path, {})
            taken.update({method.lower(): _taken(source, path, method) for method in source.methods})
    for operation in operations:
        path = f"{BASE}/{operation.path}"
        paths.setdefault(path, {})[operation.method.lower()] = _answered(operation, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Servidor Unificado", "version": "0.1.0"},
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "schemas": components,
            "securitySchemes": {"admin": {"type": "http", "scheme": "bearer", "description": "ADMIN_TOKEN"}},
        },
    }


def _answered(operation: Operation, components: dict[str, Any]) -> dict[str, Any]:
    """One operation: its path and, for a GET, its query; for a POST its body."""
    schema = components[operation.asked.__name__]
    in_path = _PART.findall(operation.path)
    found: dict[str, Any] = {
        "summary": operation.summary,
        "tags": [operation.path.partition("/")[0]],
        "security": [{"admin": []}],
        "parameters": [_parameter(name, "path", schema) for name in in_path],
        "responses": {
            "200": {"description": "Found, or done.", "content": {"application/json": {"schema": {"type": "object"}}}},
            **{status: {"description": said, "content": TEXT} for status, said in ANSWERED.items()},
        },
    }
    others = [name for name in schema["properties"] if name not in in_path]
    if operation.method == "GET":
        found["parameters"] += [_parameter(name, "query", schema) for name in others]
    elif others:
        reference = {"$ref": f"#/components/schemas/{operation.asked.__name__}"}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": reference}}}
    return found


def _parameter(name: str, where: str, schema: dict[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in schema["properties"][name].items() if key != "default"}
    required = where == "path" or name in schema.get("required", ())
    described = {"description": own.pop("description")} if "description" in own else {}
    return {"name": name, "in": where, "required": required, "schema": own, **described}


def _taken(source: Source, path: str, method: str) -> dict[str, Any]:
    """One address of a source: what is sent there is its system's own."""
    found: dict[str, Any] = {
        "summary": f"What {source.name} sends." if method == "POST" else f"What {source.name} asks.",
        "tags": [source.name],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in _PART.findall(path)
        ],
        "responses": {status: {"description": said} for status, said in TAKEN.items()},
    }
    if method == "POST":
        found["requestBody"] = {"content": {"application/json": {"schema": {"type": "object"}}}}
    return found
