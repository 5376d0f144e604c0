"""Two hundred partners browse a shared map while officers work: how long each waits, in one process and in two.

``--size`` is how many partners. Each opens the map, moves it, filters the list and looks at assets, with some seconds
of thought between; one officer looks at one estate after another meanwhile. ``ABCD_LOAD_SECONDS`` is how long (120),
``ABCD_LOAD_ASSETS`` how many invented assets lie in the store (none: the borough of Millfield). Then a crawler asks 200
times a second with one key (trust.md F27), and the officer is compared with the same time without it.
"""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psutil

from tests.bench.bench_load import server_at, sign_in, spread
from tests.bench.measure import measured
from tests.bench.officer import Officer
from tests.bench.partner import Partner
from tests.bench.stores import a_copy, a_copy_of_millfield, drop

SIZES = (200,)
#: Seconds of thought between two things that somebody does.
THINK, OFFICER_THINKS = (2.0, 8.0), 1.0
CRAWL = 200
GOALS = {"partners_p95_s": 0.300, "officer_s": 0.500, "errors": 0}


def rows(size: int) -> Iterator[dict[str, Any]]:
    """A row for each way of running: partners and officer together; then a crawler beside the officer."""
    assets, seconds = int(os.environ.get("ABCD_LOAD_ASSETS", "0")), int(os.environ.get("ABCD_LOAD_SECONDS", "120"))
    url = a_copy(assets) if assets else a_copy_of_millfield()
    try:
        for public in (False, True):
            done = measured("tests.bench.bench_partners:together", url, size, seconds, public).value
            how = "two processes" if public else "one process"
            told = {"seconds": seconds, "assets": assets or "Millfield", "goals": GOALS}
            yield {"name": f"{size} partners and an officer, {how}"} | told | done
            done = measured("tests.bench.bench_partners:crawled", url, min(seconds, 20), public).value
            yield {"name": f"an officer and a crawler at {CRAWL}/s, {how}"} | done
    finally:
        drop(url)


@contextmanager
def serving(url: str, public: bool) -> Iterator[tuple[str, str]]:
    """The addresses of the officers' process and of the one that answers partners, which may be the same."""
    from tests.walks.browsing import SERVE, free_port, wait_for

    ports = free_port(), free_port() if public else 0
    start = f"from abcd.api.beside import beside\nwith beside():\n    {SERVE.replace('; ', chr(10) + '    ')}"
    around = os.environ | {"ABCD_DATABASE_URL": url, "ABCD_HOST": "127.0.0.1", "ABCD_PORT": str(ports[0]),
                           "ABCD_PUBLIC_PORT": str(ports[1] or "")}  # fmt: skip
    process = subprocess.Popen([sys.executable, "-c", start], env=around)
    try:
        officers, partners = f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1] or ports[0]}"
        wait_for(f"{officers}/health", process)
        wait_for(f"{partners}/health", process)
        yield officers, partners
    finally:
        process.terminate()
        process.wait(30)


def a_share(url: str, kind: str) -> Any:
    """A share of everything for partners."""
    from abcd.db.session import SYSTEM, session
    from abcd.maps.sharing.deeds import make_share
    from abcd.maps.sharing.wish import Wish, layers_for

    os.environ["ABCD_DATABASE_URL"] = url
    with session(SYSTEM) as s:
        layers = tuple(one.name for one in layers_for("partner"))
        return make_share(s, Wish(kind, "A map for partners", "partner", layers), by=SYSTEM)


def together(url: str, partners: int, seconds: int, public: bool) -> dict[str, Any]:
    """Partners and an officer at once."""
    link, cookie = a_share(url, "link").address.partition("/s/")[2], sign_in(url, 1)[0]
    with serving(url, public) as (officers, outside):
        alone = asyncio.run(one_officer(officers, cookie, 10))
        server = server_at(outside)
        crowd = [Partner(f"{outside}/s/{link}", number) for number in range(partners)]
        before, begun = server.cpu_times(), time.monotonic()
        beside = asyncio.run(all_of_them(crowd, officers, cookie, seconds))
        spent, after = time.monotonic() - begun, server.cpu_times()
        cpu = after.user + after.system - before.user - before.system
        return figures(crowd, alone, beside) | {
            "cpu_of_their_process": round(cpu / spent, 2), "memory_mb": memory(server),
        }  # fmt: skip


