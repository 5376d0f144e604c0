"""Residents, and what they said in their own words: the private tables, each row guarded by the database itself.

No column says where a person lives more closely than a patch or an estate, and none ranks people: product rules R1-R3.
Row security (migration 0004) shows a row to its association alone, and a person marked as a safety risk to
``NAMED_ROLES`` alone. ``PERSONAL`` and ``PERSONAL_IN_NOTES`` name what the audit trail keeps sealed with the person's
own key.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import TEXT, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, flag, key, version, words

#: The only roles that see a person marked as a safety risk; the database asks ``core.sees_safety_risk()``.
NAMED_ROLES = ("owner", "manager")
#: Whoever is ``withdrawn`` is seen by nobody from that moment on, until the night's erasure takes what is left.
PERSON_STATUSES = ("active", "inactive", "anonymised", "withdrawn")
#: What residents are and do here (product.md 001-11), with the connector, the peer researcher and the e-journalist.
RESIDENT_ROLES = (
    "decision_maker", "designer", "developer", "builder", "caretaker", "fixer", "counsellor", "advocate",
    "connector", "peer_researcher", "e_journalist",
)  # fmt: skip
#: What somebody may need to take part; a venue or a group must be known to have it (product.md E.2).
ACCESS_NEEDS = ("step_free", "hearing_loop", "accessible_toilet", "quiet", "parking", "interpreter", "company_there")
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
    "safety_risk", "source", "roles", "speaks", "access_needs", "max_walk_minutes", "wants_alike",
)  # fmt: skip
PERSONAL_IN_NOTES = ("kind", "words", "said_on", "source")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint("{} in ({})".format(column, ", ".join(f"'{value}'" for value in values)), name=column)


def _said(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} <> ''", name=f"{column}_said")


def listed() -> Mapped[list[str]]:
    """Some words of a list, none by default."""
    return mapped_column(ARRAY(TEXT), default=list, server_default=text("'{}'"))


def of_person(column: str = "person_id") -> ForeignKeyConstraint:
    """To a person by both columns, so that an id of another association is as unknown as one that nobody has."""
    both = ["core.person.id", "core.person.organisation_id"]
    return ForeignKeyConstraint([column, "organisation_id"], both, ondelete="cascade")


class Grounds:
    """Why a row about a person may be kept (trust.md P26): for what, on which basis, since when, who said so."""

    purpose: Mapped[str]
    lawful_basis: Mapped[str]
    consent_on: Mapped[date]
    source: Mapped[str]


def grounded() -> tuple[CheckConstraint, ...]:
    """The checks of ``Grounds``."""
    return _one_of("lawful_basis", LAWFUL_BASES), _said("purpose"), _said("source")


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
    roles: Mapped[list[str]] = listed()
    speaks: Mapped[list[str]] = listed()
    access_needs: Mapped[list[str]] = listed()
    max_walk_minutes: Mapped[int | None]
    wants_alike: Mapped[bool] = flag()
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


class PersonNote(Base, Grounds):
    """Something a person said, in their own words, kept for a purpose like everything about them."""

    __tablename__ = "person_note"
    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    words: Mapped[str]
    said_on: Mapped[date]
    created_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    __table_args__ = (
        of_person(),
        *grounded(),
        _one_of("kind", NOTE_KINDS),
        _said("words"),
        Index("ix_person_note_person_id", "person_id", info={"comment": "what one person said"}),
    )
