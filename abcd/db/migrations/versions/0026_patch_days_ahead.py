"""Coaches named for a plan that waits for its day; a day of a place is one plan's.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# Of two that waited for one day the later one would have held in the end, so the others are drafts again.
ONE_A_DAY = """
update core.patch_plan plan set adopted_from = null, version = plan.version + 1
from core.patch_plan later
where plan.adopted_from = later.adopted_from and plan.place_id = later.place_id
  and plan.begun_at is null and later.begun_at is null
  and (plan.made_at, plan.id) < (later.made_at, later.id)"""


def upgrade() -> None:
    """A column and an index of ``patch_plan``."""
    coaches = sa.Column(
        "coaches", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
    )
    op.add_column("patch_plan", coaches, schema="core")
    op.execute(ONE_A_DAY)
    op.create_index(
        op.f("ix_patch_plan_one_a_day"), "patch_plan", ["place_id", "adopted_from"], unique=True, schema="core",
        postgresql_where=sa.text("adopted_from is not null and begun_at is null"),
    )  # fmt: skip
