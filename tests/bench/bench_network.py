"""The network of a place: read, measured and drawn, in a small and in a large store; its measures beside networkx's.

The six estates that hold most are asked about. The synthetic store gets ties first: each group meets in the hall
nearest to it, each fourth is tied to the group nearest to it, each third belongs to one of many small organisations,
and fifty thousand things to one council. The peer of the measures is networkx on the same graph; that of the reading
asks a graph of the whole store in memory for what lies within two steps of a place's assets (its loading is not
counted but told).
"""

import time
from collections.abc import Callable, Iterator
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

import networkx
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from abcd.connections.network.layout import places_of, without
from abcd.connections.network.measures import between, circles, weak_points
from abcd.connections.network.place_network import MOST_LINKS, network_of
from abcd.connections.network.reading import Reading, read_network
from abcd.connections.network.records import Link, Network, Node
from abcd.pages.network_picture import NARROW, WIDE, drawn
from abcd.places.queries import place
from tests.bench.measure import measured
from tests.bench.stores import a_copy, drop

SIZES = (1_000_000,)
SMALL = 10_000
ROUNDS = 8

FULLEST = """
select p.reference from core.place p join core.place_asset l on l.place_id = p.id where p.kind = 'estate'
group by p.reference order by count(*) desc, p.reference limit 6"""

TIES = (
    "select set_config('abcd.actor', 'bench', false)",
    """insert into core.community_group (asset_id, meets_at)
    select g.id, h.id from core.asset g cross join lateral (
      select a.id from core.asset a where a.category = 'community-centre' and core.shelf(a.category, a.point) &&
        core.shelf('community-centre', ST_Expand(g.point, 3000))
      order by core.shelf(a.category, a.point) <-> core.shelf('community-centre', g.point) limit 1) h
    where g.asset_kind = 'association' on conflict (asset_id) do update set meets_at = excluded.meets_at""",
    """insert into core.edge (a_id, b_id, relation, evidence, last_seen, source_kind)
    select g.id, h.id, 'joint_activity', 'invented', date '2026-06-01', 'desk' from core.asset g cross join lateral (
      select a.id from core.asset a where a.category = g.category and a.id <> g.id
        and core.shelf(a.category, a.point) && core.shelf(g.category, ST_Expand(g.point, 3000))
      order by core.shelf(a.category, a.point) <-> core.shelf(g.category, g.point) limit 1) h
    where g.asset_kind = 'association' and hashtext(g.id::text) % 4 = 0""",
    "insert into core.organisation (name) select 'Body ' || n from generate_series(0, 9999) n",
    """with body as (select id, row_number() over (order by name) - 1 as n from core.organisation)
    update core.asset a set organisation_id = body.id from body
    where a.asset_kind = 'association' and hashtext(a.id::text) % 3 = 1
      and body.n = abs(hashtext(a.name || a.category)) % 10000""",
    """insert into core.organisation (name) values ('The council')""",
    """update core.asset set organisation_id = (select id from core.organisation where name = 'The council')
    where id in (select id from core.asset where category in ('park', 'play-area-young', 'bus-stop') limit 50000)""",
    "analyze core.community_group, core.edge, core.asset, core.organisation",
)


def rows(size: int) -> Iterator[dict[str, Any]]:
    """One row for reading and one for all that the page shows, at both sizes; one for the measures alone."""
    small, large = (_in_a_copy(each) for each in (SMALL, size))
    for name in ("read", "shown"):
        yield {
            "name": f"network: {name}",
            "ours_s": round(large[name] / 1000, 5),
            "peer": "networkx in memory" if name == "read" else None,
            "peer_s": round(large["peer"] / 1000, 5) if name == "read" else None,
            f"ours_at_{SMALL}_s": round(small[name] / 1000, 5),
            "growth": round(large[name] / small[name], 2),
            "nodes": large["nodes"],
            "links": large["links"],
            f"nodes_at_{SMALL}": small["nodes"],
            "peer_load_s": round(large["load"] / 1000, 1) if name == "read" else None,
            "peer_peak_memory_mb": large["peer_mb"] if name == "read" else None,
            "peak_memory_mb": large["ours_mb"],
        }
    yield _measures_alone()


