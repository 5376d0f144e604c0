"""What is known of a place's assets that tells early of something ending: each a query bounded by the place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from abcd.assets.freshness import state
from abcd.assets.lines import standing
from abcd.core.language import chosen
from abcd.db.tables import Activity, Asset, Group, PlaceAsset, Term, Venue

AHEAD = {"funding": 182, "lease": 365, "closing": 182}
"""How many days before its end each is told: money and doors half a year, a building a year (our own judgement)."""

LATE = 91
"""So many days after an end it is still told: nobody may have written down how it went on."""

MOST_STALE = 5
FEW_HANDS = 1


@dataclass(frozen=True)
class Hosted:
    """Something that happens in a venue: what it is called, what it is about, and where."""

    id: UUID
    name: str
    theme: str
    venue_id: UUID
    venue_name: str
    venue_category: str


def ending(s: Session, place_id: UUID, day: date) -> Sequence[Row[Any]]:
    """Assets of a place that rest on one person, or whose money, lease or doors end soon."""
    soon = or_(
        Group.key_holder_count <= FEW_HANDS,
        _between(Group.funded_until, day, AHEAD["funding"]),
        _between(Venue.lease_ends_on, day, AHEAD["lease"]),
        _between(Asset.end_date, day, AHEAD["closing"]),
    )
    columns = (Asset.end_date, Group.key_holder_count, Group.funded_until, Venue.lease_ends_on)
    found = _here(place_id, *columns).outerjoin(Group, Group.asset_id == Asset.id)
    return s.execute(
        found.outerjoin(Venue, Venue.asset_id == Asset.id)
        .where(soon, Asset.asset_kind != "individual")
        .order_by(Asset.name, Asset.id)
    ).all()


def is_near(end: date | None, day: date, what: str) -> bool:
    """Whether an end is near enough to be told: as the query asks it."""
    return end is not None and day - timedelta(LATE) <= end <= day + timedelta(AHEAD[what])


def _between(column: Any, day: date, ahead: int) -> ColumnElement[bool]:
    return and_(column >= day - timedelta(LATE), column <= day + timedelta(ahead))


def ageing(s: Session, place_id: UUID) -> tuple[Sequence[Row[Any]], int]:
    """The first few records whose last check is about to be, or was, too long ago; and how many there are in all.

    Everyday things come first, then what is still due rather than gone stale: that is sooner mended.
    """
    old = _here(place_id, Asset.assured_on, state().label("freshness"), func.count().over().label("of_all"))
    old = old.where(state().in_(("due", "stale")), Asset.asset_kind != "individual")
    ordered = old.order_by(Term.is_everyday.desc(), state(), Asset.assured_on.nulls_last(), Asset.name, Asset.id)
    rows = s.execute(ordered.limit(MOST_STALE)).all()
    return rows, rows[0].of_all if rows else 0


def hosted(s: Session, place_id: UUID) -> list[Hosted]:
    """The groups and activities of a place that are known to happen in some venue."""
    groups = select(Group.asset_id, Group.meets_at.label("venue_id")).where(Group.meets_at.is_not(None))
    doings = select(Activity.asset_id, Activity.venue_id).where(Activity.venue_id.is_not(None))
    at, venue, its = union_all(groups, doings).subquery("at"), aliased(Asset), aliased(Term)
    found = _here(place_id, Term.theme, venue.id.label("venue_id"), venue.name.label("venue_name"),
                  _spoken(its).label("venue_category"))  # fmt: skip
    found = found.join(at, at.c.asset_id == Asset.id).join(venue, venue.id == at.c.venue_id)
    kept = found.join(its, its.slug == venue.category).where(~venue.is_sensitive, venue.merged_into.is_(None))
    rows = s.execute(kept.order_by(Asset.name, Asset.id))
    return [Hosted(row.id, row.name, row.theme, row.venue_id, row.venue_name, row.venue_category) for row in rows]


def rooms_here(s: Session, place_id: UUID) -> list[tuple[UUID, str]]:
    """(id, name) of the venues of a place, those that are known to stand empty at times first."""
    spare = or_(Venue.is_underused, func.coalesce(Venue.spare_grid, 0) > 0)
    found = _here(place_id).join(Venue, Venue.asset_id == Asset.id).order_by(spare.desc(), Asset.name, Asset.id)
    return [(row.id, row.name) for row in s.execute(found)]


def _here(place_id: UUID, *more: Any) -> Select[Any]:
    """Standing assets that lie in a place; never a sensitive one, whose place nobody is told."""
    wanted = select(Asset.id, Asset.name, _spoken(Term).label("category_name"), *more)
    wanted = wanted.join(PlaceAsset, PlaceAsset.asset_id == Asset.id).join(Term, Term.slug == Asset.category)
    return wanted.where(
        PlaceAsset.place_id == place_id, PlaceAsset.relation == "within", standing(), ~Asset.is_sensitive
    )


def _spoken(term: Any) -> ColumnElement[str]:
    """The name of a category in the language in use."""
    named: ColumnElement[str] = func.coalesce(func.nullif(term.name_cy, ""), term.name)
    return named if chosen() == "cy" else term.name
