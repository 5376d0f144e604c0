"""Offers that nobody has taken up and wishes that are not met yet: oldest first, residents' and everybody else's."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import today
from abcd.db.naming import called
from abcd.db.session import actor_of
from abcd.db.tables import (
    Asset,
    Offer,
    Organisation,
    Person,
    PersonOffer,
    PersonWish,
    Place,
    PlaceAsset,
    PlaceParent,
    Wish,
)
from abcd.people import offers, wishes
from abcd.people.gift_records import RESIDENT, OfferRecord, WishRecord
from abcd.people.keeping import sees_residents
from abcd.people.queries import in_scope

#: A wish in one of these states is not met yet.
UNMET = ("open", "planned")
MOST = 1000


def offers_waiting(
    s: Session, place_id: UUID | None = None, *, owner_kind: str = "", theme: str = "", start: int = 0, limit: int = 50
) -> list[OfferRecord]:
    """Offers that wait for somebody to take them up, the longest waiting first; those of a place, or all.

    Residents' offers are for the casework roles alone and left out for everybody else. ``owner_kind`` is ``resident``
    or one of ``OFFER_OWNERS``; ``theme`` is of everybody else's offers.

    Raises:
        NotAllowed: whoever asks may not look at offers.
    """
    require(actor_of(s), "view", "offer")
    until = min(start + limit, MOST)
    found: list[OfferRecord] = []
    if sees_residents(actor_of(s)) and owner_kind in ("", RESIDENT) and not theme:
        asked = _residents(PersonOffer, place_id, s).where(PersonOffer.state == "waiting", _current(PersonOffer))
        found += _first(s, asked, PersonOffer, until, offers.of_resident)
    if owner_kind != RESIDENT:
        asked = _of_others(place_id).where(Offer.state == "waiting", _current(Offer))
        asked = asked.where(*([Offer.owner_kind == owner_kind] if owner_kind else []))
        asked = asked.where(*([Offer.theme == theme] if theme else []))
        found += _first(s, asked, Offer, until, offers.of_others)
    return sorted(found, key=lambda one: (one.said_on, str(one.id)))[start:until]


def wishes_unmet(
    s: Session, place_id: UUID | None = None, *, voiced_by: str = "", theme: str = "", start: int = 0, limit: int = 50
) -> list[WishRecord]:
    """Wishes that are open or planned, the oldest first; those of a place, or all.

    Residents' wishes are for the casework roles alone and left out for everybody else. ``voiced_by`` is ``resident``
    or one of ``WISH_VOICES``, such as people yet to move in.

    Raises:
        NotAllowed: whoever asks may not look at wishes.
    """
    return _wishes(s, place_id, voiced_by, theme, start, limit, UNMET)


def offers_of_asset(s: Session, asset_id: UUID, limit: int = 50) -> list[OfferRecord]:
    """What one group or venue offers and has not ended, the oldest first.

    Raises:
        NotAllowed: whoever asks may not look at offers.
    """
    require(actor_of(s), "view", "offer")
    asked = _of_others(None).where(Offer.asset_id == asset_id, Offer.state != "ended", _current(Offer))
    found: list[OfferRecord] = _first(s, asked, Offer, limit, offers.of_others)
    return found


def wishes_of_asset(s: Session, asset_id: UUID, limit: int = 50) -> list[WishRecord]:
    """What one group hopes for that is not met yet, the oldest first.

    Raises:
        NotAllowed: whoever asks may not look at wishes.
    """
    require(actor_of(s), "view", "wish")
    asked = _of_groups(None, "").where(Wish.asset_id == asset_id, *_standing(Wish, UNMET, ""))
    found: list[WishRecord] = _first(s, asked, Wish, limit, wishes.of_others)
    return found


def wishes_to_tell(s: Session, place_id: UUID | None = None, *, limit: int = 50) -> list[WishRecord]:
    """Wishes that are met or let go, of which those who hoped have not been told: the oldest first.

    Raises:
        NotAllowed: whoever asks may not look at wishes.
    """
    return _wishes(s, place_id, "", "", 0, limit, ("met", "let_go"), untold=True)


def _wishes(
    s: Session, place_id: UUID | None, voiced_by: str, theme: str, start: int, limit: int, states: tuple[str, ...],
    *, untold: bool = False,
) -> list[WishRecord]:  # fmt: skip
    require(actor_of(s), "view", "wish")
    until, found = min(start + limit, MOST), []
    if sees_residents(actor_of(s)) and voiced_by in ("", RESIDENT):
        asked = _residents(PersonWish, place_id, s).where(*_standing(PersonWish, states, theme))
        asked = asked.where(*([PersonWish.told_on.is_(None)] if untold else []))
        found += _first(s, asked, PersonWish, until, wishes.of_resident)
    if voiced_by != RESIDENT:
        asked = _of_groups(place_id, voiced_by).where(*_standing(Wish, states, theme))
        asked = asked.where(*([Wish.told_residents_on.is_(None)] if untold else []))
        found += _first(s, asked, Wish, until, wishes.of_others)
    return sorted(found, key=lambda one: (one.said_on, str(one.id)))[start:until]


def _standing(table: Any, states: tuple[str, ...], theme: str) -> list[ColumnElement[bool]]:
    return [table.state.in_(states), *([table.theme == theme] if theme else [])]


def _residents(table: Any, place_id: UUID | None, s: Session) -> Select[*tuple[Any, ...]]:
    """Rows of residents, with how they like to be called and where they belong; nobody made anonymous."""
    asked = select(table, Person.preferred_name, called(Place), Person.place_id)
    here = inside(Person.place_id, place_id) if place_id else true()
    asked = asked.join(Person, Person.id == table.person_id)
    return asked.join(Place, Place.id == Person.place_id).where(in_scope(s), Person.status != "anonymised", here)


def _of_others(place_id: UUID | None) -> Select[*tuple[Any, ...]]:
    asked: Select[*tuple[Any, ...]] = select(Offer, called(Asset), called(Organisation), called(Place)).outerjoin(
        Asset, Asset.id == Offer.asset_id
    )
    asked = asked.outerjoin(Organisation, Organisation.id == Offer.owner_id).outerjoin(
        Place, Place.id == Offer.place_id
    )
    standing = or_(Asset.id.is_(None), and_(Asset.status == "active", Asset.merged_into.is_(None)))
    if place_id is None:
        return asked.where(standing)
    held = select(PlaceAsset.asset_id).where(PlaceAsset.place_id == place_id)
    return asked.where(standing, or_(inside(Offer.place_id, place_id), Offer.asset_id.in_(held)))


def _of_groups(place_id: UUID | None, voiced_by: str) -> Select[*tuple[Any, ...]]:
    asked: Select[*tuple[Any, ...]] = select(Wish, called(Asset), called(Place))
    asked = asked.outerjoin(Asset, Asset.id == Wish.asset_id)
    asked = asked.join(Place, Place.id == Wish.place_id).where(inside(Wish.place_id, place_id) if place_id else true())
    return asked.where(*([Wish.voiced_by == voiced_by] if voiced_by else []))


def inside(column: Any, place_id: UUID) -> ColumnElement[bool]:
    """Whether ``column`` is a place or one that lies in it."""
    smaller = select(PlaceParent.place_id).where(PlaceParent.parent_id == place_id)
    return or_(column == place_id, column.in_(smaller))


def _current(table: Any) -> ColumnElement[bool]:
    day: date = today()
    return or_(table.expires_on.is_(None), table.expires_on >= day)


def _first(s: Session, asked: Select[*tuple[Any, ...]], table: Any, until: int, made: Callable[..., Any]) -> list[Any]:
    rows = s.execute(asked.order_by(table.said_on, table.id).limit(until)).all()
    named = "owner_name" if made in (offers.of_resident, offers.of_others) else "voicer_name"
    return [made(row[0], **_names(table, row, named)) for row in rows]


def _names(table: Any, row: Any, named: str) -> dict[str, Any]:
    """Whose it is and where, from the columns beside the row."""
    if table is Offer:
        return {named: row[1] or row[2] or "", "place_name": row[3] or ""}
    return {named: row[1] or "", "place_name": row[2] or ""}
