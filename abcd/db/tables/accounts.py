"""Who may come in: accounts and their scope, invitations, links, sessions, and how often somebody tried."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, key, version, words

ROLES = ("owner", "manager", "officer", "coach", "data_officer", "partner_viewer")


def account_key(primary: bool = False) -> Mapped[uuid.UUID]:
    """The account that a row belongs to and goes with."""
    return mapped_column(ForeignKey("core.account.id", ondelete="cascade"), primary_key=primary)


class Account(Base):
    """Somebody who may sign in: by a one-time link always, by a passphrase or an outside provider when set up.

    ``passphrase_hash`` is argon2id; ``totp_secret`` and ``totp_waiting`` (not yet confirmed) are sealed with the key
    file of this machine; ``totp_counter`` is the last half-minute whose code was used, so that none is used twice.
    ``issuer`` and ``subject`` name the account at an OpenID provider; an e-mail address never does.
    """

    __tablename__ = "account"
    id: Mapped[uuid.UUID] = key()
    name: Mapped[str]
    email: Mapped[str] = words()
    role: Mapped[str]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.organisation.id"))
    passphrase_hash: Mapped[str] = words()
    totp_secret: Mapped[str] = words()
    totp_waiting: Mapped[str] = words()
    totp_counter: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    issuer: Mapped[str | None]
    subject: Mapped[str | None]
    created_at: Mapped[datetime] = created()
    disabled_at: Mapped[datetime | None]
    version: Mapped[int] = version()
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        CheckConstraint("(issuer is null) = (subject is null)", name="identity"),
        Index("ix_account_email", text("lower(email)"), unique=True, postgresql_where=text("passphrase_hash <> ''"),
              info={"comment": "access.passphrases: the one account that signs in with this e-mail"}),
    )  # fmt: skip


class AccountPlace(Base):
    """A place that an account is scoped to; without any it may act in every place.

    There is no foreign key to the place: a place that goes must not widen a scope, nor be kept from going.
    """

    __tablename__ = "account_place"
    account_id: Mapped[uuid.UUID] = account_key(primary=True)
    place_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class RecoveryCode(Base):
    """A code that stands in once for a lost telephone, known only by its SHA-256."""

    __tablename__ = "recovery_code"
    account_id: Mapped[uuid.UUID] = account_key(primary=True)
    code_hash: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None]


class Invitation(Base):
    """An account in waiting: whom it is for, in which role and scope; its link is known only by its SHA-256."""

    __tablename__ = "invitation"
    id: Mapped[uuid.UUID] = key()
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    role: Mapped[str]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.organisation.id"))
    places: Mapped[list[uuid.UUID]] = mapped_column(
        ARRAY(UUID(as_uuid=True)), default=list, server_default=text("'{}'")
    )
    created_at: Mapped[datetime] = created()
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInLink(Base):
    """A one-time link, known only by the SHA-256 of its token."""

    __tablename__ = "sign_in_link"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = account_key()
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AppSession(Base):
    """A signed-in browser, known only by the SHA-256 of its cookie; revocable, idle and absolute limits.

    ``how`` it came in (link, passphrase, provider, invitation) and ``browser`` help its owner to know it again.
    """

    __tablename__ = "app_session"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), default=uuid.uuid4, server_default=text("gen_random_uuid()"), unique=True
    )
    account_id: Mapped[uuid.UUID] = account_key()
    how: Mapped[str] = words("link")
    browser: Mapped[str] = words()
    created_at: Mapped[datetime] = created()
    seen_at: Mapped[datetime] = created()
    revoked_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_app_session_account_id", "account_id", info={"comment": "access.sessions: sessions of one account"}),
        Index("ix_app_session_seen_at", "seen_at", info={"comment": "access.moments: the latest time ever seen"}),
    )


class Attempt(Base):
    """How often somebody tried to sign in within a window: by account and by address, both only as a keyed hash."""

    __tablename__ = "attempt"
    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime]
    __table_args__ = (
        Index("ix_attempt_expires_at", "expires_at", info={"comment": "access.attempts: windows that are over"}),
    )
