"""Residents who agreed to introductions, what they offer and hope for, said in one line of a test each."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.db.session import actor_of
from abcd.db.tables import Connection, Consent, ConsentWording, Offer, Person, PersonOffer, PersonWish, Wish

GROUNDS = {
    "purpose": "introductions", "lawful_basis": "consent", "consent_on": date(2026, 5, 1), "source": "the person",
}  # fmt: skip
WEEK = (1 << 21) - 1


def a_neighbour(s: Session, place_id: UUID, *, agreed: bool = True, **more: Any) -> UUID:
    """An adult who was confirmed today and, unless told otherwise, said yes to introductions."""
    given: dict[str, Any] = {"preferred_name": "Ada Mill", "adult_confirmed": True, "confirmed_on": today(), **more}
    row = Person(organisation_id=_ours(s), place_id=place_id, retention_review_on=today() + timedelta(365),
                 **GROUNDS, **given)  # fmt: skip
    person = _added(s, row)
    if agreed:
        says_yes(s, person)
    return person


def says_yes(s: Session, person: UUID, purpose: str = "introductions", on: date | None = None) -> UUID:
    """A yes that holds for two years from a day."""
    if s.get(ConsentWording, (purpose, 1)) is None:
        _added(s, ConsentWording(purpose=purpose, version=1, told="We told you.", from_on=date(2020, 1, 1)))
    day = on or today()
    said = {"given_on": day, "expires_on": day + timedelta(730), "how": "in_person", "recorded_by": "Test"}
    return _added(s, Consent(person_id=person, organisation_id=_ours(s), purpose=purpose, wording_version=1, **said))


def gives(s: Session, person: UUID, skill: str | None = "piano", **more: Any) -> UUID:
    """A resident's offer."""
    given: dict[str, Any] = {"gift_kind": "hands", "own_words": "I could.", "said_on": today(), **GROUNDS, **more}
    return _added(s, PersonOffer(person_id=person, organisation_id=_ours(s), skill=skill, **given))


def hopes(s: Session, person: UUID, skill: str | None = "piano", **more: Any) -> UUID:
    """A resident's wish."""
    given: dict[str, Any] = {"wish_kind": "do", "own_words": "I would love to.", "said_on": today(), **GROUNDS, **more}
    return _added(s, PersonWish(person_id=person, organisation_id=_ours(s), skill=skill, **given))


def group_hopes(s: Session, group: UUID, place_id: UUID, skill: str | None = "piano", **more: Any) -> UUID:
    """A group's wish."""
    given: dict[str, Any] = {"wish_kind": "do", "own_words": "We need somebody.", "said_on": today(), **more}
    return _added(s, Wish(organisation_id=_ours(s), voiced_by="group", asset_id=group, place_id=place_id, skill=skill,
                          **given))  # fmt: skip


def is_offered(s: Session, asset: UUID | None = None, skill: str | None = "piano", **more: Any) -> UUID:
    """What a group, a venue or a partner offers."""
    given: dict[str, Any] = {"owner_kind": "venue", "gift_kind": "space", "own_words": "Our room.", **more}
    return _added(s, Offer(asset_id=asset, skill=skill, said_on=today(), **given))


def brought_together(s: Session, a: UUID, b: UUID | None, place_id: UUID, **more: Any) -> UUID:
    """An introduction of two people that began today."""
    return _added(s, Connection(organisation_id=_ours(s), kind="volunteer", a_person_id=a, b_person_id=b, tier=1,
                                place_id=place_id, coordinator="Test", **more))  # fmt: skip


def _ours(s: Session) -> UUID:
    return UUID(actor_of(s).organisation_id)


def _added(s: Session, row: Any) -> UUID:
    s.add(row)
    s.flush()
    made: UUID = row.id if hasattr(row, "id") else None
    return made
