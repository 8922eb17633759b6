"""An Odoo to test against: it speaks HTTP in the dialect of its version, keeps what it gets, and fails when told to."""

import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

TRACE = 'Traceback (most recent call last):\n  File "/opt/odoo/http.py", line 2212, in _transactioning\n'


class OdooError(Exception):
    """An exception raised within Odoo: its name there, its message, and the status that JSON-2 gives it."""

    def __init__(self, name: str, message: str, status: int = 500) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.status = status

    def as_json(self) -> dict[str, Any]:
        """The error as Odoo serialises it, trace included."""
        debug = f"{TRACE}{self.name}: {self.message}\n"
        return {
            "name": self.name, "message": self.message, "arguments": [self.message], "context": {}, "debug": debug
        }  # fmt: skip


class Asked(NamedTuple):
    """One request: `what` is "version", "log-in", "hook" or `model.method`."""

    what: str
    ids: list[int]
    arguments: dict[str, Any]


Fault = Callable[[str], "OdooError | tuple[int, bool] | None"]

NO_SUCH_PAGE = PlainTextResponse("<!doctype html><title>404 Not Found</title>", 404, media_type="text/html")
FIELDS = {
    "res.partner": {"id", "name", "phone", "mobile", "email", "commercial_partner_id"},
    "sale.order": {"id", "name", "state", "date_order", "amount_total", "currency_id", "partner_id"},
}


