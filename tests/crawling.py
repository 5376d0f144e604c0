"""Crawls everything that partners and the public may ask: each route of the live table, each link that an answer holds.

A new route is crawled by itself. What its address needs is looked up by name in ``FILLINGS``; a name that is not there
stops the crawl, so that nobody forgets to say it.
"""

import io
import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import httpx
import pyarrow.parquet
from anyio.from_thread import start_blocking_portal
from bs4 import BeautifulSoup
from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from abcd.api.outside import is_outside
from abcd.core.geo import to_degrees
from abcd.maps.layers import LAYERS
from tests.planted import HERE, NOWHERE, Planted

ASKED_FOR = ("text/html,*/*", "application/json")
#: Of addresses that differ only in what stands in their gaps or query, so many are asked by each caller, by turns in
#: both ways; of those that name one thing, more; of somebody who is let in nowhere, fewer.
OF_A_SHAPE, OF_ONE_THING, OF_A_WRONG_ONE, IN_ALL = 2, 9, 1, 500
ONE_THING = (
    "/asset/*", "/assets/items/*", "/services/*", "/service_at_locations/*", "/taxonomies/*", "/taxonomy_terms/*",
)  # fmt: skip
#: What is typed into every form, whatever its fields are.
TYPED = {
    "from": "Old Mill",
    "minutes": "10",
    "name": "A new group",
    "words": "It moved.",
    "answer": "right",
    "kind": "correction",
}
LINKS = ("href", "src", "action", "data-url", "data-src", "data-href")
PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")
ZOOM = 14


@dataclass(frozen=True)
class Caller:
    """Somebody outside: through a share, with a key, or with nothing; from an address of their own."""

    name: str
    slug: str = ""
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def goes_to(self, path: str) -> bool:
        """Whether a route is for such callers: that of a share for who comes through one, any other for the others."""
        if self.name == "group":
            return path.startswith("/still-right/")
        if self.name == "resident":
            return path.startswith("/mine/")
        return is_outside(path) and bool(self.slug) == ("{slug}" in path)

    @property
    def is_here(self) -> bool:
        """Whether they are confined to the estate."""
        return self.name.endswith("here")

    @property
    def is_partner(self) -> bool:
        """Whether they may see what is for partners."""
        return self.name.startswith(("partner", "council", "feed"))


@dataclass(frozen=True)
class Answer:
    """What somebody was answered, unpacked from its transport."""

    caller: Caller
    method: str
    path: str
    status: int
    kind: str
    headers: bytes
    body: bytes

    @property
    def where(self) -> str:
        """Who asked what."""
        return f"{self.caller.name}: {self.method} {self.path} ({self.status} {self.kind})"


def callers(planted: Planted) -> list[Caller]:
    """Everybody outside: without anything, through shares of each audience and reach, and with each key."""
    found = [Caller("stranger"), Caller("wrong key", headers={"X-API-Key": "abcd_" + "A" * 51}),
             Caller("wrong link", slug="A" * 22, token="abcd_" + "A" * 51)]  # fmt: skip
    for name, made in planted.shares.items():
        if name == "partner":
            continue  # a council sees all that a partner does
        token = made.address.rpartition("/s/")[2] if made.share.kind == "link" else ""
        keyed = {"Authorization": f"Bearer {made.key}"} if made.key else {}
        found.append(Caller(name, made.share.slug if not made.key else "", token, keyed))
    return [*found, Caller("group", token=planted.asked), Caller("resident", token=planted.mine)]


def tile_of(point: tuple[float, float], zoom: int = ZOOM) -> tuple[int, int]:
    """Column and row of the Web Mercator tile that holds a point of the grid."""
    from math import asinh, pi, radians, tan

    lon, lat = (float(each[0]) for each in to_degrees([point[0]], [point[1]]))
    return int((lon + 180) / 360 * 2**zoom), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**zoom)


