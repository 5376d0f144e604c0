"""Walking on streets: bringing an extract in, the nearest of 40 categories for every node, all pairs within 15 minutes.

``size`` is how many copies of Rutland stand side by side (1: 42,624 edges, 25: a million). The peers are scipy's own
searches over all nodes, pandana's query of the nearest (its building not counted), pgRouting's many-origin distances
where the server has that extension, pyrosm's reading of the county, and, as a bound that no search can beat by much, a
walk breadth first over the same ground.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, dijkstra

from abcd.db import embedded
from abcd.gaps.streets.building import build, curve_order
from abcd.gaps.streets.network import Edges, Network, ways_of
from abcd.gaps.streets.pairs import pairs_within
from abcd.gaps.streets.searching import to_nearest
from abcd.intake.lists import read_whole
from abcd.intake.read import ReadChoice
from abcd.intake.streets_file import edges_of_extract
from tests.bench.measure import measured, row

HERE = "tests.bench.bench_streets"
SIZES = [1, 25]
LIMIT, CATEGORIES, ORIGINS, SCIPY_ORIGINS = 1_000.5, 40, 5_000, 24
EXTRACT = Path(os.environ.get("ABCD_REAL_DATA", Path(__file__).parents[3] / "shared" / "data")) / "network"


def rows(size: int) -> Iterator[dict[str, Any]]:
    """Each task, ours beside its peer."""
    done = measured(f"{HERE}:parsed", size)
    yield {"name": "streets read", "size": size, **done.value, "peak_memory_mb": done.peak_mb} | read_by_pyrosm(
        done.value["read_s"]
    )
    for task, peers in (("nearest", ("scipy", "pandana")), ("pairs", ("scipy", "breadth_first", *pgrouting()))):
        ours = measured(f"{HERE}:{task}", size)
        for peer in peers:
            other = measured(f"{HERE}:{task}_{peer}", size)
            told = row(f"streets {task}", size, ours, peer, other)
            told |= {"ours_s": ours.value["seconds"], "peer_s": other.value["seconds"]}
            told["ratio"] = round(told["ours_s"] / told["peer_s"], 4)
            yield told | {"same": same(ours.value["answer"], other.value["answer"], peer)}


def same(ours: Any, theirs: Any, peer: str) -> bool:
    """Whether the answers agree: to the number with scipy; pandana rounds metres, so a few of a million may flip."""
    if peer == "breadth_first":
        return True
    if isinstance(ours, list) and theirs[:1] == [None]:
        return bool(ours[1] == theirs[1])
    if peer == "pandana":
        return bool(np.abs(np.subtract(ours, theirs)).sum() <= 1e-3 * np.sum(ours))
    return bool(ours == theirs)


def read_by_pyrosm(ours: float) -> dict[str, Any]:
    """How long pyrosm reads the county, whose rule of what may be walked is its own, and how ours compares."""
    other = measured(f"{HERE}:parsed_pyrosm")
    taken = other.value["seconds"]
    return {"peer": "pyrosm", "peer_s": taken, "ratio": round(ours / taken, 4), "peer_edges": other.value["answer"],
            "peer_peak_memory_mb": other.peak_mb}  # fmt: skip


def parsed_pyrosm() -> dict[str, Any]:
    """pyrosm reads nodes and edges of what it takes to be walkable."""
    from pyrosm import OSM

    start = time.perf_counter()
    _nodes, edges = OSM(str(EXTRACT / "rutland-latest.osm.pbf")).get_network(network_type="walking", nodes=True)
    return _told(start, len(edges))


def pgrouting() -> tuple[str, ...]:
    """The peer, where its extension is installed beside the server."""
    extension = Path(shutil.which("pg_config") or "/usr/bin/pg_config")
    shared = subprocess.run([extension, "--sharedir"], capture_output=True, text=True, check=False).stdout.strip()
    folders = [Path(shared), *Path("/usr/share/postgresql").glob("*")]
    return ("pgrouting",) if any((one / "extension" / "pgrouting.control").exists() for one in folders) else ()


def county() -> Edges:
    """The edges of Rutland."""
    return edges_of_extract(read_whole(EXTRACT / "rutland-latest.osm.pbf", ReadChoice(streets=True)))


def many(size: int) -> Edges:
    """Copies of the county side by side."""
    one = county()
    n, wide = len(one.xy), np.ptp(one.xy[:, 0]) + 1_000
    xy = np.vstack([one.xy + (i * wide, 0.0) for i in range(size)])
    pairs = np.vstack([one.pairs + i * n for i in range(size)])
    return Edges(xy, pairs, np.tile(one.metres, size), np.tile(one.marks, size))


def parsed(size: int) -> dict[str, Any]:
    """Seconds to read the extract in the sandbox, and to build a network of so many copies."""
    county()
    start = time.perf_counter()
    edges = county()
    read = time.perf_counter() - start
    build(edges)
    edges = many(size)
    start = time.perf_counter()
    network = build(edges)
    built = time.perf_counter() - start
    a_million = round(read * 1e6 / (len(edges.pairs) / size), 2)
    facts = {"edges": len(edges.pairs), "crossings": network.crossings}
    return facts | {"read_s": round(read, 3), "read_s_per_million": a_million, "build_s": round(built, 3)}


def ground(size: int) -> tuple[Network, csr_array, list[np.ndarray], np.ndarray]:
    """The network, the same for scipy, the nodes of 40 categories of 50 to 500 things, and the homes."""
    edges = many(size)
    network = build(edges)
    place = np.empty(len(edges.xy), dtype=np.int64)
    place[curve_order(edges.xy)] = np.arange(len(edges.xy))
    ends = place[edges.pairs]
    graph = coo_array((edges.metres, (ends[:, 0], ends[:, 1])), shape=(len(place),) * 2).tocsr()
    rng = np.random.default_rng(40)
    some = [rng.choice(len(place), n, replace=False) for n in np.linspace(50, 500, CATEGORIES).astype(int)]
    return network, graph, some, rng.choice(len(place), ORIGINS, replace=False)


def nearest(size: int) -> dict[str, Any]:
    """Ours: metres from every node to the nearest of each category."""
    network, _graph, some, _homes = ground(size)
    ways = ways_of(network)
    to_nearest(network, ways, some[0], np.zeros(len(some[0])), LIMIT)
    start = time.perf_counter()
    found = [to_nearest(network, ways, one, np.zeros(len(one)), LIMIT) for one in some]
    return _told(start, [int(np.isfinite(one).sum()) for one in found])


def nearest_scipy(size: int) -> dict[str, Any]:
    """scipy, with the same limit."""
    _network, graph, some, _homes = ground(size)
    start = time.perf_counter()
    found = [dijkstra(graph, directed=False, indices=one, limit=LIMIT, min_only=True) for one in some]
    return _told(start, [int(np.isfinite(one).sum()) for one in found])


def nearest_pandana(size: int) -> dict[str, Any]:
    """pandana's query alone: its network is made, and its things are set, before the clock starts."""
    import pandana
    import pandas as pd

    edges = many(size)
    network, _graph, some, _homes = ground(size)
    place = np.empty(len(edges.xy), dtype=np.int64)
    place[curve_order(edges.xy)] = np.arange(len(edges.xy))
    ends, x, y = place[edges.pairs], network.xy[:, 0], network.xy[:, 1]
    weights = pd.DataFrame({"metres": edges.metres})
    theirs = pandana.Network(pd.Series(x), pd.Series(y), pd.Series(ends[:, 0]), pd.Series(ends[:, 1]), weights)
    for k, one in enumerate(some):
        theirs.set_pois(str(k), LIMIT, 1, pd.Series(x[one]), pd.Series(y[one]))
    start = time.perf_counter()
    found = [theirs.nearest_pois(LIMIT, str(k), num_pois=1)[1].to_numpy() for k in range(len(some))]
    return _told(start, [int((one < LIMIT).sum()) for one in found])


