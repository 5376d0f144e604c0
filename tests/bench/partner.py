"""A partner without a browser: opens a shared map, moves it, filters its list, looks at assets, and times each answer.

Everything that a browser would fetch is fetched: the page, then once its styles and scripts, the layers of the map at
each move with the copies that it holds, the list alone at each filter. Each has a loopback address of their own.
"""

import json
import random
import re
import time
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx

OPTIONS = re.compile(r"data-options='([^']*)'")
FILES = re.compile(r'(?:href|src)="(/(?:web|vendor)/[^"]+)"')
ASSETS = re.compile(r"/asset/([0-9a-f-]{36})")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZOOM = 15


@dataclass
class Partner:
    """One of them. ``took`` are the names and seconds of the answers, ``wrong`` those that were no good."""

    address: str
    number: int
    took: list[tuple[str, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        here = f"127.1.{self.number // 250}.{1 + self.number % 250}"
        transport = httpx.AsyncHTTPTransport(local_address=here, limits=httpx.Limits(keepalive_expiry=3))
        base, _gap, self.path = self.address.partition("/s/")
        self.browser = httpx.AsyncClient(
            base_url=base, transport=transport, timeout=30, headers={"Accept": "text/html"}
        )
        self.dice, self.copies, self.files = random.Random(self.number), {}, set()  # type: ignore[var-annotated]
        self.options: dict[str, Any] = {}
        self.assets: list[str] = []
        self.page = ""

    async def fetch(self, name: str, path: str, **more: Any) -> httpx.Response:
        """One answer, timed; a copy that is held is only asked after."""
        held = self.copies.get(path)
        begun = time.perf_counter()
        try:
            answer = await self.browser.get(path, headers={"If-None-Match": held} if held else None, **more)
        except httpx.HTTPError as error:
            self.wrong.append(type(error).__name__)
            return httpx.Response(599)
        self.took.append((name, time.perf_counter() - begun))
        if answer.status_code not in (200, 303, 304):
            self.wrong.append(f"{name} answered {answer.status_code}")
        if answer.status_code == 200 and "etag" in answer.headers:
            self.copies[path] = answer.headers["etag"]
        return answer

    async def open(self) -> None:
        """Follow the link, and fetch what the page names."""
        led = await self.fetch("link", f"/s/{self.path}")
        self.page = led.headers.get("location", "")
        shown = await self.fetch("page", self.page)
        self.read(shown.text)
        for file in set(FILES.findall(shown.text)) - self.files:
            self.files.add(file)
            await self.fetch("file", file)
        await self.look(self.options["view"]["bounds"])

    def read(self, page: str) -> None:
        """What the page tells the map, and which assets it lists."""
        found = OPTIONS.search(page)
        told = json.loads(unescape(found[1])) if found else self.options
        # A list with nothing in it has no box: the map stays where it was.
        self.options = told if told["view"]["bounds"] else self.options
        self.assets = sorted(set(ASSETS.findall(page))) or self.assets

    async def look(self, bounds: list[float]) -> None:
        """Fetch the layers of the map at these bounds."""
        box = ",".join(f"{degrees:.6f}" for degrees in bounds)
        for layer in self.options["layers"]:
            if layer["on"] and layer["min_zoom"] <= ZOOM:
                view = {} if layer["whole"] else {"bbox": box, "zoom": ZOOM}
                asked = "&".join(filter(None, (urlencode(view), layer["query"])))
                await self.fetch("map", f"{layer['url']}?{asked}")

    async def act(self) -> None:
        """One thing that somebody does: move the map, mostly; filter; look at an asset; open it anew."""
        what = self.dice.choices(("move", "filter", "detail", "open"), (45, 30, 20, 5))[0]
        if what == "move" or not self.assets:
            return await self.look(self.moved())
        if what == "filter":
            asked = {"day": self.dice.choice(DAYS)} if self.dice.random() < 0.5 else {"q": self.dice.choice("abcdefg")}
            listed = await self.fetch("list", f"{self.page}?{urlencode({'part': 'list', **asked})}")
            return self.read(listed.text)
        if what == "detail":
            await self.fetch("detail", f"{self.page}/asset/{self.dice.choice(self.assets)}?only=asset")
            return None
        return await self.open()

    def moved(self) -> list[float]:
        """The bounds, a little aside."""
        west, south, east, north = self.options["view"]["bounds"]
        aside, up = self.dice.uniform(-0.5, 0.5) * (east - west), self.dice.uniform(-0.5, 0.5) * (north - south)
        return [west + aside, south + up, east + aside, north + up]