class Fillings:
    """What stands in the gaps of addresses, by the name of the gap."""

    def __init__(self, planted: Planted, caller: Caller) -> None:
        self.planted, self.caller = planted, caller
        ids = [str(planted.ids[name]) for name in ("library", "officers", "elsewhere", "partners", "refuge", "gift")]
        layers = [*LAYERS, "people", "nothing"]
        self.values: dict[str, list[str]] = {
            "slug": [caller.slug or "A" * 22],
            "token": [caller.token or "abcd_" + "A" * 51],
            "layer": layers, "collection": layers, "collection_id": layers, "collectionId": layers,
            "id": [*ids, str(uuid4()), "x"], "asset_id": [*ids, str(uuid4())], "asset": [*ids, str(uuid4())],
            "feature": [*ids, str(uuid4())], "feature_id": [*ids, str(uuid4())], "item": [*ids, str(uuid4())],
            "service_id": [*ids, str(uuid4())], "organisation_id": [*ids], "place": [*ids, "x"], "ref": [*ids],
            "kind": ["group", "venue", "place", "asset", "activity", "x"],
            "format": ["geojson", "json", "csv", "xlsx", "gpkg", "fgb", "parquet", "oruk", "ics", "exe"],
            "extension": ["geojson", "csv"], "language": ["en", "cy"],
            "matrices": ["WebMercatorQuad", "x"],
        }  # fmt: skip

    def addresses(self, route: Route) -> Iterator[str]:
        """Addresses of a route.

        Raises:
            LookupError: a gap has no filling; write one in ``Fillings``.
        """
        names = PARAMETER.findall(route.path)
        tiled = {"z", "x", "y"} & set(names) or {"tileMatrix", "tileRow", "tileCol"} & set(names)
        plain = [name for name in names if name not in tiled]
        if missing := [name for name in plain if name not in self.values]:
            raise LookupError(f"{route.path}: say in tests/crawling.py what may stand for {', '.join(missing)}")
        for each in product(*(self.values[name] for name in plain)):
            for tile in self.tiles() if tiled else [{}]:
                given = dict(zip(plain, each, strict=True)) | tile
                yield PARAMETER.sub(lambda gap: given[gap[1]], route.path)  # noqa: B023 - used at once

    @staticmethod
    def tiles() -> list[dict[str, str]]:
        """The tile of the estate, that of the place which nobody may find, and all of the country in one."""
        found = []
        for zoom, (column, row) in [(ZOOM, tile_of(HERE)), (ZOOM, tile_of(NOWHERE)), (6, tile_of(NOWHERE, 6))]:
            z, x, y = str(zoom), str(column), str(row)
            found.append({"z": z, "x": x, "y": y, "tileMatrix": z, "tileCol": x, "tileRow": y})
        return found


