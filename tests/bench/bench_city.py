"""The gap table of a whole city kept: 3,000 places x 40 categories, first and after one asset changed.

``cold`` works everything out in an empty table, ``change`` what one added asset touched, ``page`` makes the
possibilities of a place again from what is kept. The peer is the way of one place (the possibilities of a page from
the register), timed for some places and told for all; both give the same statements, which is checked. With streets
and in straight lines.
"""

import os
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import text

from abcd.db.session import SYSTEM, session
from abcd.gaps.keeping import keep_up
from abcd.gaps.possibilities import possibilities
from abcd.gaps.stored import stored_measures
from tests.bench.cities import CATEGORIES, a_city
from tests.bench.measure import measured
from tests.bench.stores import drop

SIZES = (100_000,)
PLACES = 3_000
ASKED = 24
"""Places whose page is compared."""

SOME = text("select id from core.place where kind = 'estate' order by md5(reference) limit :asked")

ADDED = text("""
insert into core.asset (asset_kind, category, name, geom, point, source_kind, assured_on)
select 'institution', 'library', 'New library', point, point, 'staff visit', current_date
from core.place where kind = 'estate' order by md5(reference) limit 1""")


def rows(size: int) -> Iterator[dict[str, Any]]:
    """One row for each step, in straight lines and along streets."""
    places = max(50, PLACES * size // SIZES[0])
    for with_streets in (False, True):
        url = a_city(size, places, with_streets)
        try:
            live = measured("tests.bench.bench_city:live", url)
            kept = measured("tests.bench.bench_city:kept", url)
        finally:
            drop(url)
        way = "streets" if with_streets else "straight lines"
        by_pages = {"cold": live.value["page"] * places, "change": live.value["page"] * kept.value["touched"]}
        for step in ("cold", "change", "page"):
            peer = by_pages.get(step, live.value["page"])
            yield {
                "name": f"city: {step}, {way}", "size": size, "places": places, "categories": CATEGORIES,
                "ours_s": round(kept.value[step], 4), "peer": "page by page", "peer_s": round(peer, 3),
                "ratio": round(kept.value[step] / peer, 4), "peak_memory_mb": kept.peak_mb,
                "same_statements": kept.value["told"] == live.value["told"], "touched": kept.value["touched"],
            }  # fmt: skip


def live(url: str) -> dict[str, Any]:
    """Seconds of a place page from the register, and what it says."""
    os.environ["ABCD_DATABASE_URL"] = url
    return _pages(lambda s, one: stored_measures(s, one) is None)


def kept(url: str) -> dict[str, Any]:
    """Seconds of working all out, and what one change touched; then as ``live``."""
    os.environ["ABCD_DATABASE_URL"] = url
    cold, _done = _timed(keep_up)
    pages = _pages(lambda s, one: stored_measures(s, one) is not None)
    with session(SYSTEM) as s:
        s.execute(ADDED)
    change, touched = _timed(keep_up)
    return pages | {"cold": cold, "change": change, "touched": touched}


def _pages(is_so: Callable[[Any, UUID], bool]) -> dict[str, Any]:
    took, told = [], []
    with session(SYSTEM) as s:
        places = list(s.scalars(SOME, {"asked": ASKED}))
        assert all(is_so(s, one) for one in places)
        possibilities(s, places[0])
        for one in places:
            seconds, found = _timed(lambda one=one: possibilities(s, one))  # type: ignore[misc]
            took.append(seconds)
            told.append(
                [(gap.category, gap.state, gap.for_whom, gap.how_big, gap.how_sure, list(gap.how)) for gap in found]
            )
    return {"page": median(took), "told": told}


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    done = act()
    return time.perf_counter() - started, done
