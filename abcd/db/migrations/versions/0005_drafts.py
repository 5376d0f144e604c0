"""Drafts.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What people were writing when they were interrupted."""
    op.create_table(
        "draft",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("sitting", sa.String(), nullable=False),
        sa.Column(
            "values", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("closed", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["core.account.id"], name=op.f("fk_draft_account_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("account_id", "form", "record", "sitting", name=op.f("pk_draft")),
        schema="core",
    )
    op.create_index("ix_draft_record", "draft", ["record"], schema="core")
    op.create_index("ix_draft_saved_at", "draft", ["saved_at"], schema="core")
    # What people type must not lie in the planner's samples, where it outlives the draft.
    op.execute('alter table core.draft alter "values" set statistics 0')
