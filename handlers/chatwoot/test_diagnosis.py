"""Is each usual mistake with a signature told apart, and none of them accepted?"""

import base64
import json

import pytest

from handlers.chatwoot import diagnosis
from handlers.chatwoot.diagnosis import diagnose, explain
from relay.source import hmac_sha256

BODY = json.dumps({"content": "Olá & tchau", "n": 1}, separators=(",", ":"), ensure_ascii=False).encode()
SECRETS = ("the-right-secret",)
OTHERS = [("a secret of the account loja2", "loja2-secret"), ("CHATWOOT_API_KEY", "a-users-token")]


def signed(secret: str, body: bytes, timestamp: str | None = "1700000000") -> str:
    message = body if timestamp is None else timestamp.encode() + b"." + body
    return f"sha256={hmac_sha256(secret, message)}"


AS_PYTHON = json.dumps(json.loads(BODY)).encode()
AS_RAILS = BODY.replace(b"&", b"\\u0026")
RIGHT = signed(SECRETS[0], BODY)


@pytest.mark.parametrize(
    ("signature", "body", "reason"),
    [
        (signed("loja2-secret", BODY), BODY, "the signature was made with a secret of the account loja2"),
        (signed("a-users-token", BODY), BODY, "the signature was made with CHATWOOT_API_KEY"),
        (RIGHT, AS_PYTHON, f"{diagnosis.REWRITTEN} compact JSON"),
        (signed(SECRETS[0], AS_RAILS), BODY, f"{diagnosis.REWRITTEN} compact JSON, as Rails writes it"),
        (signed(SECRETS[0], AS_PYTHON), BODY, f"{diagnosis.REWRITTEN} JSON with blanks, in ASCII"),
        (RIGHT, BODY + b"\n", f"{diagnosis.REWRITTEN} the body without the blanks around it"),
        (signed(SECRETS[0], BODY, None), BODY, diagnosis.NO_TIME_SIGNED),
        (RIGHT.removeprefix("sha256="), BODY, diagnosis.OTHER_FORM),
        (RIGHT.upper(), BODY, diagnosis.FITS_NONE),
        (
            base64.b64encode(bytes.fromhex(RIGHT.removeprefix("sha256="))).decode(), BODY, diagnosis.OTHER_FORM,
        ),
        (signed("nobodys", BODY), BODY, diagnosis.FITS_NONE),
        (signed("nobodys", b"not json"), b"not json", diagnosis.FITS_NONE),
    ],
)  # fmt: skip
def test_a_usual_mistake_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, signature: str, body: bytes, reason: str
) -> None:
    monkeypatch.setattr(diagnosis, "OFTEN", diagnosis.limits.parse("1000/second"))

    assert diagnose(signature, "1700000000", body, SECRETS, OTHERS) == reason


def test_whoever_has_no_secret_cannot_make_us_look_for_long() -> None:
    large = b'{"x":"' + b"y" * diagnosis.LARGEST + b'"}'

    assert diagnose(signed("loja2-secret", large), "1700000000", large, SECRETS, OTHERS) == diagnosis.FITS_NONE
    many = [diagnose(signed("loja2-secret", BODY), "1700000000", BODY, SECRETS, OTHERS) for _ in range(40)]
    assert many[-1] == diagnosis.FITS_NONE


@pytest.mark.parametrize(
    "reason",
    [
        diagnosis.FITS_NONE, diagnosis.NOT_HELD, diagnosis.NO_TIMESTAMP, diagnosis.NOTHING_GIVEN,
        diagnosis.WRONG_TOKEN, diagnosis.too_old(900), f"{diagnosis.REWRITTEN} compact JSON",
        f"{diagnosis.OTHERS} WEBHOOK_TOKEN", diagnosis.NO_TIME_SIGNED, diagnosis.OTHER_FORM,
    ],
)  # fmt: skip
def test_every_reason_is_explained(reason: str) -> None:
    assert explain(reason)
