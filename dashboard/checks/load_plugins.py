"""Which plugins can be loaded? Told as JSON by a process that does nothing else: `load_plugins FOLDER`."""

import json
import os
import sys
from pathlib import Path

from relay.discover import ENTRY_POINTS, discover
from relay.signals import signals


def main(folder: Path) -> None:
    """Load them, tell, and be gone, whatever threads they have begun."""
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what they print is not ours
    before = set(sys.modules)
    discover(signals, folder, "plugins", group=ENTRY_POINTS)
    loaded = sorted(
        name for name in sys.modules.keys() - before if name.startswith("plugins.") and name.count(".") == 1
    )
    broken = [{"module": each.module, "reason": each.reason} for each in signals.broken]
    json.dump({"loaded": loaded, "broken": broken}, told)
    told.flush()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
