"""Plans of patches from dwellings and streets: what they are drawn on is kept, and homes can be locked together.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Each plan that there is was drawn on small areas: they become a ground of its own, with the same id as the plan.
GROUNDS = """
insert into core.patch_ground (id, place_id, finest, tail, head, bond, made_by, made_at)
select id, place_id, 'areas', '{}', '{}', '{}', made_by, made_at from core.patch_plan"""
BLOCKS = """
insert into core.patch_block (ground_id, number, name, households, load, point, cell, members)
select before.plan_id, row_number() over (partition by before.plan_id order by before.place_id) - 1,
  coalesce(nullif(place.name, ''), place.reference), before.households, before.households,
  ST_Centroid(place.geom), ST_Multi(place.geom), array[place.id::text]
from block_before before join core.place place on place.id = before.place_id"""
PARTS = """
update core.patch_plan plan set ground_id = plan.id, part = coalesce((
  select array_agg(patch order by place_id) from block_before before where before.plan_id = plan.id), '{}')"""
LINKS = """
with link as materialized (
  select a.ground_id, a.number as tail, b.number as head
  from core.patch_block a join core.patch_block b
    on a.ground_id = b.ground_id and a.number < b.number and a.cell && b.cell
  where ST_Length(ST_Intersection(a.cell, b.cell)) > 5
),
found as (
  select ground_id, array_agg(tail order by tail, head) as tail, array_agg(head order by tail, head) as head,
    array_agg(0.0::double precision) as bond
  from link group by ground_id
)
update core.patch_ground ground set tail = found.tail, head = found.head, bond = found.bond
from found where found.ground_id = ground.id"""


def upgrade() -> None:
    """Three new tables, blocks of a ground instead of a plan, and the plans that there are brought over."""
    op.execute("create temporary table block_before on commit drop as table core.patch_block")
    op.drop_table("patch_block", schema="core")
    _grounds()
    _blocks()
    _locks()
    op.add_column("patch_plan", sa.Column("ground_id", sa.UUID(), nullable=True), schema="core")
    op.add_column("patch_plan", sa.Column("part", postgresql.ARRAY(sa.Integer()), nullable=True), schema="core")
    for statement in (GROUNDS, BLOCKS, PARTS, LINKS):
        op.execute(statement)
    for column in ("ground_id", "part"):
        op.alter_column("patch_plan", column, nullable=False, schema="core")
    op.create_foreign_key(
        op.f("fk_patch_plan_ground_id"), "patch_plan", "patch_ground", ["ground_id"], ["id"],
        source_schema="core", referent_schema="core", ondelete="cascade",
    )  # fmt: skip
    op.create_index("ix_patch_plan_ground_id", "patch_plan", ["ground_id"], schema="core")


def _shape(name: str, kind: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, Geometry(kind, srid=27700, spatial_index=False), nullable=nullable)


def _place() -> tuple[sa.Column[object], sa.Column[object]]:
    identity = sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    return identity, sa.Column("place_id", sa.UUID(), nullable=False)


def _belongs(table: str) -> tuple[sa.PrimaryKeyConstraint, sa.ForeignKeyConstraint]:
    name = op.f(f"fk_{table}_place_id")
    return (
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["place_id"], ["core.place.id"], name=name, ondelete="cascade"),
    )


def _grounds() -> None:
    op.create_table(
        "patch_ground",
        *_place(),
        sa.Column("finest", sa.String(), nullable=False),
        sa.Column("reach", sa.Double(), server_default="0", nullable=False),
        _shape("base", "POINT", nullable=True),
        sa.Column("base_name", sa.String(), server_default="", nullable=False),
        sa.Column("tail", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("head", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("bond", postgresql.ARRAY(sa.Double()), nullable=False),
        sa.Column("walled", postgresql.ARRAY(sa.Integer(), dimensions=2), server_default="{}", nullable=False),
        sa.Column("ways", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("over", postgresql.ARRAY(sa.UUID()), server_default="{}", nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("finest in ('dwellings', 'streets', 'areas')", name=op.f("ck_patch_ground_finest")),
        *_belongs("patch_ground"),
        schema="core",
    )
    op.create_index("ix_patch_ground_place_id", "patch_ground", ["place_id"], schema="core")


def _blocks() -> None:
    op.create_table(
        "patch_block",
        sa.Column("ground_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("street", sa.Integer(), server_default="-1", nullable=False),
        sa.Column("households", sa.Double(), nullable=False),
        sa.Column("load", sa.Double(), nullable=False),
        _shape("point", "POINT"),
        _shape("cell", "MULTIPOLYGON"),
        sa.Column("members", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.PrimaryKeyConstraint("ground_id", "number", name=op.f("pk_patch_block")),
        sa.ForeignKeyConstraint(
            ["ground_id"], ["core.patch_ground.id"], name=op.f("fk_patch_block_ground_id"), ondelete="cascade"
        ),
        schema="core",
    )


def _locks() -> None:
    op.create_table(
        "patch_lock",
        *_place(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("members", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *_belongs("patch_lock"),
        schema="core",
    )
    op.create_index(
        "ix_patch_lock_place_id", "patch_lock", ["place_id"], schema="core",
        postgresql_where=sa.text("ended_on is null"),
    )  # fmt: skip
