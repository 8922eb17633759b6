"""The one trivial handler of the benchmark; copied into a plugins folder of its own."""

from relay import Event, on


@on("chatwoot.webwidget_triggered")
async def nothing(event: Event) -> None:
    """React, and do nothing."""
