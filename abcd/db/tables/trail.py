"""What was done, by whom, what really changed, how it is sealed; and what must not be done twice."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, bag, created, flag, words


class AuditEvent(Base):
    """One action: who, what, on which thing, with the values before and after. Append only.

    ``core.stamp`` gives it its number, time, transaction and login, whatever the writer says. ``transaction`` and
    ``at`` together tell which ``RowChange`` belong to it.
    """

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default=FetchedValue()
    )  # fmt: skip
    at: Mapped[datetime] = created()
    by: Mapped[str]
    verb: Mapped[str]
    thing_kind: Mapped[str]
    thing_id: Mapped[str] = words()
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    account_id: Mapped[str] = words()
    login: Mapped[str] = mapped_column(default="", server_default="")
    transaction: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    __table_args__ = (
        Index("ix_audit_event_thing_id", "thing_id", "id", info={"comment": "history of one record"}),
        Index("ix_audit_event_thing_kind", "thing_kind", "id", info={"comment": "deeds on one kind of thing"}),
        Index("ix_audit_event_by", "by", "id", info={"comment": "deeds of one actor"}),
        Index("ix_audit_event_transaction", "transaction", info={"comment": "the deed that a change belongs to"}),
    )


class RowChange(Base):
    """What a statement really changed, written by triggers alone (``abcd.db.migrations.auditing``). Append only.

    Numbered by the same sequence as the events. Of a statement with many rows only their number is told, ``rows``.
    """

    __tablename__ = "row_change"
    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False,
        server_default=text("nextval('core.audit_event_id_seq')"),
    )  # fmt: skip
    at: Mapped[datetime] = created()
    transaction: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))
    by: Mapped[str]
    account_id: Mapped[str] = words()
    login: Mapped[str] = mapped_column(server_default=text("session_user"))
    table_name: Mapped[str]
    op: Mapped[str]
    thing_kind: Mapped[str]
    thing_id: Mapped[str] = words()
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    rows: Mapped[int] = mapped_column(BigInteger, default=1, server_default="1")
    __table_args__ = (
        Index("ix_row_change_thing_id", "thing_id", "id", info={"comment": "history of one record"}),
        Index("ix_row_change_thing_kind", "thing_kind", "id", info={"comment": "changes of one kind of thing"}),
        Index("ix_row_change_by", "by", "id", info={"comment": "deeds of one actor"}),
        Index("ix_row_change_transaction", "transaction", info={"comment": "what a deed really changed"}),
    )


class AuditSeal(Base):
    """The link that an event or row change has in its day's chain: ``sha256(last link, id, digest)``."""

    __tablename__ = "audit_seal"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[date]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    link: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (Index("ix_audit_seal_day", "day", "id", info={"comment": "the chain of one day"}),)


class AuditDay(Base):
    """The head of one day's chain (UTC); stays when the day's events are removed after their years."""

    __tablename__ = "audit_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(BigInteger)
    last_id: Mapped[int] = mapped_column(BigInteger)
    events: Mapped[int] = mapped_column(BigInteger)
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    seed_id: Mapped[int] = mapped_column(BigInteger)
    head: Mapped[bytes] = mapped_column(LargeBinary)
    forgotten_at: Mapped[datetime | None]


class AuditMark(Base):
    """How far the chain goes, and up to which number it may go once every transaction before ``horizon`` has ended."""

    __tablename__ = "audit_mark"
    one: Mapped[bool] = mapped_column(primary_key=True, default=True, server_default="true")
    sealed_id: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    head: Mapped[bytes] = mapped_column(LargeBinary, server_default=text("''::bytea"))
    up_to: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    horizon: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    sealed_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint("one", name="one"),)


class Operation(Base):
    """The result of a save by its idempotency key, so that a second press of the button does nothing."""

    __tablename__ = "operation"
    key: Mapped[str] = mapped_column(primary_key=True)
    by: Mapped[str]
    result: Mapped[dict[str, Any]] = bag()
    at: Mapped[datetime] = created()


class Setting(Base):
    """A value that an owner may change on the Settings page."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    source: Mapped[str] = words()


class SetAside(Base):
    """An index or constraint of ``core.asset`` that a load has set aside; empty outside its transaction.

    The app cannot write here, so nobody can slip it a definition of their own (``abcd.db.migrations.aside``).
    """

    __tablename__ = "set_aside"
    name: Mapped[str] = mapped_column(primary_key=True)
    is_constraint: Mapped[bool] = flag()
    definition: Mapped[str]
    comment: Mapped[str] = words()
