"""What is kept of each measure, whole, and what is to be worked out again.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Facts of a measure, and the state of each place; every place that was worked out before waits."""
    for column in _of_measures():
        op.add_column("place_measure", column, schema="core")
    for column in _of_places():
        op.add_column("place_measured", column, schema="core")
    op.drop_index("ix_place_measured_event_id", "place_measured", schema="core")
    op.create_index("ix_place_measured_box", "place_measured", ["box"], schema="core", postgresql_using="gist")


def _of_measures() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("facts", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("inside", sa.Integer(), server_default="0", nullable=False),
        sa.Column("edge_metres", sa.Float(), nullable=True),
        sa.Column("watch_metres", sa.Float(), server_default="0", nullable=False),
    )


def _of_places() -> tuple[sa.Column[object], ...]:
    ids = postgresql.ARRAY(sa.UUID())
    return (
        sa.Column("snapshot", sa.String(), server_default="", nullable=False),
        sa.Column("waiting", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{*}'"), nullable=False),
        sa.Column("box", Geometry("POLYGON", srid=27700, spatial_index=False), nullable=True),
        sa.Column("map_id", sa.UUID(), nullable=True),
        sa.Column("walk", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("alike", ids, server_default=sa.text("'{}'"), nullable=False),
    )
