"""Is everything as it should be? One file per subject; each check is a function from what is known to findings."""

from dashboard.checks.context import Context
from dashboard.checks.examine import at_start, examine
from dashboard.checks.finding import Finding, Level

__all__ = ["Context", "Finding", "Level", "at_start", "examine"]
