"""Go and ask: what is to be found out in a patch or on an estate, in rounds, on a sheet, and typed in at one go."""

import streamlit as st

from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.forms_looking import walked_form
from abcd.pages.panels_asking import asking_in, rounds_panel, sheets_panel, unseen_panel
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import kind_of_place, verbatim
from abcd.people.queries import homes
from abcd.places.queries import place
from abcd.places.records import PlaceRecord

PLACE_PAGE = "abcd/pages/place.py"


def chosen_place(actor: Actor) -> PlaceRecord | None:
    """The place that the address names, else the one that is chosen; of one's own there may be one alone."""
    reference = st.query_params.get("place")
    if reference:
        with session(actor) as s:
            return place(s, reference)
    with session(actor) as s:
        places = {str(key): (name, kind) for key, name, kind in homes(s)}
    if not places:
        st.write(_("No patch or estate is here yet. Draw patches, or bring estates in, on “Places”."))
        return None
    chosen = st.selectbox(
        _("Which patch or estate?"), list(places), 0 if len(places) == 1 else None, key="asked in",
        placeholder=_("Choose one"), format_func=lambda key: f"{places[key][0]} ({kind_of_place(places[key][1])})",
    )  # fmt: skip
    if not chosen:
        return None
    with session(actor) as s:
        return place(s, chosen)


def heading(here: PlaceRecord) -> None:
    """Which place it is, and the way to what is strong there."""
    st.header(verbatim(here.name), anchor=False)
    of = {"place": here.reference}
    st.page_link(PLACE_PAGE, label=_("What is strong here, on a map"), query_params=of, icon=":material/home_pin:")


actor = visitor()
for_those_who_may(actor, "record", "search_effort")
st.title(_("Go and ask"))
st.write(_("“Nobody has looked yet” is a question and no gap. Begin with what is good, and ask whoever you meet."))
say_what_was_done()
with telling():
    here = chosen_place(actor)
    if here:
        with session(actor) as s:
            found = asking_in(s, here)
        heading(here)
        sheets_panel(actor, found)
        walked_form(actor, here, [one.category for one in found.questions if one.kind == "look"])
        rounds_panel(actor, here, found)
        unseen_panel(found.lists)
