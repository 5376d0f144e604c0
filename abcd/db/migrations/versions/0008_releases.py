"""Releases.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from abcd.db.tables.releases import KEPT

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Figures about people as they left, which never change once they are published."""
    release()
    area()
    figure()
    for statement in KEPT:
        op.execute(statement)


def release() -> None:
    """What was made, by whom, and what the attack found."""
    op.create_table(
        "release",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), server_default="draft", nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("attack", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("counted_to", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_by", sa.String(), server_default="", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'published') = (published_at is not null)", name=op.f("ck_release_published")),
        sa.CheckConstraint("status in ('draft', 'published')", name=op.f("ck_release_status")),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_release_month")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_release_sha256")),
        sa.ForeignKeyConstraint(["organisation_id"], ["core.organisation.id"], name=op.f("fk_release_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        schema="core",
    )
    op.create_index("ix_release_draft", "release", ["organisation_id"], unique=True, schema="core",
                    postgresql_where=sa.text("status = 'draft'"))  # fmt: skip
    op.create_index("ix_release_published", "release", ["organisation_id", "month"], unique=True, schema="core",
                    postgresql_where=sa.text("status = 'published'"))  # fmt: skip


def area() -> None:
    """The nested areas of a release: each lies in one other, but for the whole."""
    op.create_table(
        "release_area",
        sa.Column("release_id", sa.UUID(), nullable=False),
        sa.Column("area_id", sa.UUID(), nullable=False),
        sa.Column("parent_id", sa.UUID(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("(parent_id is null) = (depth = 0) and depth >= 0", name=op.f("ck_release_area_depth")),
        sa.CheckConstraint("parent_id <> area_id", name=op.f("ck_release_area_parent")),
        sa.ForeignKeyConstraint(
            ["parent_id", "release_id"],
            ["core.release_area.area_id", "core.release_area.release_id"],
            name=op.f("fk_release_area_parent_id"),
            initially="deferred",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["core.release.id"], name=op.f("fk_release_area_release_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("release_id", "area_id", name=op.f("pk_release_area")),
        schema="core",
    )
    op.create_index("ix_release_area_whole", "release_area", ["release_id"], unique=True, schema="core",
                    postgresql_where=sa.text("depth = 0"))  # fmt: skip


def figure() -> None:
    """Each figure as it is shown."""
    op.create_table(
        "release_figure",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("release_id", sa.UUID(), nullable=False),
        sa.Column("area_id", sa.UUID(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=True),
        sa.CheckConstraint("shown is null or shown >= 10 and shown % 5 = 0", name=op.f("ck_release_figure_shown")),
        sa.ForeignKeyConstraint(
            ["release_id", "area_id"],
            ["core.release_area.release_id", "core.release_area.area_id"],
            name=op.f("fk_release_figure_release_id"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_figure")),
        sa.UniqueConstraint(
            "release_id", "area_id", "category", name=op.f("uq_release_figure_release_id_area_id_category")
        ),
        schema="core",
    )


def downgrade() -> None:
    """Without them."""
    for table in ("release_figure", "release_area", "release"):
        op.drop_table(table, schema="core")
        op.execute(f"drop function core.keep_{table}()")
