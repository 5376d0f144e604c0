"""The process for partners and the public: what it knows, what it may not do, and that it is kept running (R9)."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from abcd.api import beside, server
from abcd.api.moved import Moved
from abcd.api.outside import EVERYWHERE, OUTSIDE, is_below, is_outside
from abcd.api.public import ROUTES
from abcd.api.public_routes import PUBLIC_ROUTES
from abcd.api.turns import Turns, takes_turns
from abcd.api.writing import writing
from abcd.db import confined, daybreak
from abcd.db.confined import APP_ROLE, SHARE_ROLE, a_door, confine, require_role
from abcd.db.session import SYSTEM, reached, session
from tests.api.conftest import free_port, until_up

ROOT = Path(__file__).parents[2]
#: Whatever only officers need: their pages, their way in, and the libraries behind those.
OFFICERS_OWN = (
    "streamlit", "abcd.pages", "abcd.api.gate", "abcd.api.sign_in", "pandas", "geopandas", "folium", "scipy", "numba",
)  # fmt: skip


@pytest.fixture
def alone() -> Iterator[None]:
    """This process confined, as the public one is."""
    confine(SHARE_ROLE)
    yield
    confined._roles.clear()


def test_it_knows_nothing_of_the_officers_pages() -> None:
    look = f"import sys, abcd.api.public; print([name for name in {OFFICERS_OWN} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_both_processes_have_one_list_of_public_routes() -> None:
    assert [route for route in server.ROUTES if route in ROUTES] == ROUTES
    paths = [str(getattr(route, "path", "")) for route in PUBLIC_ROUTES]
    assert [path for path in paths if not is_outside(path)] == []
    others = [str(getattr(route, "path", "")) for route in server.ROUTES if route not in ROUTES]
    assert [path for path in others if is_below(path, (*OUTSIDE, *EVERYWHERE))] == []


def test_a_confined_process_takes_no_other_role(store: str, alone: None) -> None:
    with session(SYSTEM, SHARE_ROLE):
        pass
    with pytest.raises(PermissionError, match="not as abcd_app_rw"), session(SYSTEM):
        pass
    with a_door(APP_ROLE), session(SYSTEM):
        pass
    with pytest.raises(PermissionError):
        require_role(APP_ROLE)


def test_a_confined_process_leaves_what_a_day_brings_to_the_others(
    store: str, alone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought: list[str] = []
    monkeypatch.setattr(daybreak, "_steps", [lambda: brought.append("plans")])
    monkeypatch.setattr(reached(SHARE_ROLE), "day", None)
    with session(SYSTEM, SHARE_ROLE):
        assert brought == []
    confine()
    with session(SYSTEM, SHARE_ROLE):
        assert brought == ["plans"]


def test_only_an_address_that_writes_has_the_right_to(store: str, alone: None) -> None:
    def look(_request: Request) -> Response:
        with session(SYSTEM):
            return PlainTextResponse("written")

    routes = [*writing(Route("/may", look)), Route("/may-not", look)]
    with TestClient(Starlette(routes=routes)) as house:
        assert house.get("/may").text == "written"
        with pytest.raises(PermissionError):
            house.get("/may-not")


def moved(monkeypatch: pytest.MonkeyPatch, port: str) -> TestClient:
    """The officers' process, with or without a public one beside it."""
    monkeypatch.setenv("ABCD_PUBLIC_PORT", port)
    monkeypatch.setenv("ABCD_PUBLIC_URL", "https://maps.example.org")
    return TestClient(Moved(PlainTextResponse("here")), follow_redirects=False)


