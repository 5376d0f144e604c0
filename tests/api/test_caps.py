"""More than one browser may ask is refused, and nobody else notices (trust.md F25, F26, F27)."""

import asyncio
import random
import socket
import time
from contextlib import suppress
from statistics import median
from types import SimpleNamespace
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psutil
import pytest
from limits import RateLimitItemPerSecond
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.api import caps, windows
from abcd.api.caps import LONGEST_ADDRESS, LONGEST_BODY, MOST_SOCKETS, OF_A_CALLER, OF_EXPORTS, Caps
from abcd.api.server import LONGEST_FRAME
from abcd.api.windows import SWEPT_AFTER, Windows
from abcd.db.session import SYSTEM, session
from tests.bench.bench_load import server_at
from tests.bench.officer import Officer

FLOOD = 5_000


def a_cookie(name: str = "Olu Officer") -> str:
    """The cookie of a new officer."""
    with session(SYSTEM) as s:
        return open_session(s, add_account(s, name, "officer", by=SYSTEM))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/map/assets.geojson?place={'x' * LONGEST_ADDRESS}", 414),
        ("/map/assets.geojson?place=a%00b", 400),
        ("/export/map/a%1bb.html", 400),
        ("/map/assets.geojson?place=%ff%fe", 400),
    ],
)
def test_an_address_that_none_of_ours_is(browser: httpx.Client, path: str, status: int) -> None:
    answer = browser.get(path)
    assert (answer.status_code, bool(answer.json()["error"])) == (status, True)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_long_is_not_read(browser: httpx.Client, chunked: bool) -> None:
    sent = b"x" * (LONGEST_BODY + 1)
    content = iter([sent[: len(sent) // 2], sent[len(sent) // 2 :]]) if chunked else sent
    answer = browser.post("/draft", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 413)
    assert answer.json()["error"]


def test_who_exports_without_end_is_told_when_to_come_again(server: str) -> None:
    crawler, other = a_cookie(), a_cookie()
    with httpx.Client(base_url=server, headers={"Cookie": f"{COOKIE}={crawler}"}) as asking:
        found = [asking.get("/export/places.geojson?category=none") for _each in range(OF_EXPORTS.amount + 5)]
    late = found[-1]
    assert late.status_code == 429
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    assert late.headers["Content-Security-Policy"]
    polite = httpx.get(f"{server}/export/places.geojson", headers={"Cookie": f"{COOKIE}={other}"})
    assert polite.status_code == 200


def test_a_crawler_is_slowed_and_its_neighbours_are_not() -> None:
    """F27, without a server: a known session may ask 400 times in ten seconds, from one address or many."""

    async def let_in(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["actor"] = object()
        await Response()(scope, receive, send)

    async def crawl() -> tuple[list[int], int]:
        transport = httpx.ASGITransport(Caps(let_in, longest_upload=1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as asking:
            crawler, other = ({"Cookie": f"{COOKIE}={letter * 43}"} for letter in "AB")
            answers = [(await asking.get("/map/x", headers=crawler)).status_code for _each in range(450)]
            return answers, (await asking.get("/map/x", headers=other)).status_code

    answers, neighbour = asyncio.run(crawl())
    assert 380 <= answers.count(200) <= 405
    assert (answers[-1], neighbour) == (429, 200)


def test_callers_are_counted_without_a_thread_and_forgotten_when_their_time_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = [1_000.0]
    monkeypatch.setattr(windows, "time", SimpleNamespace(time=lambda: moment[0]))
    counts = Windows()
    counts.timer.join()
    assert [counts.incr("first", 20), counts.incr("first", 20), counts.incr("other", 60)] == [1, 2, 1]
    moment[0] += 21
    assert counts.incr("first", 20) == 1
    moment[0] += SWEPT_AFTER + 11
    counts.incr("last", 20)
    assert set(counts.storage) == set(counts.expirations) == {"other", "last"}
    assert not counts.timer.is_alive()


SHARE, OTHER = uuid4(), uuid4()


async def a_share(scope: Scope, receive: Receive, send: Send) -> None:
    """Doors of the outside: a share behind two of the cookies and keys, and nothing behind any other."""
    shown = Headers(scope=scope)
    known = {"one": SHARE, "two": OTHER}.get(shown.get("cookie", "")[-3:] or shown.get("x-api-key", ""))
    if known:
        scope.setdefault("state", {})["share"] = SimpleNamespace(id=known)
    await Response()(scope, receive, send)


def asked(*callers: tuple[str, str, dict[str, str]], times: int = 1) -> list[list[int]]:
    """The answers that each caller (address, path, headers) gets, who ask by turns, so many times."""
    app = Caps(a_share, longest_upload=1)

    async def ask() -> list[list[int]]:
        found: list[list[int]] = [[] for _each in callers]
        for _time in range(times):
            for number, (address, path, headers) in enumerate(callers):
                transport = httpx.ASGITransport(app, client=(address, 1))
                async with httpx.AsyncClient(transport=transport, base_url="http://test") as asking:
                    found[number].append((await asking.get(path, headers=headers)).status_code)
        return found

    return asyncio.run(ask())


def test_a_share_that_crawls_is_slowed_and_other_shares_and_strangers_are_not() -> None:
    """F27: one caller of a share may ask 200 times in ten seconds; nobody else pays for it."""
    crawler = ("192.0.2.1", "/shared/abc/data", {"Cookie": "abcd_share=one"})
    beside = [("192.0.2.1", "/shared/def/data", {"Cookie": "abcd_share=two"}), ("192.0.2.1", "/open/xyz", {}),
              ("192.0.2.2", "/shared/abc/data", {"Cookie": "abcd_share=one"})]  # fmt: skip
    app = Caps(a_share, longest_upload=1)

    async def crawl() -> tuple[list[httpx.Response], list[int]]:
        async def answer(address: str, path: str, headers: dict[str, str]) -> httpx.Response:
            transport = httpx.ASGITransport(app, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as asking:
                return await asking.get(path, headers=headers)

        crawled = [await answer(*crawler) for _each in range(OF_A_CALLER.amount + 40)]
        return crawled, [(await answer(*one)).status_code for one in beside]

    crawled, neighbours = asyncio.run(crawl())
    codes = [answer.status_code for answer in crawled]
    assert codes.count(200) in range(OF_A_CALLER.amount, OF_A_CALLER.amount + 10)
    assert codes[-1] == 429
    assert 1 <= int(crawled[-1].headers["Retry-After"]) <= OF_A_CALLER.get_expiry()
    assert neighbours == [200, 200, 200]


def test_a_key_of_a_feed_counts_as_a_share_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, "OF_A_CALLER", RateLimitItemPerSecond(5, 10))
    key = ("192.0.2.1", "/ogc/collections", {"X-API-Key": "one"})
    cookie = ("192.0.2.1", "/shared/abc", {"Cookie": "abcd_share=one"})
    assert [codes.count(200) for codes in asked(key, cookie, times=6)] == [4, 3]


def test_all_callers_of_a_share_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, "OF_A_SHARE", RateLimitItemPerSecond(10, 10))
    callers = [(f"192.0.2.{number}", "/shared/abc", {"Cookie": "abcd_share=one"}) for number in range(1, 5)]
    answers = [code for codes in asked(*callers, times=5) for code in codes]
    # The first of all is not known yet, and counts for its address.
    assert answers.count(200) == 11


def test_keys_that_open_nothing_count_for_their_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tries key after key has one account for all of them, and it is not that of an honest key."""
    monkeypatch.setattr(caps, "OF_AN_ADDRESS_OUTSIDE", RateLimitItemPerSecond(5, 10))
    guesses = [("192.0.2.1", "/ogc", {"X-API-Key": f"guess {number}"}) for number in range(8)]
    honest = ("192.0.2.1", "/ogc", {"X-API-Key": "one"})
    # The first of an honest key is not known yet, and counts for its address.
    assert [codes[0] for codes in asked(honest, *guesses, honest)] == [200] * 5 + [429] * 4 + [200]


async def closing_code(server: str, cookie: str, *frames: bytes | str) -> int:
    """With which code a socket is closed that sends these."""
    address, headers = f"{server.replace('http', 'ws')}/_stcore/stream", {"Cookie": f"{COOKIE}={cookie}"}
    async with connect(address, origin=server, subprotocols=["streamlit"], additional_headers=headers) as opened:
        try:
            for frame in frames:
                await opened.send(frame)
            async with asyncio.timeout(15):
                while True:
                    await opened.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0


@pytest.mark.parametrize(
    ("frames", "codes"),
    [
        ((b"\0" * 25_000_000,), (1009,)),
        ((b"\0" * (LONGEST_FRAME + 1),), (1009,)),
        (("hello",), (1003,)),
        ((random.Random(1).randbytes(300),), (1002,)),
    ],
    ids=["25 MB", "just too long", "text", "garbage"],
)
def test_a_frame_that_no_page_sends_closes_the_socket_and_nothing_else(
    server: str, server_log: object, frames: tuple[bytes | str, ...], codes: tuple[int, ...]
) -> None:
    async def both() -> tuple[int, float]:
        async with Officer(server, a_cookie()) as officer:
            await officer.run("before")
            code = await closing_code(server, a_cookie(), *frames)
            took = await officer.run("after")
            assert officer.screen.trouble == []
            return code, took

    before = server_at(server).memory_info().rss
    code, _took = asyncio.run(both())
    assert code in codes
    assert server_at(server).memory_info().rss - before < 80e6


def test_a_session_has_only_so_many_sockets(server: str) -> None:
    cookie = a_cookie()
    httpx.get(f"{server}/find", headers={"Cookie": f"{COOKIE}={cookie}"})

    async def open_many() -> int:
        opened = [Officer(server, cookie) for _each in range(MOST_SOCKETS + 5)]
        refused = 0
        for one in opened:
            try:
                await one.__aenter__()
            except InvalidHandshake:
                refused += 1
        for one in opened:
            with suppress(AttributeError):
                await one.socket.close()
        return refused

    assert asyncio.run(open_many()) == 5


def test_a_flood_of_sockets_without_a_session_reaches_nothing(server: str, server_log: object) -> None:
    """F26: none is let in, memory stays flat, and an officer goes on working meanwhile."""
    host, port = urlsplit(server).hostname or "", urlsplit(server).port or 0
    cookie = a_cookie()

    async def knock(_number: int) -> bytes:
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        answer = await reader.readline()
        writer.close()
        return answer

    async def flood() -> set[bytes]:
        heard: set[bytes] = set()
        for start in range(0, FLOOD, 250):
            heard |= set(await asyncio.gather(*map(knock, range(start, start + 250))))
        return heard

    async def meanwhile() -> tuple[set[bytes], list[float]]:
        async with Officer(server, cookie) as officer:
            await officer.run("first")
            flooding, took = asyncio.create_task(flood()), []
            while not flooding.done():
                took.append(await officer.visit("start", "place"))
                await asyncio.sleep(0.2)
            assert officer.screen.trouble == []
            return await flooding, took

    before = server_at(server).memory_info().rss
    heard, took = asyncio.run(meanwhile())
    assert heard == {b"HTTP/1.1 403 Forbidden\r\n"}
    assert median(took) < 3.0
    assert server_at(server).memory_info().rss - before < 60e6


def test_a_socket_that_says_nothing_costs_nothing(server: str) -> None:
    """Slow and half-open clients: many of them hold no thread and no connection of the store."""
    host, port = urlsplit(server).hostname or "", urlsplit(server).port or 0
    process: psutil.Process = server_at(server)
    threads = process.num_threads()
    silent = [socket.create_connection((host, port)) for _each in range(200)]
    for one in silent:
        one.sendall(b"GET /health HTTP/1.1\r\nHost: ")
    begun = time.monotonic()
    assert httpx.get(f"{server}/health", timeout=10).status_code == 200
    assert time.monotonic() - begun < 5
    assert process.num_threads() - threads < 10
    for one in silent:
        one.close()
