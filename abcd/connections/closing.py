"""Gap closed by a gift: for what may be missing, who and what is here that could make a beginning (product.md D.5).

Neighbours first, then groups near by, then a room that stands empty; a new place is the last thought, and is sited in
``abcd.gaps.siting``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import term_values
from abcd.connections.near import Thing, things_near
from abcd.connections.score import theme_match
from abcd.connections.willing import willing
from abcd.gaps.formulas import Numbers, weighted_median
from abcd.gaps.reach import Homes, homes_of
from abcd.gaps.records import Possibility, Standard
from abcd.gaps.streets.walk import walking
from abcd.gaps.walk import CUT_OFF_MINUTES, WalkModel
from abcd.places.queries import place

SERVICES = 5
"""The tier of landlord and statutory services (product.md E.2)."""

FIRST = 3
"""So many groups and so many rooms are named of each."""


@dataclass(frozen=True)
class Gift:
    """A group or a room that could help: half of the homes are within ``minutes`` of it, at most half an hour.

    ``tier`` is that of suggestions (1 neighbours by themselves ... 6 services); ``is_same`` says that a group does the
    very thing elsewhere already, ``is_room`` that it is a room that stands empty at times.
    """

    asset_id: UUID
    name: str
    category_name: str
    tier: int
    minutes: float
    is_same: bool = False
    is_room: bool = False


@dataclass(frozen=True)
class Closing:
    """What could close one gap: ``neighbours`` whose gifts speak to it (None: too few to tell), groups, and rooms.

    ``is_told`` is False for those who are told nothing of people at all. ``is_service``: what others are bound to
    do, beside which gifts may go and whose place they do not take. ``is_sited``: it is judged by a walk to a point.
    """

    category: str
    name: str
    is_told: bool
    neighbours: int | None
    groups: tuple[Gift, ...]
    rooms: tuple[Gift, ...]
    is_service: bool = False
    is_sited: bool = True


@dataclass(frozen=True)
class Around:
    """Things near a place, with the walk that half of its homes do not exceed to each."""

    things: Sequence[Thing]
    minutes: Numbers


def closings(s: Session, place_id: UUID, missing: Sequence[Possibility], profile: str = "standard") -> list[Closing]:
    """What could close each of these gaps, in their order. What nobody has looked for is a question and left out.

    Raises:
        NotFound: no such place.
        BadRequest: an unknown walking profile.
    """
    stated = [one.measure.standard for one in missing if not one.is_question]
    if not stated:
        return []
    here = place(s, place_id)
    walk = walking(s, here.box, profile)
    things = things_near(s, here, walk)
    around = Around(things, _walks(things, homes_of(s, here), walk))
    told = willing(s, place_id, [(one.category, one.theme) for one in stated])
    tiers = {slug: term["tier"] for slug, term in term_values(s).items()}
    return [_closing(one, around, told, is_service=tiers[one.category] >= SERVICES) for one in stated]


def _walks(things: Sequence[Thing], homes: Homes, walk: WalkModel) -> Numbers:
    """Minutes within which half of the households reach each thing; infinite where more than half do not."""
    points = np.array([(thing.row.easting, thing.row.northing) for thing in things]).reshape(-1, 2)
    minutes = walk.minutes(homes.points, points)
    weights = homes.households if homes.households.any() else np.ones(len(homes.points))
    medians = [weighted_median(column, weights) for column in minutes.T]
    return np.array([np.inf if one is None else one for one in medians])


def _closing(standard: Standard, around: Around, told: dict[str, int | None] | None, *, is_service: bool) -> Closing:
    return Closing(
        category=standard.category,
        name=standard.name,
        is_told=told is not None,
        neighbours=told[standard.category] if told is not None else None,
        groups=_groups(standard, around),
        rooms=_rooms(around) if standard.needs_room or standard.has_room else (),
        is_service=is_service,
        is_sited=standard.metres_from_boundary is None,
    )


def _groups(standard: Standard, around: Around) -> tuple[Gift, ...]:
    """Groups of the same kind or theme, neighbours' own before others, then the nearest."""
    fitting = [at for at in range(len(around.things)) if _fits(standard, around.things[at], around.minutes[at])]
    same = {at for at in fitting if around.things[at].row.category == standard.category}
    order = sorted(fitting, key=lambda at: (around.things[at].tier, at not in same, around.minutes[at]))
    return tuple(_gift(around, at, is_same=at in same) for at in order[:FIRST])


def _fits(standard: Standard, thing: Thing, minutes: float) -> bool:
    if not thing.is_group or minutes > CUT_OFF_MINUTES:
        return False
    return thing.row.category == standard.category or theme_match(thing.kin, ("", standard.theme, "")) > 0


def _rooms(around: Around) -> tuple[Gift, ...]:
    """Rooms that are known to stand empty at times, the nearest first."""
    rooms = (at for at, thing in enumerate(around.things) if thing.is_spare and thing.has_room and not thing.is_group)
    spare = [at for at in rooms if around.minutes[at] <= CUT_OFF_MINUTES]
    return tuple(_gift(around, at, is_room=True) for at in sorted(spare, key=lambda at: around.minutes[at])[:FIRST])


def _gift(around: Around, at: int, *, is_same: bool = False, is_room: bool = False) -> Gift:
    thing, minutes = around.things[at], float(around.minutes[at])
    return Gift(thing.id, thing.row.name, thing.category_name, thing.tier, minutes, is_same, is_room)
