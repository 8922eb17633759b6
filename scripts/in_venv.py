"""Run a script again inside .venv when a plain `python` started it; imports nothing that must be installed."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def in_venv() -> None:
    """Make the project importable; change to the project's own Python, or say how it is installed."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    python = ROOT / ".venv" / "bin" / "python"
    try:
        import starlette  # noqa: F401, PLC0415  # stands for everything that is installed with it
    except ImportError:
        if python.exists() and Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
            os.execv(python, [str(python), *sys.orig_argv[1:]])  # noqa: S606  # the same words
        sys.exit("Faltam as dependências. Execute antes: scripts/install  (ou: pip install -r requirements.txt)")
