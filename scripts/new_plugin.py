"""How does a plugin begin? With a handler, a sample, a test that passes, and a README."""

import keyword
import re
import secrets
import sys
from gettext import gettext as _
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click

from config.settings import ROOT
from relay.testing.samples import SHIPPED, UnknownSample, sample_of
from scripts.ask_server import Failed
from scripts.own_settings import own_settings, speak_as_set
from scripts.plugin_files import files

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
FIRST = "chatwoot.message_created__incoming"

speak_as_set()


@click.command(help=_("Begin a plugin: handler, sample, a test that passes, README."))
@click.argument("name", metavar="NAME")
@click.option("--source", "is_source", is_flag=True, help=_("an outside system sends to us: a source of its own"))
@click.option("--on", "signal", default=FIRST, show_default=True, help=_("the signal it reacts to, or a sample of it"))
def main(name: str, is_source: bool, signal: str) -> None:
    """Write the files, and say what comes next."""
    plugins = own_settings().plugins_dir
    folder = plugins / name
    _check(name, folder)
    sample = None if is_source else _sample(signal, plugins)
    signal = f"{name}.created" if is_source else signal.partition("__")[0]
    for path, text in files(name, _shown(folder), signal, sample):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
        click.echo(f"  {_shown(folder / path)}")
    _say_what_is_next(name, folder, signal, is_source)


def _check(name: str, folder: Path) -> None:
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise Failed(_("A plugin's name has small letters, digits and _ only: {name} will not do.").format(name=name))
    if (SHIPPED / name).exists() or (SHIPPED / f"{name}.py").exists():
        raise Failed(_("{name} ships with the server: choose another name.").format(name=name))
    for taken in (folder, folder.with_suffix(".py")):
        if taken.exists():
            raise Failed(_("{path} is there already; nothing was written.").format(path=_shown(taken)))


def _sample(signal: str, plugins: Path) -> bytes:
    """A copy of the signal's sample; where there is none yet, an empty one to be filled."""
    try:
        return sample_of(signal, (plugins, SHIPPED)).body
    except UnknownSample:
        return b"{}\n"


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _say_what_is_next(name: str, folder: Path, signal: str, is_source: bool) -> None:
    steps = [(_("Test it:"), f".venv/bin/python -m pytest {_shown(folder)}")]
    if is_source:
        line = f"{name.upper()}_SECRET={secrets.token_urlsafe(24)}"
        steps.append((_("Give it a secret, in .env, and the same to whoever sends:"), line))
    steps.append(
        (_("Start the server again; then send the sample to it:"), f".venv/bin/python -m scripts.send {signal}")
    )
    for what, command in steps:
        click.echo(f"{what}\n  {command}")


if __name__ == "__main__":
    main()
