"""What is known, what did a synchronisation change, and how is it taken back?"""

from gettext import gettext as _
from typing import Any

import msgspec

from hubcrew.items import Revision


class RestoreRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which revision of an account is to be the current one again."""

    account: str
    revision: int


def shown(revision: Revision) -> dict[str, Any]:
    """A revision for whoever may look in."""
    fields = revision._asdict()
    scope = fields.pop("scope")
    return {**fields, "account": scope.account, "kind": scope.kind, "business_rule": scope.business_rule}


def read_restore(body: bytes) -> RestoreRequest:
    """The request; `ValueError` with a sentence where it is none."""
    try:
        return msgspec.json.decode(body or b"{}", type=RestoreRequest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(_("The body cannot be used: {error}").format(error=error)) from error
