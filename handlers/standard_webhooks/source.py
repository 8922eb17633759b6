"""What does a sender by the Standard Webhooks specification say, and is it really from there?"""

from functools import partial
from gettext import gettext as _
from typing import Any

import msgspec

from relay import Incoming, PerAccount, Refused, Source, field, settings, source, webhook
from relay.authenticate import AnyOf
from relay.authenticate import StandardWebhooks as Signed


@settings("standard_webhooks")
class StandardWebhooks(msgspec.Struct, frozen=True):
    """`secret` (whsec_…) is each sender's; `order_by` the place in the body of what must stay in order ("data.id")."""

    secret: tuple[str, ...] = ()
    order_by: str = ""


@source
def standard(own: PerAccount[StandardWebhooks]) -> Source:
    """`standard.<type>`, whoever sends it. Svix's own headers count too: many still send only those."""
    secrets = own.each("secret")
    return webhook(
        "standard",
        title="Standard Webhooks",
        steps=_("The endpoint at the sender, which shows the signing secret (whsec_…):"),
        authenticate=AnyOf([Signed(secrets), Signed(secrets, prefix="svix")]),
        signal=field("type"),
        repeat_id=_number,
        key=partial(_key, own),
        headers=tuple(
            f"{prefix}-{name}" for prefix in ("webhook", "svix") for name in ("id", "timestamp", "signature")
        ),
    )


def _number(incoming: Incoming, _payload: Any) -> str | None:
    """The request's number. Of two, only one is signed: with the other a repeat could be made to look new."""
    numbers = {incoming.headers.get(name, "") for name in ("webhook-id", "svix-id")} - {""}
    if len(numbers) > 1:
        raise Refused(400, "webhook-id and svix-id differ", _("webhook-id and svix-id must be the same."))
    return next(iter(numbers), None)


def _key(own: PerAccount[StandardWebhooks], incoming: Incoming, payload: Any) -> str | None:
    path = own.of(next(iter(incoming.sender or ()), None)).order_by
    return field(path)(incoming, payload) if path else None
