"""Coverage: what was worked out of each category in each place.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Measures by place and category, and when each place was worked out."""
    op.create_table(
        "place_measure",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("in_reach", sa.Integer(), nullable=False),
        sa.Column("fresh", sa.Integer(), nullable=False),
        sa.Column("coverage", sa.Float(), nullable=True),
        sa.Column("median_minutes", sa.Float(), nullable=True),
        sa.Column("per_1000", sa.Float(), nullable=True),
        sa.Column("judged_by", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("absence", sa.Float(), nullable=True),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("newest_check", sa.Date(), nullable=True),
        sa.Column("worked_out_on", sa.Date(), nullable=False),
        sa.Column("rests_on_hidden", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(["category"], ["core.term.slug"], name=op.f("fk_place_measure_category")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["core.place.id"], name=op.f("fk_place_measure_place_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("place_id", "category", name=op.f("pk_place_measure")),
        sa.UniqueConstraint("id", name=op.f("uq_place_measure_id")),
        schema="core",
    )
    op.create_index("ix_place_measure_category", "place_measure", ["category"], schema="core")
    op.create_table(
        "place_measured",
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("worked_out_on", sa.Date(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["core.place.id"], name=op.f("fk_place_measured_place_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_place_measured")),
        schema="core",
    )
    op.create_index("ix_place_measured_event_id", "place_measured", ["event_id"], schema="core")


def downgrade() -> None:
    """Back to a store that works everything out anew."""
    op.drop_table("place_measured", schema="core")
    op.drop_table("place_measure", schema="core")
