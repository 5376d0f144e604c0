"""What was done, by whom, and what must not be done twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, bag, created, words


class AuditEvent(Base):
    """One action: who, what, on which thing, with the values before and after. Append only."""

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime] = created()
    by: Mapped[str]
    verb: Mapped[str]
    thing_kind: Mapped[str]
    thing_id: Mapped[str] = words()
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    __table_args__ = (Index("ix_audit_event_thing_id", "thing_id", "id", info={"comment": "history of one record"}),)


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
