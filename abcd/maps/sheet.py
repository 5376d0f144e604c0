"""The folium map of a place: quiet ground, the boundary, the marks; data as JSON alone, no popups, no tooltips."""

from math import ceil, log2
from typing import Any

import folium
import orjson
from branca.element import MacroElement
from jinja2 import Template
from sqlalchemy.orm import Session

from abcd.core import geo
from abcd.maps.view import Bbox, Filters
from abcd.maps.viewport import features
from abcd.places.records import PlaceRecord

GREYS: dict[str, dict[str, Any]] = {
    "greenspace": {"color": "#c9d2bf", "weight": 1, "fillColor": "#e3e9dc", "fillOpacity": 1},
    "water": {"color": "#bccbd3", "weight": 1, "fillColor": "#dbe5ea", "fillOpacity": 1},
    "streets": {"color": "#d2cfc8", "weight": 2, "fill": False},
    "boundaries": {"color": "#8b8f8c", "weight": 1, "dashArray": "4 4", "fill": False},
}
BOUNDARY = {"color": "#0b5c58", "weight": 3, "fill": False}
#: How much of the country round a place is drawn, as a share of its size, and how finely (a zoom).
GROUND, EDGE, FINENESS = 0.4, 0.05, 14
#: Metres of the side of a place that is drawn as finely as that, and the zoom below which nothing is drawn.
FINE_SIDE, COARSEST = 4_000, 8


class Marks(MacroElement):
    """The assets on the map, by our script ``sheet.js``; each of ``at`` is [entry, latitude, longitude, kind]."""

    _template = Template(
        "{% macro script(this, kwargs) %}abcdMarks({{ this._parent.get_name() }}, {{ this.at|tojson }});{% endmacro %}"
    )

    def __init__(self, at: list[list[Any]]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self._id, self.at = "Marks", "assets", at


def place_drawing(s: Session, place: PlaceRecord, assets: list[dict[str, Any]]) -> folium.Map:
    """The map of ``place`` with ``assets``, in the order of their list; ready to be rendered."""
    alone = {"place": (Filters(place=str(place.id)), BOUNDARY)}
    near = degrees_round(place, EDGE)
    return drawing(s, degrees_round(place, GROUND), near, assets, alone, "public", fineness(place.box))


def drawing(
    s: Session, wide: Bbox, near: Bbox, assets: list[dict[str, Any]], edges: dict[str, tuple[Filters, dict[str, Any]]],
    audience: str, zoom: int,
) -> folium.Map:  # fmt: skip
    """The ground of the box ``wide``, the edges of places by name, the marks of ``assets``; ``near`` is in view."""
    whole = folium.Map(tiles=None)
    # folium's own names are random; the same place gives the same page.
    whole._id, whole.default_js, whole.default_css = "place", [], []
    for name, style in GREYS.items():
        _add(whole, name, features(s, name, wide, zoom, audience=audience), style)
    for name, (those, style) in edges.items():
        _add(whole, name, features(s, "places", wide, zoom, those, audience=audience), style)
    placed = [(n, asset) for n, asset in enumerate(assets) if asset["lon"] is not None]
    Marks([[n, round(a["lat"], 6), round(a["lon"], 6), a["asset_kind"]] for n, a in placed]).add_to(whole)
    west, south, east, north = near
    whole.fit_bounds([[south, west], [north, east]])
    return whole


def fineness(box: Bbox) -> int:
    """The zoom as which the ground of a box in metres is drawn: what is large is drawn with fewer corners."""
    side = max(box[2] - box[0], box[3] - box[1], 1.0)
    return max(COARSEST, FINENESS - max(0, ceil(log2(side / FINE_SIDE))))


def degrees_round(place: PlaceRecord, share: float) -> Bbox:
    """The box of ``place`` in degrees, wider on each side by ``share`` of its larger side."""
    west, south, east, north = place.box
    more = share * max(east - west, north - south)
    lon, lat = geo.to_degrees([west - more, east + more], [south - more, north + more])
    return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])


def _add(whole: folium.Map, name: str, collection: bytes, style: dict[str, Any]) -> None:
    shapes = orjson.loads(collection)
    if not shapes["features"]:
        return
    for shape in shapes["features"]:
        shape["properties"] = {}
    drawn = folium.GeoJson(shapes, style_function=lambda _feature: style | {"interactive": False}, name=name)
    drawn._id = name
    drawn.add_to(whole)