def pairs(size: int) -> dict[str, Any]:
    """Ours: 5,000 homes and all things."""
    network, _graph, some, homes = ground(size)
    ways, things = ways_of(network), np.concatenate(some)
    pairs_within(network, ways, homes[:2], things, LIMIT)
    start = time.perf_counter()
    found = pairs_within(network, ways, homes, things, LIMIT)
    return _told(start, [len(found.target), int(found.starts[SCIPY_ORIGINS])])


def pairs_scipy(size: int) -> dict[str, Any]:
    """scipy, one search an origin; 24 origins, and the time of 5,000 reckoned from them."""
    _network, graph, some, homes = ground(size)
    things = np.concatenate(some)
    start = time.perf_counter()
    found = [dijkstra(graph, directed=False, indices=home, limit=LIMIT)[things] for home in homes[:SCIPY_ORIGINS]]
    told = _told(start, [None, sum(int(np.isfinite(one).sum()) for one in found)])
    return told | {"seconds": round(told["seconds"] * ORIGINS / SCIPY_ORIGINS, 3)}


def pairs_pgrouting(size: int) -> dict[str, Any]:
    """pgRouting, all of 24 origins in one question; the time of 5,000 is reckoned from them."""
    _network, graph, some, homes = ground(size)
    edges, things = graph.tocoo(), np.concatenate(some)
    with tempfile.TemporaryDirectory(prefix="abcd-bench-") as folder:
        Path(folder).chmod(0o755)
        embedded.up(Path(folder), durable=False)
        try:
            with psycopg.connect(plain(embedded.url(Path(folder), database="postgres"))) as server:
                filled(
                    server, list(zip(edges.row.tolist(), edges.col.tolist(), edges.data.tolist(), strict=True)), things
                )
                start = time.perf_counter()
                found = server.execute(REACHED, {"homes": homes[:SCIPY_ORIGINS].tolist(), "limit": LIMIT}).fetchone()
                told = _told(start, [None, found[0] if found else 0])
        finally:
            embedded.down(Path(folder))
    return told | {"seconds": round(told["seconds"] * ORIGINS / SCIPY_ORIGINS, 3)}


