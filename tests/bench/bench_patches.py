"""Patches of 175 households (and of 1,000 from output areas): ours against gerrychain, METIS and spopt on one graph.

All see the same blocks and links. What counts besides the seconds: the share of patches within 10 %, the worst one,
pieces too many (0 when each patch is connected), the radius of gyration (metres, lower is rounder) and the share of the
households that lie inside another patch's convex hull. A peer that finds no plan in time says so.

How round the 14 patches of 2,430 households can be was asked of a set partition: which connected sets of the 321 blocks
share them out at the least moment of inertia, as a linear program whose columns were searched for by moves of single
blocks and of pairs, priced by its duals (branch and price without the branching). With each patch within 8 % it
settles at 132.6 m after 13 thousand columns, with 10 % at 132.1 m: 0.86 of gerrychain's middling plan (153 to 154 m),
before a single set has to be taken whole. Since columns were searched for and not enumerated this is strong evidence
and no proof; ours has 134 m, and the wished 0.85 would be 130.5 m.
"""

import random
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import geopandas
import networkx
import numpy as np
import pymetis
import shapely
from gerrychain import Graph, tree
from spopt.region import RegionKMeansHeuristic

from abcd.patches.correcting import Drawing, moved, warnings
from abcd.patches.design import LEANINGS, design
from abcd.patches.feasible import Room
from abcd.patches.homes import Homes
from abcd.patches.net import Net, Places, Stock, net_of, tails
from abcd.patches.outline import cells_of, dissolved
from abcd.patches.quality import patch_quality, pieces
from tests.bench.measure import Measured, measured
from tests.bench.towns import a_town, output_areas

HERE = "tests.bench.bench_patches"
SIZES = [738, 2_430, 20_000, 100_000]
TOLERANCE, SEEDS = 0.1, 5
#: Peers that take minutes are left out above these numbers of homes.
GERRYCHAIN_TRIES, GERRYCHAIN_PLANS, SPOPT_MOST, GERRYCHAIN_MOST = 3, 21, 20_000, 20_000


def ground(size: int) -> tuple[Stock, Net, float]:
    """The blocks and links, and the target: 738 means Trafford's output areas."""
    return (*output_areas(), 1_000.0) if size == SIZES[0] else (*a_town(size), 175.0)


def rows(size: int) -> Iterator[dict[str, Any]]:
    """Ours for several seeds, then each peer."""
    ours = measured(f"{HERE}:ours", size)
    yield {"name": "patches", "size": size, "peer": "", **ours.value, "peak_memory_mb": ours.peak_mb}
    for peer, most in (("metis", SIZES[-1]), ("gerrychain", GERRYCHAIN_MOST), ("spopt", SPOPT_MOST)):
        if size <= most:
            yield _row(size, peer, ours, measured(f"{HERE}:{peer}", size))

    if size <= SPOPT_MOST and size != SIZES[0]:
        walls = measured(f"{HERE}:walled", size)
        yield {
            "name": "patches with barriers",
            "size": size,
            "peer": "",
            **walls.value,
            "peak_memory_mb": walls.peak_mb,
        }
    hand = measured(f"{HERE}:by_hand", size)
    yield {"name": "a block moved by hand", "size": size, "peer": "", **hand.value, "peak_memory_mb": hand.peak_mb}


def walled(size: int) -> dict[str, Any]:
    """The town cut by 3, 6 and 12 straight barriers, three times each; only parts that can be shared out are judged."""
    stock, net, target = ground(size)
    room, found = Room(target, TOLERANCE), []
    design(*_corner(stock, net), room)
    for lines in (3, 6, 12):
        for seed in range(3):
            cut, start = _cut(stock, net, lines, seed), time.perf_counter()
            plan = design(stock, cut, room, LEANINGS[1], seed=seed)
            seconds = time.perf_counter() - start
            apart = {block for misfit in plan.misfits for block in misfit.blocks}
            first = np.unique(plan.part, return_index=True)[1]
            off = (
                np.abs(np.bincount(plan.part, stock.weight) - target)[[u not in apart for u in first.tolist()]] / target
            )
            found.append((seconds, len(off), int((off <= TOLERANCE + 1e-9).sum()), off.max(), len(plan.misfits),
                          pieces(cut, plan.part) - plan.count))  # fmt: skip
    columns = list(zip(*found, strict=True))
    return {
        "towns": len(found), "ours_s": round(float(np.median(columns[0])), 3), "slowest_s": round(max(columns[0]), 3),
        "patches": sum(columns[1]), "within": round(sum(columns[2]) / sum(columns[1]), 4),
        "worst": round(float(max(columns[3])), 3), "misfits_named": sum(columns[4]), "pieces_too_many": sum(columns[5]),
    }  # fmt: skip


