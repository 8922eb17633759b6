"""Does the person agree? Asked before what cannot be taken back; no terminal to ask on is a no."""

import click

YES = ("y", "yes", "s", "sim")


def agreed(question: str) -> bool:
    """Whether the person says yes."""
    try:
        answer: str = click.prompt(question, default="", show_default=False)
    except click.Abort:
        return False
    return answer.strip().lower() in YES
