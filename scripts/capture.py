"""How does an event that really came become a sample? With made-up values for whatever tells of people, and a test."""

import json
import secrets
import sys
from gettext import gettext as _
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
from rich.console import Console

from scripts.ask_server import Failed, RunningServer
from scripts.consent import agreed
from scripts.made_up import MadeUp, Replaced
from scripts.on_screen import plain, screen
from scripts.own_settings import own_settings, speak_as_set

MOST_SHOWN = 40
TEST = '''"""An event that came once, its people made up: does {plugin} take it?"""

from relay.testing import send


def test_what_came_is_taken():
    sent = send("{name}")

    assert sent.errors == {{}}
'''

speak_as_set()


@click.command(
    help=_(
        "Make a sample and a test of the event ID. Names, telephone numbers, addresses, texts, tokens and numbers that "
        "tell of people are replaced by made-up ones; look over the sample all the same."
    )
)
@click.argument("event_id", metavar="ID")
@click.option(
    "--into", "folder", type=click.Path(path_type=Path), help=_("the plugin's folder, for example plugins/nome")
)
@click.option("--name", "which", default=None, help=_("what the sample is called after its signal"))
@click.option("--keep", "kept", multiple=True, metavar="PATH", help=_("leave the value at this place; repeatable"))
def main(event_id: str, folder: Path | None, which: str | None, kept: tuple[str, ...]) -> None:
    """Fetch it, make its values up, write, and show what was replaced."""
    settings, console = own_settings(), screen()
    event = RunningServer(settings).get(f"events/{event_id}")
    folder = folder or _plugin_of(event, settings.plugins_dir)
    if not folder.is_dir():
        raise Failed(_("{path} is no folder.").format(path=folder))
    body, replaced = _made_up(event, kept)
    name = f"{event['signal']}__{which or f'came_{event_id[-6:]}'}"
    plugin = folder.name
    written = {
        folder / "samples" / f"{name}.json": json.dumps(body, ensure_ascii=False, indent=2) + "\n",
        folder / f"test_{plugin}__{name.partition('__')[2]}.py": TEST.format(plugin=plugin, name=name),
    }
    _show(console, replaced)
    _write(console, written)
    console.print(_("Test it:"))
    console.print(plain(f"  .venv/bin/python -m pytest {folder}"))


def _plugin_of(event: dict[str, Any], plugins: Path) -> Path:
    """The folder of the first plugin that handled it."""
    modules: list[list[str]] = [each["handler"].partition(":")[0].split(".") for each in event["deliveries"]]
    found = next((plugins / each[1] for each in modules if each[0] == "plugins" and (plugins / each[1]).is_dir()), None)
    if found is None:
        raise Failed(_("No plugin with a folder handled it: say which it is for, with --into plugins/nome"))
    return found


def _made_up(event: dict[str, Any], kept: tuple[str, ...]) -> tuple[Any, list[Replaced]]:
    try:
        body = json.loads(event["body"] or "")
    except ValueError as error:
        text = _("The body of {id} is gone, or is no JSON: there is nothing to make a sample of.")
        raise Failed(text.format(id=event["id"])) from error
    signal = event["signal"].partition(".")[2]
    made = MadeUp(secrets.token_bytes(32), [signal, *signal.split(".")], kept)
    return made.of(body), made.replaced


def _show(console: Console, replaced: list[Replaced]) -> None:
    """What was there and what is there now, as a diff shows it."""
    console.print(_("Replaced: {number} values").format(number=len(replaced)))
    for each in replaced[:MOST_SHOWN]:
        console.print(plain(f"- {each.path}: {json.dumps(each.before, ensure_ascii=False)}"), style="red")
        console.print(plain(f"+ {each.path}: {json.dumps(each.after, ensure_ascii=False)}"), style="green")
    if len(replaced) > MOST_SHOWN:
        console.print(_("… and {number} more").format(number=len(replaced) - MOST_SHOWN))


def _write(console: Console, written: dict[Path, str]) -> None:
    there = [path for path in written if path.exists()]
    question = _("{paths}: there already. Overwrite? [y/N]").format(paths=", ".join(map(str, there)))
    if there and not agreed(question):
        raise Failed(_("Nothing was written."))
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        console.print(plain(f"  {path}"))


if __name__ == "__main__":
    main()
