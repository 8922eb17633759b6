"""What does looking in show people? Pages over the same operations as the JSON, for whoever has logged in."""

import gettext
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from config.settings import Settings
from dashboard import shown
from dashboard.access import COOKIE, Session, Sessions, outside, set_cookie
from dashboard.asked import STATUSES, NotThere, WrongQuestion, read
from dashboard.inside import Inside
from dashboard.operation import Operation
from dashboard.views import ACTS, PAGES, Act, Page
from relay.source import same

HERE = Path(__file__).parent
# Nothing from anywhere else, no script or style within a page, no frame around it.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
LARGEST_FORM = 1024 * 1024


class Pages:
    """Every page and act under /admin."""

    def __init__(self, inside: Inside) -> None:
        self._inside = inside
        self._settings = inside.settings
        self._sessions = Sessions(inside.settings, inside.state)
        self._templates = _templates(inside.settings)

    def routes(self) -> list[BaseRoute]:
        """The pages, what they may do, the login, and what they look like."""
        shown_pages = [Route(each.address, self._guarded(partial(self._page, each))) for each in PAGES]
        acts = [_form(each.address, self._guarded(partial(self._act, each))) for each in ACTS]
        return [
            Mount("/admin/static", StaticFiles(directory=HERE / "static")),
            _form("/admin/login", self.log_in, "GET"),
            _form("/admin/logout", self._guarded(self._log_out)),
            *shown_pages,
            *acts,
        ]

    # Coming in

    async def log_in(self, request: Request) -> Response:
        """The form, and what is made of it."""
        if (refused := outside(request, self._settings)) is not None:
            return refused
        back = _own_address(request.query_params.get("next"))
        if request.method == "GET":
            return self._shown("login.html", 200, back=back, wrong="")
        form = await request.form(max_files=0, max_fields=5)  # nobody has logged in: no file of theirs goes on the disk
        address = request.client.host if request.client else ""
        # Only now: from here to the comparison nothing is awaited, so that many at once have no more tries than one.
        if self._sessions.must_wait(address):
            return self._shown("login.html", 429, back=back, wrong=_("Too many wrong tokens: wait a minute."))
        secret = await self._sessions.log_in(str(form.get("token", "")).strip(), address)
        if secret is None:
            return self._shown("login.html", 401, back=back, wrong=_("This is not the server's ADMIN_TOKEN."))
        response = RedirectResponse(back, 303)
        set_cookie(response, secret, secure=request.url.scheme == "https")
        return response

    async def _log_out(self, _request: Request, session: Session) -> Response:
        await self._sessions.end(session)
        response = RedirectResponse("/admin/login", 303)
        response.delete_cookie(COOKIE, path="/")
        return response

    def _guarded(
        self, answer: Callable[[Request, Session], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            if (refused := outside(request, self._settings)) is not None:
                return refused
            session = await self._sessions.of(request)
            if session is None:
                here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                after = f"?next={quote(here)}" if request.method == "GET" and here != "/admin" else ""
                return RedirectResponse(f"/admin/login{after}", 303)
            form = await request.form() if request.method == "POST" else FormData()
            failed = partial(self._failed, session, kept=str(form.get("text", "")))
            if request.method == "POST" and not same(str(form.get("csrf", "")), session.csrf):
                return failed(403, _("This form is out of date. Load the page anew and try again."))
            try:
                return await answer(request, session)
            except WrongQuestion as wrong:
                return failed(422, str(wrong))
            except NotThere as missing:
                return failed(404, str(missing))

        return guarded

    # Pages and acts

    async def _page(self, page: Page, request: Request, session: Session) -> Response:
        asked = read(page.operation.asked, {**request.query_params, **request.path_params}, lax=True)
        data = await page.operation.answer(self._inside, asked)
        given = _Given({**request.query_params, **request.path_params})
        return self._shown(page.template, 200, session=session, page=page, data=data, asked=asked, given=given)

    async def _act(self, act: Act, request: Request, session: Session) -> Response:
        form = await request.form()
        given = {**_values(form), **request.path_params}
        if act.count is not None and not form.get("confirmed"):
            counted = await _answered(self._inside, act.count, {**given, "dry_run": "true"})
            return self._shown(act.confirm, 200, session=session, act=act, data=counted, given=given)
        done = await _answered(self._inside, act.do, given)
        return RedirectResponse(act.leads_to(done, given), 303)

    def _failed(self, session: Session, status: int, text: str, *, kept: str) -> Response:
        """Why it was not done; what somebody wrote (`kept`) is not lost, whatever their browser remembers."""
        return self._shown("failed.html", status, session=session, text=text, kept=kept)

    def _shown(self, template: str, status: int, **values: Any) -> Response:
        values = {"session": None, "page": None, "pages": PAGES, **values}
        return HTMLResponse(self._templates.get_template(template).render(values), status, HEADERS)


def _form(address: str, answer: Callable[[Request], Awaitable[Response]], *more: str) -> Route:
    """Where a form is sent: no more of it is read than any form of ours is long, whoever sends it."""
    return Route(address, answer, methods=["POST", *more], max_body_size=LARGEST_FORM)


class _Given(dict[str, str]):
    """What was given with a page's address; what was not is empty."""

    def __missing__(self, name: str) -> str:
        return ""


async def _answered(inside: Inside, operation: Operation, given: Mapping[str, Any]) -> Any:
    return await operation.answer(inside, read(operation.asked, given, lax=True))


def _values(form: FormData) -> dict[str, Any]:
    """A form's fields, but for what is the form's own; a field that stands there several times is a list."""
    names = dict.fromkeys(form)
    found = {name: [str(each) for each in form.getlist(name)] for name in names if name not in ("csrf", "confirmed")}
    return {name: each if len(each) > 1 or name == "ids" else each[0] for name, each in found.items()}


def _own_address(address: str | None) -> str:
    """Where to go after the login: a page of ours, never another server's."""
    return address if address and address.startswith("/admin") and "\\" not in address else "/admin"


def _templates(settings: Settings) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        finalize=shown.visible,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.install_gettext_callables(gettext.gettext, gettext.ngettext)  # type: ignore[attr-defined]  # by i18n
    environment.filters.update(shown.filters(settings))
    environment.globals["statuses"] = STATUSES
    environment.globals["language"] = settings.language.replace("_", "-")
    return environment
