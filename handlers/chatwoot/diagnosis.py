"""Why does a signature not fit? The usual mistakes are told apart; none of them is a reason to accept the request."""

import base64
import json
from collections.abc import Collection, Iterator, Sequence
from gettext import gettext as _
from typing import Any

import limits

from relay.source import hmac_sha256, same

# Whoever has no secret may make us look for it only so often, and in so much.
OFTEN = limits.parse("20/minute")
LARGEST = 256 * 1024
_looks = limits.strategies.MovingWindowRateLimiter(limits.storage.MemoryStorage())

FITS_NONE = "the signature fits none of the secrets in CHATWOOT_WEBHOOK_SECRET"
NOT_HELD = "signed, but CHATWOOT_WEBHOOK_SECRET is not set, and no valid token"
NO_TIMESTAMP = "the signature has no usable X-Chatwoot-Timestamp"
NOTHING_GIVEN = "no signature, and no valid token"
WRONG_TOKEN = "the token is wrong"  # noqa: S105  # a sentence
REWRITTEN = "the body was written anew on its way: its signature is over"
OTHERS = "the signature was made with"
NO_TIME_SIGNED = "the signature leaves the timestamp out"
OTHER_FORM = "the signature is written in another form"


def too_old(skew: float) -> str:
    """The reason for a signature that is right, but not of now."""
    return f"the signature is {skew:.0f} s old: a replay, or one of the clocks is wrong"


def diagnose(
    signature: str, timestamp: str, body: bytes, secrets: Collection[str], others: Sequence[tuple[str, str]]
) -> str:
    """What is wrong with a signature that fits none of `secrets`.

    `others` are values of ours that a signature must not be made with, each after what it is: another account's
    secrets, tokens, what was the secret before.
    """
    if len(body) > LARGEST or not _looks.hit(OFTEN):
        return FITS_NONE
    message = timestamp.encode() + b"." + body
    for name, value in others:
        if _fits(signature, value, message):
            return f"{OTHERS} {name}"
    for secret in secrets:
        if _fits(signature, secret, body):
            return NO_TIME_SIGNED
        if _in_another_form(signature, secret, message):
            return OTHER_FORM
        for name, written in _rewritten(body):
            if _fits(signature, secret, timestamp.encode() + b"." + written):
                return f"{REWRITTEN} {name}"
    return FITS_NONE


def _fits(signature: str, secret: str, message: bytes) -> bool:
    return same(signature, f"sha256={hmac_sha256(secret, message)}")


def _in_another_form(signature: str, secret: str, message: bytes) -> bool:
    digest = hmac_sha256(secret, message)
    encoded = base64.b64encode(bytes.fromhex(digest)).decode()
    given = signature.removeprefix("sha256=").strip()
    return same(given.lower(), digest) or same(given, encoded)


def _rewritten(body: bytes) -> Iterator[tuple[str, bytes]]:
    """What the body may have been before something between parsed it and wrote it again."""
    yield "the body without the blanks around it", body.strip()
    yield "the body with a line's end after it", body + b"\n"
    try:
        payload: Any = json.loads(body)
    except (ValueError, RecursionError):
        return
    for name, compact, as_ascii in (
        ("compact JSON", True, False),
        ("compact JSON in ASCII", True, True),
        ("JSON with blanks", False, False),
        ("JSON with blanks, in ASCII", False, True),
    ):
        separators = (",", ":") if compact else (", ", ": ")
        written = json.dumps(payload, separators=separators, ensure_ascii=as_ascii)
        yield name, written.encode(errors="replace")
        # Rails writes these five so that JSON may stand in a page.
        for character in "<>&\u2028\u2029":
            written = written.replace(character, f"\\u{ord(character):04x}")
        yield f"{name}, as Rails writes it", written.encode(errors="replace")


def explain(reason: str) -> str:
    """What the person in charge does about a refusal of Chatwoot's requests; "" where the reason says it."""
    told = {
        FITS_NONE: _(
            "Each of Chatwoot's objects has a secret of its own: the account's webhook, the API inbox, the agent bot. "
            "Put the one of the object that sends into CHATWOOT_WEBHOOK_SECRET, separated by commas."
        ),
        NOT_HELD: _(
            "Chatwoot signs. Put its secret into CHATWOOT_WEBHOOK_SECRET, or the token into the address (?token=…)."
        ),
        NO_TIMESTAMP: _("Something on the way removes headers: let it pass on all that begin with X-Chatwoot."),
        NOTHING_GIVEN: _(
            "Put the token into the address in Chatwoot (?token=…), as python -m scripts.addresses shows."
        ),
        WRONG_TOKEN: _("The token in the address is not WEBHOOK_TOKEN: copy it from python -m scripts.addresses."),
        REWRITTEN: _(
            "A proxy or a flow on the way parses the body and writes it again: let it pass the bytes on as they are."
        ),
        OTHERS: _("Another value was entered in Chatwoot, or here, than the secret of the object that sends."),
        NO_TIME_SIGNED: _("This is not how Chatwoot signs: is something else sending in its name?"),
        OTHER_FORM: _("This is not how Chatwoot writes it: is something else sending in its name?"),
        "the signature is ": _(
            "Set the clocks of both machines (NTP), and look whether something holds requests back."
        ),
    }
    return next((text for beginning, text in told.items() if reason.startswith(beginning)), "")
