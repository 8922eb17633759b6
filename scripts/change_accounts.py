"""How is accounts.toml changed? One table, checked with the whole before anything is written; the rest stays as it is.

Tables are put in and cut out as lines of text: a comment above a table is that table's, and tomlkit, which reads it as
the end of the table before, would take it away with that one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from config.accounts import Account, Place
from config.accounts_file import NAME
from config.settings import Settings
from scripts.ask_server import Failed
from scripts.whole_file import alone, replace


class Unusable(Failed):
    """It cannot be done to these accounts: said in plain words, exit code 2."""

    exit_code = 2


def add(settings: Settings, name: str, values: Mapping[str, Any]) -> Account:
    """Write a new account's table at the end of the file; the account as the server will read it."""
    made = tomlkit.dumps({"account": {name: values}})

    def edit(text: str) -> str:
        return f"{text.rstrip()}\n\n{made}" if text.strip() else made

    added = _change(settings, name, edit, lambda account: account is not None)
    assert added is not None
    return added


def pause(settings: Settings, name: str, paused: bool) -> None:
    """Set whether an account is paused."""

    def edit(text: str) -> str:
        document = tomlkit.parse(text)
        table: Any = document["account"][name]
        if "paused" not in table:
            return _below_header(text, name, f"paused = {str(paused).lower()}\n")
        table["paused"] = paused
        return tomlkit.dumps(document)

    _change(settings, name, edit, lambda account: account is not None and account.paused == paused)


def set_place(settings: Settings, name: str, place: str, bot_token: str, secrets: Sequence[str]) -> None:
    """Set the bot's token ("": leave it) of an account's place in Chatwoot, and add secrets to those it has."""

    def edit(text: str) -> str:
        document = tomlkit.parse(text)
        account: Any = document["account"]
        table = next(each for each in account[name]["chatwoot"] if each.get("name", "") == place)
        known = table.get("webhook_secret", [])
        if secrets:
            table["webhook_secret"] = [*([known] if isinstance(known, str) else known), *secrets]
        if bot_token:
            table["bot_token"] = bot_token
        return tomlkit.dumps(document)

    def is_meant(account: Account | None) -> bool:
        there = account.place(place) if account else Place()
        return set(secrets) <= set(there.secrets) and bot_token in ("", there.bot_token)

    _change(settings, name, edit, is_meant)


def remove(settings: Settings, name: str) -> None:
    """Take an account's tables out of the file."""
    _change(settings, name, lambda text: without(text, name), lambda account: account is None)


def check_new(settings: Settings, name: str) -> None:
    """Complain of a name that cannot be a new account's."""
    if not NAME.fullmatch(name):
        text = _("{name} cannot be an account's name: small letters, digits, - and _ only, at most 40.")
        raise Unusable(text.format(name=name))
    if settings.accounts.get(name) is not None:
        text = _("There is an account {name} already. See: python -m scripts.account list")
        raise Unusable(text.format(name=name))


def check_known(settings: Settings, name: str) -> Account:
    """The account of this name; complains where there is none."""
    account = settings.accounts.get(name)
    if account is None:
        names = ", ".join(each.id for each in settings.accounts)
        text = _("There is no account {name}. There are: {names}. (The file is {path}.)")
        raise Unusable(text.format(name=name, names=names, path=path_of(settings)))
    return account


def check_in_file(settings: Settings, name: str) -> None:
    """Complain of a name that the file does not have."""
    if check_known(settings, name) is settings.accounts.first:
        text = _(
            "{name} is the account of .env and is changed there: ANSWER_MODE=off silences it, ACCOUNT_ID names it. "
            "Then start the server again."
        )
        raise Unusable(text.format(name=name))


def path_of(settings: Settings) -> Path:
    """Where the file is, or will be."""
    path = settings.accounts_file.path
    assert path is not None, "only tests have settings without a file"
    return path


def _change(
    settings: Settings, name: str, edit: Callable[[str], str], is_meant: Callable[[Account | None], bool]
) -> Account | None:
    """Change the account of this name, and nothing else; nothing is written unless the whole file is right after it."""
    path = path_of(settings)
    try:
        with alone(path.parent):
            text = path.read_bytes().decode() if path.exists() else ""
            edited = edit(text)
            before, after = _judged(settings, text), _judged(settings, edited)
            before.pop(name, None)
            account = after.pop(name, None)
            if before != after or not is_meant(account):
                complaint = _("{name} stands in {path} in a form that only a person can change there.")
                raise Unusable(complaint.format(name=name, path=path))
            replace(path, edited)
            return account
    except (OSError, TOMLKitError) as error:
        raise Unusable(_("{path} cannot be changed: {error}").format(path=path, error=error)) from error


def _judged(settings: Settings, text: str) -> dict[str, Account]:
    accounts, wrong = settings.accounts_file.judge(text, settings.accounts.first)
    if wrong:
        raise Unusable("\n".join([_("Nothing was written:"), *(f"  - {each}" for each in wrong)]))
    return {each.id: each for each in accounts}


# The file as lines


def without(text: str, name: str) -> str:
    """The text without this account's tables and the comments directly above them."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line, owner in zip(lines, _owners(lines), strict=True) if owner != name)


def _below_header(text: str, name: str, line: str) -> str:
    lines = text.splitlines(keepends=True)
    for number, each in enumerate(lines):
        if _header(each) == (name, 2):
            return "".join([*lines[: number + 1], line, *lines[number + 1 :]])
    return text


def _owners(lines: list[str]) -> list[str]:
    """Whose each line is: the table's that it stands in, or that it stands directly above as a comment; or nobody's."""
    owners: list[str] = []
    for line in lines:
        header = _header(line)
        owners.append(header[0] if header else next(reversed(owners), ""))
    _give_comments(lines, owners)
    for number in range(1, len(lines)):
        if not lines[number].strip():
            owners[number] = owners[number - 1]
    return owners


def _give_comments(lines: list[str], owners: list[str]) -> None:
    """Comments between two tables: those directly above a header are its table's, the others nobody's."""
    between, owner = True, ""
    for number in reversed(range(len(lines))):
        line = lines[number].strip()
        if _header(line):
            between, owner = True, owners[number]
        elif not line:
            owner = ""
        elif line.startswith("#") and between:
            owners[number] = owner
        else:
            between = False


def _header(line: str) -> tuple[str, int] | None:
    """The account that a header begins a table of ("" for another's), and how deep; None for any other line."""
    if not line.lstrip().startswith("["):
        return None
    try:
        found = tomlkit.parse(line).unwrap()
    except TOMLKitError:
        return None
    path = list(_path(found))
    return (path[1] if path[:1] == ["account"] and len(path) > 1 else "", len(path))


def _path(found: Any) -> Iterator[str]:
    while isinstance(found, (dict, list)) and found:
        if isinstance(found, dict):
            key = next(iter(found))
            yield key
            found = found[key]
        else:
            found = found[0]
