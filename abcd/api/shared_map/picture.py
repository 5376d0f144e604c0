"""What the map module of a shared map is told: addresses, words and a small view, never a feature."""

from typing import Any

from abcd.api.shared_map.opened import Opened
from abcd.assets.lines import METRES_PER_MINUTE
from abcd.config import settings
from abcd.core.language import _, chosen
from abcd.db.tables import Place
from abcd.maps.choices import Choices
from abcd.maps.layer import Layer
from abcd.maps.listing import Listed, in_degrees, is_listed
from abcd.maps.map_words import words
from abcd.maps.marks import legend
from abcd.maps.view import Bbox

#: The background, as the pages of officers have it, and from which zoom.
GROUND = (("greenspace", 11), ("water", 9), ("streets", 14), ("boundaries", 10))
#: Degrees by which a single point is given room.
ROOM = 0.004
#: How a layer is drawn that is no layer of places.
STYLES = {"barriers": "barrier", "crossings": "crossing"}


def told(here: Opened, offered: Choices, listed: Listed) -> dict[str, Any]:
    """The options of ``show`` in map.js."""
    shown = frozenset(offered.kinds)
    box = walked(here) or listed.box or offered.box
    return {
        "title": _("Map of {title}").format(title=here.share.title),
        "language": chosen(),
        "words": words(),
        "kinds": [kind for kind in legend() if kind["kind"] in shown] or legend(),
        "layers": layers(here),
        "view": {"key": str(box), "bounds": roomy(box) if box else None},
        "selected": None,
        "asset_url": f"{here.base}/asset/{{id}}",
        "popups": False,
        "pointing": True,
        "height": 640,
        "credit": "",
        "basemap": basemap(),
    }


def layers(here: Opened) -> list[dict[str, Any]]:
    """The ground, the edge of what is shared, its areas, the walk that is asked for, and what stands in the list."""
    ground = [layer(here, name, name, spoken_ground(name), min_zoom=zoom) for name, zoom in GROUND]
    edge = [layer(here, "edge", "boundary", whole=True)] if here.reader.places else []
    shapes = [one for one in area_layers(here) if has_shapes(one)]
    areas = [layer(here, one.name, STYLES.get(one.name, "places"), title_of(one), on=False) for one in shapes]
    asked = here.query.text()
    walk = layer(here, "ring", "ring", whole=True, query=asked)
    return [*ground, *edge, *areas, walk, layer(here, "assets", "asset", query=asked)]


def layer(here: Opened, name: str, style: str, title: str = "", **more: Any) -> dict[str, Any]:
    """One layer as the map module takes it."""
    known = {"name": f"{name}-{style}", "url": f"{here.base}/map/{name}.geojson", "title": title, "style": style}
    return known | {"query": "", "whole": False, "on": True, "min_zoom": 0} | more


def spoken_ground(name: str) -> str:
    """The words of a layer of the ground; one without words cannot be switched off."""
    return {"greenspace": _("Green space"), "boundaries": _("Wards")}.get(name, "")


def area_layers(here: Opened) -> list[Layer]:
    """The layers of areas that the share opens."""
    return [one for one in here.reader.published() if not is_listed(one)]


def has_shapes(one: Layer) -> bool:
    """Whether each row has a shape of its own; figures by place share one, and are a table alone."""
    return one.table is Place.__table__ or one.of_no_place


def title_of(one: Layer) -> str:
    """What a layer is called here."""
    named = {
        "assets": _("Everything in the list"), "venues": _("Venues"), "groups": _("Groups"),
        "activities": _("Activities"), "places": _("Places"), "patches": _("Patches"),
        "coverage": _("What is near, by place"), "gaps": _("What is missing, by place"),
        "people": _("People, by place"), "boundaries": _("Councils and wards"), "barriers": _("Barriers"),
        "crossings": _("Crossings"),
    }  # fmt: skip
    return named.get(one.name, one.title)


def walked(here: Opened) -> Bbox | None:
    """The box round all that the walk reaches which is asked for, in degrees."""
    if here.query.spot is None or here.query.minutes is None:
        return None
    (east, north), far = here.query.spot, here.query.minutes * METRES_PER_MINUTE
    return in_degrees((east - far, north - far, east + far, north + far))


def roomy(box: Bbox) -> list[float]:
    """A box with some room round a single point."""
    west, south, east, north = box
    return [west - ROOM, south - ROOM / 2, east + ROOM, north + ROOM / 2]


def basemap() -> dict[str, str]:
    """Tiles that the owner configured, none by default."""
    here = settings()
    return {"tiles": here.tile_url, "pmtiles": here.pmtiles, "attribution": here.basemap_attribution}
