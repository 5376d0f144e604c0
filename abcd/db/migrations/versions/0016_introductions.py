"""Introductions: reasons are a choice and no text, what a machine sent is kept apart, a manager looks into what was not safe.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

REASONS = (
    "no_time", "too_far", "other_times", "not_what_i_hoped", "know_each_other", "access", "cost", "not_ready",
    "rather_not_say", "other",
)  # fmt: skip


def upgrade() -> None:
    """Two columns, and a check."""
    op.add_column(
        "introduction_in", sa.Column("kept_apart", sa.Boolean(), server_default="false", nullable=False), schema="core"
    )
    op.add_column("connection", sa.Column("looked_into_on", sa.Date(), nullable=True), schema="core")
    chosen = ", ".join(f"'{reason}'" for reason in ("", *REASONS))
    op.create_check_constraint(
        op.f("ck_connection_step_reason"), "connection_step", f"reason in ({chosen})", schema="core"
    )
