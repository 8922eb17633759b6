"""Where do the buttons of Odoo's module lead, which open what this server knows? To the page, behind its login."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from config.settings import Settings
from dashboard.access import outside

# A browser opens them without any credential: they show nothing themselves, not even which accounts there are.
KINDS = {
    "view": "permanent",
    "view-temporary-rules": "temporary",
    "view-scheduling-rules": "scheduling",
    "view-support-documents": "document",
    "view-company-metadata": "company",
}


def routes(settings: Settings) -> list[BaseRoute]:
    """Every button's address."""

    async def lead(request: Request) -> Response:
        if (refused := outside(request, settings)) is not None:
            return refused
        kind = KINDS[request.url.path.rstrip("/").rpartition("/")[2]]
        given = {"account": request.query_params.get("account_id", ""), "kind": kind}
        wanted = urlencode({name: value for name, value in given.items() if value})
        return RedirectResponse(f"/admin/knowledge?{wanted}", 303)

    return [Route(f"/api/v1/business-rules/{name}", lead) for name in KINDS]
