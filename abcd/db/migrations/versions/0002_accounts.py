"""Accounts: scope, passphrase, second factor, provider, invitations, attempts.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """What an account and a session know more, and four tables."""
    account_columns()
    session_columns()
    new_tables()


def account_columns() -> None:
    """Organisation, passphrase, second factor, provider and version of an account."""
    op.add_column("account", sa.Column("organisation_id", sa.Uuid(), nullable=True), schema="core")
    for name in ("passphrase_hash", "totp_secret", "totp_waiting"):
        op.add_column("account", sa.Column(name, sa.String(), server_default="", nullable=False), schema="core")
    op.add_column(
        "account", sa.Column("totp_counter", sa.BigInteger(), server_default="0", nullable=False), schema="core"
    )
    op.add_column("account", sa.Column("issuer", sa.String(), nullable=True), schema="core")
    op.add_column("account", sa.Column("subject", sa.String(), nullable=True), schema="core")
    op.add_column("account", sa.Column("version", sa.Integer(), server_default="1", nullable=False), schema="core")
    op.create_foreign_key(
        op.f("fk_account_organisation_id"), "account", "organisation", ["organisation_id"], ["id"],
        source_schema="core", referent_schema="core",
    )  # fmt: skip
    op.create_unique_constraint(op.f("uq_account_issuer_subject"), "account", ["issuer", "subject"], schema="core")
    op.create_check_constraint(
        op.f("ck_account_identity"), "account", "(issuer is null) = (subject is null)", schema="core"
    )
    op.create_index(
        "ix_account_email", "account", [sa.literal_column("lower(email)")], unique=True, schema="core",
        postgresql_where=sa.text("passphrase_hash <> ''"),
    )  # fmt: skip


def session_columns() -> None:
    """A name for a session that is not its secret, how it came in, and in which browser."""
    random = sa.text("gen_random_uuid()")
    op.add_column("app_session", sa.Column("id", sa.UUID(), server_default=random, nullable=False), schema="core")
    op.add_column("app_session", sa.Column("how", sa.String(), server_default="link", nullable=False), schema="core")
    op.add_column("app_session", sa.Column("browser", sa.String(), server_default="", nullable=False), schema="core")
    op.create_unique_constraint(op.f("uq_app_session_id"), "app_session", ["id"], schema="core")
    op.create_index("ix_app_session_account_id", "app_session", ["account_id"], schema="core")
    op.create_index("ix_app_session_seen_at", "app_session", ["seen_at"], schema="core")


def new_tables() -> None:
    """Scope, recovery codes, invitations, attempts."""
    op.create_table(
        "account_place",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["core.account.id"], name=op.f("fk_account_place_account_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("account_id", "place_id", name=op.f("pk_account_place")),
        schema="core",
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["core.account.id"], name=op.f("fk_recovery_code_account_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name=op.f("pk_recovery_code")),
        schema="core",
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("places", postgresql.ARRAY(sa.UUID()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["core.organisation.id"], name=op.f("fk_invitation_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
        schema="core",
    )
    op.create_table(
        "attempt",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt")),
        schema="core",
    )
    op.create_index("ix_attempt_expires_at", "attempt", ["expires_at"], schema="core")
