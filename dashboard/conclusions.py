"""What did a handler conclude, in the words of whoever reads it? The store has it in English, for figures."""

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
    }
    if reason == "answered at an earlier try":
        return _("answered at an earlier try")
    for beginning, text in beginnings.items():
        if reason.startswith(beginning):
            what = reason.removeprefix(beginning)
            return text.format(what=_("courtesy") if what == "courtesy" else in_words(what))
    return reason
