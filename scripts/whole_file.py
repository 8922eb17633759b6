"""How is a file of settings changed so that it is whole at every moment? One at a time, beside it first."""

import contextlib
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One command at a time: what another has written meanwhile must not be lost."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def replace(path: Path, text: str, *, mode: int | None = None) -> None:
    """Beside the file first, then in its place at once, with its owner and its mode, or the one given.

    A new one is for its owner alone.
    """
    path = Path(os.path.realpath(path))
    present = path.stat() if path.exists() else None
    mode = mode if mode is not None else stat.S_IMODE(present.st_mode) if present else 0o600
    descriptor, beside = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if os.geteuid() == 0:  # the server, which must read it, may run as somebody else
                owner = present or path.parent.stat()
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
            os.fchmod(descriptor, mode)
            file.write(text.encode())
            file.flush()
            os.fsync(descriptor)
        Path(beside).replace(path)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
