"""Residents, and what they said in their own words: the private tables, each row guarded by the database itself.

No column says where a person lives more closely than a patch or an estate, and none ranks people: product rules R1-R3.
Row security (migration 0004) shows a row to its association alone, and a person marked as a safety risk to
``NAMED_ROLES`` alone. ``PERSONAL`` and ``PERSONAL_IN_NOTES`` name what the audit trail keeps sealed with the person's
own key.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, flag, key, version, words

#: The only roles that see a person marked as a safety risk; the database asks ``core.sees_safety_risk()``.
NAMED_ROLES = ("owner", "manager")
PERSON_STATUSES = ("active", "inactive", "anonymised")
CONTACT_ROUTES = ("phone", "text", "email", "in_person", "through_somebody")
#: Article 6 of the UK GDPR.
LAWFUL_BASES = (
    "consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests",
)  # fmt: skip
#: What people say, first things first: worries are optional, private and last.
NOTE_KINDS = ("gift", "hope", "interest", "own_words", "conversation", "worry")
#: A person belongs to one of these kinds of place, and to nothing finer.
HOME_KINDS = ("patch", "estate")

PERSONAL = (
    "place_id", "preferred_name", "phone", "email", "contact_route", "language", "comms_needs", "adult_confirmed",
    "safety_risk", "source",
)  # fmt: skip
PERSONAL_IN_NOTES = ("kind", "words", "said_on", "source")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint("{} in ({})".format(column, ", ".join(f"'{value}'" for value in values)), name=column)


def _said(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} <> ''", name=f"{column}_said")


class Person(Base):
    """A resident: how they like to be called and reached, the patch or estate they belong to, and why we keep it.

    ``consent_on`` is the day they agreed, or were told, for ``purpose`` on ``lawful_basis``; ``confirmed_on`` the day
    they last said that it is still right, from which the retention clock runs.
    """

    __tablename__ = "person"
    id: Mapped[uuid.UUID] = key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.organisation.id"))
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id"))
    preferred_name: Mapped[str] = words()
    phone: Mapped[str] = words()
    email: Mapped[str] = words()
    contact_route: Mapped[str] = words("in_person")
    language: Mapped[str] = words("en")
    comms_needs: Mapped[str] = words()
    adult_confirmed: Mapped[bool] = flag()
    status: Mapped[str] = words("active")
    safety_risk: Mapped[bool] = flag()
    purpose: Mapped[str]
    lawful_basis: Mapped[str]
    consent_on: Mapped[date]
    source: Mapped[str]
    confirmed_on: Mapped[date]
    retention_review_on: Mapped[date]
    created_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    __table_args__ = (
        UniqueConstraint("id", "organisation_id"),
        _one_of("status", PERSON_STATUSES),
        _one_of("contact_route", CONTACT_ROUTES),
        _one_of("lawful_basis", LAWFUL_BASES),
        _said("purpose"),
        _said("source"),
        Index("ix_person_organisation_id", "organisation_id", "place_id",
              info={"comment": "people of an association, people of a patch"}),
        Index("ix_person_confirmed_on", "confirmed_on", info={"comment": "people.retention: who has long been silent"}),
        Index("ix_person_place_id", "place_id", info={"comment": "undo of an import of places: is somebody there?"}),
    )  # fmt: skip


class PersonNote(Base):
    """Something a person said, in their own words, kept for a purpose like everything about them."""

    __tablename__ = "person_note"
    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    words: Mapped[str]
    said_on: Mapped[date]
    purpose: Mapped[str]
    lawful_basis: Mapped[str]
    consent_on: Mapped[date]
    source: Mapped[str]
    created_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    __table_args__ = (
        # Both columns, so that an id of another association is as unknown as one that nobody has.
        ForeignKeyConstraint(
            ["person_id", "organisation_id"], ["core.person.id", "core.person.organisation_id"], ondelete="cascade"
        ),
        _one_of("kind", NOTE_KINDS),
        _one_of("lawful_basis", LAWFUL_BASES),
        _said("purpose"),
        _said("source"),
        _said("words"),
        Index("ix_person_note_person_id", "person_id", info={"comment": "what one person said"}),
    )