def _cut(stock: Stock, net: Net, lines: int, seed: int) -> Net:
    """The links that none of ``lines`` straight barriers through the town crosses."""
    rng, tail = np.random.default_rng(seed), tails(net)
    kept = np.ones(len(tail), dtype=bool)
    for angle in rng.random(lines) * np.pi:
        east, north = np.cos(angle), np.sin(angle)
        away = (rng.random(2) - 0.5) * [np.ptp(stock.x), np.ptp(stock.y)]
        side = stock.x * east + stock.y * north > away @ [east, north]
        kept &= side[tail] == side[net.to]
    return net_of(stock, np.column_stack([tail[kept], net.to[kept]]))


def by_hand(size: int) -> dict[str, Any]:
    """Sixty blocks at borders moved one after another: each with the measures of the whole and what is said of it."""
    stock, net, target = ground(size)
    room, n = Room(target, TOLERANCE), len(stock.weight)
    part = design(stock, net, room, LEANINGS[1]).part
    points = np.column_stack([stock.x, stock.y])
    homes = Homes(
        finest="dwellings", called=("",) * n, members=tuple((str(k),) for k in range(n)), households=stock.weight,
        stock=stock, net=net, shapes=cells_of(points, np.arange(n)), middle=(0.0, 0.0), street=np.arange(n) // 4,
        walled=np.empty((0, 2), np.int64),
    )  # fmt: skip
    shapes = dissolved(homes.shapes, part)
    each = tuple(patch_quality(homes, part, k, shape, room) for k, shape in enumerate(shapes))
    drawing, took, rng = Drawing(UUID(int=0), homes, room, part, part, shapes, each), [], np.random.default_rng(1)
    while len(took) < 60:
        block = int(rng.integers(n))
        if len(beside := drawing.neighbours(block)) > 1:
            start = time.perf_counter()
            drawing = moved(drawing, block, beside[1])
            assert drawing.quality.patches
            warnings(drawing)
            took.append(time.perf_counter() - start)
    return {
        "blocks": n,
        "patches": len(each),
        "ours_s": round(float(np.median(took)), 4),
        "slowest_s": round(max(took), 4),
    }


def _row(size: int, peer: str, ours: Measured, other: Measured) -> dict[str, Any]:
    seconds, theirs = ours.value["ours_s"], other.value.pop("seconds")
    return {"name": "patches", "size": size, "ours_s": seconds, "peer": peer, "peer_s": theirs,
            "ratio": round(seconds / theirs, 3), **{f"peer_{k}": v for k, v in other.value.items()},
            "peer_peak_memory_mb": other.peak_mb}  # fmt: skip


def ours(size: int) -> dict[str, Any]:
    """Five seeds of the compact leaning; the compiled code is loaded before the clock starts."""
    stock, net, target = ground(size)
    room = Room(target, TOLERANCE)
    design(*_corner(stock, net), room)
    found, seconds = [], []
    for seed in range(SEEDS):
        start = time.perf_counter()
        plan = design(stock, net, room, LEANINGS[1], seed=seed)
        seconds.append(time.perf_counter() - start)
        found.append(judged(stock, net, plan.part, target))
    worst = min(found, key=lambda one: (one["within"], -one["worst"]))
    return {
        "homes": int(stock.weight.sum()),
        "blocks": len(stock.weight),
        "ours_s": round(float(np.median(seconds)), 3),
        "slowest_s": round(max(seconds), 3),
        "seeds_all_within": sum(one["within"] == 1 for one in found),
        **worst,
    }


def _corner(stock: Stock, net: Net) -> tuple[Stock, Net]:
    few = np.arange(min(60, len(stock.weight)))
    links = np.column_stack([tails(net), net.to])
    part = Stock(stock.weight[few], stock.x[few], stock.y[few])
    return part, net_of(part, links[(links < len(few)).all(axis=1)])


