"""The application, in the order it is built: settings, logs, store, services, sources, routes, delivery."""

import asyncio
import contextlib
import gc
import threading
from collections.abc import AsyncIterator, Mapping
from datetime import tzinfo
from functools import partial
from gettext import gettext as _
from typing import Any, TypeVar

import limits
import msgspec
from loguru import logger
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from clients import Access, Chatwoot, Http, Llm, LlmConnection, Odoo, OdooConnection, Onward, Order, OutsideCrews
from clients import http as outgoing
from clients.living import Copy, Living, Registry
from clients.within import post_within
from config import logs
from config.accounts import OdooAccess, Place
from config.settings import ROOT, Settings, WrongSettings
from dashboard import api, buttons, metrics
from dashboard.figures import Minutes
from dashboard.inside import Inside
from dashboard.pages import Pages
from dashboard.pausing import PAUSED
from dashboard.reading import Audits
from dashboard.runs import Runs
from dashboard.watch import Watch
from handlers.chatwoot.desk import FIGURES, in_words
from handlers.forward import become_proxy, pass_on
from handlers.odoo.mapping import recall
from hubcrew import HubCrew, Knowledge, Shop
from hubcrew.crews import unknown_words
from hubcrew.items import account_of
from hubcrew.writer import Writer
from relay.blame import Blame
from relay.clock import Clock
from relay.deliver import Deliver, Emit
from relay.discover import ENTRY_POINTS, discover
from relay.figures import Figures
from relay.own_settings import PerAccount
from relay.receive import Intake, Limits, Reception, one_spelling
from relay.reconcile import Reconcile
from relay.rounds import Rounds
from relay.signals import Signals, signals
from relay.source import Source
from relay.store import History, State, Store
from relay.store.state import put_in_outbox
from relay.traces import open_traces

STOP_GRACE_SECONDS = 20.0
FIRST_CLEANING_SECONDS = 10.0
CLEAN_EVERY_SECONDS = 3600.0
ACCOUNTS_EVERY_SECONDS = 1.0
RESERVED = ("/admin", "/docs", "/openapi.json", "/metrics", "/health", "/ready")  # no plugin's source may have these
WRONG_ADDRESSES = limits.parse("10/minute")
_wrong_addresses = limits.strategies.FixedWindowRateLimiter(limits.storage.MemoryStorage())


Service = TypeVar("Service")


class MissingService(Exception):
    """A handler asks for a type that nobody provides."""


