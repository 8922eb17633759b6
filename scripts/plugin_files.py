"""What stands in a plugin that has just been made? The text of its files; `nome` is its name wherever it stands."""

import json
from collections.abc import Iterator

HANDLER = '''"""nome: reacts to {signal}."""

from relay import Event, on


@on("{signal}")
async def react(event: Event) -> None:
    """What it does is up to you; what it explains is shown with the event."""
    event.explain(f"{{event.name}} of {{event.account}} came")
'''

SOURCE = '''"""nome: POST /webhook/nome, signed with NOME_SECRET."""

import msgspec

from relay import Event, PerAccount, Source, field, on, settings, source, webhook
from relay.authenticate import HmacSignature


@settings("nome")
class Nome(msgspec.Struct):
    """NOME_SECRET in .env; another account's in config/accounts.toml, under [account.<id>.plugin.nome]."""

    secret: list[str] = []


@source
def nome(own: PerAccount[Nome]) -> Source:
    """How it proves who it is, and what its requests tell."""
    return webhook(
        "nome",
        authenticate=HmacSignature(own.each("secret"), "X-Signature", prefix="sha256="),
        signal=field("event"),  # "created" is the signal nome.created
        key=field("id"),  # events of one key stay in order
        repeat_id=field("delivery"),  # what a request has again when it is sent again
    )


@on("nome.created")
async def react(event: Event) -> None:
    """What it does is up to you; what it explains is shown with the event."""
    event.explain(f"{event.payload['id']} was created")
'''

HANDLER_TEST = '''"""Does nome do what it should? `send` takes the sample; nothing leaves this machine."""

from relay.testing import send


def test_it_says_what_came():
    sent = send("{signal}")

    assert sent.errors == {{}}
    assert sent["react"].reason == "{signal} of account_1 came"
'''

SOURCE_TEST = '''"""Does nome do what it should? `send` signs the sample and takes it in; nothing leaves here."""

from relay.testing import send


def test_it_says_what_was_created():
    sent = send("nome.created")

    assert sent.errors == {}
    assert sent["react"].reason == "A-17 was created"


def test_events_of_one_thing_stay_in_order():
    assert send("nome.created", fields={"id": "B-2"}).event.key == "B-2"
'''

SOURCE_SAMPLE = {"event": "created", "delivery": "d-1001", "id": "A-17"}

README = """# nome

O que faz / what it does: …

| sinal / signal | handler | |
|---|---|---|
| `{signal}` | `react` | … |
{settings}
```sh
.venv/bin/python -m pytest {folder}
.venv/bin/python -m scripts.send {signal}
```
"""

README_SETTINGS = """
| configuração / setting | |
|---|---|
| `NOME_SECRET` | o segredo da assinatura em `X-Signature` / the secret of the signature in `X-Signature` |

O endereço / the address: `POST /webhook/nome` (uma conta / one account: `/webhook/nome/<account>`).
"""


def files(name: str, folder: str, signal: str, sample: bytes | None) -> Iterator[tuple[str, str]]:
    """Path within the plugin and text of each file. Without `sample` the plugin is a source, with one of its own."""
    if sample is None:
        made = json.dumps(SOURCE_SAMPLE, indent=2) + "\n"
        code, test, settings = SOURCE, SOURCE_TEST, README_SETTINGS
    else:
        made = sample.decode()
        code, test, settings = HANDLER.format(signal=signal), HANDLER_TEST.format(signal=signal), ""
    readme = README.format(signal=signal, settings=settings, folder=folder)
    yield f"samples/{signal}.json", made
    for path, text in (("__init__.py", code), (f"test_{name}.py", test), ("README.md", readme)):
        yield path, _named(text, name)


def _named(text: str, name: str) -> str:
    words = name.replace("_", " ").title().replace(" ", "")
    return text.replace("NOME", name.upper()).replace("Nome", words).replace("nome", name)
