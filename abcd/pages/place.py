"""A place: what is strong here, the map, what may be missing or brought together, and the figures behind."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.remembered import remembered
from abcd.db.session import Actor, session
from abcd.errors import NotFound, StoreUnavailable
from abcd.pages.ahead import Ahead
from abcd.pages.panels_connections import connections_panel, suggested
from abcd.pages.panels_context import context_panel, round_it, take_away
from abcd.pages.panels_giving import giving_panel
from abcd.pages.panels_map import map_panel, near_it
from abcd.pages.panels_network import network_here, network_panel
from abcd.pages.panels_possibilities import missing_here, possibilities_panel
from abcd.pages.panels_signs import signs_here, signs_panel
from abcd.pages.panels_strengths import strengths_here, strengths_panel
from abcd.pages.patch_line import patch_line
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import telling, visitor
from abcd.pages.words import joined, kind_of_place, number, verbatim
from abcd.places.queries import place, places_matching, places_of_kind
from abcd.places.records import PlaceRecord

HERE = "abcd/pages/place.py"
PANELS = (
    strengths_panel, map_panel, giving_panel, possibilities_panel, signs_panel, connections_panel, network_panel,
    context_panel, take_away,
)  # fmt: skip


def asked_for(actor: Actor) -> tuple[PlaceRecord | None, Ahead]:
    """The place named in the address, if there is one, and what its page is drawn from."""
    reference, one, ahead = st.query_params.get("place"), None, Ahead()
    if not reference:
        return None, ahead
    try:
        with session(actor) as s:
            one = place(s, reference)
            for read in (strengths_here, near_it, missing_here, signs_here, suggested, network_here, round_it):
                ahead[read] = read(s, one)
    except NotFound as error:
        st.warning(verbatim(str(error)))
    except StoreUnavailable:
        if one is None:
            raise
        # Each panel that is still without its answer reads by itself, and says by itself when it cannot.
    return one, ahead


def links(found: list[PlaceRecord]) -> None:
    """Places as links to their pages."""
    across = st.columns(3, gap="medium")
    for position, one in enumerate(found):
        label = f"**{verbatim(one.name)}** · {kind_of_place(one.kind)}" + (
            f" {verbatim(one.vintage)}" if one.vintage else ""
        )
        across[3 * position // len(found)].page_link(HERE, label=label, query_params={"place": one.reference})


def first_estates(s: Session) -> list[PlaceRecord]:
    """The estates to begin with."""
    return remembered(s, "first estates", lambda: places_of_kind(s, "estate", limit=60))


def picker(actor: Actor, has_place: bool) -> None:
    """Search for a place by name; without one, the estates to begin with."""
    asked = st.text_input(
        _("Find a place"), key="place words", type="search", placeholder=_("Part of its name, or its reference")
    )
    found: list[PlaceRecord] = []
    if asked or not has_place:
        with session(actor) as s:
            found = places_matching(s, asked) if asked else first_estates(s)
    with st.container(key="rows-places"):
        if found:
            links(found)
        elif asked:
            st.write(_("No place by that name yet. You can bring places in on “Add data”, or draw one on “Places”."))
        elif not has_place:
            st.write(_("No estates are here yet. Bring their boundaries in on “Add data”, or draw one on “Places”."))


def heading(chosen: PlaceRecord) -> None:
    """The name of the place and one line about it."""
    st.title(verbatim(chosen.name))
    homes = chosen.households and _("{n} households").format(n=number(chosen.households))
    st.caption(
        joined(
            [
                kind_of_place(chosen.kind),
                homes or "",
                _("{n} km²").format(n=f"{chosen.area_km2:.2f}"),
                verbatim(chosen.reference),
            ]
        )
    )


actor = visitor()
say_what_was_done()
chosen, ahead = asked_for(actor)
if chosen is None:
    st.title(_("Start with a place"))
    st.write(_("Every place page opens with what is strong there."))
    picker(actor, has_place=False)
else:
    with st.expander(_("Another place"), icon=":material/search:"):
        picker(actor, has_place=True)
    heading(chosen)
    with telling():
        patch_line(actor, chosen)
    for panel in PANELS:
        with telling():
            panel(actor, chosen, ahead)
