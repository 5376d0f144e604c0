"""A closer look at a place: its week, how many homes each minute reaches, its strengths in figures, what is shared."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.remembered import remembered
from abcd.db.session import Actor, session
from abcd.errors import NotFound
from abcd.gaps.closer import CloserLook, closer_look
from abcd.pages.forms_threshold import thresholds_panel
from abcd.pages.panels_quantities import quantities_panel
from abcd.pages.panels_reach import reach_panel, shared_panel
from abcd.pages.panels_richness import only_ones_panel, richness_panel
from abcd.pages.panels_week import week_panel
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import telling, visitor
from abcd.pages.words import kind_of_place, verbatim
from abcd.places.queries import place, places_of_kind
from abcd.places.records import PlaceRecord

PLACE_PAGE = "abcd/pages/place.py"
PROFILES = ("standard", "brisk", "slower", "step_free")
KINDS = ("estate", "patch")
PANELS = (week_panel, reach_panel, richness_panel, only_ones_panel, shared_panel)


def looked(s: Session, here: PlaceRecord, profile: str) -> CloserLook:
    """The closer look, worked out once for everybody until the register changes."""
    return remembered(s, ("closer look", here.id, profile), lambda: closer_look(s, here.id, profile))


def asked_for(actor: Actor) -> PlaceRecord | None:
    """The place named in the address, or chosen from a list."""
    reference = st.query_params.get("place")
    if reference:
        try:
            with session(actor) as s:
                return place(s, reference)
        except NotFound as error:
            st.warning(verbatim(str(error)))
    with session(actor) as s:
        known = [one for kind in KINDS for one in places_of_kind(s, kind)]
    names = {one.reference: f"{one.name} ({kind_of_place(one.kind)})" for one in known}
    chosen = st.selectbox(_("Which place?"), list(names), None, format_func=names.__getitem__, key="closer place",
                          placeholder=_("Choose one"))  # fmt: skip
    if chosen:
        st.query_params["place"] = chosen
        st.rerun()
    return None


def pace() -> str:
    """How people walk."""
    paces = {"standard": _("An everyday pace"), "brisk": _("A brisk pace"), "slower": _("A slower pace"),
             "step_free": _("Without steps")}  # fmt: skip
    chosen = st.radio(_("Walking"), PROFILES, format_func=paces.__getitem__, horizontal=True, key="closer pace")
    return chosen or PROFILES[0]


actor = visitor()
say_what_was_done()
here = asked_for(actor)
st.title(_("A closer look") if here is None else _("A closer look at {place}").format(place=verbatim(here.name)))
if here is not None:
    st.page_link(PLACE_PAGE, label=_("Back to {place}").format(place=verbatim(here.name)),
                 query_params={"place": here.reference}, icon=":material/arrow_back:")  # fmt: skip
    profile = pace()
    with telling():
        with session(actor) as s:
            look = looked(s, here, profile)
        st.caption(verbatim(look.walk))
        for panel in PANELS:
            with telling():
                panel(here, look)
        for closing in (quantities_panel, thresholds_panel):
            with telling():
                closing(actor, here)
