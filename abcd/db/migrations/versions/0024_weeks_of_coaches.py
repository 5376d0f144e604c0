"""How many hours a week a coach has for a patch, and how many of them are kept for being with people.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns of ``patch_coach``."""
    for name in ("week_hours", "people_hours"):
        op.add_column("patch_coach", sa.Column(name, sa.Float(), nullable=True), schema="core")
    week = "people_hours between 0 and week_hours and week_hours > 0 and week_hours <= 60"
    op.create_check_constraint(op.f("ck_patch_coach_week"), "patch_coach", week, schema="core")
