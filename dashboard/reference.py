"""What can be sent and asked, for people: the OpenAPI document as a page that needs nothing from elsewhere."""

from typing import Any

from dashboard.api import OPERATIONS
from dashboard.asked import Nothing
from dashboard.inside import Inside
from dashboard.openapi import document


async def docs(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """Every address by what it belongs to."""
    described = document(OPERATIONS, inside.sources)
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append({"method": method.upper(), "path": path, **operation})
    return {"groups": groups, "schemas": described["components"]["schemas"]}
