"""What residents agreed to: what they were told, what they said, when they took it back, and the link by which they do.

Consents and withdrawals are only ever added: a trigger refuses any change, and a removal outside an erasure. What may
be done with a person rests on ``core.consents(person, purpose)``, which reads these two tables and the calendar.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, flag, key, words
from abcd.db.tables.people import listed, of_person
from abcd.db.tables.register import one_of

#: What a person may agree to, one by one (product.md C.3); ``sharing`` names each partner in ``controllers``.
CONSENT_PURPOSES = ("introductions", "being_found", "sharing", "story", "photo")
#: How it was said.
CONSENT_HOW = ("in_person", "phone", "paper", "online", "text")
PERSONAL_IN_CONSENTS = ("purpose", "controllers", "how")


class ConsentWording(Base):
    """The words in which a purpose was put to people; a change of words is a new version, never an edit."""

    __tablename__ = "consent_wording"
    purpose: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    told: Mapped[str]
    told_cy: Mapped[str] = words()
    from_on: Mapped[date]


class Consent(Base):
    """A yes: for one purpose, in the words of one version, told by one way, until a day."""

    __tablename__ = "consent"
    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    purpose: Mapped[str]
    controllers: Mapped[list[str]] = listed()
    wording_version: Mapped[int]
    given_on: Mapped[date]
    how: Mapped[str]
    recorded_by: Mapped[str]
    expires_on: Mapped[date]
    created_at: Mapped[datetime] = created()
    __table_args__ = (
        of_person(),
        UniqueConstraint("id", "person_id"),
        ForeignKeyConstraint(
            ["purpose", "wording_version"], ["core.consent_wording.purpose", "core.consent_wording.version"]
        ),
        one_of("purpose", CONSENT_PURPOSES),
        one_of("how", CONSENT_HOW),
        CheckConstraint("expires_on > given_on", name="has_an_end"),
        CheckConstraint("recorded_by <> ''", name="recorded_by_said"),
        CheckConstraint("purpose <> 'sharing' or cardinality(controllers) > 0", name="names_controllers"),
        Index("ix_consent_person_id", "person_id", "purpose", info={"comment": "core.consents: does it hold today?"}),
        Index("ix_consent_expires_on", "organisation_id", "expires_on",
              info={"comment": "people.consents: which end soon"}),
    )  # fmt: skip


class ConsentWithdrawn(Base):
    """A no after a yes; ``by_self`` when the person pressed the button on their own page."""

    __tablename__ = "consent_withdrawn"
    consent_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    withdrawn_on: Mapped[date]
    how: Mapped[str]
    by_self: Mapped[bool] = flag()
    recorded_by: Mapped[str]
    created_at: Mapped[datetime] = created()
    __table_args__ = (
        of_person(),
        ForeignKeyConstraint(
            ["consent_id", "person_id"], ["core.consent.id", "core.consent.person_id"], ondelete="cascade"
        ),
        one_of("how", CONSENT_HOW),
        Index("ix_consent_withdrawn_person_id", "person_id", info={"comment": "what one person took back"}),
    )


class ResidentLink(Base):
    """A link that a resident holds: their own page, without a login. The store keeps its SHA-256 alone.

    Row security shows a row to the association, and to a session that says the very fingerprint (``abcd.token_hash``).
    """

    __tablename__ = "resident_link"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    made_by: Mapped[str]
    made_at: Mapped[datetime] = created()
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    last_used_day: Mapped[date | None]
    __table_args__ = (
        of_person(),
        Index("ix_resident_link_person_id", "person_id", info={"comment": "the links that one person holds"}),
    )
