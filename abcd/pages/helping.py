"""What would help: what holds a place together, what a gift could close, and where one more would reach most homes."""

import streamlit as st

from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.gaps.records import Possibility
from abcd.gaps.standards import standards
from abcd.pages.panels_closing import beginnings, closings_of, closings_panel
from abcd.pages.panels_lens import lens_panel
from abcd.pages.panels_possibilities import choices, for_whom, missing
from abcd.pages.panels_siting import siting_panel
from abcd.pages.panels_trial import trial_panel
from abcd.pages.visit import telling, visitor
from abcd.pages.words import kind_of_place, verbatim
from abcd.places.queries import place, places_of_kind
from abcd.places.records import PlaceRecord

HERE = "abcd/pages/helping.py"
PLACE_PAGE = "abcd/pages/place.py"
ONCE = "not asked yet"


def first_choice(actor: Actor) -> None:
    """Without a place in the address: the places to choose from."""
    st.write(
        _("Choose a place: then see what is strong there, what a gift could close, and where one more would help.")
    )
    with session(actor) as s:
        found = [one for kind in ("estate", "patch") for one in places_of_kind(s, kind, limit=60)]
    if not found:
        st.write(_("No patch or estate is here yet. Draw patches, or bring estates in, on “Places”."))
    with st.container(key="rows-helping"):
        for one in found:
            label = f"**{verbatim(one.name)}** · {kind_of_place(one.kind)}"
            st.page_link(HERE, label=label, query_params={"place": one.reference})


def category_choice(actor: Actor, here: PlaceRecord, found: list[Possibility]) -> str | None:
    """One category, or none for all: what may be missing first, then all else that is judged by a walk."""
    with session(actor) as s:
        known = {one.category: one.name for one in standards(s, (), here.id) if one.metres_from_boundary is None}
    first = {one.category: one.name for one in found if one.measure.standard.metres_from_boundary is None}
    names = first | {slug: name for slug, name in known.items() if slug not in first}
    asked = st.query_params.get("category")
    if asked and asked not in names:
        with session(actor) as s:
            names |= {one.category: one.name for one in standards(s, (asked,), here.id) if one.category == asked}
    if asked != st.session_state.get("helping asked", ONCE):
        # A link to this page asks for a category; else what was chosen here stands.
        st.session_state["helping asked"] = asked
        st.session_state["helping category"] = asked if asked in names else None
    return st.selectbox(_("Of what?"), list(names), None, lambda slug: names.get(slug, slug), key="helping category",
                        placeholder=_("Everything that may be missing"), on_change=into_address)  # fmt: skip


def into_address() -> None:
    """What was chosen stands in the address, so that it can be sent to a colleague."""
    chosen = st.session_state["helping asked"] = st.session_state["helping category"]
    if chosen:
        st.query_params["category"] = chosen
    else:
        st.query_params.pop("category", None)


def everything(actor: Actor, here: PlaceRecord, found: list[Possibility]) -> None:
    """The place as a whole: strengths, then what a gift could close."""
    with telling():
        lens_panel(actor, here)
    with telling():
        with session(actor) as s:
            closings = closings_of(s, here, found, for_whom()[0])
        closings_panel(actor, here, found, closings)


def one_category(actor: Actor, here: PlaceRecord, category: str, found: list[Possibility]) -> None:
    """One category: who could begin, where one more would reach most, and what if."""
    stated = [one for one in found if one.category == category]
    with telling():
        with session(actor) as s:
            closings = closings_of(s, here, stated, for_whom()[0])
        for one in closings:
            st.header(_("Who could make a beginning"))
            beginnings(actor, one)
        if any(one.is_question for one in stated):
            st.info(_("Nobody has looked properly yet: go and ask first. What follows takes the register at its word."),
                    icon=":material/help:")  # fmt: skip
    with telling():
        siting_panel(actor, here, category)
        trial_panel(actor, here, category)


def about(actor: Actor, here: PlaceRecord) -> None:
    """The page of one place."""
    st.page_link(PLACE_PAGE, label=_("Back to {place}").format(place=verbatim(here.name)),
                 query_params={"place": here.reference}, icon=":material/home_pin:")  # fmt: skip
    choices()
    with session(actor) as s:
        found = missing(s, here, *for_whom())
    category = category_choice(actor, here, found)
    if category:
        one_category(actor, here, category, found)
    else:
        everything(actor, here, found)


actor = visitor()
st.title(_("What would help"))
reference = st.query_params.get("place")
with telling():
    if reference:
        with session(actor) as s:
            chosen = place(s, reference)
        st.caption(f"{verbatim(chosen.name)} · {kind_of_place(chosen.kind)}")
        about(actor, chosen)
    else:
        first_choice(actor)
