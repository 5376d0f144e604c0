"""Towns of homes along real streets, for the comparison of patch designs.

Streets are those of Oakham in the OpenStreetMap extract of Rutland (the real data set, ``network``): each stretch
between junctions gets homes at random, as many as its length asks for, in blocks of at most ten. Blocks are linked
along the street, at junctions, and to blocks within 150 m over Delaunay's edges. Larger towns are copies of it side
by side, joined by five links each.
"""

import os
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import osmium
import pandas as pd
import shapely
from scipy.spatial import Delaunay

from abcd.core.geo import to_grid
from abcd.patches.net import Net, Places, Stock, components, net_of, stock_of

OAKHAM, RADIUS = (486_000.0, 308_900.0), 1_800.0
HIGHWAYS = {"residential", "living_street", "unclassified", "tertiary"}
MOST, NEAR = 10, 150.0
#: Metres of street for each home: both sides of a street of terraces and semi-detached houses.
METRES = 5.5


def data() -> Path:
    """The folder of the real data set."""
    return Path(os.environ.get("ABCD_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")


def streets() -> list[tuple[list[int], np.ndarray[Any, Any]]]:
    """The streets of Oakham: node ids, and points (m, 2) in metres."""
    file = str(data() / "network" / "rutland-latest.osm.pbf")
    ways = osmium.FileProcessor(file).with_locations().with_filter(osmium.filter.KeyFilter("highway"))
    found = []
    for way in ways:
        if not way.is_way() or way.tags["highway"] not in HIGHWAYS:
            continue
        nodes = [node for node in way.nodes if node.location.valid()]
        east, north = to_grid(np.array([n.lon for n in nodes]), np.array([n.lat for n in nodes]))
        points = np.column_stack([east, north])
        if len(nodes) > 1 and np.hypot(*(points.mean(axis=0) - OAKHAM)) < RADIUS:
            found.append(([n.ref for n in nodes], points))
    return found


def a_town(size: int, seed: int = 1) -> tuple[Stock, Net]:
    """About ``size`` homes in one connected town."""
    stock, net, links = _oakham(min(size, 20_000), seed)
    copies = max(1, round(size / stock.weight.sum()))
    n, wide = len(stock.weight), np.ptp(stock.x) + 100
    x = np.concatenate([stock.x + wide * copy for copy in range(copies)])
    weight, y = np.tile(stock.weight, copies), np.tile(stock.y, copies)
    joined = [links + n * copy for copy in range(copies)]
    joined += [np.array([[n * copy - 1 - k, n * copy + k] for k in range(5)]) for copy in range(1, copies)]
    whole = stock_of(weight, x, y)
    return whole, net_of(whole, np.concatenate(joined))


def _oakham(size: int, seed: int) -> tuple[Stock, Net, Places]:
    rng = np.random.default_rng(seed)
    ways = streets()
    used = Counter(ref for refs, _ in ways for ref in {*refs})
    stretches = [_stretch(refs, points, a, b) for refs, points in ways for a, b in _between_junctions(refs, used)]
    length = sum(shapely.length(line) for _, _, line in stretches)
    # Few homes lie on part of the streets, from the middle outwards; many on all of them, as densely as it takes.
    stretches.sort(key=lambda each: shapely.distance(each[2], shapely.Point(OAKHAM)))
    wanted, blocks = size * METRES, []
    for first, last, line in stretches:
        homes = rng.poisson(shapely.length(line) / min(METRES, length / size))
        if homes and (wanted := wanted - homes * METRES) > -MOST * METRES:
            blocks.append((first, last, line, homes))
    return _linked(blocks)


def _between_junctions(refs: list[int], used: Counter[int]) -> list[tuple[int, int]]:
    ends = [i for i, ref in enumerate(refs) if used[ref] > 1 or i in (0, len(refs) - 1)]
    return list(pairwise(ends))


def _stretch(refs: list[int], points: np.ndarray[Any, Any], a: int, b: int) -> tuple[int, int, shapely.LineString]:
    return refs[a], refs[b], shapely.LineString(points[a : b + 1])


def _linked(stretches: list[tuple[int, int, shapely.LineString, int]]) -> tuple[Stock, Net, Places]:
    weight, points, links, at = [], [], [], defaultdict(set)
    for first, last, line, homes in stretches:
        count = -(-homes // MOST)
        ids = range(len(weight), len(weight) + count)
        weight += [homes // count + (k < homes % count) for k in range(count)]
        points += [line.interpolate((k + 0.5) / count, normalized=True).coords[0] for k in range(count)]
        links += pairwise(ids)
        at[first].add(ids[0])
        at[last].add(ids[-1])
    links += [(u, v) for blocks in at.values() for u in blocks for v in blocks if u < v]
    xy = np.array(points)
    near = Delaunay(xy + np.random.default_rng(0).normal(0, 1e-3, xy.shape)).simplices
    sides = np.concatenate([near[:, [0, 1]], near[:, [1, 2]], near[:, [0, 2]]])
    sides = sides[np.hypot(*(xy[sides[:, 0]] - xy[sides[:, 1]]).T) < NEAR]
    return _largest(np.array(weight, float), xy, np.concatenate([np.array(links), sides]))


def _largest(weight: Any, xy: Any, links: Places) -> tuple[Stock, Net, Places]:
    stock = stock_of(weight, xy[:, 0], xy[:, 1])
    piece = components(net_of(stock, links))
    kept = np.flatnonzero(piece == np.bincount(piece, weight).argmax())
    place = np.full(len(weight), -1)
    place[kept] = np.arange(len(kept))
    inside = place[links[(place[links] >= 0).all(axis=1)]]
    town = stock_of(weight[kept], xy[kept, 0], xy[kept, 1])
    return town, net_of(town, inside), inside


def output_areas() -> tuple[Stock, Net]:
    """Trafford's 738 output areas with their households of 2021; linked where they share more than 5 m of border."""
    areas = geopandas.read_file(data() / "boundaries" / "trafford_oa_generalised_2021.geojson").to_crs(27700)
    tenure = pd.read_csv(data() / "census" / "2021_household_tenure_oa_trafford.csv")
    households = areas.area_code.map(tenure.groupby("area_code").value.sum()).to_numpy(float)
    shapes = areas.geometry.to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    shared = (a < b) & (shapely.length(shapely.intersection(shapes[a], shapes[b])) > 5)
    middle = areas.geometry.representative_point()
    stock = stock_of(households, middle.x.to_numpy(), middle.y.to_numpy())
    return stock, net_of(stock, np.column_stack([a, b])[shared])
