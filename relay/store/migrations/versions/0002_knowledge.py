"""What accounts know: items under revisions, which revision is current, and the words to find them by."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of knowledge."""
    op.create_table(
        "knowledge_revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("business_rule", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("made", sa.Text, nullable=False),
    )
    op.create_table(
        "knowledge_items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("starts", sa.Text),
        sa.Column("ends", sa.Text),
        sa.Column("original", sa.LargeBinary),
    )
    op.create_index("knowledge_items_by_revision", "knowledge_items", ["revision"])
    op.create_table(
        "knowledge_current",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("business_rule", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("account", "kind", "business_rule"),
    )
    op.create_index("knowledge_current_by_revision", "knowledge_current", ["revision"])
    op.execute("CREATE VIRTUAL TABLE knowledge_search USING fts5 (account, terms, tokenize = 'ascii')")