def _in_a_copy(size: int) -> dict[str, Any]:
    url = a_copy(size)
    try:
        with create_engine(url).begin() as connection:
            for statement in TIES:
                connection.execute(text(statement))
        ours, peer = (measured(f"tests.bench.bench_network:{who}", url) for who in ("ours", "peer"))
    finally:
        drop(url)
    return ours.value | peer.value | {"ours_mb": ours.peak_mb, "peer_mb": peer.peak_mb}


def ours(url: str) -> dict[str, float]:
    """Milliseconds of reading a place's network with its measures, and of all that its page shows."""
    with Session(create_engine(url)) as s:
        s.execute(text("set jit = off"))
        ids = [place(s, reference).id for reference in s.scalars(text(FULLEST))]
        nets = [network_of(s, one) for one in ids]
        took = {"read": _best(lambda one: read_network(s, one), ids),
                "shown": _best(lambda one: _shown(read_network(s, one)), ids)}  # fmt: skip
    return took | {"nodes": median(len(net.nodes) for net in nets), "links": median(len(net.links) for net in nets)}


def _shown(reading: Reading) -> list[str]:
    net, _left_out = without(reading.net, 60)
    weak = {point.node.id for point in reading.weak}
    return [drawn(net, weak, sheet) for sheet in (WIDE, NARROW)]


def peer(url: str) -> dict[str, float]:
    """The same ties and measures from a graph of the whole store in memory."""
    started = time.perf_counter()
    graph: networkx.Graph[UUID] = networkx.Graph()
    with Session(create_engine(url)) as s:
        for statement in ("select a_id, b_id from core.edge",
                          "select asset_id, meets_at from core.community_group where meets_at is not null",
                          "select id, organisation_id from core.asset where organisation_id is not null"):  # fmt: skip
            graph.add_edges_from(tuple(row) for row in s.execute(text(statement)))
        held = {reference: set(s.scalars(text("select asset_id from core.place_asset where place_id = :one"),
                {"one": place(s, reference).id})) for reference in s.scalars(text(FULLEST)).all()}  # fmt: skip
    load = (time.perf_counter() - started) * 1000
    council = max(graph.nodes, key=graph.degree)
    graph.remove_node(council)
    return {"load": load, "peer": _best(lambda reference: _by_networkx(graph, held[reference]), held)}


def _by_networkx(graph: "networkx.Graph[UUID]", held: set[UUID]) -> object:
    near = {other for one in held & graph.nodes for other in graph[one]} | (held & graph.nodes)
    part = graph.subgraph(near)
    return (list(networkx.connected_components(part)), list(networkx.articulation_points(part)),
            networkx.betweenness_centrality(part))  # fmt: skip


def _measures_alone() -> dict[str, Any]:
    """Circles, weak points, betweenness and layout of the largest network that is read, against networkx."""
    random = Random(7)  # noqa: S311
    pairs = {tuple(sorted(random.sample(range(600), 2))) for _ in range(MOST_LINKS)}
    nodes = tuple(Node(UUID(int=number), str(number), "association") for number in sorted(set().union(*pairs)))
    net = Network(nodes, tuple(Link(UUID(int=a), UUID(int=b), ("funds",)) for a, b in sorted(pairs)))
    graph = networkx.Graph([(UUID(int=a), UUID(int=b)) for a, b in pairs])
    few, _left_out = without(net, 60)
    drawn_graph = networkx.Graph([(link.a, link.b) for link in few.links])
    took = _best(lambda _one: (circles(net), weak_points(net), between(net), places_of(few, 1040, (158, 78))), [0])
    theirs = _best(
        lambda _one: (list(networkx.connected_components(graph)), list(networkx.articulation_points(graph)),
                      networkx.betweenness_centrality(graph), networkx.kamada_kawai_layout(drawn_graph)), [0],
    )  # fmt: skip
    named = {"name": "network: measures", "size": len(pairs), "peer": "networkx"}
    return named | {"ours_s": round(took / 1000, 5), "peer_s": round(theirs / 1000, 5)}


def _best(ask: Callable[[Any], object], questions: Any) -> float:
    """Milliseconds: the best of some rounds at each, and their median."""
    best = dict.fromkeys(questions, float("inf"))
    for _turn in range(ROUNDS):
        for one in best:
            started = time.perf_counter()
            ask(one)
            best[one] = min(best[one], (time.perf_counter() - started) * 1000)
    return median(best.values())
