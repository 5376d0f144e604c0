"""Fifty officers at once on real pages: how long a rerun takes, whether anything fails, whether memory stays flat.

``--size`` is how many officers. Each walks the borough as a person would, two seconds between one thing and the next:
estates, filters, the list beside the map, an asset, searches, data health. ``ABCD_LOAD_SECONDS`` is how long (60; the
goal speaks of 600), ``ABCD_LOAD_ASSETS`` how many invented assets lie in the store (none: the borough of Millfield).
"""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from statistics import linear_regression, median, quantiles
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil

from tests.bench.measure import measured
from tests.bench.officer import Officer
from tests.bench.stores import a_copy, a_copy_of_millfield, drop

SIZES = (50,)
THINK = 2.0
#: How many visits of an asset end in a confirmation, which makes everything that was worked out old.
EDITS = 0.1
WORDS = ("library", "gardning", "youth club", "food bank", "hall", "walking group", "repair", "choir")
GOALS = {"median_s": 0.060, "p95_s": 0.250, "errors": 0}


def rows(size: int) -> Iterator[dict[str, Any]]:
    """One row for all reruns, and one a kind of rerun."""
    assets, seconds = int(os.environ.get("ABCD_LOAD_ASSETS", "0")), int(os.environ.get("ABCD_LOAD_SECONDS", "60"))
    url = a_copy(assets) if assets else a_copy_of_millfield()
    try:
        done = measured("tests.bench.bench_load:crowd", url, size, seconds).value
    finally:
        drop(url)
    for name, found in done.items():
        goals = {"goals": GOALS} if name == "all reruns" else {}
        yield {"name": f"load: {name}", "seconds": seconds, "assets": assets or "Millfield"} | found | goals


def crowd(url: str, officers: int, seconds: int) -> dict[str, Any]:
    """Let the officers in, walk them round for ``seconds`` after a first round that does not count."""
    from tests.walks.browsing import serving

    cookies = sign_in(url, officers)
    with serving(url, is_warm=False) as address:
        walked, server = asyncio.run(all_of_them(address, cookies, seconds))
    found = figures(walked)
    each = {"cpu_ms_a_rerun": round(1000 * server.pop("cpu_s") / found["all reruns"]["n"], 1)}
    return found | {"server": server | each}


def sign_in(url: str, officers: int) -> list[str]:
    """A cookie each, of an account each."""
    from abcd.access.accounts import add_account
    from abcd.access.sessions import open_session
    from abcd.db.session import SYSTEM, session

    os.environ["ABCD_DATABASE_URL"] = url
    with session(SYSTEM) as s:
        return [open_session(s, add_account(s, f"Officer {n}", "officer", by=SYSTEM)) for n in range(officers)]


async def all_of_them(address: str, cookies: list[str], seconds: int) -> tuple[list[Officer], dict[str, float]]:
    """Everybody at once; the officers with their times, and what the server took."""
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=30))
        officers = [await stack.enter_async_context(Officer(address, cookie, browser)) for cookie in cookies]
        await asyncio.gather(*(walk(one, random.Random(n), THINK * 8) for n, one in enumerate(officers)))
        for one in officers:
            one.took.clear()
            one.fetched.clear()
        watching = asyncio.create_task(watched(server_at(address), seconds))
        await asyncio.gather(*(walk(one, random.Random(-n - 1), seconds) for n, one in enumerate(officers)))
        return officers, await watching


async def walk(officer: Officer, dice: random.Random, seconds: float) -> None:
    """Round and round until the time is up."""
    until = time.monotonic() + seconds
    await asyncio.sleep(dice.uniform(0, THINK))
    while time.monotonic() < until:
        async for _step in round_trip(officer, dice):
            officer.mistakes.extend(officer.screen.trouble)
            await asyncio.sleep(dice.uniform(0.5, 1.5) * THINK)
            if time.monotonic() >= until:
                return


async def round_trip(officer: Officer, dice: random.Random) -> Any:
    """One errand: an estate, its filters and list, an asset; then a search or a look at the register."""
    yield await officer.visit("start page", "place")
    yield await officer.follow("place page", dice.choice(officer.links_to("place")))
    await officer.look_at_maps()
    kinds = officer.screen.fields["Show"][2].options
    yield await officer.fill("filter of the map", "Show", [dice.choice(kinds).content])
    await officer.look_at_maps()
    listed = officer.screen.fields["Choose one to see it on the map"][2].options
    if listed:
        yield await officer.fill("choice in the list", "Choose one to see it on the map", dice.choice(listed))
    yield await officer.follow("asset page", dice.choice(officer.links_to("asset")))
    await officer.look_at_maps()
    if dice.random() < EDITS and "Yes, still right" in officer.screen.buttons:
        yield await officer.press("save", "Yes, still right")
    yield await officer.visit("find page", "find")
    yield await officer.fill("search", "What are you looking for?", dice.choice(WORDS))
    await officer.look_at_maps()
    if dice.random() < 0.25:
        yield await officer.visit("data health", "data_health")


def server_at(address: str) -> psutil.Process:
    """The process that listens there."""
    port = urlsplit(address).port
    listening = (one for one in psutil.net_connections("tcp") if one.status == "LISTEN" and one.laddr.port == port)
    return psutil.Process(next(listening).pid)


async def watched(server: psutil.Process, seconds: float) -> dict[str, float]:
    """What the server takes: seconds of processor, slope (MB an hour, by least squares) and peak (MB) of its memory."""
    begun, seen, before = time.monotonic(), [], server.cpu_times()
    while (now := time.monotonic() - begun) < seconds - 1:
        seen.append((now, server.memory_info().rss / 2**20))
        await asyncio.sleep(1)
    after, (times, sizes) = server.cpu_times(), zip(*seen, strict=True)
    took = after.user + after.system - before.user - before.system
    slope = linear_regression(times, sizes).slope * 3600
    return {"cpu_s": took, "mb_an_hour": round(slope, 1), "peak_memory_mb": round(max(sizes), 1)}


def figures(officers: list[Officer]) -> dict[str, Any]:
    """Median, 95th percentile and number of all reruns, of each kind, and of the map's requests; what went wrong."""
    by_name: dict[str, list[float]] = {"all reruns": [took for one in officers for _name, took in one.took]}
    for one in officers:
        for name, took in one.took:
            by_name.setdefault(name, []).append(took)
    by_name["map requests"] = [took for one in officers for took in one.fetched]
    found: dict[str, Any] = {name: spread(times) for name, times in by_name.items()}
    wrong = [sentence for one in officers for sentence in one.mistakes]
    found["all reruns"] |= {"officers": len(officers), "errors": len(wrong), "first_errors": sorted(set(wrong))[:3]}
    return found


def spread(times: list[float]) -> dict[str, float]:
    """Number, median, 95th percentile and worst, in seconds."""
    if len(times) < 2:
        return {"n": len(times)}
    high = quantiles(times, n=20)[-1]
    named = {"median_s": median(times), "p95_s": high, "worst_s": max(times)}
    return {"n": len(times)} | {name: round(value, 4) for name, value in named.items()}
