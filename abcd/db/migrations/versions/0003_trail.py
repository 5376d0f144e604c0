"""The trail: what really changed, and the chain that seals it.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from abcd.db.migrations import aside, auditing, sealing

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = {"server_default": "", "nullable": False}
NOW = {"server_default": sa.text("now()"), "nullable": False}
JSONB = postgresql.JSONB(astext_type=sa.Text())
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Tables, functions and triggers of the trail."""
    event_columns()
    row_change()
    chain()
    set_aside()
    op.execute("drop trigger append_only on core.audit_event")
    without_statistics()
    connection = op.get_bind()
    for statement in (*auditing.FUNCTIONS, *sealing.FUNCTIONS, *sealing.TRIGGERS, *aside.FUNCTIONS, *aside.TRIGGERS):
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def without_statistics() -> None:
    """Where private things lie is not told by the planner's statistics either; the same type anew drops the old ones."""
    op.execute(
        "alter table core.sensitive_location alter column geom type geometry(geometry, 27700), "
        "alter column geom set statistics 0, alter column address set statistics 0, "
        "alter column postcode set statistics 0"
    )


def event_columns() -> None:
    """Whose account, which login, which transaction; the number is given by a trigger."""
    op.add_column("audit_event", sa.Column("account_id", sa.String(), **TEXT), schema="core")
    op.add_column("audit_event", sa.Column("login", sa.String(), **TEXT), schema="core")
    op.add_column(
        "audit_event", sa.Column("transaction", sa.BigInteger(), server_default="0", nullable=False), schema="core"
    )
    op.execute("alter table core.audit_event alter column id drop default")
    op.create_index("ix_audit_event_by", "audit_event", ["by", "id"], schema="core")
    op.create_index("ix_audit_event_thing_kind", "audit_event", ["thing_kind", "id"], schema="core")
    op.create_index("ix_audit_event_transaction", "audit_event", ["transaction"], schema="core")


def row_change() -> None:
    """What each statement changed, numbered by the sequence of the events."""
    op.create_table(
        "row_change",
        sa.Column("id", sa.BigInteger(), server_default=sa.text("nextval('core.audit_event_id_seq')"), nullable=False),
        sa.Column("at", MOMENT, **NOW),
        sa.Column(
            "transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
            nullable=False,
        ),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), **TEXT),
        sa.Column("login", sa.String(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("thing_kind", sa.String(), nullable=False),
        sa.Column("thing_id", sa.String(), **TEXT),
        sa.Column("before", JSONB, nullable=True),
        sa.Column("after", JSONB, nullable=True),
        sa.Column("rows", sa.BigInteger(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_change")),
        schema="core",
    )
    for name in ("thing_id", "thing_kind", "by", "transaction"):
        columns = [name] if name == "transaction" else [name, "id"]
        op.create_index(f"ix_row_change_{name}", "row_change", columns, schema="core")


def chain() -> None:
    """The links, the heads of the days, and how far it goes."""
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        schema="core",
    )
    op.create_index("ix_audit_seal_day", "audit_seal", ["day", "id"], schema="core")
    op.create_table(
        "audit_day",
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("first_id", "last_id", "events")),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("seed_id", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("forgotten_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_day")),
        schema="core",
    )
    op.create_table(
        "audit_mark",
        sa.Column("one", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("sealed_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("head", sa.LargeBinary(), server_default=sa.text("''::bytea"), nullable=False),
        sa.Column("up_to", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("horizon", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=True),
        sa.CheckConstraint("one", name=op.f("ck_audit_mark_one")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_audit_mark")),
        schema="core",
    )
    op.execute("insert into core.audit_mark default values")


def set_aside() -> None:
    """Indexes that a load has set aside."""
    op.create_table(
        "set_aside",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_constraint", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), **TEXT),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_set_aside")),
        schema="core",
    )
