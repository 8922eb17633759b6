"""What would a customer be told, and why? A question to the running server; nothing is sent, nothing is kept."""

import sys
from gettext import gettext as _
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
from rich.panel import Panel

from handlers.chatwoot.desk import in_words
from scripts.ask_server import RunningServer
from scripts.on_screen import plain, screen, table
from scripts.own_settings import own_settings, speak_as_set

speak_as_set()


@click.command(help=_("Ask the running server what a customer would be told, and see why."))
@click.argument("question")
@click.option("--account", help=_("Which account; without it the first."))
@click.option("--test", is_flag=True, help=_("Ask of what tests (scripts.simulate) have synchronised."))
def main(question: str, account: str | None, test: bool) -> None:
    """Ask, and show the answer with what was found."""
    told = RunningServer(own_settings()).get("ask", q=question, account=account, test="true" if test else None)
    console = screen()
    if told["answer"] is None:
        why = _("A person would answer: {reason}.").format(reason=in_words(told["reason"]))
        console.print(plain(why), style="yellow")
    else:
        console.print(Panel(plain(told["answer"]), width=90))
    console.print(plain(_("Crew: {crew}").format(crew=told["crew"])))
    if told["found"] and told.get("worded_by") != "us":  # else no rule was looked for
        console.print(plain(_("The chance that the first rule answers it: {chance}").format(chance=told["chance"])))
    rows = [(f"{each['score']:.2f}", each["kind"], each["id"], each["name"]) for each in told["found"]]
    console.print(table(_("Found, best first"), (_("Score"), _("Kind"), "id", _("Rule")), rows))


if __name__ == "__main__":
    main()
