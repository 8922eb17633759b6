"""With which vocabulary a revision's terms were made, and how many items have a term."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; what is there was made with an older vocabulary, and is indexed again at the next start."""
    op.add_column("knowledge_revisions", sa.Column("vocabulary", sa.Text, nullable=False, server_default=""))
    op.execute("CREATE VIRTUAL TABLE knowledge_terms USING fts5vocab(knowledge_search, row)")
