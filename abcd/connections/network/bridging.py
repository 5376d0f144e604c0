"""How new two sides are to each other: the part B of a match (product.md E.2)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.connections.network.links import belonging_of, links_of
from abcd.connections.score import bridging

MOST_LINKS = 20_000
GROUPS = text("""
select a.id from core.asset a left join core.community_group g on g.asset_id = a.id
where a.id = any(cast(:ids as uuid[])) and (g.asset_id is not null or a.asset_kind = 'association')
  and a.merged_into is null and not a.is_sensitive""")

# Whoever went on after they met knows the group; an introduction that never came to that says nothing.
JOINED = text("""
select c.a_person_id as person_id, c.b_asset_id as asset_id from core.connection c
where c.a_person_id = any(cast(:ids as uuid[])) and c.b_asset_id is not null
  and c.state in ('met', 'going_at_4w', 'going_at_12w', 'settled')""")


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
