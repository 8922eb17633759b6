"""How is `.env` changed? Single values, at once and for its owner alone; every other line stays as it is."""

import io
import os
from collections.abc import Iterable, Mapping
from gettext import gettext as _
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from scripts.change_accounts import Unusable
from scripts.whole_file import alone, replace


def set_values(path: Path, values: Mapping[str, str]) -> None:
    """Give these settings these values; a file that is not there is made."""
    try:
        with alone(path.parent):
            text = path.read_bytes().decode() if path.exists() else ""
            replace(path, with_values(text, values), mode=0o600)
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(_("{path} cannot be changed: {error}").format(path=path, error=error)) from error


def with_values(text: str, values: Mapping[str, str]) -> str:
    """The text with these values: in place of the last line that counts for a name, or at the end."""
    bindings = list(parse_stream(io.StringIO(text)))
    parts = [each.original.string for each in bindings]
    last = {each.key: number for number, each in enumerate(bindings) if each.key in values}
    for name, number in last.items():
        parts[number] = _line(parts[number], f"{name}={values[name or '']}")
    missing = [f"{name}={value}\n" for name, value in values.items() if name not in last]
    whole = "".join(parts)
    return whole + ("\n" if missing and whole and not whole.endswith("\n") else "") + "".join(missing)


def _line(written: str, line: str) -> str:
    """The line in place of what is written there, with the blank lines and the `export` before it."""
    stripped = written.lstrip()
    before = written[: len(written) - len(stripped)] + ("export " if stripped.startswith("export ") else "")
    return before + line + written[len(written.rstrip()) :]


def check_not_overruled(path: Path, names: Iterable[str]) -> None:
    """Complain of settings that stand in the environment, which goes before `.env`."""
    written = dotenv_values(path) if path.exists() else {}
    overruled = [name for name in names if name in os.environ and os.environ[name] != written.get(name)]
    if overruled:
        text = _(
            "Set in the environment, which goes before {path}: {names}. What is written there would not count. "
            "Take it out of the environment (compose file, service), and write it into {path}."
        )
        raise Unusable(text.format(names=", ".join(overruled), path=path))
