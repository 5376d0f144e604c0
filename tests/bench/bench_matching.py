"""Matching at a hundred thousand offers: one wish, every wish of a night, and the plan for all of them.

``one wish``: the median and the worst of a hundred wishes, read and weighed and named as the page does, in a process
that has rehearsed one as the app does when it starts; its peer weighs the wish against
all offers at once with arrays that are in memory already. ``night``: 20 thousand wishes, their ten best neighbours and
the plan; its peer weighs a sample of wishes against every offer by the plain formula, its time taken for all, and the
best neighbours of the sample must be the same. Both once more along streets. ``plan``: the sparse plan of some wishes
beside ``scipy.optimize.linear_sum_assignment`` of the same, whose totals must be equal; all 20 thousand at once would
need a dense matrix of 13 GB.
"""

import time
from collections.abc import Iterator
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.connections.matching import suggestions_for_wish
from abcd.connections.matching.nightly import begun, matched, of_patch
from abcd.connections.matching.planning import plan
from abcd.connections.matching.rehearsing import rehearse
from abcd.connections.matching.ways import patches_of
from abcd.connections.matching.wishes import resident_wishes
from abcd.db.session import SYSTEM, Actor, session
from tests.bench.brute_matching import Brute
from tests.bench.measure import measured, row
from tests.bench.residents import ASSOCIATION, fill_residents
from tests.bench.stores import a_copy, drop
from tests.bench.synthetic import SOURCE

SIZES = (100_000,)
WISHES = 20_000
ASSETS = 10_000
ONE, SAMPLE, BLOCK = 100, 200, 1_500
DAY = date(2026, 11, 22)
BY = Actor("Bench", "manager", organisation_id=str(ASSOCIATION))

MAP = UUID("5e0d0000-0000-4000-8000-0000000000ab")

# A street every 100 m both ways, a tenth of them missing, out to 4 km from where the homes of a town lie.
STREETS = """
insert into core.import (id, source_id, kind, file_name, file_bytes, status, as_of, loaded_at)
values (:map, :source, 'streets', 'invented.geojson', 0, 'loaded', current_date, now());
insert into core.street_map (id, source_id, vintage, nodes, edges, metres, area)
values (:map, :source, '2026', 0, 0, 0, ST_MakeEnvelope(0, 0, 700000, 1300000, 27700));
create temporary table middle as
select row_number() over (order by md5(cast(g as text))) as n, ST_Centroid(ST_Collect(point)) as at
from (select point, ST_ClusterDBSCAN(point, 3000, 1) over () as g from core.place
      where id in (select place_id from core.person)) c group by g;
insert into core.street (map_id, a, b, metres, marks, geom)
select :map, n * 10000 + x * 100 + y, n * 10000 + (x + dx) * 100 + y + dy, 100, 0, ST_Translate(ST_SetSRID(
    ST_MakeLine(ST_MakePoint(x * 100, y * 100), ST_MakePoint((x + dx) * 100, (y + dy) * 100)), 27700),
  ST_X(at) - 4000, ST_Y(at) - 4000)
from middle, generate_series(0, 80) x, generate_series(0, 80) y, (values (0, 1), (1, 0)) as way(dx, dy)
where abs(hashtext(n || ' ' || x || ' ' || y || ' ' || dx)) % 10 > 0
"""


def rows(size: int) -> Iterator[dict[str, Any]]:
    """One row a comparison."""
    url = a_copy(ASSETS)
    try:
        fill_residents(url, size, WISHES)
        one, theirs = measured("tests.bench.bench_matching:one", url), measured("tests.bench.bench_matching:brute", url)
        yield {
            "name": "matching: one wish", "ours_s": one.value["median"], **of_one(one.value),
            "peer": "numpy over all offers in memory", "peer_s": theirs.value["each"], "peak_memory_mb": one.peak_mb,
        }  # fmt: skip
        night = measured("tests.bench.bench_matching:night", url)
        assert night.value["best"] == theirs.value["best"], "the night and the plain formula differ"
        told = row("matching: night of 20,000 wishes", size, night, "numpy, each wish against every offer", theirs)
        whole = theirs.value["each"] * WISHES
        yield told | {
            "ours_s": night.value["seconds"], "peer_s": round(whole, 1), "same_answers": len(theirs.value["best"]),
            "ratio": round(night.value["seconds"] / whole, 4), "planned": night.value["planned"],
        }  # fmt: skip
        yield measured("tests.bench.bench_matching:planned", url).value
        lay_streets(url)
        along = measured("tests.bench.bench_matching:night", url)
        yield {
            "name": "matching: night of 20,000 wishes along streets", "ours_s": along.value["seconds"],
            "cpu_s": along.value["cpu_s"], "first_s": along.value["first_s"], "peak_memory_mb": along.peak_mb,
            "peer": "the same by straight line", "peer_s": night.value["seconds"], "planned": along.value["planned"],
        }  # fmt: skip
        on_page = measured("tests.bench.bench_matching:one", url)
        yield {
            "name": "matching: one wish along streets", "ours_s": on_page.value["median"], **of_one(on_page.value),
            "peer": "the same by straight line", "peer_s": one.value["median"],
        }  # fmt: skip
    finally:
        drop(url)


