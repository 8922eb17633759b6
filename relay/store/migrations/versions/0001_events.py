"""Events, deliveries, attempts, effects, rejections, the books' sums, handlers' memory and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the first tables."""
    _events()
    _deliveries()
    _outside()
    _memory()


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("signal", sa.Text, nullable=False),
        sa.Column("account", sa.Text),
        sa.Column("key", sa.Text),
        sa.Column("repeat_id", sa.LargeBinary),
        sa.Column("fact_id", sa.LargeBinary),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("test", sa.Boolean, nullable=False),
        sa.Column("unmapped", sa.Boolean, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("headers", sa.LargeBinary),
        sa.Column("body", sa.LargeBinary),
        sa.Column("repeats", sa.Integer, nullable=False, server_default="0"),
        sa.Column("repeats_differing", sa.Integer, nullable=False, server_default="0"),
    )
    for name in ("repeat_id", "fact_id"):
        known = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"events_by_{name}", "events", [name], unique=True, sqlite_where=known, postgresql_where=known)
    op.create_index("events_by_key", "events", ["key", "account", "id"], sqlite_where=sa.text("key IS NOT NULL"))
    op.create_table(
        "rejections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("head", sa.Text, nullable=False),
    )


def _deliveries() -> None:
    op.create_table(
        "handlers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("patterns", sa.Text, nullable=False),
        sa.Column("last_loaded", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("handler_id", sa.Integer, sa.ForeignKey("handlers.id"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("first_failed", sa.BigInteger),
        sa.Column("started", sa.BigInteger),
        sa.Column("finished", sa.BigInteger),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("event_id", "number"),
        sqlite_with_rowid=False,
    )
    not_done = sa.text("state <> 'done'")
    op.create_index(
        "deliveries_not_done", "deliveries", ["state", "due"], sqlite_where=not_done, postgresql_where=not_done
    )
    op.create_table(
        "attempts",
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("delivery", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("started", sa.BigInteger),
        sa.Column("finished", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("error", sa.Text),
    )
    op.create_index("attempts_by_delivery", "attempts", ["event_id", "delivery"])


def _outside() -> None:
    op.create_table(
        "effects",
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("handler_id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("intended", sa.BigInteger, nullable=False),
        sa.Column("finished", sa.BigInteger),
        sa.Column("about", sa.LargeBinary),
        sa.Column("result", sa.LargeBinary),
        sa.PrimaryKeyConstraint("event_id", "handler_id", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("written", sa.BigInteger, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("conversation", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("test", sa.Boolean, nullable=False),
    )


def _memory() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "state",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account", "name"),
        sqlite_with_rowid=False,
    )
