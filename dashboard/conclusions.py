"""What was concluded or refused, in the words of whoever reads it? The store has it in English, for figures."""

import re
from collections.abc import Callable
from gettext import gettext as _


def told(reason: str, in_words: Callable[[str], str]) -> str:
    """A delivery's reason for people; one that only a developer's handler knows stays as it is.

    `in_words` says why a person must answer.
    """
    beginnings = {
        "answered from ": _("answered from: {what}"),
        "suggested from ": _("suggested from: {what}"),
        "handed over: ": _("handed over: {what}"),
        "given to a person: ": _("given to a person: {what}"),
        "left to the agents: ": _("left to the agents: {what}"),
        "left alone: ": _("left alone: {what}"),
        "went round: ": _("went round and was cut: {what}"),
        "an echo of its own act": _("an echo of its own act"),
    }
    if reason == "answered at an earlier try":
        return _("answered at an earlier try")
    for beginning, text in beginnings.items():
        if reason.startswith(beginning):
            what = reason.removeprefix(beginning)
            return text.format(what=_("courtesy") if what == "courtesy" else in_words(what))
    return reason


def refused(reason: str) -> str:
    """A refusal's reason for people; what it ends with stays as it is, and so does one that is not among these."""
    beginnings = {
        "the signature fits none of the secrets in ": _("the signature fits none of the secrets in {what}"),
        "signed, but CHATWOOT_WEBHOOK_SECRET is not set, and no valid token": _(
            "signed, but no secret is set, and no valid token"
        ),
        "the signature has no usable ": _("the signature has no usable {what}"),
        "no signature, and no valid token": _("no signature, and no valid token"),
        "the token is wrong": _("the token is wrong"),
        "the body was written anew on its way: its signature is over ": _(
            "the body was written anew on its way: its signature is over {what}"
        ),
        "the signature was made with ": _("the signature was made with {what}"),
        "the signature leaves the timestamp out": _("the signature leaves the timestamp out"),
        "the signature is written in another form": _("the signature is written in another form"),
        "X-Webhook-Signature does not fit ": _("X-Webhook-Signature does not fit {what}"),
        "the key is wrong": _("the key is wrong"),
        "no key": _("no key was sent"),
        "the request did not arrive whole in time": _("the request did not arrive whole in time"),
        "no source takes this": _("no source takes this"),
        "not JSON: ": _("not JSON: {what}"),
        "wrong shape: ": _("not as it should be: {what}"),
        "the body is larger than ": _("the body is larger than {what}"),
    }
    skew = re.match(r"the signature is (-?)(\d+) s old", reason)
    if skew:
        ahead = _("the signature is {seconds} s ahead of this machine's clock: one of the clocks is wrong")
        behind = _("the signature is {seconds} s old: a replay, or one of the clocks is wrong")
        return (ahead if skew[1] else behind).format(seconds=skew[2])
    for beginning, text in beginnings.items():
        if reason.startswith(beginning):
            return text.format(what=reason.removeprefix(beginning))
    return reason