class Crawl:
    """One caller's way through everything."""

    def __init__(self, app: ASGIApp, routes: list[BaseRoute], planted: Planted, caller: Caller, number: int) -> None:
        self.caller, self.routes, self.planted = caller, routes, planted
        self.browser = TestClient(app, follow_redirects=False, raise_server_exceptions=False,
                                  client=(f"192.0.2.{number}", 1), headers=caller.headers)  # fmt: skip
        self.shapes: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.waiting: deque[str] = deque()
        self.known: set[str] = set()

    def answers(self) -> Iterator[Answer]:
        """Every answer, all of them given in one event loop."""
        with start_blocking_portal() as self.browser.portal:
            yield from self.asking()

    def asking(self) -> Iterator[Answer]:
        """Every answer."""
        if self.caller.token and self.caller.slug:
            self.browser.get(f"/s/{self.caller.token}")
        self.add(*self.first())
        for _number in range(IN_ALL):
            if not self.waiting:
                break
            path = self.waiting.popleft()
            self.asked[shape_of(path)] += 1
            accepted = ASKED_FOR[self.asked[shape_of(path)] % len(ASKED_FOR)]
            answer = answered(self.caller, "GET", path, self.browser.get(path, headers={"Accept": accepted}))
            yield answer
            self.add(*links_in(answer))
        for path in self.first("POST"):
            yield answered(self.caller, "POST", path, self.browser.post(path, data=TYPED))

    def first(self, method: str = "GET") -> Iterator[str]:
        """Where it begins: a few addresses of each route."""
        fillings = Fillings(self.planted, self.caller)
        for route in self.routes:
            if isinstance(route, Route) and method in (route.methods or ()) and self.caller.goes_to(route.path):
                yield from islice(fillings.addresses(route), 60 if method == "GET" else 5)

    def most(self, shape: str) -> int:
        """How many addresses of such a shape are asked."""
        if self.caller.name.startswith("wrong"):
            return OF_A_WRONG_ONE
        return OF_ONE_THING if shape.endswith(tuple(f"{one}?" for one in ONE_THING)) else OF_A_SHAPE

    def add(self, *paths: str) -> None:
        """Note addresses that are to be asked."""
        for path in paths:
            shape = shape_of(path)
            if path in self.known or self.shapes[shape] >= self.most(shape):
                continue
            self.known.add(path)
            self.shapes[shape] += 1
            self.waiting.append(path)


def answered(caller: Caller, method: str, path: str, told: httpx.Response) -> Answer:
    """An answer as it is searched."""
    heads = b"\n".join(name + b": " + value for name, value in told.headers.raw)
    kind = told.headers.get("content-type", "").split(";")[0]
    return Answer(caller, method, path, told.status_code, kind, heads, told.content)


def shape_of(path: str) -> str:
    """An address without what stands in its gaps: ids, numbers, values of its query."""
    parts = urlsplit(path)
    plain = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d+(\.\d+)?\b|[A-Za-z0-9_-]{22,}", "*", parts.path)
    names = sorted(part.partition("=")[0] for part in parts.query.split("&"))
    return f"{plain}?{'&'.join(names)}"


def links_in(answer: Answer) -> Iterator[str]:
    """The addresses of ours that an answer names."""
    for link in named_in(answer):
        whole = urlsplit(urljoin(f"http://testserver{answer.path}", link))
        if whole.netloc in ("testserver", "127.0.0.1:8501") and is_outside(whole.path) and "{" not in link:
            yield f"{whole.path}?{whole.query}" if whole.query else whole.path


def named_in(answer: Answer) -> Iterator[str]:
    """What stands in the links of a page or of JSON."""
    if answer.kind == "text/html":
        page = BeautifulSoup(answer.body, "html.parser")
        yield from (str(tag[name]) for tag in page.find_all(True) for name in LINKS if tag.has_attr(name))
    elif "json" in answer.kind and answer.status == 200:
        told = json.loads(answer.body)
        yield from hrefs(told)
        if isinstance(told, dict):
            # A list of Open Referral names its entries by id alone.
            yield from (f"{urlsplit(answer.path).path}/{one['id']}" for one in told.get("contents", []) if "id" in one)


def hrefs(told: object) -> Iterator[str]:
    """Every ``href``, ``url`` and tile address of a JSON answer."""
    if isinstance(told, dict):
        for name, value in told.items():
            if name in ("href", "url") and isinstance(value, str):
                yield value
            else:
                yield from hrefs(value)
    elif isinstance(told, list):
        for one in told[:200]:
            yield from hrefs(one)


def unwrapped(answer: Answer) -> bytes:
    """All bytes of an answer in which something could be read, and what a compressed table holds."""
    found = [answer.headers, answer.body]
    if answer.body.startswith(b"PAR1"):
        table = pyarrow.parquet.read_table(io.BytesIO(answer.body))
        found.append(json.dumps([table.to_pylist(), str(table.schema.metadata)], default=repr).encode())
    return b"\n".join(found)
