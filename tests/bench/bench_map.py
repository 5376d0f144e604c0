"""What a map fetches, at each zoom, over the densest spot of the country: milliseconds at a thousand and a million.

The peer is the same view without the counts by square: clusters made from the assets of the view at every zoom.
"""

import os
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.db.session import SYSTEM, session
from abcd.maps import viewport
from abcd.maps.clusters import clusters, from_assets
from abcd.maps.layers import LAYERS
from abcd.maps.view import Bbox, Filters, View
from tests.bench.measure import measured

SIZES = (1_000, 1_000_000)
ZOOMS = range(6, 17)
ROUNDS = 5
#: A desktop map in pixels.
WIDE, HIGH = 1_200, 800
VIEWS = {"all": {}, "one category": {"category": "library"}, "one kind": {"kinds": ["association"]}}
DENSEST = """
select ST_X(g), ST_Y(g) from (
  select ST_Transform(ST_SetSRID(ST_MakePoint(sum(sum_e) / sum(n), sum(sum_n) / sum(n)), 27700), 4326) g
  from core.asset_cell where size = 2000 group by x, y order by sum(n) desc limit 1) spot
"""


def rows(size: int) -> Iterator[dict[str, Any]]:
    """One row for each zoom and filter."""
    # Imported late: filling a store takes libraries whose memory is not ours to count.
    from tests.bench.stores import synthetic_store

    url = synthetic_store(size)
    mine, theirs = (measured(f"tests.bench.bench_map:{side}", url) for side in ("ours", "bare"))
    for name, (seconds, length) in mine.value.items():
        yield {
            "name": f"map: {name}",
            "ours_s": seconds,
            "peer": "clusters from the assets of the view",
            "peer_s": theirs.value[name],
            "kb": round(length / 1024),
            "peak_memory_mb": mine.peak_mb,
        }


def views(s: Session) -> Iterator[tuple[str, Bbox, int, Filters]]:
    """Every view that is asked for, with its name."""
    lon, lat = s.execute(text(DENSEST)).one()
    for named, wanted in VIEWS.items():
        for zoom in ZOOMS:
            degrees = 360 / 256 / 2**zoom / 2
            across, up = degrees * WIDE, degrees * HIGH * 0.59
            yield f"zoom {zoom}, {named}", (lon - across, lat - up, lon + across, lat + up), zoom, Filters(**wanted)


def ours(url: str) -> dict[str, tuple[float, int]]:
    """Median seconds and the length of each answer."""
    os.environ["ABCD_DATABASE_URL"] = url
    found = {}
    with session(SYSTEM) as s:
        for name, bbox, zoom, filters in views(s):
            answer = viewport.features(s, "assets", bbox, zoom, filters)
            took = [_seconds(lambda: viewport.features(s, "assets", bbox, zoom, filters)) for _ in range(ROUNDS)]  # noqa: B023
            found[name] = (round(median(took), 5), len(answer))
    return found


def bare(url: str) -> dict[str, float]:
    """Seconds of the same views from the assets alone."""
    os.environ["ABCD_DATABASE_URL"] = url
    found = {}
    with session(SYSTEM) as s:
        for name, bbox, zoom, filters in views(s):
            counts = from_assets(LAYERS["assets"], "officer", View.of_degrees(bbox, zoom), filters)
            found[name] = round(_seconds(lambda: clusters(s, counts, zoom)), 5)  # noqa: B023
    return found


def _seconds(act: Any) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
