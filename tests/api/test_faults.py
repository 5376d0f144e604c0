"""Nobody sees what an exception says (trust.md P20, P21): a number in the browser, lines in the log, no value."""

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from abcd.access.accounts import ensure_owner
from abcd.access.sessions import COOKIE, open_session
from abcd.api.gate import page_paths
from abcd.core.faults import found
from abcd.db.session import SYSTEM, session
from tests.api.conftest import free_port, until_up
from tests.bench.officer import Officer
from tests.warm import WarmServer

CANARY = "Zelda Q. Canary, 07700 900123"
NUMBER = re.compile(r"\b[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{2}\b")

#: The server as ever, but that every page and every route of ours raises an error that names somebody.
BROKEN = f"""
import abcd.pages.visit, abcd.api.server as server
from abcd.core import logs
from starlette.routing import Route, request_response

def fail(*_given, **_named):
    raise KeyError({CANARY!r}) from ValueError("because of " + {CANARY!r})

abcd.pages.visit.holder_of = fail
for route in server.ROUTES:
    if isinstance(route, Route) and route.path != "/health":
        route.app = request_response(fail)
"""
SERVE = "server.serve()"
#: The control: nobody takes the values out.
TALKATIVE = "logs.start = lambda *given, **named: None\n"


@dataclass(frozen=True)
class Broken:
    """A server that fails at everything: its address, a cookie, and all that it wrote."""

    address: str
    cookie: str
    home: Path
    output: Path

    def written(self) -> str:
        """Every byte that it wrote."""
        files = [self.output, *(self.home / "log").glob("*")]
        return "".join(file.read_text(errors="replace") for file in files)


@contextmanager
def broken_server(store: str, folder: Path, code: str) -> Iterator[Broken]:
    port, output = free_port(), folder / "output"
    environment = os.environ | {"ABCD_DATABASE_URL": store, "ABCD_PORT": str(port), "ABCD_HOME": str(folder)}
    with session(SYSTEM) as s:
        cookie = open_session(s, ensure_owner(s, by=SYSTEM))
    process = WarmServer(environment, code, output)
    try:
        yield Broken(until_up(f"http://127.0.0.1:{port}", output), cookie, folder, output)
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def broken(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    with broken_server(store, tmp_path_factory.mktemp("broken"), BROKEN + SERVE) as server:
        yield server


async def seen_on(broken: Broken, page: str) -> list[str]:
    """What somebody reads on a page."""
    async with Officer(broken.address, broken.cookie) as officer:
        await officer.run("first")
        await officer.visit("asked for", page)
        return [*officer.screen.trouble, *officer.screen.words]


@pytest.mark.parametrize("page", sorted(path[1:] for path in page_paths() - {"/"}))
def test_a_page_shows_a_number_that_the_log_explains(broken: Broken, page: str) -> None:
    said = " ".join(asyncio.run(seen_on(broken, page)))
    (number,) = NUMBER.findall(said)
    told = found(number, broken.home / "log")
    assert CANARY not in said
    assert told is not None
    assert (told["fault"]["type"], told["fault"]["because"]["type"]) == ("builtins.KeyError", "builtins.ValueError")
    assert any(line.startswith("abcd/pages/visit.py:") for line in told["fault"]["lines"])


def routes() -> list[tuple[str, str]]:
    """Method and address of every route of ours."""
    from starlette.routing import Route

    from abcd.api.server import ROUTES

    asked = [(route, method) for route in ROUTES if isinstance(route, Route) for method in route.methods or ()]
    known = [
        (method, re.sub(r"{[^}]*}", str(UUID(int=0)), route.path)) for route, method in asked if route.path != "/health"
    ]
    return sorted({pair for pair in known if pair[0] != "HEAD"})


@pytest.mark.parametrize(("method", "path"), routes(), ids=str)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_route_answers_500_with_a_number(broken: Broken, method: str, path: str, accept: str) -> None:
    headers = {"Cookie": f"{COOKIE}={broken.cookie}", "Accept": accept}
    answer = httpx.request(method, broken.address + path, headers=headers)
    (number,) = NUMBER.findall(answer.text)
    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"]
    assert CANARY not in answer.text + str(answer.headers)
    assert found(number.lower(), broken.home / "log") is not None


def test_nothing_that_was_written_names_anybody(broken: Broken) -> None:
    asyncio.run(seen_on(broken, "find"))
    httpx.get(broken.address + "/map/x.geojson", headers={"Cookie": f"{COOKIE}={broken.cookie}"})
    written = broken.written()
    assert "builtins.KeyError" in written
    assert "Canary" not in written
    assert "900123" not in written


def test_without_our_log_it_would_be_named(store: str, tmp_path: Path) -> None:
    """The control: Streamlit and uvicorn print what exceptions say."""
    with broken_server(store, tmp_path, BROKEN + TALKATIVE + SERVE) as server:
        asyncio.run(seen_on(server, "find"))
        assert CANARY in server.written()
