"""Where a thing lies, so that an account scoped to places acts only there.

An account without places is asked nothing: its checks cost no query.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from abcd.access.policy import can, require
from abcd.db.session import Actor
from abcd.db.tables import Barrier, Place, PlaceAsset, PlaceParent


def places_of_asset(s: Session, asset_id: UUID) -> frozenset[str]:
    """Ids of the places that hold an asset; of those it serves when none holds it."""
    other = aliased(PlaceAsset)
    held = exists().where(other.asset_id == asset_id, other.relation == "within")
    found = select(PlaceAsset.place_id).where(
        PlaceAsset.asset_id == asset_id, (PlaceAsset.relation == "within") | ~held
    )
    return frozenset(map(str, s.scalars(found)))


def places_of_place(s: Session, place_id: UUID) -> frozenset[str]:
    """Ids of a place and of the larger places that hold it."""
    larger = select(PlaceParent.parent_id).where(PlaceParent.place_id == place_id)
    return frozenset(map(str, s.scalars(larger))) | {str(place_id)}


def places_of_barrier(s: Session, barrier_id: UUID) -> frozenset[str]:
    """Ids of the places that a barrier touches."""
    line = select(Barrier.geom).where(Barrier.id == barrier_id).scalar_subquery()
    touched = select(Place.id).where(Place.end_date.is_(None), func.ST_Intersects(Place.geom, line))
    return frozenset(map(str, s.scalars(touched)))


def in_own_places(by: Actor, place: Any) -> ColumnElement[bool]:
    """Whether ``place`` is one of those that an actor is scoped to, or lies in one; always for one without places."""
    own = [UUID(one) for one in by.places]
    smaller = select(PlaceParent.place_id).where(PlaceParent.parent_id.in_(own))
    return or_(place.in_(own), place.in_(smaller)) if own else true()


def own_places(s: Session, by: Actor) -> frozenset[UUID] | None:
    """The places that an actor is scoped to and all that lie in them; None for one without places: it has every one."""
    if not by.places:
        return None
    smaller = select(PlaceParent.place_id).where(PlaceParent.parent_id.in_([UUID(one) for one in by.places]))
    return frozenset(s.scalars(smaller)) | frozenset(map(UUID, by.places))


WHERE = {
    "asset": places_of_asset, "check_link": places_of_asset, "contact_consent": places_of_asset,
    "barrier": places_of_barrier, "patch": places_of_place, "place": places_of_place, "search_effort": places_of_place,
    "threshold": places_of_place,
}  # fmt: skip
"""How to find where a thing of a kind lies; what is about an asset or a place is asked by that."""


def can_at(s: Session, actor: Actor, verb: str, thing_kind: str, key: UUID) -> bool:
    """Whether ``actor`` may ``verb`` this one thing, where it lies."""
    return can(actor, verb, thing_kind, WHERE[thing_kind](s, key) if actor.places else None)


def require_at(s: Session, actor: Actor, verb: str, thing_kind: str, *keys: UUID) -> None:
    """Let the actor through to each of these things, or say no.

    Raises:
        NotAllowed: the role may not, or one of them lies outside the actor's places.
    """
    require(actor, verb, thing_kind)
    for key in keys if actor.places else ():
        require(actor, verb, thing_kind, WHERE[thing_kind](s, key))


def within(s: Session, actor: Actor, places: Collection[UUID]) -> bool:
    """Whether an actor may give these places to somebody: each is one of its own, or lies in one of them."""
    if not actor.places:
        return True
    return bool(places) and all(not actor.places.isdisjoint(places_of_place(s, one)) for one in places)
