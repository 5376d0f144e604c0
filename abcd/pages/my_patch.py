"""My patch: who is here, whom to talk with next, what waits, what needs care soon, and how the time went."""

from uuid import UUID

import streamlit as st

from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.panels_asks import asks_panel
from abcd.pages.panels_care import care_panel
from abcd.pages.panels_patch import facts_panel, ideas_panel, next_panel, offers_panel, people_panel
from abcd.pages.patch_seen import Seen, seen_in
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import joined, kind_of_place, verbatim
from abcd.patches.coaches import patches_of
from abcd.people.queries import homes

PLACE_PAGE, PATCHES = "abcd/pages/place.py", "abcd/pages/patches.py"


def chosen_patch(actor: Actor) -> UUID | None:
    """The patch to look at: somebody's own comes first; without one they choose."""
    with session(actor) as s:
        places = {str(key): (name, kind) for key, name, kind in homes(s)}
        own = {str(key) for key in patches_of(s, UUID(actor.account_id))} if actor.account_id else set()
    own |= actor.places
    if not places:
        st.write(_("No patch or estate is here yet. Draw patches, or bring estates in, on “Places”."))
        return None
    if len(places) == 1:
        return UUID(next(iter(places)))
    listed = sorted(places, key=lambda key: (key not in own, places[key][1] != "patch", places[key][0].lower()))
    first = 0 if listed[0] in own else None
    chosen = st.selectbox(
        _("Which patch or estate?"), listed, first, key="my patch", placeholder=_("Choose one"),
        format_func=lambda key: f"{places[key][0]} ({kind_of_place(places[key][1])})",
    )  # fmt: skip
    if not chosen:
        st.write(_("You hold no patch of your own. Choose one to see who is here, what waits and what needs care."))
    return UUID(chosen) if chosen else None


def heading(seen: Seen) -> None:
    """The name of the patch, who its coach is, and for whose eyes the page is."""
    st.header(verbatim(seen.place.name), anchor=False)
    coach = seen.coach and _("Its coach: {name}, since {day}").format(
        name=verbatim(seen.coach.name), day=f"{seen.coach.from_on:%d/%m/%Y}"
    )
    ours = _("For this team's eyes: what you see here goes no further.")
    st.caption(joined([kind_of_place(seen.place.kind), coach or "", ours]))
    of = {"place": seen.place.reference}
    st.page_link(PLACE_PAGE, label=_("What is strong here, on a map"), query_params=of, icon=":material/home_pin:")
    if seen.plan:
        st.page_link(PATCHES, label=_("The plan behind this patch"), icon=":material/grid_view:",
                     query_params={"plan": str(seen.plan)})  # fmt: skip


actor = visitor()
for_those_who_may(actor, "view", "conversation")
st.title(_("My patch"))
say_what_was_done()
with telling():
    place_id = chosen_patch(actor)
    if place_id:
        with session(actor) as s:
            seen = seen_in(s, place_id)
        heading(seen)
        for panel in (people_panel, next_panel, ideas_panel, asks_panel, offers_panel, care_panel, facts_panel):
            with telling():
                panel(seen)
