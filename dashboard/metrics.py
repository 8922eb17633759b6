"""What does Prometheus read? Every figure at /metrics, with the admin's token or one that opens nothing else."""

import asyncio
from functools import partial
from gettext import gettext as _

from loguru import logger
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from config.settings import Settings
from dashboard.access import outside, without_token
from dashboard.inside import Inside
from relay.figures import Stock, read_stock
from relay.store import Store

TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


def route(inside: Inside) -> Route:
    """The one route, closed to whoever has neither token."""
    return Route("/metrics", partial(metrics, inside))


async def metrics(inside: Inside, request: Request) -> Response:
    """Every figure; what is read from the database is left out where it cannot be read, and that is a figure."""
    refused = outside(request, inside.settings) or _unauthorized(request, inside.settings)
    if refused is not None:
        return refused
    text = await asyncio.to_thread(inside.deliver.figures.text, await _stock(inside.store))
    return Response(text, media_type=TEXT_FORMAT)


def _unauthorized(request: Request, settings: Settings) -> Response | None:
    said = _("Send the header Authorization: Bearer with this server's METRICS_TOKEN or ADMIN_TOKEN.")
    return without_token(request, [settings.admin_token, settings.metrics_token], said)


async def _stock(store: Store) -> Stock | None:
    try:
        return await store.read(read_stock)
    except SQLAlchemyError as error:
        logger.bind(component="store").error("the figures of the database could not be read: {}", type(error).__name__)
        return None
