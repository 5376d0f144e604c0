"""An officer without a browser: speaks Streamlit's own WebSocket protocol to the real server, and times each rerun.

Everything that a browser would send is sent: the cookie, the origin, the address, the state of every field that was
touched, and the map's requests with the copies that it already holds.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from abcd.access.sessions import COOKIE

PATIENCE = 30
"""Seconds to wait for the end of a rerun."""


@dataclass
class Screen:
    """What the last runs drew, as far as somebody acts on it; ``trouble`` is what a person would see go wrong."""

    links: list[Any] = field(default_factory=list)
    fields: dict[str, tuple[str, str, Any]] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    maps: list[dict[str, Any]] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def wipe(self) -> None:
        """A run of the whole page draws everything anew."""
        for each in (self.links, self.fields, self.buttons, self.maps, self.words, self.trouble):
            each.clear()

    def draw(self, delta: Any) -> None:
        """Take in one element."""
        element, part = delta.new_element, delta.fragment_id
        kind = element.WhichOneof("type")
        if kind is None:
            return
        drawn = getattr(element, kind)
        if kind == "page_link":
            self.links.append(drawn)
        elif kind in ("radio", "button_group", "text_input"):
            self.fields[drawn.label] = (drawn.id, part, drawn)
        elif kind == "button":
            self.buttons[drawn.label] = (drawn.id, part)
        elif kind == "bidi_component" and '"layers"' in drawn.json:
            self.maps.append(json.loads(drawn.json))
        elif kind == "exception" or (kind == "alert" and drawn.format == drawn.ERROR):
            self.trouble.append(drawn.message if kind == "exception" else drawn.body)
        elif kind in ("markdown", "heading", "alert"):
            self.words.append(drawn.body)


class Officer:
    """One signed-in session: ``async with Officer(address, cookie) as officer``.

    ``took`` are the names and seconds of its reruns, ``fetched`` the seconds of its map's requests, ``mistakes`` all
    that it saw go wrong.
    """

    def __init__(self, address: str, cookie: str, browser: httpx.AsyncClient | None = None) -> None:
        self.address, self.cookie, self.browser = address, cookie, browser
        self.screen, self.touched = Screen(), {}  # type: tuple[Screen, dict[str, tuple[str, Any]]]
        self.script, self.query, self.copies = "", "", {}  # type: tuple[str, str, dict[str, str]]
        self.shown: set[str] = set()
        self.took: list[tuple[str, float]] = []
        self.fetched: list[float] = []
        self.mistakes: list[str] = []

    async def __aenter__(self) -> Self:
        headers = {"Cookie": f"{COOKIE}={self.cookie}"}
        self.socket: ClientConnection = await connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            origin=self.address,  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers=headers,
            max_size=None,
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:  # fmt: skip
        await self.socket.close()

    async def run(self, name: str, part: str = "") -> float:
        """Rerun the page, or one ``part`` of it, and wait for the end; seconds from sending to the last word."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash, state.fragment_id = self.query, self.script, part
        for key, (kind, value) in self.touched.items():
            one = state.widget_states.widgets.add(id=key)
            getattr(one, kind).data.extend(value) if kind == "string_array_value" else setattr(one, kind, value)
        if part:
            self.screen.trouble.clear()
        else:
            self.screen.wipe()
        begun = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        await asyncio.wait_for(self._until_finished(), PATIENCE)
        self.took.append((name, time.perf_counter() - begun))
        return self.took[-1][1]

    async def _until_finished(self) -> None:
        while True:
            heard = ForwardMsg.FromString(await self.socket.recv())  # type: ignore[arg-type]
            kind = heard.WhichOneof("type")
            if kind == "delta":
                self.screen.draw(heard.delta)
            elif kind == "page_info_changed":
                self.query = heard.page_info_changed.query_string
            elif kind == "navigation":
                self.script = heard.navigation.page_script_hash
                self.screen.pages = {one.url_pathname: one.page_script_hash for one in heard.navigation.app_pages}
            elif kind == "script_finished" and heard.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if heard.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    self.screen.trouble.append("the script does not compile")
                return

    async def visit(self, name: str, page: str, query: str = "") -> float:
        """Go to a page, by the name in its address."""
        return await self._go(name, self.screen.pages.get(page, ""), query)

    async def follow(self, name: str, link: Any) -> float:
        """Press a link of the page."""
        return await self._go(name, link.page_script_hash, link.query_string)

    async def _go(self, name: str, script: str, query: str) -> float:
        self.script, self.query = script, query
        self.touched.clear()
        self.shown.clear()
        return await self.run(name)

    async def fill(self, name: str, label: str, value: str | list[str]) -> float:
        """Type into a field or choose in it, by its label; only its own part of the page runs again."""
        key, part, _drawn = self.screen.fields[label]
        self.touched[key] = ("string_array_value", value) if isinstance(value, list) else ("string_value", value)
        return await self.run(name, part)

    async def press(self, name: str, label: str) -> float:
        """Press a button, by its label."""
        key, part = self.screen.buttons[label]
        self.touched[key] = ("trigger_value", True)
        took = await self.run(name, part)
        self.touched.pop(key, None)
        return took

    def links_to(self, parameter: str) -> list[Any]:
        """The links of the page that name a ``place`` or an ``asset``."""
        return [link for link in self.screen.links if parameter in parse_qs(link.query_string)]

    async def look_at_maps(self) -> None:
        """Fetch what the maps of the page show, as the map module does: a layer again only when its address changed,
        and a copy that the browser holds is only asked after."""
        wanted = {address for one in self.screen.maps[-1:] for address in layer_addresses(one)}
        new, self.shown = wanted - self.shown, wanted
        await asyncio.gather(*map(self._fetch, new))

    async def _fetch(self, path: str) -> None:
        headers = {"Cookie": f"{COOKIE}={self.cookie}", "Accept-Encoding": "gzip"}
        if path in self.copies:
            headers["If-None-Match"] = self.copies[path]
        begun = time.perf_counter()
        answer = await self.browser.get(path, headers=headers)  # type: ignore[union-attr]
        self.fetched.append(time.perf_counter() - begun)
        if answer.status_code not in (200, 304):
            self.screen.trouble.append(f"{path.partition('?')[0]} answered {answer.status_code}")
        self.copies[path] = answer.headers.get("ETag", "")


def layer_addresses(told: dict[str, Any]) -> list[str]:
    """The requests of a map at the zoom of an estate."""
    bounds = told["view"]["bounds"] or [-2.33, 53.42, -2.27, 53.46]
    view = {"bbox": ",".join(f"{degrees:.6f}" for degrees in bounds), "zoom": "15"}
    shown = [layer for layer in told["layers"] if layer["on"] and layer["min_zoom"] <= 15]
    return [f"{each['url']}?{urlencode(({} if each['whole'] else view) | each['query'])}" for each in shown]
