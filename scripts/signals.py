"""Which signals are there? docs/signals.md, made from the sources, handlers and samples that ship."""

import json
import sys
from collections.abc import Iterator
from gettext import gettext as _
from itertools import groupby
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click

from config.settings import ROOT, Settings, load
from relay.discover import discover
from relay.handler import Handler, bound_services
from relay.own_settings import PerAccount
from relay.signals import signals
from relay.source import Source
from relay.testing import made_up
from relay.testing.samples import SHIPPED, Sample, as_sent, samples_in

PAGE = ROOT / "docs" / "signals.md"
COMMAND = "python -m scripts.signals"
ACCOUNT = "account_1"
# The samples' own account; nothing of this is a secret.
MADE_UP = {
    "CHATWOOT_ACCOUNT_ID": "7",
    "WEBHOOK_TOKEN": "made-up",
    "ODOO_SYNC_KEY": "made-up",
    "SOURCES_FILE": "config/sources.example.toml",
    "LOJA_VIRTUAL_SECRET": "made-up",
    "ERP_KEY": "made-up",
}
SHOWN_DEPTH, SHOWN_LETTERS, SHOWN_FIELDS = 2, 60, 24

HEAD = f"""# Signals

Every signal that ships with the server, with the sample that stands beside its handlers. A plugin reacts with
`@on("…")`, its test takes the sample with `send("…")`, and `python -m scripts.send …` sends it to the running server
([plugins.md](plugins.md)). Events of other names are kept and shown too. Made by `{COMMAND}`.

*Key*: what stays in order. *Repeat*: what makes the same request, or the same fact, a repeat. Both as in the sample.
"""


@click.command(help=_("Write docs/signals.md anew, from the sources, handlers and samples that ship."))
def main() -> None:
    """Write it, and say where."""
    PAGE.write_text(page(), encoding="utf-8")
    click.echo(str(PAGE))


def page() -> str:
    """The whole page."""
    discover(signals, ROOT / "handlers", "handlers")
    made = _sources()
    sources = [source for _says, source in made]
    samples = samples_in([SHIPPED], {each.name for each in sources})
    parts = [HEAD]
    for name, own in groupby(samples, lambda each: each.signal.partition(".")[0]):
        parts.append(f"## {name}\n")
        parts += dict.fromkeys(f"{says}\n" for says, source in made if source.name == name)
        for signal, alike in groupby(own, lambda each: each.signal):
            parts.append("\n".join(_section(sources, signal, list(alike))))
    return "\n".join(parts)


def _sources() -> list[tuple[str, Source]]:
    """The shipped sources, made with made-up secrets, each with what its declaration says."""
    services: dict[Any, object] = {Settings: load(MADE_UP)}
    for kind, prefix in signals.own_settings.items():
        made = made_up(kind)
        values = {name: getattr(made, name) for name in kind.__struct_fields__}
        own = PerAccount(kind, prefix, lambda values=values: {ACCOUNT: values})  # type: ignore[misc]
        services[PerAccount[kind]] = own  # type: ignore[valid-type]  # made at run time
    found: list[tuple[str, Source]] = []
    for factory in [each for each in signals.sources if each.__module__.startswith("handlers.")]:
        bound, _missing = bound_services(factory, services, skip=0)
        several = factory(**bound)
        says = (factory.__doc__ or "").partition("\n\n")[0].strip()
        found += [(says, each) for each in ([several] if isinstance(several, Source) else several)]
    return found


def _section(sources: list[Source], signal: str, samples: list[Sample]) -> Iterator[str]:
    yield f"### `{signal}`\n"
    yield "| | |\n|---|---|"
    for what, said in (*_named(sources, samples[0]), *_handled(signal), *_others(samples)):
        yield f"| {what} | {said} |"
    yield f"\n```json\n{json.dumps(_short(json.loads(samples[0].body)), ensure_ascii=False, indent=2)}\n```\n"


def _named(sources: list[Source], sample: Sample) -> Iterator[tuple[str, str]]:
    """Where it comes in, its key, and what makes it a repeat; what differs at every sending is the sender's number."""
    first, second = (as_sent(sources, sample.signal, sample.body, ACCOUNT) for _ in range(2))
    if first is None or second is None:
        yield "comes from", "a handler: `event.emit`"
        return
    yield "comes to", f"`{first.incoming.method} {first.incoming.path}`"
    yield "key", f"`{first.named.key}`" if first.named.key else "none: in no order"
    repeats = ((first.named.repeat_id, second.named.repeat_id), (first.named.fact_id, second.named.fact_id))
    said = [f"`{one}`" if one == other else "the sender's own number" for one, other in repeats if one]
    if first.named.repeats_previous:
        said.append("the same body as the key's newest event")
    yield "repeat", ", ".join(said) or "never"


def _handled(signal: str) -> Iterator[tuple[str, str]]:
    shipped = [each for each in signals.handlers_of(signal) if each.module.startswith("handlers.")]
    for answers, what in ((True, "answered by"), (False, "handled by")):
        told = [_told(each) for each in shipped if each.answers == answers]
        if told:
            yield what, "<br>".join(told)
    if not shipped:
        yield "handled by", "nobody; it is kept and shown"


def _told(handler: Handler) -> str:
    says = (handler.function.__doc__ or "").partition("\n")[0].replace("|", "\\|")
    return f"`{handler.name.removeprefix('handlers.')}`: {says}"


def _others(samples: list[Sample]) -> Iterator[tuple[str, str]]:
    places = [f"[{each.name}](../{each.file.relative_to(ROOT)})" for each in samples]
    yield "samples" if len(places) > 1 else "sample", ", ".join(places)


def _short(value: Any, depth: int = 0) -> Any:
    """The beginning of what would be long: what is deep, long texts, the rest of a list."""
    if isinstance(value, dict):
        if depth >= SHOWN_DEPTH and value:
            return "{…}"
        short = {name: _short(inner, depth + 1) for name, inner in list(value.items())[:SHOWN_FIELDS]}
        return short if len(value) <= SHOWN_FIELDS else {**short, "…": "…"}
    if isinstance(value, list):
        return [*(_short(each, depth + 1) for each in value[:1]), *(["…"] if len(value) > 1 else [])]
    return value[:SHOWN_LETTERS] + "…" if isinstance(value, str) and len(value) > SHOWN_LETTERS else value


if __name__ == "__main__":
    main()
