"""The network of one place: what it holds, whom that has to do with, and no further."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import term_values
from abcd.connections.network.links import belonging_of, links_of
from abcd.connections.network.records import ORGANISATION, Link, Network, Node
from abcd.core.language import chosen

MOST_ASSETS = 5_000
"""A place that holds more is no neighbourhood: its estates and patches are to be looked at."""

MOST_LINKS = 1_000

HELD = text("select distinct asset_id from core.place_asset where place_id = :place_id limit :most")

# A sensitive asset has no tie on any page: whom it meets would tell where it is. People are no part of this at all.
NODES = text("""
select a.id, a.name, a.name_cy, a.asset_kind, a.category, a.id = any(cast(:held as uuid[])) as is_here,
  g.asset_id is not null or a.asset_kind = 'association' as is_group,
  coalesce(g.streets_mix, '') as streets_mix, coalesce(g.ages_mix, '') as ages_mix,
  ST_X(a.point) as easting, ST_Y(a.point) as northing, home.id as home, home.name as home_name
from unnest(cast(:ids as uuid[])) as asked(id)
join core.asset a on a.id = asked.id
left join core.community_group g on g.asset_id = a.id
left join lateral (
  select p.id, p.name from core.place_asset l join core.place p on p.id = l.place_id
  where l.asset_id = a.id and l.relation = 'within' and p.kind in ('patch', 'estate') and p.end_date is null
  order by p.kind = 'patch' desc, p.vintage desc, p.id limit 1) home on true
where a.merged_into is null and a.status in ('active', 'temporarily closed', 'planned')
  and not a.is_sensitive and a.asset_kind <> 'individual'
  and (a.id = any(cast(:linked as uuid[])) or g.asset_id is not null or a.asset_kind = 'association')""")

BODIES = text("select o.id, o.name, o.name_cy from core.organisation o where o.id = any(cast(:ids as uuid[]))")


def network_of(s: Session, place_id: UUID) -> Network:
    """What the assets of a place, or serving it, have to do with each other and with neighbours outside.

    The way is: its assets, their ties, and the ties among those at the other ends. Sensitive assets and people's gifts
    are never part of it. A place that holds more than 5,000 assets, or has more than 1,000 ties, is not read.
    """
    held = set(s.scalars(HELD, {"place_id": place_id, "most": MOST_ASSETS + 1}))
    if len(held) > MOST_ASSETS:
        return Network(is_too_large=True)
    links = links_of(s, held, MOST_LINKS + 1)
    if len(links) > MOST_LINKS:
        return Network(is_too_large=True)
    belonging = belonging_of(s, held)
    ends = _ends(links) | _ends(belonging)
    links += _among(s, ends, held)
    nodes = _nodes(s, held, ends)
    found = _bodies(s, ends - {node.id for node in nodes}) if belonging else []
    return _drawn(nodes + found, links + belonging)


def _ends(links: Iterable[Link]) -> set[UUID]:
    return {end for link in links for end in (link.a, link.b)}


def _among(s: Session, ends: set[UUID], held: set[UUID]) -> list[Link]:
    """The ties of neighbours outside with each other: they too may hold a place together."""
    outside = links_of(s, ends - held, MOST_LINKS)
    return [link for link in outside if {link.a, link.b} <= ends - held]


def _nodes(s: Session, held: set[UUID], linked: set[UUID]) -> list[Node]:
    about, is_welsh = term_values(s), chosen() == "cy"
    rows = s.execute(NODES, {"ids": list(held | linked), "held": list(held), "linked": list(linked)})
    return [_node(row, about.get(row.category, {}), is_welsh) for row in rows]


def _node(row: Any, term: dict[str, Any], is_welsh: bool) -> Node:
    category = (term.get("name_cy") if is_welsh else "") or term.get("name", row.category)
    return Node(
        id=row.id, name=(row.name_cy if is_welsh else "") or row.name, kind=row.asset_kind, category=row.category,
        category_name=category, theme=term.get("theme") or "", home=row.home, home_name=row.home_name or "",
        is_group=row.is_group, is_here=row.is_here, streets_mix=row.streets_mix, ages_mix=row.ages_mix,
        easting=row.easting, northing=row.northing,
    )  # fmt: skip


def _bodies(s: Session, ids: set[UUID]) -> list[Node]:
    is_welsh = chosen() == "cy"
    return [
        Node(id=row.id, name=(row.name_cy if is_welsh else "") or row.name, kind=ORGANISATION, is_here=False)
        for row in s.execute(BODIES, {"ids": list(ids)})
    ]


def _drawn(nodes: list[Node], links: list[Link]) -> Network:
    """Only ties with two ends that may be shown, and of organisations those that tie two of them."""
    known = {node.id: node for node in nodes}
    links = [link for link in links if link.a in known and link.b in known]
    bodies = [end for link in links for end in (link.a, link.b) if known[end].kind == ORGANISATION]
    lone = {body for body in set(bodies) if bodies.count(body) < 2}
    links = [link for link in links if not lone & {link.a, link.b}]
    here = _reached(links, known)
    links = sorted((link for link in links if link.a in here), key=lambda link: (link.a, link.b))
    tied = sorted((known[key] for key in here), key=_order)
    alone = (node for node in nodes if node.is_group and node.is_here and node.id not in here)
    return Network(tuple(tied), tuple(links), tuple(sorted(alone, key=_order)))


def _reached(links: list[Link], known: dict[UUID, Node]) -> set[UUID]:
    """Whatever hangs together with something that is here; what lost its way to the place by a hidden end goes."""
    near: dict[UUID, set[UUID]] = {}
    for link in links:
        near.setdefault(link.a, set()).add(link.b)
        near.setdefault(link.b, set()).add(link.a)
    waiting = [key for key in near if known[key].is_here]
    reached = set(waiting)
    while waiting:
        fresh = near[waiting.pop()] - reached
        reached |= fresh
        waiting += fresh
    return reached


def _order(node: Node) -> tuple[bool, bool, str, UUID]:
    return not node.is_here, node.kind == ORGANISATION, node.name.casefold(), node.id