async def all_of_them(crowd: list[Partner], officers: str, cookie: str, seconds: int) -> list[float]:
    """Everybody at once; the officer's times."""
    watching = asyncio.create_task(one_officer(officers, cookie, seconds))
    await asyncio.gather(*(browse(one, seconds) for one in crowd))
    for one in crowd:
        await one.browser.aclose()
    return await watching


async def browse(partner: Partner, seconds: float) -> None:
    """Open the map, and look around until the time is up; they come within the first quarter of it."""
    until = time.monotonic() + seconds
    await asyncio.sleep(partner.dice.uniform(0, seconds / 4))
    await partner.open()
    while True:
        await asyncio.sleep(partner.dice.uniform(*THINK))
        if time.monotonic() >= until:
            return
        await partner.act()


async def one_officer(address: str, cookie: str, seconds: float) -> list[float]:
    """Seconds of each place page that an officer looked at."""
    dice, until, found = random.Random(1), time.monotonic() + seconds, []
    # The server closes a line that was silent for five seconds: never ask on one that is about to go.
    lines = httpx.Limits(keepalive_expiry=3)
    async with (
        httpx.AsyncClient(base_url=address, timeout=30, limits=lines) as browser,
        Officer(address, cookie, browser) as officer,
    ):
        while time.monotonic() < until:
            await officer.visit("start page", "place")
            links = officer.links_to("place")
            found.append(await officer.follow("place page", dice.choice(links)))
            await officer.look_at_maps()
            await asyncio.sleep(OFFICER_THINKS)
    return found[2:]


def figures(crowd: list[Partner], alone: list[float], beside: list[float]) -> dict[str, Any]:
    """Times of partners by what they asked, of the officer without and with them, and what went wrong."""
    took: dict[str, list[float]] = {"partners": []}
    for one in crowd:
        for name, seconds in one.took:
            took.setdefault(name, []).append(seconds)
            took["partners"].append(seconds)
    wrong = [words for one in crowd for words in one.wrong]
    told = {name: spread(times) for name, times in took.items()}
    return told | {"officer_alone": spread(alone), "officer": spread(beside), "errors": len(wrong),
                   "first_errors": sorted(set(wrong))[:5]}  # fmt: skip


def memory(process: psutil.Process) -> float:
    """Megabytes."""
    return round(process.memory_info().rss / 2**20, 1)


def crawled(url: str, seconds: int, public: bool) -> dict[str, Any]:
    """An officer, then the same while somebody asks for features 200 times a second with one key."""
    key, cookie = a_share(url, "feed").key, sign_in(url, 1)[0]
    with serving(url, public) as (officers, outside):
        alone = asyncio.run(one_officer(officers, cookie, seconds))
        beside, answers = asyncio.run(beside_a_crawler(officers, outside, cookie, key, seconds))
    codes = {str(code): answers.count(code) for code in sorted(set(answers))}
    return {"officer_alone": spread(alone), "officer": spread(beside), "answers": codes}


async def beside_a_crawler(
    officers: str, outside: str, cookie: str, key: str, seconds: int
) -> tuple[list[float], list[int]]:
    """The officer's times, and what the crawler was answered."""
    answers: list[int] = []
    async with httpx.AsyncClient(base_url=outside, timeout=30, headers={"X-API-Key": key}) as crawler:
        watching = asyncio.create_task(one_officer(officers, cookie, seconds))
        asking = asyncio.create_task(crawl(crawler, answers))
        beside = await watching
        asking.cancel()
    return beside, answers


async def crawl(crawler: httpx.AsyncClient, answers: list[int]) -> None:
    """Ask for pages of features at a steady rate, whatever is answered."""

    async def once(number: int) -> None:
        path = f"/ogc/collections/assets/items?limit=10&bbox=-2.4,53.3,-2.2,{53.4 + number % 50 / 1000:.3f}"
        answers.append((await crawler.get(path)).status_code)

    async with asyncio.TaskGroup() as group:
        for number in range(1_000_000):
            group.create_task(once(number))
            await asyncio.sleep(1 / CRAWL)
