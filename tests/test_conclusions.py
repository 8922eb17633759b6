"""Is what was refused or concluded told in people's words, and nothing of it lost?"""

import gettext

import pytest

from dashboard import conclusions
from handlers.chatwoot import diagnosis
from tests.rig import ROOT


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (diagnosis.too_old(3601.2), "the signature is 3601 s old: a replay, or one of the clocks is wrong"),
        (
            diagnosis.too_old(-3599),
            "the signature is 3599 s ahead of this machine's clock: one of the clocks is wrong",
        ),
        (diagnosis.FITS_NONE, diagnosis.FITS_NONE),
        (f"{diagnosis.OTHERS} {{x}} %s", "the signature was made with {x} %s"),
        ("no key", "no key was sent"),
        ("wrong shape: <b>{0}</b>", "not as it should be: <b>{0}</b>"),
        ("what a plugin's source says", "what a plugin's source says"),
    ],
)
def test_a_refusals_reason_keeps_what_it_says(reason: str, expected: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(conclusions, "_", str)

    assert conclusions.refused(reason) == expected


@pytest.mark.parametrize(
    "reason",
    [
        diagnosis.FITS_NONE, diagnosis.NOT_HELD, diagnosis.NO_TIMESTAMP, diagnosis.NOTHING_GIVEN, diagnosis.WRONG_TOKEN,
        f"{diagnosis.REWRITTEN} compact JSON", f"{diagnosis.OTHERS} WEBHOOK_TOKEN", diagnosis.NO_TIME_SIGNED,
        diagnosis.OTHER_FORM, diagnosis.too_old(400), "the key is wrong",
    ],
)  # fmt: skip
def test_the_usual_refusals_are_told_in_portuguese(reason: str, monkeypatch: pytest.MonkeyPatch):
    catalogue = gettext.translation("server", ROOT / "config" / "locale", ["pt_BR"])
    monkeypatch.setattr(conclusions, "_", catalogue.gettext)

    assert conclusions.refused(reason) != reason


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("answered from Formas de pagamento", "answered from: <Formas de pagamento>"),
        ("suggested from courtesy", "suggested from: courtesy"),
        ("handed over: person", "handed over: <person>"),
        ("given to a person: not known", "given to a person: <not known>"),
        ("left to the agents: not known", "left to the agents: <not known>"),
        ("left alone: not ours", "left alone: <not ours>"),
        ("answered at an earlier try", "answered at an earlier try"),
        ("the CRM knows no such customer", "the CRM knows no such customer"),
        ("", ""),
    ],
)
def test_a_conclusion_is_said_in_words(reason: str, said: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(conclusions, "_", str)

    assert conclusions.told(reason, lambda why: f"<{why}>") == said
