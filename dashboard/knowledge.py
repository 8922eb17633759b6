"""What is known, what did a synchronisation change, and how is it taken back?"""

from gettext import gettext as _
from typing import Any

import msgspec

from hubcrew import Answer, HandOver
from hubcrew.answer import Considered
from hubcrew.items import Revision

MOST_FOUND = 5


class RestoreRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which revision of an account is to be the current one again."""

    account: str
    revision: int


def shown(revision: Revision) -> dict[str, Any]:
    """A revision for whoever may look in."""
    fields = revision._asdict()
    scope = fields.pop("scope")
    return {**fields, "account": scope.account, "kind": scope.kind, "business_rule": scope.business_rule}


def told(answer: Answer | HandOver, considered: Considered) -> dict[str, Any]:
    """What a customer would be told, or why a person must answer; and what was found, best first."""
    found = [
        {"kind": found.kind, "id": found.item.id, "name": found.item.name, "score": round(score, 3)}
        for found, score in considered.found[:MOST_FOUND]
    ]
    common = {"crew": answer.crew, "chance": round(considered.chance, 3), "found": found}
    if isinstance(answer, HandOver):
        return {"answer": None, "rules": [], "reason": answer.reason, **common}
    rules = [each.name for each in answer.rules]
    return {"answer": answer.text, "rules": rules, "reason": None, "worded_by": answer.worded_by, **common}


def read_restore(body: bytes) -> RestoreRequest:
    """The request; `ValueError` with a sentence where it is none."""
    try:
        return msgspec.json.decode(body or b"{}", type=RestoreRequest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(_("The body cannot be used: {error}").format(error=error)) from error
