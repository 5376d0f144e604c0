"""More than one browser may ask is refused, and nobody else notices (trust.md F25, F26, F27)."""

import asyncio
import random
import socket
import time
from contextlib import suppress
from statistics import median
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.api.caps import LONGEST_ADDRESS, LONGEST_BODY, MOST_SOCKETS, OF_EXPORTS, Caps
from abcd.api.server import LONGEST_FRAME
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