#: Without ``equicost``, which gives wrong distances in pgRouting 3.4.2.
REACHED = """
select count(*) from pgr_drivingDistance(
  'select id, source, target, cost from edge', %(homes)s::bigint[], %(limit)s, directed := false) d
join thing on thing.node = d.node"""


def plain(url: str) -> str:
    """A URL of SQLAlchemy's as psycopg takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def filled(server: psycopg.Connection[Any], edges: list[tuple[int, int, float]], things: np.ndarray) -> None:
    """The edges and the things in tables, as pgRouting wants them."""
    server.execute("create extension pgrouting cascade")
    server.execute("create temporary table edge (id serial, source bigint, target bigint, cost float8)")
    server.execute("create temporary table thing (node bigint)")
    with server.cursor() as cursor:
        with cursor.copy("copy edge (source, target, cost) from stdin") as copying:
            for edge in edges:
                copying.write_row(edge)
        with cursor.copy("copy thing (node) from stdin") as copying:
            for node in things.tolist():
                copying.write_row((node,))
    server.execute("analyze edge")
    server.execute("analyze thing")


def pairs_breadth_first(size: int) -> dict[str, Any]:
    """The bound: visiting the same nodes without minding how far they are; 24 origins, reckoned as above."""
    _network, graph, _some, homes = ground(size)
    total = 0.0
    for home in homes[:SCIPY_ORIGINS]:
        ball = np.flatnonzero(np.isfinite(dijkstra(graph, directed=False, indices=home, limit=LIMIT)))
        part = graph[ball][:, ball].tocsr()
        start = time.perf_counter()
        breadth_first_order(part, int(np.searchsorted(ball, home)), directed=False, return_predecessors=False)
        total += time.perf_counter() - start
    return {"seconds": round(total * ORIGINS / SCIPY_ORIGINS, 3), "answer": None}


def _told(start: float, answer: Any) -> dict[str, Any]:
    return {"seconds": round(time.perf_counter() - start, 4), "answer": answer}
