"""The map of “What would help”: what is there, sites by number, and the homes that are left out."""

from dataclasses import dataclass

from abcd.core.language import _, chosen
from abcd.db.session import Actor
from abcd.pages.map_view import MapEvents, MapLayer, MapView, assets_layer, barriers, ground, show_map
from abcd.pages.panels_map import box_of
from abcd.pages.panels_possibilities import for_whom
from abcd.places.records import PlaceRecord


@dataclass(frozen=True)
class At:
    """Points in metres where one would stand, the version of the register, and the map's title.

    With ``pin`` (lon, lat) the map has a pin to drag instead of numbers. ``without`` is the asset that is moved.
    """

    points: tuple[tuple[float, float], ...]
    seen: int
    title: str
    pin: tuple[float, float] | None = None
    is_placing: bool = False
    without: str = ""


def helping_map(actor: Actor, key: str, here: PlaceRecord, category: str, at: At) -> MapEvents:
    """Draw it, and say what was done on it."""
    profile, needs = for_whom()
    asked = {"place": here.reference, "category": category, "profile": profile, "needs": ",".join(needs),
             "without": at.without, "at": ";".join(f"{east:.1f},{north:.1f}" for east, north in at.points),
             "lang": chosen()}  # fmt: skip
    layers = [
        *ground(),
        *barriers(actor),
        MapLayer("places", "boundary", _("Edge of {place}").format(place=here.name),
                 {"place": here.reference, "zoom": "17"}, whole=True),
        MapLayer("siting", "left", _("Homes left out"), asked | {"show": "left"}, whole=True),
        assets_layer(category=category),
    ]  # fmt: skip
    if not at.is_placing:
        layers.append(MapLayer("siting", "site", _("Sites"), asked | {"show": "sites"}, whole=True))
    view = MapView(at.title, layers, box_of(here.box), version=at.seen, draw="point" if at.is_placing else "",
                   point=at.pin)  # fmt: skip
    return show_map(key, view)
