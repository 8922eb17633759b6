"""What is remembered? The tables. Times are integers: epoch milliseconds."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

metadata = MetaData()

events = Table(
    "events",
    metadata,
    # The event's id is these 63 bits in hexadecimal; a number keeps the table in the order of arrival.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("signal", Text, nullable=False),
    Column("account", Text),
    Column("key", Text),
    Column("repeat_id", LargeBinary),
    Column("fact_id", LargeBinary),
    Column("received", BigInteger, nullable=False),
    Column("test", Boolean, nullable=False),
    Column("unmapped", Boolean, nullable=False),
    Column("path", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("headers", LargeBinary),
    Column("body", LargeBinary),
    Column("repeats", Integer, nullable=False, server_default="0"),
    Column("repeats_differing", Integer, nullable=False, server_default="0"),
)
# What makes a request a repeat; partial, since most events have only one of the two. (Naming Postgres here would import
# its dialect at every start: its indexes are the migrations'.)
for name in ("repeat_id", "fact_id"):
    known = text(f"{name} IS NOT NULL")
    Index(f"events_by_{name}", events.c[name], unique=True, sqlite_where=known)
Index("events_by_key", events.c.key, events.c.account, events.c.id, sqlite_where=events.c.key.is_not(None))

handlers = Table(
    "handlers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("patterns", Text, nullable=False),
    Column("last_loaded", BigInteger, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("event_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("handler_id", Integer, ForeignKey("handlers.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # 0: at once, by the process that received it; otherwise when the retry is due.
    Column("due", BigInteger, nullable=False, server_default="0"),
    Column("first_failed", BigInteger),
    Column("started", BigInteger),
    Column("finished", BigInteger),
    Column("reason", Text),
    PrimaryKeyConstraint("event_id", "number"),
    sqlite_with_rowid=False,
)
# A delivery's states, from the worst down: an event's status is that of its worst delivery.
STATES = ("dead", "parked", "running", "waiting", "discarded", "done")
OWED = ("waiting", "running")
# An index of the few that somebody still has to look at. A query finds it only if it says these very words, whatever
# else it says of the state: without them the whole table is read.
NOT_DONE = text("deliveries.state <> 'done'")
Index(
    "deliveries_not_done",
    deliveries.c.state,
    deliveries.c.due,
    sqlite_where=text("state <> 'done'"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("event_id", BigInteger, nullable=False),
    Column("delivery", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("started", BigInteger),
    Column("finished", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("error", Text),
    Index("attempts_by_delivery", "event_id", "delivery"),
)

effects = Table(
    "effects",
    metadata,
    Column("event_id", BigInteger, nullable=False),
    Column("handler_id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),  # intended, done
    Column("intended", BigInteger, nullable=False),
    Column("finished", BigInteger),
    Column("about", LargeBinary),
    Column("result", LargeBinary),
    PrimaryKeyConstraint("event_id", "handler_id", "name"),
    sqlite_with_rowid=False,
)

rejections = Table(
    "rejections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("received", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("head", Text, nullable=False),
)

# The balanced books: sums that outlive the rows they count.
counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

state = Table(
    "state",
    metadata,
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("updated", BigInteger, nullable=False),
    PrimaryKeyConstraint("account", "name"),
    sqlite_with_rowid=False,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("written", BigInteger, nullable=False),
    Column("account", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("test", Boolean, nullable=False),
)