class FakeOdoo:
    """An installation with partners and sales orders, as far as the server uses it.

    `fault` may answer with an error instead, a function of what is asked: an `OdooError`, or (a status that a proxy
    answers with, is it done all the same?), or None to go on. `hooks` holds what each known webhook received.
    """

    def __init__(
        self, version: int = 19, *, databases: Sequence[str] = ("loja",), key: str = "key", login: str = "robo"
    ) -> None:
        self.version = version
        self.databases = list(databases)
        self.key, self.login, self.user = key, login, 2
        self.records: dict[str, dict[int, dict[str, Any]]] = {model: {} for model in FIELDS}
        self.fields = {model: set(names) for model, names in FIELDS.items()}
        if version >= 19:
            self.fields["res.partner"].discard("mobile")
        self.hooks: dict[str, list[Any]] = {}
        self.asked: list[Asked] = []
        self.fault: Fault = lambda _what: None
        self._ids = itertools.count(57)
        self.app = Starlette(
            routes=[
                Route("/web/version", self._tell_version, methods=["GET"]),
                Route("/web/webclient/version_info", self._tell_version, methods=["POST"]),
                Route("/json/2/{model}/{method}", self._json2, methods=["POST"]),
                Route("/jsonrpc", self._jsonrpc, methods=["POST"]),
                Route("/web/hook/{uuid}", self._hook, methods=["GET", "POST"]),
            ]
        )

    def add(self, model: str, **values: Any) -> int:
        """Create a record; what is not given is empty, which Odoo writes as `false`."""
        number = next(self._ids)
        empty = dict.fromkeys(self.fields[model], False)
        self.records[model][number] = {**empty, **values, "id": number}
        return number

    def add_partner(self, name: str, *, company: int = 0, **values: Any) -> int:
        """Create a partner, counted to this company or to itself."""
        number = self.add("res.partner", name=name, **values)
        self.records["res.partner"][number]["commercial_partner_id"] = [company or number, name]
        return number

    def whats(self) -> list[str]:
        """What was asked for, in order."""
        return [each.what for each in self.asked]

    def _note(self, what: str, ids: Sequence[int] = (), arguments: dict[str, Any] | None = None) -> Response | None:
        """Write the request down; the answer that a fault wants given afterwards."""
        self.asked.append(Asked(what, list(ids), arguments or {}))
        failure = self.fault(what)
        if isinstance(failure, OdooError):
            raise failure
        if failure is None:
            return None
        status, done = failure
        page = PlainTextResponse("<html><h1>Bad Gateway</h1></html>", status, media_type="text/html")
        if not done:
            raise _AnsweredByProxy(page)
        return page

    async def _tell_version(self, request: Request) -> Response:
        try:
            answer = self._note("version")
        except _AnsweredByProxy as proxy:
            return proxy.page
        release = [self.version, 0, 0, "final", 0, ""]
        if request.method == "POST":
            told = {"server_version": f"{self.version}.0", "server_version_info": release}
            return answer or JSONResponse({"jsonrpc": "2.0", "id": 1, "result": told})
        if self.version < 19:
            return NO_SUCH_PAGE
        return answer or JSONResponse({"version": f"{self.version}.0", "version_info": release})

    async def _json2(self, request: Request) -> Response:
        named = request.headers.get("x-odoo-database") or (self.databases[0] if len(self.databases) == 1 else "")
        if self.version < 19 or named not in self.databases:
            return NO_SUCH_PAGE
        arguments = await request.json()
        ids = arguments.pop("ids", [])
        try:
            if request.headers.get("authorization", "").lower() != f"bearer {self.key}":
                raise OdooError("werkzeug.exceptions.Unauthorized", "Invalid apikey", 401)
            model, method = request.path_params["model"], request.path_params["method"]
            answer = self._note(f"{model}.{method}", ids, arguments)
            result = self._call(model, method, ids, arguments)
        except OdooError as error:
            return JSONResponse(error.as_json(), error.status)
        except _AnsweredByProxy as proxy:
            return proxy.page
        return answer or JSONResponse(result)

    async def _jsonrpc(self, request: Request) -> Response:
        if self.version >= 22:
            return NO_SUCH_PAGE
        body = await request.json()
        called = body["params"]
        begin = {"jsonrpc": "2.0", "id": body["id"]}
        try:
            serve = self._log_in if called["service"] == "common" else self._execute
            answer, result = serve(*called["args"])
        except OdooError as error:
            told = {"code": 200, "message": "Odoo Server Error", "data": error.as_json()}
            return JSONResponse({**begin, "error": told})
        except _AnsweredByProxy as proxy:
            return proxy.page
        return answer or JSONResponse({**begin, "result": result})

    def _log_in(self, database: str, login: str, key: str, _agent: dict[str, Any]) -> tuple[Response | None, Any]:
        answer = self._note("log-in")
        if database not in self.databases:
            raise OdooError("psycopg2.OperationalError", f'database "{database}" does not exist\n{TRACE}')
        return answer, self.user if (login, key) == (self.login, self.key) else False

    def _execute(
        self,
        database: str,
        user: int,
        key: str,
        model: str,
        method: str,
        positional: list[Any],
        named: dict[str, Any],
    ) -> tuple[Response | None, Any]:
        if (database, user, key) != (self.databases[0], self.user, self.key):
            raise OdooError("odoo.exceptions.AccessDenied", "Access Denied")
        ids = positional[0] if method not in ("create", "search_read", "fields_get") else []
        answer = self._note(f"{model}.{method}", ids, named)
        if method == "create":
            if not positional:
                raise OdooError("builtins.IndexError", "list index out of range")
            named = {**named, "vals_list": positional[0]}
        return answer, self._call(model, method, ids, named)

    def _call(self, model: str, method: str, ids: list[int], arguments: dict[str, Any]) -> Any:
        if model not in self.records:
            raise OdooError("werkzeug.exceptions.NotFound", f"the model '{model}' does not exist", 404)
        methods: dict[str, Callable[..., Any]] = {
            "search_read": self._search_read,
            "read": self._read,
            "write": self._write,
            "create": self._create,
            "fields_get": self._fields_get,
        }
        if method in ("search_read", "create", "fields_get"):
            if ids:
                raise OdooError("werkzeug.exceptions.UnprocessableEntity", f"cannot call {method} with ids", 422)
            return methods[method](model, **arguments)
        if any(number not in self.records[model] for number in ids):
            raise OdooError("odoo.exceptions.MissingError", "Record does not exist or has been deleted.", 404)
        return methods[method](model, ids, **arguments)

    def _search_read(
        self,
        model: str,
        domain: list[Any],
        fields: list[str],
        limit: int | None = None,
        order: str = "id",
        context: dict[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        self._check_fields(model, [*fields, *(term[0] for term in domain if isinstance(term, list))])
        found = [record for record in self.records[model].values() if matches(record, domain)]
        if (context or {}).get("active_test", True):
            found = [record for record in found if record.get("active", True)]
        for part in reversed(order.split(",")):
            field, _, direction = part.strip().partition(" ")
            found.sort(key=lambda record: record[field], reverse=direction == "desc")
        return [_chosen(record, fields) for record in found[:limit]]

    def _read(self, model: str, ids: list[int], fields: list[str]) -> list[dict[str, Any]]:
        self._check_fields(model, fields)
        return [_chosen(self.records[model][number], fields) for number in ids]

    def _write(self, model: str, ids: list[int], vals: dict[str, Any]) -> bool:
        self._check_fields(model, vals)
        for number in ids:
            self.records[model][number].update(vals)
        return True

    def _create(self, model: str, vals_list: list[dict[str, Any]]) -> list[int]:
        return [self.add(model, **values) for values in vals_list]

    def _fields_get(self, model: str, allfields: list[str], attributes: list[str]) -> dict[str, Any]:
        return {name: {"type": "char"} for name in allfields if name in self.fields[model]}

    def _check_fields(self, model: str, names: Any) -> None:
        for name in names:
            if name not in self.fields[model]:
                raise OdooError("builtins.ValueError", f"Invalid field '{name}' on '{model}'\n{TRACE}")

    async def _hook(self, request: Request) -> Response:
        uuid = request.path_params["uuid"]
        if uuid not in self.hooks:
            return JSONResponse({"status": "error"}, 404)
        try:
            answer = self._note("hook")
        except OdooError:
            return JSONResponse({"status": "error"}, 500)
        except _AnsweredByProxy as proxy:
            return proxy.page
        self.hooks[uuid].append(await request.json())
        return answer or JSONResponse({"status": "ok"})


class _AnsweredByProxy(Exception):
    def __init__(self, page: Response) -> None:
        super().__init__()
        self.page = page


def matches(record: dict[str, Any], domain: list[Any]) -> bool:
    """Whether a record fulfils a domain: terms joined by "and", or by the "|" and "&" before them."""
    values: list[bool] = []
    for term in reversed(domain):
        if term == "|":
            values.append(values.pop() | values.pop())
        elif term == "&":
            values.append(values.pop() & values.pop())
        else:
            values.append(_holds(record[term[0]], term[1], term[2]))
    return all(values)


def _holds(value: Any, operator: str, wanted: Any) -> bool:
    if isinstance(value, list):
        value = value[0]
    if operator in ("ilike", "=ilike"):
        pattern = f"%{wanted}%" if operator == "ilike" else wanted
        return isinstance(value, str) and bool(re.fullmatch(_as_regex(pattern), value, re.IGNORECASE | re.DOTALL))
    operators: dict[str, Callable[[], bool]] = {
        "=": lambda: bool(value == wanted),
        "!=": lambda: bool(value != wanted),
        "in": lambda: value in wanted,
        ">=": lambda: bool(value >= wanted),
    }
    return operators[operator]()


def _as_regex(pattern: str) -> str:
    """Of a pattern in SQL, in which a backslash takes a sign's meaning away."""
    signs = {"%": ".*", "_": "."}
    parts = re.findall(r"\\.|[^\\]", pattern, re.DOTALL)
    return "".join(signs.get(part) or re.escape(part[-1]) for part in parts)


def _chosen(record: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    return {name: record[name] for name in ["id", *fields]}
