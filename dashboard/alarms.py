"""What is wrong? From what is known and the limits to the alarms that are on, and to what is new since. Pure.

Every alarm has a `level`. Once somebody has acknowledged it, it stays off until its level is higher, or until it was
over meanwhile. The level of what grows (refusals, waiting, a full disk) goes up when it has doubled; that of what
happened (a dead delivery, an undelivered reply) is the moment of the newest.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from gettext import gettext as _
from typing import Any, NamedTuple

import msgspec

from clients.living import ELSEWHERE, PAUSED, Standing
from dashboard.conclusions import refused
from relay.rounds import WENT_ROUND
from relay.store.add_up import Line
from relay.store.watch import MOST_READ, Ended, Oldest, Refusal, Round

DEAD, PARKED = "deliveries_dead", "deliveries_parked"
WAITING, SILENT, REFUSED = "waiting_long", "source_silent", "requests_refused"
UNREACHABLE, NOT_DELIVERED = "chatwoot_unreachable", "reply_undelivered"
DISK, BOOKS, STANDS_BY = "disk_nearly_full", "books_unbalanced", "stands_by"
ROUND = "went_round"
CODES = (DEAD, PARKED, ROUND, WAITING, SILENT, REFUSED, UNREACHABLE, NOT_DELIVERED, DISK, BOOKS, STANDS_BY)

REFUSED_WITHIN_MS = 10 * 60_000
# A reply that was not delivered is news for a day: its conversation is with a person since.
UNDELIVERED_MS = 86_400_000
# What is on stays on until it is clearly over: it does not come and go at its limit.
OVER_AT = 0.5
DISK_OVER_AT = 1.2
MINUTE_MS = 60_000


class Alarm(msgspec.Struct, frozen=True):
    """Something is wrong. `id` is its code with what it is about; `since` is in epoch milliseconds.

    `where` is a page of the dashboard, and the same of its JSON: under /admin/ and under /admin/api/.
    """

    id: str
    code: str
    account: str | None
    text: str
    since: int
    where: str
    level: int = 0


class Change(NamedTuple):
    """What a look has found: all that is on now, what has begun, what is over."""

    on: dict[str, Alarm]
    begun: list[Alarm]
    over: list[Alarm]
    acknowledged: dict[str, int]


def compare(
    known: Mapping[str, Alarm], acknowledged: Mapping[str, int], found: Iterable[Alarm], unseen: Collection[str]
) -> Change:
    """What has changed since what was known. Of the codes in `unseen` nothing could be found out: they stay."""
    seen = {each.id: each for each in found if each.code not in unseen}
    on = {number: alarm for number, alarm in known.items() if alarm.code in unseen}
    for number, alarm in seen.items():
        if alarm.level > acknowledged.get(number, -1):
            was = known.get(number)
            on[number] = alarm if was is None else msgspec.structs.replace(alarm, since=was.since)
    still = {each: level for each, level in acknowledged.items() if each in seen or each.partition(":")[0] in unseen}
    begun = [alarm for number, alarm in on.items() if number not in known]
    return Change(on, begun, [alarm for number, alarm in known.items() if number not in on], still)


def acknowledge(known: Mapping[str, Alarm], acknowledged: Mapping[str, int], asked: str) -> Change | None:
    """The same after somebody has seen an alarm, or all of a code; None where none of them is on."""
    seen = {number: alarm for number, alarm in known.items() if asked in (number, alarm.code)}
    if not seen:
        return None
    on = {number: alarm for number, alarm in known.items() if number not in seen}
    levels = {number: alarm.level for number, alarm in seen.items()}
    return Change(on, [], list(seen.values()), {**acknowledged, **levels})


# One after the other


def ended_badly(code: str, rows: Sequence[Ended]) -> list[Alarm]:
    """Deliveries that are dead, or parked, an alarm for each account."""
    texts = {DEAD: _("Deliveries were given up: {number}."), PARKED: _("Deliveries wait for a decision: {number}.")}
    state = code.partition("_")[2]
    of: dict[str, list[int]] = {}
    for row in rows:
        of.setdefault(row.account or "", []).append(row.at)
    found = []
    for account, own in of.items():
        where = f"events?status={state}" + (f"&account={account}" if account else "")
        text = texts[code].format(number=_number(len(own)))
        found.append(_alarm(code, account, text, max(own), where, max(own)))
    return found


def went_round(rows: Sequence[Round]) -> list[Alarm]:
    """What went round and was cut, an alarm for each account, with what the newest says."""
    of: dict[str, list[Round]] = {}
    for row in rows:
        of.setdefault(row.account or "", []).append(row)
    found = []
    for account, own in of.items():
        what = own[0].reason.removeprefix(WENT_ROUND)
        text = _("Something went round and was cut ({number} deliveries wait for a decision): {what}.")
        where = "events?status=parked" + (f"&account={account}" if account else "")
        found.append(
            _alarm(ROUND, account, text.format(number=_number(len(own)), what=what), own[0].at, where, own[0].at)
        )
    return found


def _number(found: int) -> str:
    return str(found) if found < MOST_READ else _("{number} or more").format(number=found)


class Backlog(NamedTuple):
    """What the looks before knew of what waits.

    `edge` is the event that had waited longest (or that would have been next). An older one that waits now has come
    back, by a replay: it, and all before the edge (`upto`), have waited since then (`returned`) and no longer.
    """

    edge: int
    upto: int
    returned: int

    def waiting_since(self, oldest: Oldest) -> int:
        """Since when (epoch milliseconds) it has waited."""
        return max(oldest.since, self.returned if oldest.event_id < self.upto else 0)


def backlog_at(now: int) -> Backlog:
    """Before the first look: what waits since before the start counts from the start."""
    return Backlog(0, now << 21, now)


def follow(backlog: Backlog, oldest: Oldest | None, now: int) -> Backlog:
    """What the next look has to know."""
    edge = oldest.event_id if oldest is not None else now << 21
    if edge < backlog.edge:
        return Backlog(edge, max(backlog.upto, backlog.edge), now)
    return backlog._replace(edge=edge)


def waiting_long(since: int | None, now: int, limit_minutes: float) -> list[Alarm]:
    """What could run at once and does not."""
    waited = (now - since) / MINUTE_MS if since is not None else 0.0
    if since is None or waited < limit_minutes:
        return []
    text = _("A delivery has been waiting for {minutes} minutes.").format(minutes=int(waited))
    return [_alarm(WAITING, "", text, since, "events?status=waiting", _doublings(waited / limit_minutes))]


def source_silent(source: str, account: str, last: int, open_minutes: float, limit_minutes: float) -> list[Alarm]:
    """A source that has spoken before, and has said nothing for so many minutes of opening."""
    if open_minutes < limit_minutes:
        return []
    text = _("Nothing has come from {source} for {minutes} minutes of opening.")
    said = text.format(source=source, minutes=int(open_minutes))
    return [_alarm(SILENT, account, said, last, f"events?signal={source}.*&account={account}", about=source)]


def requests_refused(rows: Sequence[Refusal], limit: int, *, was_on: bool) -> list[Alarm]:
    """Many requests without a valid credential, with the most frequent reason."""
    if len(rows) < (limit * OVER_AT if was_on else limit):
        return []
    alike = Counter((row.source, re.sub(r"\d+", "0", row.reason)) for row in rows)
    (source, reason), _times = alike.most_common(1)[0]
    shown = next(row.reason for row in rows if re.sub(r"\d+", "0", row.reason) == reason)
    text = _("{number} requests were refused in ten minutes, most of them from {source}: {reason}.")
    said = text.format(number=len(rows), source=source, reason=refused(shown))
    return [_alarm(REFUSED, "", said, rows[-1].at, "rejections", _doublings(len(rows) / limit))]


def chatwoot_unreachable(address: str, accounts: Sequence[str], now: int) -> list[Alarm]:
    """A Chatwoot that does not answer, or with errors of its own: replies wait."""
    text = _("Chatwoot at {address} does not answer; replies wait ({accounts}).")
    said = text.format(address=address, accounts=", ".join(accounts))
    account = accounts[0] if len(accounts) == 1 else None
    return [Alarm(_id(UNREACHABLE, address), UNREACHABLE, account, said, now, "events?status=waiting")]


def reply_undelivered(account: str, known: Mapping[str, Any], now: int) -> list[Alarm]:
    """Replies that were reported as not delivered in the last day, with the newest one's conversation."""
    recent = [each for each in known.values() if each["at"] > now - UNDELIVERED_MS]
    if not recent:
        return []
    newest = max(recent, key=lambda each: int(each["at"]))
    text = _("Replies that did not reach the customer: {number}. The last one in conversation {conversation}. {error}")
    said = text.format(number=len(recent), conversation=newest["conversation"], error=newest["error"]).strip()
    return [_alarm(NOT_DELIVERED, account, said, newest["at"], "events?signal=chatwoot.message_updated", newest["at"])]


