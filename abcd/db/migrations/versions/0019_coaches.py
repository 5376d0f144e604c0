"""Coaches of patches, and plans that were corrected by hand.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who is the coach of a patch since when; which plan a correction began from."""
    op.create_table(
        "patch_coach",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("until_on is null or until_on >= from_on", name=op.f("ck_patch_coach_days")),
        sa.ForeignKeyConstraint(["account_id"], ["core.account.id"], name=op.f("fk_patch_coach_account_id")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["core.place.id"], name=op.f("fk_patch_coach_place_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patch_coach")),
        schema="core",
    )
    op.create_index("ix_patch_coach_account_id", "patch_coach", ["account_id"], unique=False, schema="core")
    op.create_index("ix_patch_coach_place_id", "patch_coach", ["place_id", "from_on"], unique=False, schema="core")
    for table, column in (
        ("person_avoids", "asset_id"),
        ("plan_action", "owner_asset_id"),
        ("connection", "b_asset_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False, schema="core")
    op.add_column("patch_plan", sa.Column("derived_from", sa.UUID(), nullable=True), schema="core")
    op.create_foreign_key(
        op.f("fk_patch_plan_derived_from"), "patch_plan", "patch_plan", ["derived_from"], ["id"],
        source_schema="core", referent_schema="core", ondelete="set null",
    )  # fmt: skip
