"""What is kept of looking: how many were known already, the sheets of a walk, and what a walk suggests.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns of ``search_effort``, the table ``asking_sheet``, and one more door of a suggestion."""
    for name in ("known_n", "listed_n"):
        op.add_column("search_effort", sa.Column(name, sa.Integer(), nullable=True), schema="core")
    op.create_check_constraint(
        op.f("ck_search_effort_known"), "search_effort", "known_n <= found_n and known_n <= listed_n", schema="core"
    )
    op.drop_constraint(op.f("ck_contribution_came_by"), "contribution", schema="core")
    doors = "came_by in ('shared map', 'open map', 'group', 'walk')"
    op.create_check_constraint(op.f("ck_contribution_came_by"), "contribution", doors, schema="core")
    op.create_table(
        "asking_sheet",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("stops", postgresql.JSONB(), nullable=False),
        sa.Column("looks", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("made_by", sa.String(), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["core.place.id"], name=op.f("fk_asking_sheet_place_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asking_sheet")),
        schema="core",
    )
    op.create_index("ix_asking_sheet_place_id", "asking_sheet", ["place_id"], schema="core")
