"""The map of a place and its equal: the same things as a list, under the same filters, sorted by walk."""

from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from abcd.assets.records import AssetLine
from abcd.assets.search import Found, Search
from abcd.assets.taxonomy import kind_name
from abcd.core.geo import to_degrees
from abcd.core.language import _, ngettext
from abcd.db.remembered import remembered, version
from abcd.db.session import Actor
from abcd.gaps.finding import found_on_foot
from abcd.maps.marks import LOOKS
from abcd.pages.ahead import Ahead, taken
from abcd.pages.map_view import Box, MapLayer, MapView, assets_layer, barriers, ground, show_map
from abcd.pages.panels_strengths import ASSET_PAGE
from abcd.pages.words import how_fresh, joined, number, verbatim, walk
from abcd.places.records import PlaceRecord

RING_MINUTES = 10
LISTED = 150
DRAWN = [kind for kind in LOOKS if kind != "individual"]


def map_panel(actor: Actor, place: PlaceRecord, ahead: Ahead) -> None:
    """A heading and a summary in words, then map and list side by side."""
    st.header(_("On the map and as a list"))
    _map_and_list(actor, place, ahead)


@st.fragment
def _map_and_list(actor: Actor, place: PlaceRecord, ahead: Ahead) -> None:
    kinds = st.pills(_("Show"), DRAWN, format_func=kind_name, selection_mode="multi", key="map kinds") or []
    seen, found = taken(ahead, actor, place, near_it)
    st.write(summary(found, place))
    if found.walks:
        st.caption(found.walks)
    left, right = st.columns([5, 3], gap="medium")
    with right:
        chosen = list_of(found.lines)
    with left:
        title = _("Map of {place}").format(place=place.name)
        drawn = layers(actor, place, list(kinds))
        view = MapView(title, drawn, box_of(place.box), version=seen, selected=selected(chosen))
        show_map("place map", view, on_chosen=choose_on_map)


def kinds_shown() -> tuple[str, ...]:
    """The kinds that are chosen above the map."""
    return tuple(st.session_state.get("map kinds") or ())


def near_it(s: Session, place: PlaceRecord) -> tuple[int, Found]:
    """The version of the register, and what lies near under the filters that are chosen."""
    asked = near(place, kinds_shown())
    return version(s), remembered(s, asked, lambda: found_on_foot(s, asked))


def near(place: PlaceRecord, kinds: tuple[str, ...]) -> Search:
    """What the map shows, as a question to the register."""
    return Search(near=place.id, within_minutes=RING_MINUTES, kinds=kinds or tuple(DRAWN), order="near", limit=LISTED)


def layers(actor: Actor, place: PlaceRecord, kinds: list[str]) -> list[MapLayer]:
    """The ground, the ring and the edge of the place, and the assets that the filters leave."""
    here = {"place": place.reference}
    ring = _("{n} minutes' walk from its edge").format(n=RING_MINUTES)
    return [
        *ground(),
        *barriers(actor),
        MapLayer("ring", "ring", ring, {**here, "minutes": str(RING_MINUTES)}, whole=True),
        MapLayer(
            "places", "boundary", _("Edge of {place}").format(place=place.name), {**here, "zoom": "17"}, whole=True
        ),
        assets_layer(kind=",".join(kinds)),
    ]


def summary(found: Found, place: PlaceRecord) -> str:
    """What map and list show, in words."""
    counted = ("> " if found.more else "") + number(found.total)
    said = ngettext(
        "{n} thing within {minutes} minutes' walk of {place}, on the map and in the list.",
        "{n} things within {minutes} minutes' walk of {place}, on the map and in the list, nearest first.",
        found.total,
    )
    return said.format(n=counted, minutes=RING_MINUTES, place=verbatim(place.name))


def list_of(lines: list[AssetLine]) -> AssetLine | None:
    """The list: choosing a line rings it on the map and opens its card."""
    by_id = {str(line.id): line for line in lines}
    on_map = st.session_state.pop("chosen on the map", None)
    if on_map in by_id:
        st.session_state["place list"] = on_map
    with st.container(height=520, border=False, key="place-list"):
        chosen = st.radio(
            _("Choose one to see it on the map"),
            list(by_id),
            index=None,
            format_func=lambda key: verbatim(by_id[key].name),
            captions=[verbatim(joined([line.category_name, walk(line.minutes)])) for line in lines],
            key="place list",
        )
    if chosen is None:
        return None
    card(by_id[chosen])
    return by_id[chosen]


def card(line: AssetLine) -> None:
    """The chosen asset, with the way to its own page."""
    with st.container(border=True):
        st.page_link(ASSET_PAGE, label=f"**{verbatim(line.name)}**", query_params={"asset": str(line.id)})
        facts = [line.category_name, line.address, line.postcode, how_fresh(line.freshness, line.assured_on)]
        st.caption(verbatim(joined(facts)))


def choose_on_map() -> None:
    """Let the list follow a press on the map."""
    st.session_state["chosen on the map"] = st.session_state["place map"].get("chosen")


def selected(line: AssetLine | None) -> dict[str, Any] | None:
    """What the map is told to ring and fly to."""
    if line is None or line.easting is None or line.northing is None:
        return None
    lon, lat = to_degrees([line.easting], [line.northing])
    return {"id": str(line.id), "lon": float(lon[0]), "lat": float(lat[0])}


def box_of(box: tuple[float, float, float, float]) -> Box:
    """A box in metres as west, south, east, north in degrees."""
    lon, lat = to_degrees([box[0], box[2]], [box[1], box[3]])
    return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])
