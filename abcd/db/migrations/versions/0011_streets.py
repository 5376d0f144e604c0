"""Streets: networks that one walks.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Maps of streets and their edges."""
    op.create_table(
        "street_map",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("source_id", sa.UUID(), nullable=False),
        sa.Column("vintage", sa.String(), server_default="", nullable=False),
        sa.Column("nodes", sa.Integer(), nullable=False),
        sa.Column("edges", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Float(), nullable=False),
        sa.Column("area", Geometry("POLYGON", srid=27700, spatial_index=False), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["core.import.id"], name=op.f("fk_street_map_id")),
        sa.ForeignKeyConstraint(["source_id"], ["core.source.id"], name=op.f("fk_street_map_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street_map")),
        schema="core",
    )
    op.create_index(
        "ix_street_map_source_id", "street_map", ["source_id"], schema="core",
        postgresql_where=sa.text("ended_at is null"),
    )  # fmt: skip
    op.create_table(
        "street",
        sa.Column("map_id", sa.UUID(), nullable=False),
        sa.Column("a", sa.Integer(), nullable=False),
        sa.Column("b", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Float(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("geom", Geometry("LINESTRING", srid=27700, spatial_index=False), nullable=False),
        sa.ForeignKeyConstraint(["map_id"], ["core.street_map.id"], name=op.f("fk_street_map_id"), ondelete="cascade"),
        sa.PrimaryKeyConstraint("map_id", "a", "b", name=op.f("pk_street")),
        schema="core",
    )
    op.create_index("ix_street_geom", "street", ["geom"], schema="core", postgresql_using="gist")


def downgrade() -> None:
    """Back to straight lines."""
    op.drop_table("street", schema="core")
    op.drop_table("street_map", schema="core")
