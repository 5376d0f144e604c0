"""Moderation.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: What people outside typed must not lie in the planner's samples, where it outlives the row.
TYPED = ("proposed", "seen", "own_words", "role_words", "reach", "before", "reason")


def upgrade() -> None:
    """What people outside suggest, links that ask a group, and its consent to show a contact."""
    op.create_table(
        "check_link",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("asset_id", sa.UUID(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["core.asset.id"], name=op.f("fk_check_link_asset_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_check_link")),
        schema="core",
    )
    op.create_index("ix_check_link_asset_id", "check_link", ["asset_id"], unique=False, schema="core")
    op.create_index("ix_check_link_expires_at", "check_link", ["expires_at"], unique=False, schema="core")
    op.create_table(
        "contact_consent",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("asset_id", sa.UUID(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_how", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "how in ('in person', 'telephone', 'e-mail', 'form', 'link')", name=op.f("ck_contact_consent_how")
        ),
        sa.CheckConstraint("told <> '' and recorded_by <> ''", name=op.f("ck_contact_consent_says_what_and_who")),
        sa.CheckConstraint("expires_on > given_on", name=op.f("ck_contact_consent_has_an_end")),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["core.asset.id"], name=op.f("fk_contact_consent_asset_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_consent")),
        schema="core",
    )
    op.create_index(
        "ix_contact_consent_asset_id",
        "contact_consent",
        ["asset_id"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("withdrawn_on is null"),
    )
    op.create_table(
        "contribution",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("came_by", sa.String(), nullable=False),
        sa.Column("share_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.UUID(), nullable=True),
        sa.Column("place_ids", postgresql.ARRAY(sa.UUID(as_uuid=True)), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "proposed", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column(
            "seen", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("own_words", sa.String(), server_default="", nullable=False),
        sa.Column("role_words", sa.String(), server_default="", nullable=False),
        sa.Column("reach", sa.String(), server_default="", nullable=False),
        sa.Column("kept_apart", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(), server_default="", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column(
            "before", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(state = 'waiting') = (settled_at is null)", name=op.f("ck_contribution_settled")),
        sa.CheckConstraint("came_by in ('shared map', 'open map', 'group')", name=op.f("ck_contribution_came_by")),
        sa.CheckConstraint("kind in ('correction', 'addition', 'closing')", name=op.f("ck_contribution_kind")),
        sa.CheckConstraint("state in ('waiting', 'approved', 'partly', 'refused')", name=op.f("ck_contribution_state")),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["core.asset.id"], name=op.f("fk_contribution_asset_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        schema="core",
    )
    op.create_index("ix_contribution_asset_id", "contribution", ["asset_id"], unique=False, schema="core")
    op.create_index("ix_contribution_settled_at", "contribution", ["settled_at"], unique=False, schema="core")
    op.create_index(
        "ix_contribution_waiting",
        "contribution",
        ["received_at"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    for name in TYPED:
        op.execute(f"alter table core.contribution alter {name} set statistics 0")


def downgrade() -> None:
    """Back to a store that nobody outside speaks to."""
    for name in ("contribution", "contact_consent", "check_link"):
        op.drop_table(name, schema="core")
