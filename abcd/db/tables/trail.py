"""Who may come in, and what they did."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, bag, created, key, words

ROLES = ("owner", "manager", "officer", "coach", "data_officer", "partner_viewer")


class Account(Base):
    """Somebody who may sign in."""

    __tablename__ = "account"
    id: Mapped[uuid.UUID] = key()
    name: Mapped[str]
    email: Mapped[str] = words()
    role: Mapped[str]
    created_at: Mapped[datetime] = created()
    disabled_at: Mapped[datetime | None]


class SignInLink(Base):
    """A one-time link, known only by the SHA-256 of its token."""

    __tablename__ = "sign_in_link"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.account.id", ondelete="cascade"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AppSession(Base):
    """A signed-in browser, known only by the SHA-256 of its cookie; revocable, idle and absolute limits."""

    __tablename__ = "app_session"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.account.id", ondelete="cascade"))
    created_at: Mapped[datetime] = created()
    seen_at: Mapped[datetime] = created()
    revoked_at: Mapped[datetime | None]


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
