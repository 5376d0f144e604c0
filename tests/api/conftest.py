"""The whole server in a process of its own, on a store of its own: what a browser would meet."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from abcd.access.accounts import add_account, ensure_owner
from abcd.access.links import new_link
from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import PlaceAsset
from tests.builders import a_place, an_asset
from tests.warm import WarmServer

START = "from abcd.api import sockets; sockets.EVERY = 1; from abcd.api.server import serve; serve()"
"""The server as it is, but that open sockets are looked at each second."""
SECONDS_TO_START = 60
PROXY = "127.0.0.2"
"""The address of a proxy that the server trusts."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the server writes."""
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="module")
def server(store: str, server_log: Path) -> Iterator[str]:
    """The address of a running server."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        place, asset = a_place(s, name="Old Mill"), an_asset(s, name="Mill Library", postcode="M16 7AA")
        s.add(PlaceAsset(place_id=place, asset_id=asset, relation="within"))
    port, log = free_port(), server_log
    environment = os.environ | {"ABCD_DATABASE_URL": store, "ABCD_PORT": str(port), "ABCD_TRUSTED_PROXY": PROXY}
    process = WarmServer(environment, START, log)
    try:
        yield until_up(f"http://127.0.0.1:{port}", log)
    finally:
        process.terminate()
        process.wait(30)


def until_up(address: str, log: Path) -> str:
    """The address, once the server answers there."""
    for _ in range(SECONDS_TO_START * 10):
        try:
            httpx.get(f"{address}/health")
            return address
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


@pytest.fixture
def stranger(server: str) -> Iterator[httpx.Client]:
    """A browser that has not signed in."""
    with httpx.Client(base_url=server) as browser:
        yield browser


@pytest.fixture
def behind_proxy(server: str) -> Iterator[httpx.Client]:
    """A browser that reaches the server over TLS, through the proxy that it trusts."""
    transport = httpx.HTTPTransport(local_address=PROXY)
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    with httpx.Client(base_url=server, transport=transport, headers=headers) as browser:
        yield browser


def fresh_link(actor: Actor | None = None) -> str:
    """The path of a one-time link, for the owner unless an actor is named."""
    with session(SYSTEM) as s:
        return f"/sign-in/{new_link(s, actor or ensure_owner(s, by=SYSTEM), by=SYSTEM)}"


@pytest.fixture
def browser(stranger: httpx.Client) -> httpx.Client:
    """The owner's browser."""
    assert stranger.post(fresh_link()).status_code == 303
    return stranger


@pytest.fixture
def partner(server: str) -> Iterator[httpx.Client]:
    """The browser of a partner's account."""
    with session(SYSTEM) as s:
        account = add_account(s, "Pat Partner", "partner_viewer", by=SYSTEM)
    with httpx.Client(base_url=server) as opened:
        opened.post(fresh_link(account))
        yield opened
