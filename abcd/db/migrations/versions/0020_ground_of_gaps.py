"""Barriers with their crossings, dwellings, and what counts as near in one place.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four tables of ``abcd.db.tables``: barrier, crossing, dwelling, place_threshold."""
    _barriers()
    _dwellings()
    _thresholds()


def _shape(kind: str) -> sa.Column[object]:
    name = "point" if kind == "POINT" else "geom"
    return sa.Column(name, Geometry(kind, srid=27700, spatial_index=False), nullable=False)


def _barriers() -> None:
    op.create_table(
        "barrier",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("is_hard", sa.Boolean(), server_default="true", nullable=False),
        _shape("LINESTRING"),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "nature in ('railway', 'river', 'main_road', 'wall', 'felt_unsafe', 'other')",
            name=op.f("ck_barrier_nature"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barrier")),
        schema="core",
    )
    op.create_index(
        "ix_barrier_geom", "barrier", ["geom"], schema="core", postgresql_using="gist",
        postgresql_where=sa.text("ended_on is null"),
    )  # fmt: skip
    op.create_table(
        "crossing",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("barrier_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("step_free", sa.String(), server_default="unknown", nullable=False),
        _shape("POINT"),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("step_free in ('yes', 'no', 'unknown')", name=op.f("ck_crossing_step_free")),
        sa.ForeignKeyConstraint(
            ["barrier_id"], ["core.barrier.id"], name=op.f("fk_crossing_barrier_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crossing")),
        schema="core",
    )
    op.create_index("ix_crossing_barrier_id", "crossing", ["barrier_id"], schema="core")


def _dwellings() -> None:
    op.create_table(
        "dwelling",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("street", sa.String(), server_default="", nullable=False),
        _shape("POINT"),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("workload", sa.Double(), server_default="1", nullable=False),
        sa.Column("source_id", sa.UUID(), nullable=True),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.CheckConstraint("kind in ('dwelling', 'postcode')", name=op.f("ck_dwelling_kind")),
        sa.CheckConstraint("households >= 0 and workload > 0", name=op.f("ck_dwelling_amounts")),
        sa.ForeignKeyConstraint(["import_id"], ["core.import.id"], name=op.f("fk_dwelling_import_id")),
        sa.ForeignKeyConstraint(["source_id"], ["core.source.id"], name=op.f("fk_dwelling_source_id")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_dwelling")),
        schema="core",
    )
    op.create_index("ix_dwelling_import_id", "dwelling", ["import_id"], schema="core")
    op.create_index("ix_dwelling_point", "dwelling", ["point"], schema="core", postgresql_using="gist")


def _thresholds() -> None:
    op.create_table(
        "place_threshold",
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("minutes", sa.Double(), nullable=True),
        sa.Column("metres", sa.Double(), nullable=True),
        sa.Column("minimum_area_m2", sa.Double(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("metres > 0 and minimum_area_m2 > 0", name=op.f("ck_place_threshold_green")),
        sa.CheckConstraint("minutes > 0 and minutes <= 30", name=op.f("ck_place_threshold_minutes")),
        sa.CheckConstraint("minutes is not null or metres is not null", name=op.f("ck_place_threshold_some")),
        sa.ForeignKeyConstraint(
            ["category"], ["core.term.slug"], name=op.f("fk_place_threshold_category"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["core.place.id"], name=op.f("fk_place_threshold_place_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("place_id", "category", name=op.f("pk_place_threshold")),
        schema="core",
    )
    op.create_index("ix_place_threshold_category", "place_threshold", ["category"], schema="core")
