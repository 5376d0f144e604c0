"""My patch: who is here, whom to talk with next, what waits, what needs care soon, and how the time went."""

from uuid import UUID

import streamlit as st

from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.panels_asks import asks_panel
from abcd.pages.panels_care import care_panel
from abcd.pages.panels_patch import facts_panel, next_panel, offers_panel, people_panel
from abcd.pages.patch_seen import seen_in
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import joined, kind_of_place, verbatim
from abcd.people.queries import homes

PLACE_PAGE = "abcd/pages/place.py"


def chosen_patch(actor: Actor) -> UUID | None:
    """The patch to look at: the only one that somebody has, or the one that they choose."""
    with session(actor) as s:
        places = {str(key): (name, kind) for key, name, kind in homes(s)}
    if not places:
        st.write(_("No patch or estate is here yet. Draw patches, or bring estates in, on “Places”."))
        return None
    if len(places) == 1:
        return UUID(next(iter(places)))
    own = sorted(places, key=lambda key: (places[key][1] != "patch", places[key][0].lower()))
    first = 0 if actor.places else None
    chosen = st.selectbox(
        _("Which patch or estate?"), own, first, key="my patch", placeholder=_("Choose one"),
        format_func=lambda key: f"{places[key][0]} ({kind_of_place(places[key][1])})",
    )  # fmt: skip
    return UUID(chosen) if chosen else None


actor = visitor()
for_those_who_may(actor, "view", "conversation")
st.title(_("My patch"))
say_what_was_done()
with telling():
    place_id = chosen_patch(actor)
    if place_id:
        with session(actor) as s:
            seen = seen_in(s, place_id)
        st.header(verbatim(seen.place.name), anchor=False)
        st.caption(
            joined([kind_of_place(seen.place.kind), _("For this team's eyes: what you see here goes no further.")])
        )
        of = {"place": seen.place.reference}
        st.page_link(PLACE_PAGE, label=_("What is strong here, on a map"), query_params=of, icon=":material/home_pin:")
        for panel in (people_panel, next_panel, asks_panel, offers_panel, care_panel, facts_panel):
            with telling():
                panel(seen)
