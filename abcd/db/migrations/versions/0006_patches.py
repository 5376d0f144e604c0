"""Patches.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Plans of patches and the blocks of each."""
    op.create_table(
        "patch_plan",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("leaning", sa.String(), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("tolerance", sa.Float(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("adopted_from", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("target > 0 and tolerance > 0 and tolerance < 1", name=op.f("ck_patch_plan_room")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["core.place.id"], name=op.f("fk_patch_plan_place_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patch_plan")),
        schema="core",
    )
    op.create_index("ix_patch_plan_place_id", "patch_plan", ["place_id", "made_at"], schema="core")
    op.create_table(
        "patch_block",
        sa.Column("plan_id", sa.UUID(), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("patch", sa.Integer(), nullable=False),
        sa.Column("households", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["core.place.id"], name=op.f("fk_patch_block_place_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["core.patch_plan.id"], name=op.f("fk_patch_block_plan_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("plan_id", "place_id", name=op.f("pk_patch_block")),
        schema="core",
    )
    op.create_index("ix_patch_block_place_id", "patch_block", ["place_id"], schema="core")


def downgrade() -> None:
    """Back to a store without plans."""
    op.drop_table("patch_block", schema="core")
    op.drop_table("patch_plan", schema="core")