@pytest.mark.parametrize("path", [prefix + "x" if prefix.endswith("/") else prefix for prefix in OUTSIDE])
def test_with_a_public_process_the_officers_one_sends_partners_there(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    answer = moved(monkeypatch, "8502").get(f"{path}?lang=cy&q=a%20b")
    assert (answer.status_code, answer.headers["location"]) == (
        307,
        f"https://maps.example.org{path}?lang=cy&q=a%20b",
    )
    assert moved(monkeypatch, "").get(path).text == "here"


@pytest.mark.parametrize("path", ["/", "/place", "/web/door.css", "/health", "/shared/preview-abc", "/sign-in/x"])
def test_what_is_the_officers_stays(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    assert moved(monkeypatch, "8502").get(path).text == "here"


def told(answers: list[int]) -> Callable[[Scope, Receive, Send], ASGIApp]:
    """Takes the status of an answer."""

    async def send(message: dict[str, int]) -> None:
        if message["type"] == "http.response.start":
            answers.append(message["status"])

    return send


def test_partners_take_turns_and_officers_need_not_wait() -> None:
    """Ten ask at once, two are answered at a time in the order they came, and a page in between does not wait."""
    at_work, most, begun = 0, 0, []

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal at_work, most
        at_work, most = at_work + 1, max(most, at_work + 1)
        begun.append(scope["path"])
        await anyio.sleep(0.01)
        at_work -= 1
        await PlainTextResponse("done")(scope, receive, send)

    async def everybody() -> list[int]:
        app, answers = Turns(slow, at_once=2, most_waiting=6), []
        async with anyio.create_task_group() as group:
            for number in range(10):
                scope = {"type": "http", "method": "GET", "path": f"/open/{number}", "headers": []}
                group.start_soon(app, scope, None, told(answers))
                await anyio.sleep(0)
            page = {"type": "http", "method": "GET", "path": "/place", "headers": []}
            group.start_soon(app, page, None, told(answers))
        return answers

    answers = asyncio.run(everybody())
    assert sorted(answers) == [200] * 9 + [503] * 2
    assert [path for path in begun if path != "/place"] == [f"/open/{number}" for number in range(8)]
    assert begun.index("/place") <= 2
    assert most == 3


@pytest.mark.parametrize(
    ("method", "path", "waits"),
    [("GET", "/open/abc", True), ("HEAD", "/shared/abc/map/assets.geojson", True), ("GET", "/ogc/collections", True),
     ("GET", "/shared/abc/files/assets.gpkg", False), ("GET", "/open/abc/files/assets.csv", False),
     ("POST", "/shared/abc/suggest", False), ("GET", "/place", False), ("GET", "/web/door.css", False)],
)  # fmt: skip
def test_who_waits_in_line(method: str, path: str, waits: bool) -> None:
    """A file that takes a minute, or a body that comes slowly, must not stand before everybody's map."""
    assert takes_turns(method, path) is waits


def test_a_slow_reader_holds_no_turn() -> None:
    """Whoever takes the bytes one by one keeps nobody waiting: the turn ended when the answer began."""

    async def much(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("x" * 1000)(scope, receive, send)

    async def both() -> list[str]:
        app, order, done = Turns(much, at_once=1), [], anyio.Event()
        scope = {"type": "http", "method": "GET", "path": "/open/x", "headers": []}

        async def slowly(message: dict[str, str]) -> None:
            if message["type"] == "http.response.body":
                await done.wait()
            order.append(f"slow {message['type'][14:]}")

        async def quickly(message: dict[str, str]) -> None:
            order.append(f"quick {message['type'][14:]}")
            if message["type"] == "http.response.body":
                done.set()

        async with anyio.create_task_group() as group:
            group.start_soon(app, scope, None, slowly)
            while not order:
                await anyio.sleep(0)
            group.start_soon(app, scope, None, quickly)
        return order

    assert asyncio.run(both()) == ["slow start", "quick start", "quick body", "slow body"]


@pytest.fixture(scope="module")
def public(store: str) -> Iterator[str]:
    """The address of the public process, kept running by this one."""
    with pytest.MonkeyPatch.context() as patch:
        port = free_port()
        patch.setenv("ABCD_PUBLIC_PORT", str(port))
        patch.setattr(beside, "FIRST", 0.1)
        with beside.beside():
            yield until_up(f"http://127.0.0.1:{port}", Path(os.devnull))


def its_process() -> int:
    """The number of the public process."""
    told = subprocess.run(["pgrep", "-P", str(os.getpid()), "-f", "abcd.api.public"], capture_output=True, check=True)
    return int(told.stdout.split()[0])


def test_it_answers_for_itself(public: str) -> None:
    assert httpx.get(f"{public}/health").json() == {"status": "ok"}
    assert httpx.get(f"{public}/web/door.css").status_code == 200
    missing = httpx.get(f"{public}/place")
    assert (missing.status_code, "Page not found" in missing.text) == (404, True)
    assert missing.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert httpx.get(f"{public}/sign-in").status_code == 404
    assert httpx.post(f"{public}/health", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_file_of_ours_is_squeezed_once_and_whole(public: str) -> None:
    plain = httpx.get(f"{public}/web/door.css", headers={"Accept-Encoding": "identity"})
    packed = httpx.get(f"{public}/web/door.css")
    assert (packed.headers["content-encoding"], packed.text) == ("gzip", plain.text)
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    again = httpx.get(f"{public}/web/door.css", headers={"If-None-Match": packed.headers["etag"]})
    assert (again.status_code, packed.headers["vary"]) == (304, "Accept-Encoding")
    part = httpx.get(f"{public}/web/door.css", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, plain.content[:10])


def test_it_speaks_no_other_protocol() -> None:
    from abcd.api.public import app

    with TestClient(app) as house, pytest.raises(WebSocketDisconnect), house.websocket_connect("/open/x"):
        pass
    confined._roles.clear()


def test_it_is_started_again_when_it_dies_and_nobody_is_refused(public: str) -> None:
    before = its_process()
    os.kill(before, signal.SIGKILL)
    assert httpx.get(f"{public}/health", timeout=30).status_code == 200
    assert its_process() != before


STARTS_IT = """
import os, signal, sys, time
from abcd.api.beside import beside
with beside():
    print("up", flush=True)
    time.sleep(60)
"""


def test_it_ends_with_whoever_started_it(store: str) -> None:
    port = free_port()
    around = os.environ | {"ABCD_PUBLIC_PORT": str(port), "ABCD_DATABASE_URL": store}
    with subprocess.Popen([sys.executable, "-c", STARTS_IT], cwd=ROOT, env=around, stdout=subprocess.PIPE) as parent:
        until_up(f"http://127.0.0.1:{port}", Path(os.devnull))
        parent.kill()
    for _ in range(100):
        try:
            httpx.get(f"http://127.0.0.1:{port}/health", timeout=1)
        except httpx.TransportError:
            return
        time.sleep(0.1)
    pytest.fail("it lives on alone")


def test_a_taken_port_is_told_with_another(public: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from abcd.errors import StoreUnavailable

    monkeypatch.setenv("ABCD_PUBLIC_PORT", public.rsplit(":", 1)[1])
    with pytest.raises(StoreUnavailable, match="--public-port"), beside.beside():
        pass


def test_it_is_not_told_what_is_the_officers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCD_OIDC_CLIENT_SECRET", "hush")
    monkeypatch.setenv("ABCD_DATABASE_URL", "postgresql://app@db/abcd")
    monkeypatch.setenv("ABCD_PUBLIC_DATABASE_URL", "postgresql://share@db/abcd")
    told = beside.surroundings()
    assert told["ABCD_DATABASE_URL"] == "postgresql://share@db/abcd"
    assert "hush" not in told.values()
