"""Can be written what must be written? The folders of logs and data, plugins' folder, and room on their disks."""

import shutil
import tempfile
from gettext import gettext as _
from pathlib import Path

from sqlalchemy.engine import make_url

from config.settings import Settings
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning

MB = 1_000_000
LITTLE, ALMOST_NONE = 1000 * MB, 200 * MB


def check(context: Context) -> list[Finding]:
    """Folders and disks."""
    settings = context.settings
    if settings is None:
        return []
    data = data_folder(settings)
    folders = [("LOG_DIR", settings.log_dir), *([("DATABASE_URL", data)] if data else [])]
    written = [(folder, _writable(name, folder)) for name, folder in folders]
    disks = {_disk(folder): folder for folder, found in reversed(written) if found.level == "good"}
    return [
        *(found for _folder, found in written),
        _plugins(settings.plugins_dir),
        *(room(folder, shutil.disk_usage(_nearest(folder)).free) for folder in disks.values()),
    ]


def data_folder(settings: Settings) -> Path | None:
    """Where the database is, where it is a file."""
    url = make_url(settings.database_url)
    return Path(url.database or "").parent if url.get_backend_name() == "sqlite" else None


def room(folder: Path, free: int) -> Finding:
    """Whether so many free bytes are enough."""
    what = _("{folder}: {megabytes} MB free").format(folder=folder, megabytes=free // MB)
    remedy = _("Make room: df -h {folder}; older events go with a lower RETENTION_DAYS, logs with LOG_KEEP_DAYS")
    if free < ALMOST_NONE:
        why = _("With a full disk every request is answered with 500.")
        return error("disk.space", what, why, remedy.format(folder=folder))
    if free < LITTLE:
        return warning("disk.space", what, _("That is soon full."), remedy.format(folder=folder))
    return good("disk.space", what)


def _writable(name: str, folder: Path) -> Finding:
    """Tried, since a file's mode does not tell: a disk may be mounted read-only, and root is asked for no mode."""
    place = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as wrong:
        what = _("{name}: {folder} cannot be written ({error})").format(name=name, folder=folder, error=wrong.strerror)
        why = _("The server does not start like this.")
        remedy = _("Give the server's user the right to write there (chown, chmod), or set {name} to another place")
        return error("folders.write", what, why, remedy.format(name=name))
    if place != folder:
        return good("folders.write", _("{folder} will be made at the first start").format(folder=folder))
    return good("folders.write", _("{folder} can be written").format(folder=folder))


def _plugins(folder: Path) -> Finding:
    try:
        list(folder.iterdir())
    except OSError as wrong:
        what = _("PLUGINS_DIR: {folder} cannot be read ({error})").format(folder=folder, error=wrong.strerror)
        remedy = _("Make the folder, or set PLUGINS_DIR to another")
        return warning("folders.plugins", what, _("No plugin is loaded."), remedy)
    return good("folders.plugins", _("{folder} can be read").format(folder=folder))


def _nearest(folder: Path) -> Path:
    """The folder, or the one above it that is there."""
    return next((each for each in (folder, *folder.parents) if each.exists()), Path("/"))


def _disk(folder: Path) -> int:
    return _nearest(folder).stat().st_dev
