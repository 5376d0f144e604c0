"""Shares.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was shared, with whom, until when."""
    op.create_table(
        "share",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.String(), server_default="", nullable=False),
        sa.Column("partner", sa.String(), server_default="", nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("layers", postgresql.ARRAY(sa.TEXT()), nullable=False),
        sa.Column("places", postgresql.ARRAY(sa.UUID()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("language", sa.String(), server_default="", nullable=False),
        sa.Column("embed_hosts", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("contact", sa.String(), server_default="", nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_day", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(kind = 'open') = (token_hash is null)", name=op.f("ck_share_secret")),
        sa.CheckConstraint("audience in ('public', 'partner', 'council')", name=op.f("ck_share_audience")),
        sa.CheckConstraint("cardinality(layers) > 0", name=op.f("ck_share_layers")),
        sa.CheckConstraint("expires_at <= counted_from + interval '8760 hours'", name=op.f("ck_share_expires")),
        sa.CheckConstraint("kind <> 'open' or audience = 'public'", name=op.f("ck_share_open")),
        sa.CheckConstraint("kind = 'open' or cardinality(embed_hosts) = 0", name=op.f("ck_share_embedded")),
        sa.CheckConstraint("kind in ('link', 'open', 'feed')", name=op.f("ck_share_kind")),
        sa.CheckConstraint("length(slug) >= 22", name=op.f("ck_share_slug")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
        sa.UniqueConstraint("slug", name=op.f("uq_share_slug")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_share_token_hash")),
        schema="core",
    )
    op.create_index("ix_share_made_at", "share", ["made_at"], schema="core")


def downgrade() -> None:
    """Without them; the function that reads them goes first."""
    op.execute("drop function if exists pub.opened_share")
    op.drop_table("share", schema="core")