def create_app(settings: Settings, *, wait_seconds: float = 0.0, grace_seconds: float = STOP_GRACE_SECONDS) -> ASGIApp:
    """Build the whole server. `wait_seconds` is how long another process may take to let go of the database.

    `grace_seconds` is how long handlers may take to finish when the server stops.
    """
    logs.set_up(settings)
    store = Store(settings.database_url, wait_seconds=wait_seconds)
    find_handlers(settings)
    figures, traces = Figures(FIGURES), open_traces(settings.otel_endpoint)
    outgoing.watch(traces.outgoing)
    deliver = Deliver(store, signals, figures, traces, Rounds(settings.loop_rounds, settings.loop_acts))
    odoo = Odoo(partial(odoo_of, settings), outbox=partial(keep_in_outbox, store))
    crew = make_crew(settings, store, odoo, figures)
    services = make_services(settings, store, deliver, odoo, crew)
    services[Onward] = onward = Onward(settings.forward.url)
    services |= own_settings(signals, settings)
    bind(signals, services)
    sources = signals.make_sources(services, settings.allow_unauthenticated, RESERVED)
    check_unauthenticated(settings, sources, signals)
    show_what_is_set_aside(signals)
    intake = make_intake(settings, store, deliver, onward)
    watch = Watch(settings, store, of_type(services, Chatwoot), crew)
    blame = Blame(figures, signals.all_handlers)

    async def send(path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        return await post_within(served, path, body, headers)

    inside = Inside(
        settings, store, State(store), deliver, signals, sources, crew, Runs(), watch, send, in_words,
        Minutes(figures), blame, onward, of_type(services, Living), make_audits(settings, store, services, sources),
    )  # fmt: skip
    looking_in = [*api.routes(inside), *Pages(inside).routes(), *buttons.routes(settings), metrics.route(inside)]
    app = Starlette(
        routes=[*routes(intake, sources), *looking_in],
        exception_handlers={HTTPException: partial(explain, sources), Exception: fail},
        lifespan=lambda _app: running(inside, grace_seconds),
    )
    app.router.redirect_slashes = False  # a slash more or less is spelled away, and a redirect would only come back
    served = one_spelling(app)
    return served


def find_handlers(settings: Settings) -> None:
    """What ships, and the plugins; of a proxy's only the sources count."""
    discover(signals, ROOT / "handlers", "handlers")
    discover(signals, settings.plugins_dir, "plugins", group=ENTRY_POINTS, seconds=settings.plugin_import_seconds)
    if settings.forward.is_proxy:
        become_proxy(signals, settings)


def make_services(settings: Settings, store: Store, deliver: Deliver, odoo: Odoo, crew: HubCrew) -> dict[type, object]:
    """What handlers may ask for by type, each made once."""
    outbox = partial(keep_in_outbox, store)
    living = Living(partial(copies_of, settings), partial(why_paused, State(store)))
    reposts = settings.unknown_outcome == "repost"
    chatwoot = Chatwoot(partial(chatwoot_of, settings), outbox, reposts=reposts, living=living)
    services = (
        settings, store, State(store), History(store), Emit(deliver), Reconcile(deliver, store), odoo, crew,
        Http(outbox), chatwoot, chatwoot.writes, living,
    )  # fmt: skip
    return {type(each): each for each in services}


def of_type(services: dict[type, object], kind: type[Service]) -> Service:
    """The service of a type."""
    found = services[kind]
    assert isinstance(found, kind)
    return found


def copies_of(settings: Settings) -> dict[str, Copy]:
    """Each account as this server serves it now: what leads here, and where that is registered."""
    addresses = tuple(filter(None, (settings.public_url, settings.tunnel.vps_url)))
    found: dict[str, Copy] = {}
    for account in settings.accounts:
        registries = dict.fromkeys(
            Registry(place.base_url, place.api_key, place.number)
            for place in account.chatwoot
            if place.base_url and place.api_key and place.number is not None
        )
        found[account.id] = Copy(addresses, tuple(registries))
    return found


async def why_paused(state: State) -> str:
    """What somebody said when they paused this server, or what a restored backup says of itself; "" where it is not."""
    return str(await state.get("", PAUSED) or "")


def make_audits(settings: Settings, store: Store, services: dict[type, object], sources: list[Source]) -> Audits:
    """Who compares Chatwoot's own lists with what came here."""
    return Audits(settings.accounts, store, of_type(services, Chatwoot), sources)


async def keep_in_outbox(store: Store, account: str, conversation: str, kind: str, content: str, test: bool) -> None:
    """Keep what is not sent anywhere."""
    await store.write(put_in_outbox, account, conversation, kind, content, test)


def make_intake(settings: Settings, store: Store, deliver: Deliver, onward: Onward) -> Intake:
    """The way in; a proxy's asks the server behind it for what senders wait for."""
    bounds = Limits(body=settings.max_body_mb * 1024 * 1024)
    asking = pass_on(onward, settings, store) if settings.forward.is_proxy else None
    return Intake(store, deliver, signals, bounds, vouching_keys=settings.forward.keys, pass_on=asking)


def chatwoot_of(settings: Settings, account: str, place: str) -> Access:
    """How an account reaches its Chatwoot, as it is set up now."""
    own = settings.accounts.get(account)
    home = own.place(place) if own is not None else Place()
    return Access(home.base_url, home.api_key, home.bot_token, home.number)


def odoo_of(settings: Settings, account: str) -> OdooConnection | None:
    """How an account's Odoo is asked, as it is set up now."""
    own = settings.accounts.get(account)
    odoo = own.odoo if own is not None else OdooAccess()
    connection = OdooConnection(odoo.url, odoo.database, odoo.api_key, odoo.login, odoo.webhook_url)
    return connection if odoo.url or odoo.webhook_url else None


def make_crew(settings: Settings, store: Store, odoo: Odoo, figures: Figures) -> HubCrew:
    """Who answers: from the rules, in a model's words where there is one, or in a process of a crew's own."""
    model = LlmConnection(settings.llm_base_url, settings.llm_model, settings.llm_api_key)
    llm = Llm(model, tell=figures.llm_call)
    writer = Writer(llm, State(store), settings.llm_monthly_calls, figures.wording) if settings.llm_base_url else None
    return HubCrew(
        Knowledge(store),
        partial(orders_of, odoo),
        partial(shop_of, settings),
        writer=writer,
        ask_outside=OutsideCrews().ask,
    )


def shop_of(settings: Settings, space: str) -> Shop:
    """What an account has set for its crews, as it is set up now; a test's knowledge is answered as its account's."""
    own = settings.accounts.get(account_of(space))
    if own is None:
        return Shop()
    return Shop(own.crews, dict(own.special_numbers), own.synonyms, own.opening, own.llm, own.zone)


async def orders_of(odoo: Odoo, account: str, phone: str) -> list[Order]:
    """A customer's own orders, where the account has an Odoo that may be asked."""
    return await odoo.order_status(account, phone) if odoo.can_ask(account) else []


def own_settings(signals: Signals, settings: Settings) -> dict[Any, object]:
    """What each plugin is told by whoever runs the server. One that is told wrongly is set aside, and says why."""
    services: dict[Any, object] = {}
    errors: list[str] = []
    for kind, prefix in list(signals.own_settings.items()):
        names = [each.name for each in msgspec.structs.fields(kind)]
        own = PerAccount(kind, prefix, settings.plugins.of(prefix, names))
        services |= {kind: own, PerAccount[kind]: own}  # type: ignore[valid-type]  # made at run time
        if kind.__module__.startswith("handlers."):
            errors += own.wrong()
        elif wrong := own.wrong():
            signals.set_aside(kind.__module__, "; ".join(wrong))
    if errors:
        raise WrongSettings(errors)
    logs.hide(settings.secret_values)
    return services


def check_unauthenticated(settings: Settings, sources: list[Source], signals: Signals) -> None:
    """A name that is no source's was meant for one; a plugin that is set aside may have had it."""
    names = sorted({source.name for source in sources})
    unknown = sorted(set(settings.allow_unauthenticated).difference(names))
    if unknown and not signals.broken:
        text = _("ALLOW_UNAUTHENTICATED names {name}; there are the sources: {names}")
        raise WrongSettings([text.format(name=", ".join(unknown), names=", ".join(names))])


def bind(signals: Signals, services: dict[type, object]) -> None:
    """Give every handler its services; a plugin may not have the settings, which hold every account's secrets."""
    missing = signals.bind(services, shipped_only=(Settings, Store, Reconcile))
    if missing:
        raise MissingService("\n".join(missing))


def show_what_is_set_aside(signals: Signals) -> None:
    """Say loudly which plugins do not run, and why."""
    log = logger.bind(component="plugins")
    for broken in signals.broken:
        log.error("{} is set aside: {}\n{}", broken.module, broken.reason, broken.traceback)


def routes(intake: Intake, sources: list[Source]) -> list[BaseRoute]:
    """One route per address; several sources may claim it. The shortest is asked first: most requests are for it."""
    claimed: dict[str, list[Source]] = {}
    for source in sources:
        for path in source.paths:
            claimed.setdefault(path, []).append(source)
    return [
        Route(path, Reception(intake, own), methods=sorted({method for each in own for method in each.methods}))
        for path, own in sorted(claimed.items(), key=lambda each: (each[0].count("/"), "{" in each[0]))
    ]


@contextlib.asynccontextmanager
async def running(inside: Inside, grace_seconds: float) -> AsyncIterator[None]:
    """From the first delivery taken up to the last one written down."""
    settings, store, deliver = inside.settings, inside.store, inside.deliver
    await recall(settings, State(store))
    warn_of_crews(settings)
    await deliver.start()
    gc.collect()
    gc.freeze()  # what was loaded stays: the collector need not look at it again
    gc.set_threshold(20_000, 20, 20)  # nor after every few requests at what they have just made
    beside = [
        asyncio.create_task(_clean_now_and_then(store, settings.retention_days)),
        asyncio.create_task(_follow_accounts(settings)),
        asyncio.create_task(_index_again(inside.crew.knowledge)),
        asyncio.create_task(inside.watch.run()),
        asyncio.create_task(inside.living.run()),
        asyncio.create_task(inside.minutes.sample_for_ever()),
        asyncio.create_task(Clock(store, deliver, inside.signals.all_handlers(), partial(zones_of, settings)).run()),
    ]
    watch_loops(inside.blame, deliver)
    logger.info("the server takes requests")
    yield
    logger.info("the server stops: what runs is finished, the rest waits on the disk")
    for task in beside:
        task.cancel()
    inside.blame.stop()
    await deliver.stop(grace_seconds)
    await asyncio.to_thread(store.close)
    await asyncio.to_thread(deliver.traces.close)
    logger.info("the server has stopped")


def zones_of(settings: Settings) -> dict[str, tzinfo]:
    """The accounts there are now, and each shop's time zone."""
    return {account.id: account.zone for account in settings.accounts}


def watch_loops(blame: Blame, deliver: Deliver) -> None:
    """From now on, whoever blocks a loop is named: a handlers' own, or that of the way in."""
    blame.watch("way in", asyncio.get_running_loop(), threading.get_ident())
    for each in deliver.loops:
        blame.watch(each.name, each.loop, each.thread.ident or 0)
    blame.start()


def warn_of_crews(settings: Settings) -> None:
    """A crew that is chosen by what nobody knows would never be."""
    for account in settings.accounts:
        if unknown := unknown_words(account.crews):
            log = logger.bind(component="hub")
            log.warning("{}: a crew names what is not known: {}", account.id, ", ".join(unknown))


async def _clean_now_and_then(store: Store, retention_days: int) -> None:
    """A server that is restarted every day forgets as surely as one that runs for a year."""
    await asyncio.sleep(FIRST_CLEANING_SECONDS)
    while True:
        try:
            await store.clean(retention_days)
        except Exception as error:  # noqa: BLE001  # the next hour tries again
            logger.bind(component="store").error("old events could not be cleaned away: {}", error)
        await asyncio.sleep(CLEAN_EVERY_SECONDS)


async def _index_again(knowledge: Knowledge) -> None:
    """After an upgrade, what is known is found by this version's words; until then by those of the one before."""
    log = logger.bind(component="hub")
    try:
        if number := await knowledge.refresh():
            log.info("{} revisions of knowledge were indexed again", number)
    except Exception as error:  # noqa: BLE001  # the next start tries again
        log.error("what is known could not be indexed again: {}", error)


async def _follow_accounts(settings: Settings) -> None:
    """Take the accounts' file as it is now, whenever it has changed; one that is wrong changes nothing."""
    log = logger.bind(component="server")
    while True:
        await asyncio.sleep(ACCOUNTS_EVERY_SECONDS)
        try:
            if settings.accounts.reload():
                logs.hide(settings.secret_values)
                log.info("the accounts were read again: {}", ", ".join(each.id for each in settings.accounts))
                warn_of_crews(settings)
        except WrongSettings as wrong:
            log.error("the accounts stay as they were: {}", "; ".join(wrong.errors))
        except Exception as error:  # noqa: BLE001  # the next second looks again
            log.error("the accounts stay as they were, their file cannot be read: {}", error)


async def fail(request: Request, error: Exception) -> Response:
    """What somebody is told of a fault of ours."""
    logger.opt(exception=error).error("{} failed: {}", request.url.path[:200], type(error).__name__)
    return PlainTextResponse(_("Internal error: the server's log says more."), 500)


async def explain(sources: list[Source], request: Request, error: Exception) -> Response:
    """What a sender at a wrong address, or with a wrong method, is told."""
    assert isinstance(error, HTTPException)
    texts = {
        404: _("There is nothing at this address. Chatwoot: POST /webhook. Odoo: POST /api/v1/business-rules/sync."),
        405: _("This address takes only {allow}."),
    }
    text = texts.get(error.status_code, error.detail).format(allow=(error.headers or {}).get("Allow", ""))
    beginnings = {start: said for source in sources for start, said in source.not_served.items()}
    path = request.url.path
    known = next((said for start, said in beginnings.items() if f"{path}/".startswith(f"{start}/")), text)
    address = request.client.host if request.client else ""
    if _wrong_addresses.hit(WRONG_ADDRESSES, address):  # a sender that is set up wrongly should be seen
        logger.bind(component="webhook").warning("{} at {} from {}", error.status_code, path[:200], address)
    return PlainTextResponse(known if error.status_code == 404 else text, error.status_code, headers=error.headers)