def judged(stock: Stock, net: Net, part: Places, target: float) -> dict[str, Any]:
    """The figures of a plan; ``part`` may be numbered with gaps."""
    part = np.unique(part, return_inverse=True)[1]
    h, count = stock.weight, int(part.max()) + 1
    held = np.bincount(part, h)
    off = np.abs(held - target) / target
    x, y = (np.bincount(part, h * axis) / np.maximum(held, 1e-9) for axis in (stock.x, stock.y))
    spread = (h * ((stock.x - x[part]) ** 2 + (stock.y - y[part]) ** 2)).sum() / h.sum()
    return {
        "patches": count,
        "within": round(float((off <= TOLERANCE + 1e-9).mean()), 4),
        "worst": round(float(off.max()), 3),
        "pieces_too_many": pieces(net, part) - count,
        "gyration_m": round(float(np.sqrt(spread)), 1),
        "overlap": round(overlap(stock, part), 4),
    }


def overlap(stock: Stock, part: Places) -> float:
    """Share of the households inside the convex hull of another patch."""
    points = shapely.points(stock.x, stock.y)
    hulls = [shapely.convex_hull(shapely.union_all(points[part == k])) for k in range(int(part.max()) + 1)]
    at, hull = shapely.STRtree(hulls).query(points, predicate="within")
    return float(stock.weight[np.unique(at[part[at] != hull])].sum() / stock.weight.sum())


def _graph(stock: Stock, net: Net) -> networkx.Graph:
    graph = networkx.Graph()
    graph.add_nodes_from((u, {"homes": int(w)}) for u, w in enumerate(stock.weight))
    graph.add_edges_from(zip(tails(net).tolist(), net.to.tolist(), strict=True))
    return graph


def _count(stock: Stock, target: float) -> int:
    return max(1, round(stock.weight.sum() / target))


def metis(size: int) -> dict[str, Any]:
    """METIS k-way, told to keep parts contiguous and as even as it can."""
    stock, net, target = ground(size)
    start = time.perf_counter()
    options = pymetis.Options(contig=1, ufactor=50, seed=1)
    part = pymetis.part_graph(
        _count(stock, target),
        xadj=net.start.tolist(),
        adjncy=net.to.tolist(),
        vweights=stock.weight.astype(int).tolist(),
        options=options,
        recursive=False,
    )[1]
    seconds = round(time.perf_counter() - start, 3)
    return {"seconds": seconds, **judged(stock, net, np.array(part), target)}


def gerrychain(size: int) -> dict[str, Any]:
    """gerrychain's recursive tree partition within the tolerance: the plan of middling shape among several seeds, since
    it does not mind the shape; at most a few tries, and one plan where that takes long."""
    stock, net, target = ground(size)
    graph, count, plans, tries, start = Graph.from_networkx(_graph(stock, net)), _count(stock, target), [], 0, 0.0
    begun = time.perf_counter()
    while tries < GERRYCHAIN_TRIES or (plans and tries < GERRYCHAIN_PLANS):
        random.seed(tries)
        np.random.seed(tries)  # noqa: NPY002 - it draws from there
        tries, start = tries + 1, time.perf_counter()
        try:
            part = tree.recursive_tree_part(graph, range(count), stock.weight.sum() / count, "homes", TOLERANCE)
        except Exception:  # noqa: BLE001, S112 - it gives up in several ways, all of which are its answer
            continue
        found = judged(stock, net, np.array([part[u] for u in range(len(stock.weight))]), target)
        plans.append({"seconds": round(time.perf_counter() - start, 3), **found})
        if plans[-1]["seconds"] > 1:
            break
    plans.sort(key=lambda plan: plan["gyration_m"])
    failed = {"seconds": round(time.perf_counter() - begun, 3), "within": None, "tries": tries}
    return {**plans[len(plans) // 2], "plans": len(plans)} if plans else failed


def spopt(size: int) -> dict[str, Any]:
    """spopt's region k-means on the blocks' positions: connected and compact, without any floor or ceiling."""
    stock, net, target = ground(size)
    frame = geopandas.GeoDataFrame({"x": stock.x, "y": stock.y}, geometry=shapely.points(stock.x, stock.y))
    from libpysal.graph import Graph as Neighbours

    weights = Neighbours.from_arrays(tails(net), net.to, np.ones(len(net.to))).to_W()
    start = time.perf_counter()
    model = RegionKMeansHeuristic(frame[["x", "y"]].to_numpy(), _count(stock, target), weights)
    model.solve()
    seconds = round(time.perf_counter() - start, 3)
    return {"seconds": seconds, **judged(stock, net, np.array(model.labels_), target)}
