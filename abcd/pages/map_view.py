"""The one map as a Streamlit component: it is given addresses and words, and gives back what a person did on it.

Features never pass through here: the browser fetches them for the part of the map in view.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from abcd.access import can
from abcd.config import settings
from abcd.core.language import _, chosen
from abcd.db.session import Actor
from abcd.maps.map_words import words
from abcd.maps.marks import legend

#: Runs in the page itself; it only brings in our own module and hands events over. A page that is asked again before
#: it has answered takes the map down and puts it up once more: it is the same map then, open card and view and all.
SCRIPT = """
const maps = new Map();
const leaving = new Map();
const GONE_FOR_GOOD = 3000;
export default async function ({ key, data, parentElement, setStateValue }) {
  const { show } = await import(location.origin + "/web/map.js");
  clearTimeout(leaving.get(key));
  if (maps.has(key)) {
    const map = await maps.get(key);
    map.moveTo(parentElement);
    map.update(data, setStateValue);
  } else maps.set(key, show(parentElement, data, setStateValue));
  return () => leaving.set(key, setTimeout(async () => {
    const gone = maps.get(key);
    maps.delete(key);
    (await gone)?.remove();
  }, GONE_FOR_GOOD));
}
"""

_map = st.components.v2.component("abcd_map", js=SCRIPT, isolate_styles=False)

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True)
class MapEvents:
    """What was done on the map last: an asset or place chosen, a point ``(lon, lat)``, an edge, a box asked for.

    ``picked`` are the blocks pressed so far, ``turn`` how many presses there were: it tells a new answer from an old.
    """

    chosen: str | None = None
    point: tuple[float, float] | None = None
    drawn: dict[str, Any] | None = None
    bounds: Box | None = None
    picked: tuple[str, ...] = ()
    turn: int = 0


@dataclass(frozen=True)
class MapLayer:
    """A layer of ``/map/{layer}.geojson``: its name, how it is drawn, its words, and what it is filtered by.

    ``whole`` layers are small and fetched once; the others follow the view. ``on`` False starts switched off.
    ``address`` is where to fetch it when that is not the layer's own.
    """

    layer: str
    style: str
    title: str = ""
    query: dict[str, str] = field(default_factory=dict)
    whole: bool = False
    on: bool = True
    min_zoom: int = 0
    address: str = ""

    def as_data(self) -> dict[str, Any]:
        """What the map module is told."""
        return {
            "name": f"{self.layer}-{self.style}",
            "url": self.address or f"/map/{self.layer}.geojson",
            "title": self.title,
            "style": self.style,
            "query": self.query,
            "whole": self.whole,
            "on": self.on,
            "min_zoom": self.min_zoom,
        }


def ground() -> list[MapLayer]:
    """The quiet basemap that we draw ourselves from what is loaded."""
    return [
        MapLayer("greenspace", "greenspace", _("Green space"), min_zoom=11),
        MapLayer("water", "water", min_zoom=9),
        MapLayer("streets", "streets", min_zoom=14),
        MapLayer("boundaries", "boundaries", _("Wards"), min_zoom=10),
    ]


def barriers(actor: Actor) -> list[MapLayer]:
    """What nobody walks across, and where one can all the same; for whoever may read of barriers."""
    if not can(actor, "view", "barrier"):
        return []
    return [
        MapLayer("barriers", "barrier", _("Barriers"), min_zoom=10),
        MapLayer("crossings", "crossing", _("Crossings"), min_zoom=12),
    ]


def assets_layer(**query: str) -> MapLayer:
    """Assets by kind, filtered by what the list beside the map is filtered by; empty filters are left out."""
    return MapLayer("assets", "asset", query={name: value for name, value in query.items() if value})


@dataclass(frozen=True)
class MapView:
    """What a map is told.

    ``box`` is what to show first, in degrees; the view moves again only when it changes. ``version`` is the last
    audit event, so that the map asks again after a change. ``selected`` is ``{"id", "lon", "lat"}`` of the asset to
    fly to and ring. ``draw`` is ``"point"``, ``"polygon"`` or ``"line"``; ``point`` is where the pin stands now,
    ``shape`` the edge or line to start from (a GeoJSON geometry in degrees). ``ask_bounds`` adds a button that gives
    the box in view.
    ``picked`` are the blocks (layer style ``blocks``) that are chosen now; pressing one adds it or takes it away.
    ``turn`` is the last press that the page knows of, so that the map does not lose those since.
    """

    title: str
    layers: list[MapLayer]
    box: Box | None = None
    version: int = 0
    selected: dict[str, Any] | None = None
    draw: str = ""
    point: tuple[float, float] | None = None
    shape: dict[str, Any] | None = None
    ask_bounds: bool = False
    picked: tuple[str, ...] = ()
    turn: int = 0
    height: int = 480
    credit: str = ""

    def as_data(self) -> dict[str, Any]:
        """Addresses, words and this small view: never a feature."""
        return {
            "title": self.title,
            "language": chosen(),
            "words": words(),
            "kinds": legend() if any(layer.style == "asset" for layer in self.layers) else [],
            "layers": [layer.as_data() for layer in self.layers],
            "view": {"key": str(self.box), "bounds": list(self.box) if self.box else None},
            "version": self.version,
            "selected": self.selected,
            "draw": self.draw,
            "point": {"lon": self.point[0], "lat": self.point[1]} if self.point else None,
            "shape": self.shape,
            "ask_bounds": self.ask_bounds,
            "picked": list(self.picked),
            "turn": self.turn,
            "asset_url": "/assets",
            "height": self.height,
            "credit": self.credit,
            "basemap": _basemap(),
        }


def show_map(key: str, view: MapView, on_chosen: Callable[[], None] | None = None) -> MapEvents:
    """Draw ``view`` and say what was done on it; events are kept under ``key``.

    ``on_chosen`` is called before the rerun when an asset is chosen.
    """
    told = _map(
        key=key,
        data=view.as_data(),
        on_chosen_change=on_chosen or _nothing,
        on_point_change=_nothing,
        on_drawn_change=_nothing,
        on_bounds_change=_nothing,
        on_picked_change=_nothing,
    )
    return events(told)


def events(told: Any) -> MapEvents:
    """The component's state as one record."""
    at, box, picked = told.get("point"), told.get("bounds"), told.get("picked") or {}
    return MapEvents(
        chosen=told.get("chosen"),
        point=(at["lon"], at["lat"]) if at else None,
        drawn=told.get("drawn"),
        bounds=(box[0], box[1], box[2], box[3]) if box else None,
        picked=tuple(picked.get("ids", ())),
        turn=int(picked.get("turn", 0)),
    )


def _nothing() -> None:
    """Events are read from the result."""


def _basemap() -> dict[str, str]:
    ours = settings()
    return {"tiles": ours.tile_url, "pmtiles": ours.pmtiles, "attribution": ours.basemap_attribution}
