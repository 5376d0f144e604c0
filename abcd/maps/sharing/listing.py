"""Shares as those see them who look after them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from abcd.access.moments import moment
from abcd.access.policy import require
from abcd.access.team import SCOPES, place_names
from abcd.db.naming import called
from abcd.db.session import Actor
from abcd.db.tables import Place, PlaceParent
from abcd.db.tables import Share as Row
from abcd.errors import NotFound
from abcd.maps.sharing.record import Share, share_in

MOST, MOST_PLACES = 500, 2_000


@dataclass(frozen=True)
class Listed:
    """A share with the names of its places, and whether it lives, is over or was taken back.

    ``ended`` are those of its places that stand no more: nothing of them is seen through it.
    """

    share: Share
    place_names: tuple[str, ...]
    state: str
    ended: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether it opens anything."""
        return self.state == "live"


def shares(s: Session, *, by: Actor) -> list[Listed]:
    """The shares within the reach of ``by``: those that live first, each sort by the newest; at most ``MOST``.

    Raises:
        NotAllowed: ``by`` may not look at shares.
    """
    require(by, "view", "share")
    mine = [] if not by.places else [Row.places != [], Row.places.contained_by(list(reach(s, by)))]
    time = moment(s)
    is_over = or_(Row.revoked_at.is_not(None), Row.expires_at <= time)
    rows = s.scalars(select(Row).where(*mine).order_by(is_over, Row.made_at.desc(), Row.id).limit(MOST)).all()
    wanted = {place for row in rows for place in row.places}
    names, standing = place_names(s, wanted), standing_of(s, wanted)
    return [listed(share_in(row), names, standing, time) for row in rows]


def share_listed(s: Session, share_id: uuid.UUID, *, by: Actor) -> Listed:
    """One share within the reach of ``by``.

    Raises:
        NotFound: there is none, or it lies beyond the places of ``by``.
        NotAllowed: ``by`` may not look at shares.
    """
    require(by, "view", "share")
    row = s.get(Row, share_id)
    if row is None or (by.places and not (row.places and set(row.places) <= reach(s, by))):
        raise NotFound("There is no such share.")
    wanted = set(row.places)
    return listed(share_in(row), place_names(s, wanted), standing_of(s, wanted), moment(s))


def listed(share: Share, names: dict[uuid.UUID, str], standing: set[uuid.UUID], time: datetime) -> Listed:
    """A share as it stands at ``time``."""
    state = "revoked" if share.revoked_at else "over" if share.expires_at <= time else "live"
    every, ended = (
        tuple(sorted(names.get(one, "–") for one in those)) for those in (share.places, set(share.places) - standing)
    )
    return Listed(share, every, state, ended)


def standing_of(s: Session, ids: set[uuid.UUID]) -> set[uuid.UUID]:
    """Of these places those that stand."""
    return set(s.scalars(select(Place.id).where(Place.id.in_(ids), Place.end_date.is_(None))))


def reach(s: Session, by: Actor) -> set[uuid.UUID]:
    """The places of an actor who is scoped, and all that lie in them."""
    mine = [uuid.UUID(one) for one in by.places]
    return {*mine, *s.scalars(select(PlaceParent.place_id).where(PlaceParent.parent_id.in_(mine)))}


def places_to_share(s: Session, *, by: Actor) -> dict[str, tuple[str, str]]:
    """Name and kind, by id, of the places to which ``by`` may confine a share."""
    mine = [Place.id.in_(reach(s, by))] if by.places else []
    wanted = select(Place.id, called(Place), Place.kind).where(Place.kind.in_(SCOPES), Place.end_date.is_(None), *mine)
    found = s.execute(wanted.order_by(Place.kind, called(Place), Place.id).limit(MOST_PLACES))
    return {str(row.id): (row.name, row.kind) for row in found}
