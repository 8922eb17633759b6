"""What does a shop know that has no module in Odoo? Its folder's files, read at the start and whenever they change."""

import asyncio
from pathlib import Path

from loguru import logger

from config.accounts import Account
from config.settings import Settings
from handlers.folder.files import KINDS, Unreadable, read_file
from hubcrew import HubCrew
from hubcrew.items import Scope
from relay import meanwhile

Stamp = tuple[int, int]
BEGINNING = "file/"
log = logger.bind(component="hub")


class Folder:
    """What was seen of every account's folder when it was last looked at."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, Stamp]] = {}

    async def look(self, account: Account, folder: Path, crew: HubCrew) -> None:
        """Take over what has changed since; a file that cannot be read leaves what it said before."""
        files = await asyncio.to_thread(listed, folder)
        seen = self._seen.get(account.id)
        if files == seen:
            return
        for name in [each for each, stamp in files.items() if seen is None or seen.get(each) != stamp]:
            await _take_over(account, folder / name, name, crew)
        await _forget_missing(account, files, crew)
        self._seen[account.id] = files


def listed(folder: Path) -> dict[str, Stamp]:
    """The folder's files that are read, by their path in it."""
    found = [each for each in folder.rglob("*") if each.suffix.lower() in KINDS and each.is_file()]
    return {str(each.relative_to(folder)): _stamp(each) for each in sorted(found)}


def _stamp(path: Path) -> Stamp:
    state = path.stat()
    return state.st_mtime_ns, state.st_size


async def _take_over(account: Account, path: Path, name: str, crew: HubCrew) -> None:
    try:
        items = await asyncio.to_thread(read_file, path)
    except (Unreadable, OSError) as error:
        log.error("{}/{} is left as it was: {}", account.id, name, error)
        return
    scope = Scope(account.id, KINDS[path.suffix.lower()], BEGINNING + name)
    if await crew.knowledge.replace([(scope, items)]):
        log.info("{} knows {} passages from {}", account.id, len(items), name)


async def _forget_missing(account: Account, files: dict[str, Stamp], crew: HubCrew) -> None:
    for kind in sorted(set(KINDS.values())):
        known = await crew.knowledge.scopes(account.id, kind, BEGINNING)
        gone = [each for each in known if each.business_rule.removeprefix(BEGINNING) not in files]
        if gone:
            await crew.knowledge.replace([(scope, []) for scope in gone])
            log.info("{} no longer knows {}", account.id, ", ".join(each.business_rule for each in gone))


_folder = Folder()


@meanwhile(3.0)
async def follow_folders(settings: Settings, crew: HubCrew) -> None:
    """Look at every account's folder."""
    for account in list(settings.accounts):
        try:
            await _folder.look(account, settings.knowledge_dir / account.id, crew)
        except OSError as error:  # noqa: PERF203  # one account's folder that cannot be read is not the others'
            log.warning("{}'s folder cannot be read: {}", account.id, error)
