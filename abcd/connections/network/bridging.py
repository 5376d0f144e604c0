"""How new two sides are to each other: the part B of a match (product.md E.2), and who might be bridged in a place."""

from collections.abc import Collection, Sequence
from itertools import combinations
from math import hypot, inf
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from abcd.connections.network.links import belonging_of, links_of
from abcd.connections.network.measures import circles
from abcd.connections.network.records import Network, Node
from abcd.connections.score import bridging

MOST_LINKS = 20_000
NEXT_DOOR_METRES = 30.0
"""Two patches whose edges are no further apart than a street is wide lie side by side."""

GROUPS = text("""
select a.id from core.asset a left join core.community_group g on g.asset_id = a.id
where a.id = any(cast(:ids as uuid[])) and (g.asset_id is not null or a.asset_kind = 'association')
  and a.merged_into is null and not a.is_sensitive""")

# Whoever went on after they met knows the group; an introduction that never came to that says nothing.
JOINED = text("""
select c.a_person_id as person_id, c.b_asset_id as asset_id from core.connection c
where c.a_person_id = any(cast(:ids as uuid[])) and c.b_asset_id is not null
  and c.state in ('met', 'going_at_4w', 'going_at_12w', 'settled')""")

BESIDE = text("""
select p.id as one, q.id as other from core.place p
join core.place q on q.id > p.id and q.kind = p.kind and ST_DWithin(p.geom, q.geom, :metres)
where p.id = any(cast(:ids as uuid[])) and q.id = any(cast(:ids as uuid[]))""")


def known_groups(s: Session, asset_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """For each asset the groups that it knows: tied to it, or to a venue, activity or organisation that it is tied to.

    A handful of questions to the store, however many assets are asked about.
    """
    near = _neighbours(s, set(asset_ids))
    direct = _groups(s, set().union(*near.values()))
    hubs = set().union(*near.values()) - direct
    far = _neighbours(s, hubs)
    groups = direct | _groups(s, set().union(*far.values()))
    return {one: frozenset(_reached(near[one], far) & groups - {one}) for one in near}


def _reached(near: set[UUID], far: dict[UUID, set[UUID]]) -> set[UUID]:
    return near.union(*(far[one] for one in near & far.keys()))


def _neighbours(s: Session, ids: set[UUID]) -> dict[UUID, set[UUID]]:
    near: dict[UUID, set[UUID]] = {one: set() for one in ids}
    for link in [*links_of(s, ids, MOST_LINKS), *belonging_of(s, ids)]:
        for one, other in ((link.a, link.b), (link.b, link.a)):
            if one in near:
                near[one].add(other)
    return near


def _groups(s: Session, ids: set[UUID]) -> set[UUID]:
    return set(s.scalars(GROUPS, {"ids": list(ids)})) if ids else set()


def groups_joined(s: Session, person_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """For each person the groups that they went on with after an introduction, as far as this session may see."""
    joined: dict[UUID, set[UUID]] = {one: set() for one in person_ids}
    for row in s.execute(JOINED, {"ids": list(joined)}) if joined else ():
        joined[row.person_id].add(row.asset_id)
    return {one: frozenset(groups) for one, groups in joined.items()}


def bridging_part(ours: Collection[UUID], theirs: Collection[UUID], wants_alike: bool = False) -> float | None:
    """B: 1 - Jaccard of the groups that both sides know; None, so not counted, when neither is known to know any.

    ``wants_alike``: the person asked for people like themselves, so newness is no merit and the part is left out.
    """
    return None if wants_alike else bridging(ours, theirs)


def bridges(s: Session, net: Network, most: int = 3) -> list[tuple[Node, Node]]:
    """Groups of a place that no chain of ties joins, and that could be: across patches side by side first.

    Then those of one theme, then the nearest. Each group comes once; at least one of a pair is here.
    """
    home_ids = {node.home for node in (*net.nodes, *net.alone) if node.home}
    beside = {frozenset((row.one, row.other)) for row in _beside(s, home_ids)}
    ranked = sorted(_apart(net), key=lambda pair: _rank(pair, beside))
    chosen: dict[UUID, tuple[Node, Node]] = {}
    for pair in ranked:
        if len(chosen) < 2 * most and not {one.id for one in pair} & set(chosen):
            chosen.update(dict.fromkeys((one.id for one in pair), pair))
    return list(dict.fromkeys(chosen.values()))


def _beside(s: Session, ids: Collection[UUID]) -> Sequence[Row[Any]]:
    return s.execute(BESIDE, {"ids": list(ids), "metres": NEXT_DOOR_METRES}).all() if len(ids) > 1 else ()


def _apart(net: Network) -> list[tuple[Node, Node]]:
    """Pairs of groups in two circles; who has no tie at all is a circle alone."""
    circle = {node.id: number for number, part in enumerate(circles(net)) for node in part}
    circle |= {node.id: -1 - number for number, node in enumerate(net.alone)}
    groups = [node for node in (*net.nodes, *net.alone) if node.is_group]
    return [(a, b) for a, b in combinations(groups, 2) if circle[a.id] != circle[b.id] and (a.is_here or b.is_here)]


def _rank(pair: tuple[Node, Node], beside: set[frozenset[UUID]]) -> tuple[bool, bool, float, UUID, UUID]:
    a, b = pair
    across = a.home is not None and b.home is not None and frozenset((a.home, b.home)) in beside
    is_alike = bool(a.theme) and a.theme == b.theme
    return not across, not is_alike, _metres(a, b), a.id, b.id


def _metres(a: Node, b: Node) -> float:
    if a.easting is None or a.northing is None or b.easting is None or b.northing is None:
        return inf
    return hypot(a.easting - b.easting, a.northing - b.northing)
