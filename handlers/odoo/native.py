"""What does a plain Odoo send, without any module of ours? Its "Send Webhook Notification", Odoo 17 and later."""

import re
from functools import partial
from gettext import gettext as _
from typing import Any
from urllib.parse import parse_qs

from config.accounts import Account, RuleModel
from config.settings import Settings
from handlers.odoo import connect
from handlers.odoo.rules import said_by_name
from handlers.odoo.source import SIGNALS, key_holder, owner_for, read_object, speaks_for
from handlers.odoo.values import shop_day, text_of
from hubcrew import HubCrew, Item
from hubcrew.items import Scope, space_of
from relay import Event, Incoming, Named, Refused, Rejected, Source, on, source

PATHS = ("/webhook/odoo", "/webhook/odoo/{account}")
_NAME = re.compile(r"[^a-z0-9_.]+")
# The trigger is not in the body: a deletion is told by `?event=` alone.
DELETIONS = frozenset({"delete", "deleted", "unlink", "remove", "removed", "excluir", "excluido"})


@source
def odoo_native(settings: Settings) -> Source:
    """Any model's records, one per request, with the token in the address: Odoo can send no header."""
    return Source(
        name="odoo",
        paths=PATHS,
        authenticate=partial(authenticate, settings),
        describe=describe,
        patience=1.0,
        component="odoo",
        prove=partial(connect.prove, settings),
        speaks_for=speaks_for,
        sender_for=partial(owner_for, settings),
        envelope=connect.native_envelope,
        set_up=lambda _account: None,
    )


def authenticate(settings: Settings, incoming: Incoming) -> Account:
    """Whose token stands in the address; where the address names an account, it must be that account's."""
    text = _("Token refused: the action's URL in Odoo needs ?token= with this server's WEBHOOK_TOKEN.")
    account = key_holder(settings, incoming, text=text)
    named = incoming.path.rpartition("/webhook/odoo")[2].strip("/")
    if named not in ("", account.id):
        text = _("This token belongs to another account than the address names.")
        raise Refused(403, f"the token is {account.id}'s, the address says {named[:80]!r}", text)
    return account


def describe(incoming: Incoming) -> Named:
    """`odoo.<model>.<event, or changed>`, in order per record; the same again as the record's newest is a repeat.

    Modules of others say model and record_id where Odoo says _model and _id.
    """
    payload = read_object(incoming.body)
    model = next((payload[name] for name in ("_model", "_name", "model") if payload.get(name)), None)
    number = next((payload[name] for name in ("_id", "id", "record_id", "res_id") if payload.get(name)), None)
    if not isinstance(model, str) or not _dotted(model):
        raise Refused(422, "no model is named", _("The field {field} is missing.").format(field="_model"))
    # A field that Odoo's own action sends may be called "event" and hold anything.
    others = "" if "_model" in payload else text_of(payload.get("event"))
    said = next(iter(parse_qs(incoming.query).get("event", ())), "") or others
    name = f"odoo.{_dotted(model)}.{_dotted(said) or 'changed'}"
    if name in SIGNALS:
        raise Refused(422, f"{name} is a module's call", _("This event has an address of its own: /api/v1."))
    key = f"{_dotted(model)}:{str(number)[:80]}" if number is not None else _dotted(model)
    return Named(name, incoming.sender.id, key, repeats_previous=True)


def _dotted(name: str) -> str:
    """A technical name as part of a signal's name."""
    return _NAME.sub("_", name.lower()).strip("._")[:80]


@on("odoo.*")
async def keep_rule(event: Event, crew: HubCrew, settings: Settings) -> None:
    """A record of the account's own rule model becomes a rule, or stops being one."""
    account = settings.accounts.get(event.account)
    is_native = event.reconciled or event.path.startswith("/webhook/odoo")
    payload: dict[str, Any] = _fields(event.payload) if is_native else {}
    model = _rule_model(account, payload) if account is not None else None
    if account is None or model is None:
        event.explain("not a rule")
        return
    kind = "temporary" if model.starts or model.ends else "permanent"
    scope = Scope(space_of(event.account, event.test), kind, f"{event.key}")
    gone = event.name.rpartition(".")[2] in DELETIONS or any(not payload.get(each, True) for each in model.shown_if)
    await crew.knowledge.replace([(scope, [] if gone else [_item(model, payload, account)])])
    event.explain("the rule was removed" if gone else "the rule is known")


def _fields(payload: dict[str, Any]) -> dict[str, Any]:
    """The record's fields: other modules send them apart, in `data`."""
    data = payload.get("data")
    return {**payload, **data} if isinstance(data, dict) and "_model" not in payload else payload


def _rule_model(account: Account, payload: dict[str, Any]) -> RuleModel | None:
    said = payload.get("_model") or payload.get("_name") or payload.get("model")
    return next((each for each in account.rule_models if each.model == said), None)


def _item(model: RuleModel, payload: dict[str, Any], account: Account) -> Item:
    name, text = text_of(payload.get(model.name)), text_of(payload.get(model.text))
    if not (name or text):
        raise Rejected(f"the record has neither {model.name} nor {model.text}: pick these fields in Odoo's action")
    starts, ends = (_day(payload, each, account) for each in (model.starts, model.ends))
    return Item("1", name, text or said_by_name(name), text_of(payload.get(model.type)), starts, ends, payload)


def _day(payload: dict[str, Any], field: str, account: Account) -> str | None:
    """A rule whose end cannot be read must not be told for ever."""
    value = payload.get(field) if field else None
    day = shop_day(str(value), account.zone) if value else None
    if value and day is None:
        raise Rejected(f"{field}: {str(value)[:40]!r} is no date: pick a Date field in Odoo's action")
    return day