def stands_by(standing: Mapping[str, Standing], now: int) -> list[Alarm]:
    """Nobody is answered by this copy of the server: it is paused, or Chatwoot sends to another one."""
    paused = next((each.about for each in standing.values() if each.why == PAUSED), "")
    if paused:
        text = _("This server is paused and answers nobody: {why}")
        return [_alarm(STANDS_BY, "", text.format(why=paused), now, "")]
    text = _("Chatwoot sends to {address}, not here: this server stands by and answers nobody.")
    return [
        _alarm(STANDS_BY, account, text.format(address=each.about), now, "setup")
        for account, each in standing.items()
        if each.why == ELSEWHERE
    ]


def disk_nearly_full(free_mb: float, limit_mb: float, now: int, *, was_on: bool) -> list[Alarm]:
    """Little room is left where the database or the logs are."""
    if free_mb >= (limit_mb * DISK_OVER_AT if was_on else limit_mb):
        return []
    text = _("Only {free} MB are free on the disk.").format(free=int(free_mb))
    return [_alarm(DISK, "", text, now, "", _doublings(limit_mb / max(free_mb, 0.1)))]


def books_unbalanced(lines: Sequence[Line], now: int) -> list[Alarm]:
    """The books do not add up."""
    if not lines:
        return []
    shown = "; ".join(f"{each.name} {each.counted} / {each.found}" for each in lines[:3])
    text = _("The books do not add up (counted / found): {lines}.").format(lines=shown)
    return [_alarm(BOOKS, "", text, now, "books", len(lines))]


def _alarm(code: str, account: str, text: str, since: int, where: str, level: int = 0, *, about: str = "") -> Alarm:
    return Alarm(_id(code, account, about), code, account or None, text, since, where, level)


def _id(*parts: str) -> str:
    return ":".join(filter(None, parts))


def _doublings(times: float) -> int:
    return max(int(math.log2(max(times, 1.0))), 0)
