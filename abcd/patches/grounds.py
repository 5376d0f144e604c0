"""What plans are drawn on: the homes of a place in linked blocks, from the finest that is known of where they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.errors import BadRequest
from abcd.gaps.streets.walk import walking
from abcd.patches.areas import areas_of
from abcd.patches.chunks import blocks_of, streets_of
from abcd.patches.feasible import Room
from abcd.patches.homes import FINEST, Around, Homes, Spot, Way
from abcd.patches.links import REACH, TROUBLE, Links, links_of
from abcd.patches.net import Numbers, Places, Stock, components, middle_of, net_of, stock_of, sums
from abcd.patches.outline import cells_of
from abcd.patches.stocks import Points, along_streets, dwellings
from abcd.patches.walls import Walls, ways_over
from abcd.places.barriers import barriers_near
from abcd.places.records import PlaceRecord

#: Beyond this nobody calls each other neighbours, and the work grows with its square.
MOST_REACH = 1_000.0
REACHES = (REACH, 300.0, 500.0, 750.0, MOST_REACH)
AUTO = "auto"
"""Take the finest that is known: dwellings, else small areas."""


@dataclass(frozen=True)
class Choice:
    """What somebody chose about the homes of a plan.

    Attributes:
        finest: where blocks come from: ``dwellings``, ``streets``, ``areas`` or ``AUTO``.
        reach: metres on foot within which parts of the stock are neighbours; ``None`` takes the least of ``REACHES``
            with which the parts of the stock come nearest to whole patches.
        over: crossings of hard barriers that a patch may use, because somebody decided so.
        base: where coaches start from, or ``None``; ``base_name`` is what that is called.
    """

    finest: str = AUTO
    reach: float | None = None
    over: tuple[UUID, ...] = ()
    base: Spot | None = None
    base_name: str = ""


def homes_of(s: Session, place: PlaceRecord, choice: Choice, room: Room) -> Homes:
    """The homes of ``place`` as they are known today, for patches of ``room``.

    Raises:
        BadRequest: nobody knows the homes of this place so, or there is no such choice.
    """
    finest = choice.finest
    if finest not in (AUTO, *FINEST):
        raise BadRequest(_("Blocks come from dwellings, streets or areas."))
    if choice.reach is not None and not 0 < choice.reach <= MOST_REACH:
        raise BadRequest(_("Neighbours are between 1 and {most:.0f} metres apart.").format(most=MOST_REACH))
    if finest in (AUTO, "dwellings") and (points := dwellings(s, place)) is not None:
        found: Homes | None = blocks_from(s, place, points, "dwellings", choice, room)
    elif finest == "streets" and (points := along_streets(s, place)) is not None:
        found = blocks_from(s, place, points, "streets", choice, room)
    else:
        found = areas_of(s, place) if finest in (AUTO, "areas") else None
    if found is None:
        raise BadRequest(_missing(place, finest))
    return found.seen(Around(base=choice.base, base_name=choice.base_name))


def _missing(place: PlaceRecord, finest: str) -> str:
    cure = {
        "dwellings": _("No dwelling of {place} is known. Import the stock list (abcd import dwellings FILE)."),
        "streets": _(
            "{place} needs a map of its streets (abcd import streets FILE) and small areas with their households."
        ),
    }.get(finest, _(
        "{place} holds no small areas with households. Import their boundaries (abcd import places FILE "
        "--kind oa) and their households (abcd import households FILE), then try again."
    ))  # fmt: skip
    return cure.format(place=place.name)


def blocks_from(s: Session, place: PlaceRecord, points: Points, finest: str, choice: Choice, room: Room) -> Homes:
    """Blocks of homes given as points; homes at one spot stay together."""
    at, spot = np.unique(points.at, axis=0, return_inverse=True)
    first = np.unique(spot, return_index=True)[1]
    households, load = (sums(spot, each) for each in (points.households, points.load))
    walls = Walls(tuple(barriers_near(s, place.box)))
    street = streets_of(at, points.called[first], walls)
    block = blocks_of(at, households, street)
    street = np.where(points.called[first] >= 0, street, -1)
    links = links_of(at, block, street, walls, walking(s, place.box), choice.reach or MOST_REACH)
    stock, middle = _stock(at, load, block)
    reach = choice.reach or least_reach(stock, links, room)
    links = links.within(reach)
    ways = tuple(ways_over(walls.barriers, at, block))
    pairs, bond = _allowed(links.pairs, links.bond, ways, frozenset(choice.over))
    kinds = np.empty(int(block.max()) + 1, dtype=np.int64)
    kinds[block] = street
    inside = block[spot]
    return Homes(
        finest=finest, called=_called(points, inside), members=_members(points, inside),
        households=sums(block, households), stock=stock, net=net_of(stock, pairs, bond),
        shapes=cells_of(at, block), middle=middle, street=kinds, walled=links.walled, ways=ways,
        reach=reach, over=choice.over,
    )  # fmt: skip


def least_reach(stock: Stock, links: Links, room: Room) -> float:
    """The least of ``REACHES`` with which the parts of the stock come nearest to whole patches."""

    def excess(reach: float) -> float:
        parts = components(net_of(stock, links.within(reach).pairs))
        return sum(room.excess(held) for held in sums(parts, stock.weight).tolist())

    return min(REACHES, key=lambda reach: (round(excess(reach), 6), reach))


def _allowed(pairs: Places, bond: Numbers, ways: Iterable[Way], over: frozenset[UUID]) -> tuple[Places, Numbers]:
    """The links with those over the crossings that somebody allowed; a patch should rather not use them."""
    used = np.array([(way.here, way.there) for way in ways if way.crossing_id in over], dtype=np.int64).reshape(-1, 2)
    return np.concatenate([pairs, used]), np.concatenate([bond, np.full(len(used), TROUBLE)])


def _stock(at: Numbers, load: Numbers, block: Places) -> tuple[Stock, Spot]:
    """The stock of the blocks: what each weighs, at the middle of its homes."""
    weight = sums(block, load)
    easting, northing = (sums(block, load * at[:, axis]) / weight for axis in (0, 1))
    return stock_of(weight, easting, northing), middle_of(easting, northing)


def _members(points: Points, block: Places) -> tuple[tuple[str, ...], ...]:
    """The references of the homes of each block."""
    inside: list[list[str]] = [[] for _each in range(int(block.max()) + 1)]
    for member, at in zip(points.member, block.tolist(), strict=True):
        inside[at].append(member)
    return tuple(map(tuple, inside))


def _called(points: Points, block: Places) -> tuple[str, ...]:
    """The name of the street of each block, ``""`` for none."""
    street = dict(zip(block.tolist(), points.street, strict=True))
    return tuple(street.get(k) or "" for k in range(int(block.max()) + 1))
