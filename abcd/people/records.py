"""People as the rest of the product sees them; printed or logged, a record says its id and nothing more."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, repr=False)
class NoteRecord:
    """Something a person said; ``kind`` is one of ``NOTE_KINDS``, ``words`` are their own."""

    id: UUID
    person_id: UUID
    kind: str
    words: str
    said_on: date
    purpose: str
    lawful_basis: str
    consent_on: date
    source: str
    version: int

    def __repr__(self) -> str:
        return f"NoteRecord({self.id})"


@dataclass(frozen=True, repr=False)
class PersonRecord:
    """A resident and the version that an edit must name; ``place_name`` is their patch or estate."""

    id: UUID
    place_id: UUID
    place_name: str
    preferred_name: str
    phone: str
    email: str
    contact_route: str
    language: str
    comms_needs: str
    adult_confirmed: bool
    status: str
    safety_risk: bool
    purpose: str
    lawful_basis: str
    consent_on: date
    source: str
    confirmed_on: date
    retention_review_on: date
    created_at: datetime
    version: int
    roles: list[str]
    speaks: list[str]
    access_needs: list[str]
    max_walk_minutes: int | None
    wants_alike: bool

    def __repr__(self) -> str:
        return f"PersonRecord({self.id})"


@dataclass(frozen=True, repr=False)
class PersonLine:
    """A resident in a list: no more than is needed to choose whom to open; ``gifts`` in their own words."""

    id: UUID
    preferred_name: str
    place_name: str
    contact_route: str
    status: str
    retention_review_on: date
    gifts: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"PersonLine({self.id})"