def of_one(found: dict[str, float]) -> dict[str, float]:
    """What is told of single wishes beside their median; ``first_s`` is what the app does before anybody asks."""
    return {f"{name}_s": found[name] for name in ("worst", "cpu", "cpu_worst", "first")}


def lay_streets(url: str) -> None:
    """Streets every 100 m round the homes; their network is made by whoever walks first."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("select set_config('abcd.actor', 'Invented', false)"))
        for statement in STREETS.split(";"):
            connection.execute(text(statement), {"map": MAP, "source": SOURCE} if ":map" in statement else {})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze core.street"))


def _asking(url: str) -> pytest.MonkeyPatch:
    patch = pytest.MonkeyPatch()
    patch.setenv("ABCD_DATABASE_URL", url)
    return patch


def _some(s: Session, many: int) -> list[UUID]:
    wanted = text("select w.id from core.person_wish w order by md5(w.id::text) limit :many")
    return list(s.scalars(wanted, {"many": many}))


def one(url: str) -> dict[str, float]:
    """Seconds that a page waits for the suggestions of one wish, each of them counted, and our processor's share."""
    _asking(url)
    started, took, spent = time.perf_counter(), [], []
    with session(SYSTEM) as s:
        rehearse(s)
    first = time.perf_counter() - started
    with session(BY) as s:
        for wish in _some(s, ONE):
            started, before = time.perf_counter(), time.process_time()
            suggestions_for_wish(s, wish)
            took.append(time.perf_counter() - started)
            spent.append(time.process_time() - before)
    found = {"median": median(took), "worst": max(took), "cpu": median(spent), "cpu_worst": max(spent), "first": first}
    return {name: round(seconds, 4) for name, seconds in found.items()}


def brute(url: str) -> dict[str, Any]:
    """Seconds a wish by the plain formula over every offer, and the best neighbours of the sample."""
    _asking(url)
    with session(BY, patient=True) as s:
        plain = Brute(s, DAY)
        wishes = [str(wish) for wish in _some(s, SAMPLE)]
    started = time.perf_counter()
    best = {wish: plain.best(wish) for wish in wishes}
    return {"each": round((time.perf_counter() - started) / SAMPLE, 5), "best": best}


def night(url: str) -> dict[str, Any]:
    """Seconds of a night, and the best neighbours of the same sample."""
    _asking(url)
    with session(BY, patient=True) as s:
        sample = {str(wish) for wish in _some(s, SAMPLE)}
        started = time.perf_counter()
        patches = patches_of(s, own := [wish.place_id for wish in resident_wishes(s)[:1]], own)
        patches.between(own[0])
        first, started, spent = time.perf_counter() - started, time.perf_counter(), time.process_time()
        found = matched(s, DAY)
        seconds, spent = round(time.perf_counter() - started, 1), round(time.process_time() - spent, 1)
        wishes = [wish for wish in resident_wishes(s) if str(wish.wish_id) in sample]
        ready = begun(s, wishes, DAY)
        best = {
            str(wish.wish_id): [round(one.score, 4) for one in near]
            for wish in wishes
            for _found, near in of_patch(s, ready, wish.place_id, [wish], 5)
        }
    kept = sum(one.planned is not None for one in found)
    return {"seconds": seconds, "cpu_s": spent, "first_s": round(first, 1), "best": best, "planned": kept}


def planned(url: str) -> dict[str, Any]:
    """The plan of a block of wishes, sparse and dense."""
    _asking(url)
    with session(BY, patient=True) as s:
        wishes = resident_wishes(s)[:BLOCK]
        ready = begun(s, wishes, DAY)
        near = [kept for wish in wishes for _found, kept in of_patch(s, ready, wish.place_id, [wish], 5)]
    people = {one.row.person_id: 0 for kept in near for one in kept}
    people = {person: at for at, person in enumerate(people)}
    pairs = [(at, people[one.row.person_id], one.score) for at, kept in enumerate(near) for one in kept]
    at, who, scores = (np.array(column) for column in zip(*pairs, strict=True))
    started = time.perf_counter()
    kept = plan(at, who, scores, np.full(len(people), 2))
    ours = time.perf_counter() - started
    dense = np.zeros((BLOCK, 2 * len(people) + BLOCK))
    dense[at, 2 * who] = dense[at, 2 * who + 1] = scores
    started = time.perf_counter()
    total = float(dense[linear_sum_assignment(dense, maximize=True)].sum())
    theirs = time.perf_counter() - started
    assert abs(total - float(scores[kept].sum())) < 1e-6, "the two plans are not worth the same"
    return {
        "name": f"matching: plan of {BLOCK} wishes", "ours_s": round(ours, 4), "peer_s": round(theirs, 4),
        "peer": "scipy.optimize.linear_sum_assignment", "ratio": round(ours / theirs, 4), "total": round(total, 3),
        "pairs": len(pairs), "dense_mb": round(dense.nbytes / 1e6),
    }  # fmt: skip
