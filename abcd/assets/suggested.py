"""Suggestions as officers see them: what waits, the oldest first, what was settled lately, and one of them in full."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.sealing import SHARE_FILE, unsealed
from abcd.core.clock import now
from abcd.db.session import Actor
from abcd.db.tables import Asset, Contribution, PlaceAsset, PlaceParent
from abcd.errors import NotFound

PAGE = 50
LATELY = timedelta(days=28)
"""How long a settled suggestion stays in the list, to be told of or taken back."""


@dataclass(frozen=True)
class SuggestedLine:
    """A suggestion in a list: what kind, about what (its own name for something new), since when, and how it stands."""

    id: UUID
    kind: str
    came_by: str
    name: str
    received_at: datetime
    state: str
    settled_at: datetime | None
    settled_by: str
    is_to_be_told: bool


@dataclass(frozen=True)
class Suggested:
    """A suggestion in full. ``told_by`` is how to tell them what became of it, ``""`` when they did not say, were told
    or 28 days have passed; ``before`` what an approval replaced."""

    id: UUID
    kind: str
    came_by: str
    asset_id: UUID | None
    place_ids: tuple[UUID, ...]
    proposed: dict[str, Any] = field(repr=False)
    seen: dict[str, Any] = field(repr=False)
    own_words: str = field(repr=False)
    role_words: str = field(repr=False)
    told_by: str = field(repr=False)
    kept_apart: bool
    received_at: datetime
    state: str
    settled_by: str
    reason: str = field(repr=False)
    before: dict[str, Any] = field(repr=False)
    version: int


def suggestions(
    s: Session, *, by: Actor, state: str = "waiting", place_id: UUID | None = None, limit: int = PAGE
) -> list[SuggestedLine]:
    """What waits, the oldest first; with ``state`` ``settled`` what was settled lately, the latest first, and with
    ``apart`` what fell into the trap for machines. Accounts with places see what lies there, or nobody knows where.

    Raises:
        NotAllowed: ``by`` may not look at suggestions.
    """
    require(by, "view", "contribution")
    name = func.coalesce(Asset.name, Contribution.proposed["name"].astext, "")
    told = (Contribution.state != "waiting") & (Contribution.reach != "")
    rows = select(
        Contribution.id, Contribution.kind, Contribution.came_by, name.label("name"), Contribution.received_at,
        Contribution.state, Contribution.settled_at, Contribution.settled_by, told.label("is_to_be_told"),
    ).outerjoin(Asset, Asset.id == Contribution.asset_id)  # fmt: skip
    rows = rows.where(*_in_state(state), *_seen_by(by), *([_lies_in([place_id])] if place_id else []))
    order = Contribution.settled_at.desc() if state == "settled" else Contribution.received_at
    return [SuggestedLine(*row) for row in s.execute(rows.order_by(order, Contribution.id).limit(limit))]


def waiting_count(s: Session, *, by: Actor) -> int:
    """How many wait for somebody to look."""
    rows: Select[Any] = select(func.count()).select_from(Contribution).where(*_in_state("waiting"), *_seen_by(by))
    return s.scalar(rows) or 0


def suggested(s: Session, contribution_id: UUID, *, by: Actor) -> Suggested:
    """One suggestion in full.

    Raises:
        NotFound: there is none for ``by``.
        NotAllowed: ``by`` may not look at suggestions.
    """
    require(by, "view", "contribution")
    row = s.scalar(select(Contribution).where(Contribution.id == contribution_id, *_seen_by(by)))
    if row is None:
        raise NotFound("This suggestion is no longer there, or it is about another place.")
    told_by = (unsealed(row.reach, key=SHARE_FILE) or "") if row.reach else ""
    same = ("id", "kind", "came_by", "asset_id", "proposed", "seen", "own_words", "role_words", "kept_apart",
            "received_at", "state", "settled_by", "reason", "before", "version")  # fmt: skip
    return Suggested(place_ids=tuple(row.place_ids), told_by=told_by, **{name: getattr(row, name) for name in same})


def _in_state(state: str) -> list[ColumnElement[bool]]:
    if state == "settled":
        return [Contribution.settled_at > now() - LATELY]
    return [Contribution.state == "waiting", Contribution.kept_apart.is_(state == "apart")]


def _seen_by(by: Actor) -> list[ColumnElement[bool]]:
    """Where the actor's places are: of an asset where it lies, of something new the places of the map it came from."""
    if not by.places:
        return []
    anywhere = Contribution.asset_id.is_(None) & (func.cardinality(Contribution.place_ids) == 0)
    return [or_(_lies_in([UUID(one) for one in by.places]), anywhere)]


def _lies_in(places: list[UUID]) -> ColumnElement[bool]:
    held = exists().where(PlaceAsset.asset_id == Contribution.asset_id, PlaceAsset.place_id.in_(places))
    ids = cast(places, ARRAY(SQL_UUID(as_uuid=True)))
    inside = exists().where(PlaceParent.parent_id.in_(places), PlaceParent.place_id == func.any(Contribution.place_ids))
    return or_(held, Contribution.place_ids.op("&&", is_comparison=True)(ids), inside)
