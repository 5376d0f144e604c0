"""The walking ring on the map of Find: the ground within a walk of the postcode or place that is asked for."""

from dataclasses import dataclass
from typing import Any

import shapely
import streamlit as st
from sqlalchemy.orm import Session

from abcd.assets.search import Search, place_stood_in, stands_at
from abcd.core.geo import to_degrees
from abcd.core.language import _, ngettext
from abcd.db.remembered import remembered
from abcd.db.session import Actor, session
from abcd.gaps.onfoot import on_foot
from abcd.pages.map_view import Box, MapLayer
from abcd.pages.words import number, verbatim

USUAL_MINUTES = 15


@dataclass(frozen=True)
class Ring:
    """A ring to draw: where the map fetches it, the box it lies in (degrees), how walks were worked out."""

    query: dict[str, str]
    box: Box
    words: str
    minutes: int

    def layer(self) -> MapLayer:
        """The ring as a layer of a map."""
        title = ngettext("{n} minute's walk from here", "{n} minutes' walk from here", self.minutes)
        return MapLayer("ring", "ring", title.format(n=number(self.minutes)), self.query, whole=True)


def ring_asked(actor: Actor, search: Search, kept: dict[str, Any]) -> Ring | None:
    """A switch where somebody said from where, and the ring when it is on, with its words; kept in the address."""
    if not search.near or not st.toggle(_("Draw the walk from here on the map"), key="ring", **kept):
        return None
    with session(actor) as s:
        found = remembered(s, ("ring of find", search.near, search.within_minutes), lambda: ring_of(s, search))
    told = ngettext(
        "On the map: the ground within {n} minute's walk of {where}.",
        "On the map: the ground within {n} minutes' walk of {where}.",
        found.minutes,
    ).format(n=number(found.minutes), where=verbatim(str(search.near)))
    st.caption(f"{told} {found.words}")
    return found


def ring_of(s: Session, search: Search) -> Ring:
    """The ring of a walk as long as is asked for, else of a quarter of an hour.

    Raises:
        NotFound: nobody knows this postcode or place.
    """
    start = stands_at(s, search)
    assert start is not None, "it is asked near something"
    minutes = int(search.within_minutes or USUAL_MINUTES)
    place, walk = place_stood_in(s, search), on_foot(s, start).walk
    at = {"place": str(place)} if place else {"at": "{:.1f},{:.1f}".format(*shapely.get_coordinates(start)[0])}
    west, south, east, north = start.buffer(walk.typical_metres(minutes)).bounds
    lon, lat = to_degrees([west, east], [south, north])
    box = float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])
    return Ring(at | {"minutes": str(minutes)}, box, walk.words(), minutes)
