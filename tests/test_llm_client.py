"""How is a language model asked, and what if it does not answer as it should? clients/llm.py."""

from collections.abc import Iterator

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from clients.http import FAILURES_TO_OPEN, Breaker, Failed, LeftAlone, Refused, Slowed, Unavailable, Unknown, Unreadable
from clients.llm import Llm, LlmConnection, Message, api_root, quote, said
from clients.testing_llm import FakeLlm, completion, error, failing_once, streamed
from tests.rig import free_port
from tests.rig_llm import KEY, LlmStage, listening
from tests.rig_odoo import Wire, all_text_of

ASK: list[Message] = [{"role": "system", "content": "regras"}, {"role": "user", "content": "segredo do cliente"}]


@pytest.fixture(scope="module")
def listener() -> Iterator[LlmStage]:
    with listening() as stage:
        yield stage


@pytest.fixture
def stage(listener: LlmStage, wire: Wire) -> LlmStage:
    listener.wire = wire
    listener.fake = FakeLlm(key=KEY)
    listener.fake.says = lambda _body: "tudo bem"
    return listener


async def failure_of(llm: Llm) -> Failed:
    with pytest.raises(Failed) as caught:
        await llm.complete(ASK)
    return caught.value


# What is asked, and what is read


async def test_the_model_is_asked_by_its_name_and_its_text_is_read(stage: LlmStage):
    assert await stage.client().complete(ASK) == "tudo bem"
    (body,) = stage.fake.asked
    assert (body["model"], body["messages"], body["stream"]) == ("small", ASK, False)
    assert body["response_format"] == {"type": "json_object"}


async def test_a_server_of_the_house_needs_no_key(stage: LlmStage):
    stage.fake.key = ""

    assert await stage.client(key="").complete(ASK) == "tudo bem"


@pytest.mark.parametrize(
    ("written", "root"),
    [
        ("https://api.example.com/v1", "https://api.example.com/v1"),
        ("https://api.example.com/v1/", "https://api.example.com/v1"),
        (" https://api.example.com/v1/chat/completions ", "https://api.example.com/v1"),
        ("http://localhost:11434", "http://localhost:11434/v1"),
        ("http://localhost:11434/", "http://localhost:11434/v1"),
        ("https://example.com/v1beta/openai/", "https://example.com/v1beta/openai"),
    ],
)
def test_whichever_address_was_copied_the_right_one_is_asked(written: str, root: str):
    assert api_root(written) == root


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "ok",
        {},
        {"choices": []},
        {"choices": None},
        {"choices": [{"message": {"content": None}}]},
        {"choices": [{"message": {"content": "  "}}]},
        {"choices": [{"delta": {"content": "x"}}]},
    ],
)
def test_an_answer_without_a_text_is_unreadable(answer: object):
    with pytest.raises(Unreadable):
        said(answer)


# What a server does not take


@pytest.mark.parametrize("refused", [("response_format",), ("response_format", "temperature", "max_tokens")])
async def test_what_a_server_refuses_by_name_is_left_out_from_then_on(stage: LlmStage, refused: tuple[str, ...]):
    stage.fake.refuses = refused
    llm = stage.client()

    assert await llm.complete(ASK) == "tudo bem"
    assert len(stage.fake.asked) == 1 + len(refused)
    assert await llm.complete(ASK) == "tudo bem"
    assert len(stage.fake.asked) == 2 + len(refused)
    assert not set(refused) & set(stage.fake.asked[-1])


async def test_a_400_that_names_nothing_optional_is_not_asked_again(stage: LlmStage):
    stage.fake.fault = lambda _body: error(400, "context_length_exceeded", "too long")

    assert "400 context_length_exceeded" in str(await failure_of(stage.client()))
    assert len(stage.fake.asked) == 1


# When it fails


async def test_a_500_is_asked_once_more(stage: LlmStage):
    stage.fake.fault = failing_once(500)

    assert await stage.client().complete(ASK) == "tudo bem"
    assert len(stage.fake.asked) == 2


async def test_two_500_are_enough(stage: LlmStage):
    stage.fake.fault = lambda _body: PlainTextResponse("no", 500)

    assert type(await failure_of(stage.client())) is Unknown
    assert len(stage.fake.asked) == 2


async def test_a_slow_server_is_asked_twice_and_left_when_the_time_is_over(stage: LlmStage):
    stage.fake.seconds_to_answer = 5.0

    assert "no answer (TimeoutError)" in str(await failure_of(stage.client(seconds=0.6)))
    assert len(stage.fake.asked) == 2


async def test_no_connection_is_no_answer(wire: Wire):
    nobody = Llm(LlmConnection(f"http://127.0.0.1:{free_port()}/v1", "small"), wait=0.0, transport=wire)

    assert type(await failure_of(nobody)) is Unavailable


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(lambda _body: error(401, "invalid_api_key", "no"), Refused, id="401"),
        pytest.param(lambda _body: error(404, "model_not_found", "no"), Refused, id="404"),
        pytest.param(lambda _body: PlainTextResponse("", 429), Slowed, id="429"),
        pytest.param(lambda _body: PlainTextResponse("<html>hello"), Unreadable, id="garbage"),
        pytest.param(lambda _body: Response(), Unreadable, id="nothing"),
        pytest.param(lambda _body: JSONResponse([1, 2]), Unreadable, id="JSON of another kind"),
        pytest.param(lambda _body: streamed("tudo bem"), Unreadable, id="it streams"),
        pytest.param(lambda body: completion(body["model"], "x" * 2_000_000), Unreadable, id="2 MB"),
    ],
)
async def test_what_asking_again_would_not_change_is_not_asked_again(stage: LlmStage, answer, kind: type[Failed]):
    stage.fake.fault = answer

    assert type(await failure_of(stage.client())) is kind
    assert len(stage.fake.asked) == 1


async def test_a_server_that_goes_on_failing_is_left_alone(stage: LlmStage):
    stage.fake.fault = lambda _body: PlainTextResponse("no", 503)
    llm = stage.client(breaker=Breaker())
    for _ in range(FAILURES_TO_OPEN):
        await failure_of(llm)

    assert type(await failure_of(llm)) is LeftAlone
    assert len(stage.fake.asked) == FAILURES_TO_OPEN


# What is told of it


async def test_neither_key_nor_question_stands_in_an_error(stage: LlmStage):
    stage.fake.refuses = ("messages",)
    wrong = stage.client(key="sk-another-key")

    for shown in (all_text_of(await failure_of(stage.client())), all_text_of(await failure_of(wrong))):
        assert "segredo" not in shown
        assert KEY not in shown
        assert "sk-another-key" not in shown


def test_the_key_is_not_shown():
    assert KEY not in repr(LlmConnection("https://api.example.com/v1", "small", KEY))


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (400, '{"error": {"message": "\'response_format.type\' must be \'text\'"}}', "response_format"),
        (400, '{"error": "max_tokens is not known"}', "max_tokens"),
        (401, '{"error": {"code": "invalid_api_key", "message": "Incorrect: sk-1"}}', "invalid_api_key"),
        (429, '{"error": {"code": "Meu CPF é 1", "type": "insufficient_quota"}}', "insufficient_quota"),
        (500, "response_format", ""),
        (400, "[[[", ""),
        (400, "[1]", ""),
    ],
)
def test_of_an_error_only_its_code_and_what_it_names_are_told(status: int, body: str, told: str):
    assert quote(status, body) == told
