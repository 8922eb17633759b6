"""Is what a handler concluded said in people's words, and what only its developer knows left as it is?"""

import pytest

from config import language
from dashboard.conclusions import told


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
def test_a_conclusion_is_said_in_words(reason: str, said: str) -> None:
    language.speak("en")

    assert told(reason, lambda why: f"<{why}>") == said
