"""Places of every kind: find one, draw one, mend its edge or its facts, end it; households and their source."""

from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can, can_at
from abcd.core.language import _
from abcd.db.audit import last_event
from abcd.db.session import Actor, session
from abcd.db.tables import PLACE_KINDS
from abcd.pages.fields import keep_new
from abcd.pages.forms_places import add_form, edit_form, end_form, values_of
from abcd.pages.map_view import Box, MapLayer, MapView, ground, show_map
from abcd.pages.panels_context import where_from
from abcd.pages.panels_map import box_of
from abcd.pages.saving import drafting, field, nonce, say_what_was_done
from abcd.pages.visit import telling, visitor
from abcd.pages.words import joined, kind_of_place, number, verbatim
from abcd.places.households import households_in
from abcd.places.queries import boundary, place, places_matching, places_of_kind
from abcd.places.records import HouseholdCount, PlaceRecord

PLACE_PAGE = "abcd/pages/place.py"
HERE = "abcd/pages/places.py"
LISTED = 30


def listing(actor: Actor) -> None:
    """Places of one kind, or by name."""
    left, right = st.columns([1, 2])
    kind = left.selectbox(_("Kind of place"), PLACE_KINDS, format_func=kind_of_place, key="kind of place")
    words = right.text_input(_("Part of its name"), type="search", key="name of place")
    with session(actor) as s:
        found = places_matching(s, words, kind, LISTED) if words else places_of_kind(s, kind, LISTED)
    if not found:
        st.write(_("None of this kind yet. Bring a file in on “Add data”, or draw one here."))
    with st.container(key="rows-places"):
        for one in found:
            row(one)
    if len(found) == LISTED:
        st.caption(_("The first {n} are shown. Type part of a name to find others.").format(n=LISTED))


def row(one: PlaceRecord) -> None:
    """One place: its page, and its facts to look at or mend."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(PLACE_PAGE, label=f"**{verbatim(one.name)}**", query_params={"place": one.reference})
        homes = one.households and _("{n} households").format(n=number(one.households))
        st.caption(verbatim(joined([one.vintage, one.reference, homes or ""])))
        st.page_link(HERE, label=_("Look at or mend"), icon=":material/edit:", query_params={"mend": str(one.id)})


def facts(s: Session, key: str) -> tuple[PlaceRecord, HouseholdCount, str, int]:
    """A place, its households, its edge as GeoJSON and the newest audit event."""
    found = place(s, key)
    return found, households_in(s, found.id), boundary(s, found.id), last_event(s)


def mend(actor: Actor, key: str) -> None:
    """One place: its households and their source, its edge on the map, and the forms."""
    with session(actor) as s:
        found, homes, edge, version = facts(s, key)
        may = {verb for verb in ("edit", "end") if can_at(s, actor, verb, "place", found.id)}
    st.header(verbatim(found.name))
    st.metric(_("Households"), number(homes.count))
    st.caption(where_from(homes))
    st.write(_("The map shows its edge. Choose “Move the corners” to mend it, or draw it anew; then save below."))
    form = f"edit place {found.id}"
    if "edit" in may:
        now = values_of(found, edge)
        with drafting(actor, form, found.version, now):
            drawing_map(form, found.name, version, box_of(found.box), now["edge"])
            edit_form(actor, form, found, now)
    else:
        drawing_map(form, found.name, version, box_of(found.box), None)
    if "end" in may:
        end_form(actor, found)


def drawing_map(form: str, name: str, version: int, box: Box | None, edge: dict[str, Any] | None) -> None:
    """A map to draw on; what was drawn is kept with the form as its field ``edge``: a GeoJSON geometry in degrees."""
    title = _("Map of {place}").format(place=name)
    estates = MapLayer("places", "places", _("Estates"), {"kind": "estate"}, min_zoom=11)
    drawn = field(form, "edge")
    shape = st.session_state.get(drawn) or edge
    view = MapView(title, [*ground(), estates], box, version=version, draw="polygon", shape=shape)
    # A map draws the edge that it starts with, so taking theirs needs a new one.
    side = st.session_state.get(f"choice {form} {nonce(form)} edge", "")
    keep_new(drawn, show_map(f"edge map {form} {nonce(form)} {side}", view).drawn)


def draw_new(actor: Actor) -> None:
    """Draw a new place and say what it is."""
    st.header(_("Draw a place"))
    st.write(
        _("Move the map to where it is, choose “Draw the edge”, press each corner, then say what the place is called.")
    )
    with session(actor) as s:
        version, first = last_event(s), places_of_kind(s, "estate", 1)
    form = "add place"
    with drafting(actor, form):
        drawing_map(form, _("a new place"), version, box_of(first[0].box) if first else None, None)
        add_form(actor, form)


actor = visitor()
st.title(_("Places"))
say_what_was_done()
asked = st.query_params.get("mend")
with telling():
    if asked:
        st.page_link(HERE, label=_("All places"), icon=":material/arrow_back:", query_params={})
        mend(actor, asked)
    else:
        tab_list, tab_draw = st.tabs([_("List"), _("Draw a place")], on_change="rerun", key="list or draw")
        with tab_list:
            listing(actor)
        if can(actor, "add", "place") and tab_draw.open:
            with tab_draw:
                draw_new(actor)
