"""Barriers: what nobody walks across or people avoid, where it can be crossed, as a list and on the map."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can, require
from abcd.core.language import _
from abcd.db.audit import last_event
from abcd.db.session import Actor, session
from abcd.pages.fields import keep_new
from abcd.pages.forms_barriers import add_form, nature_name
from abcd.pages.map_view import Box, MapView, barriers, ground, show_map
from abcd.pages.panels_barrier import crossed, kind_of, one_barrier
from abcd.pages.panels_map import box_of
from abcd.pages.saving import drafting, field, nonce, say_what_was_done
from abcd.pages.visit import telling, visitor
from abcd.pages.words import joined, verbatim
from abcd.places.barriers import BarrierRecord, barriers_listed
from abcd.places.queries import places_of_kind

HERE = "abcd/pages/barriers.py"
LISTED = 50


def listing(actor: Actor) -> None:
    """Barriers by name, and the same on the map."""
    part = st.text_input(_("Part of a barrier's name"), type="search", key="name of barrier")
    with session(actor) as s:
        found, version, first = barriers_listed(s, part, LISTED), last_event(s), places_of_kind(s, "estate", 1)
    if not found:
        st.write(_("No barrier is drawn yet. A walk is taken to be possible everywhere the streets go."))
    with st.container(key="rows-barriers"):
        for one in found:
            row(one)
    if len(found) == LISTED:
        st.caption(_("The first {n} are shown. Type part of a name to find others.").format(n=LISTED))
    box = around(found) or (box_of(first[0].box) if first else None)
    show_map("barriers map", MapView(_("Map of barriers"), [*ground(), *barriers(actor)], box, version=version))


def row(one: BarrierRecord) -> None:
    """One barrier: what it is, how it is crossed, and the way to its own view."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(HERE, label=f"**{verbatim(one.name)}**", query_params={"barrier": str(one.id)})
        st.caption(verbatim(joined([nature_name(one.nature), kind_of(one.is_hard), crossed(one)])))


def around(found: list[BarrierRecord]) -> Box | None:
    """The box round barriers, in degrees."""
    if not found:
        return None
    wests, souths, easts, norths = zip(*(one.box for one in found), strict=True)
    return box_of((min(wests), min(souths), max(easts), max(norths)))


def draw_new(actor: Actor) -> None:
    """Draw a new barrier and say what it is."""
    st.write(_("Move the map there, choose “Draw the line”, press each corner, twice at the end; then say what it is."))
    with session(actor) as s:
        version, box = last_event(s), box_round(s)
    form = "add barrier"
    with drafting(actor, form):
        drawn = field(form, "line")
        view = MapView(_("Map of a new barrier"), [*ground(), *barriers(actor)], box, version=version, draw="line",
                       shape=st.session_state.get(drawn))  # fmt: skip
        keep_new(drawn, show_map(f"line map {form} {nonce(form)}", view).drawn)
        add_form(actor, form)


def box_round(s: Session) -> Box | None:
    """Where the map of a new barrier begins."""
    first = places_of_kind(s, "estate", 1)
    return box_of(first[0].box) if first else None


actor = visitor()
st.title(_("Barriers"))
say_what_was_done()
asked = st.query_params.get("barrier")
with telling():
    require(actor, "view", "barrier")
    if asked:
        st.page_link(HERE, label=_("All barriers"), icon=":material/arrow_back:", query_params={})
        one_barrier(actor, asked)
    else:
        st.write(_("A railway, a river or a main road may lie between a home and what looks near. Draw it here."))
        tab_list, tab_draw = st.tabs(
            [_("List and map"), _("Draw a barrier")], on_change="rerun", key="barriers or draw"
        )
        if tab_list.open:
            with tab_list:
                listing(actor)
        if can(actor, "stage", "import"):
            label = _("Bring lines in from a file")
            st.page_link("abcd/pages/add_data.py", label=label, icon=":material/upload_file:", query_params={})
        if can(actor, "add", "barrier") and tab_draw.open:
            with tab_draw:
                draw_new(actor)
