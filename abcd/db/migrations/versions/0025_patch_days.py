"""Since when a plan of patches holds, and blocks of homes called by their street alone.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# Until now a plan held as soon as it was adopted, whatever its day was.
BEGUN = "update core.patch_plan set begun_at = now() where adopted_from is not null"
# What a block was called held words in the language of whoever drew it: they are worded for the reader from now on.
NAMES = r"""
with bare as (
  select block.ground_id, block.number, regexp_replace(block.name, ', (part|rhan) [0-9]+$', '') as name
  from core.patch_block block join core.patch_ground ground on ground.id = block.ground_id
  where ground.finest <> 'areas'
)
update core.patch_block block set name = case when bare.name in ('Block', 'Bloc') then '' else bare.name end
from bare where (bare.ground_id, bare.number) = (block.ground_id, block.number)
  and (bare.name <> block.name or bare.name in ('Block', 'Bloc'))"""


def upgrade() -> None:
    """A column of ``patch_plan``; names of blocks without words of ours."""
    op.add_column("patch_plan", sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True), schema="core")
    op.create_check_constraint(
        op.f("ck_patch_plan_begun"), "patch_plan", "begun_at is null or adopted_from is not null", schema="core"
    )
    op.create_index(
        op.f("ix_patch_plan_waiting"), "patch_plan", ["adopted_from"], schema="core",
        postgresql_where=sa.text("adopted_from is not null and begun_at is null"),
    )  # fmt: skip
    op.execute(BEGUN)
    op.execute(NAMES)
