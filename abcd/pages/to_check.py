"""To check: what people outside suggest, beside what is live now; and groups to be asked whether it is still right."""

from uuid import UUID

import streamlit as st

from abcd.assets.suggested import SuggestedLine, suggestions, waiting_count
from abcd.core.clock import LOCAL
from abcd.core.language import _
from abcd.db.remembered import remembered
from abcd.db.session import Actor, session
from abcd.pages.panels_ask import ask_panel
from abcd.pages.panels_suggestion import came_by_names, key_of, kind_names, state_names, suggestion_panel
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import joined, number, verbatim
from abcd.places.queries import places_of_kind

HERE = "abcd/pages/to_check.py"


def place_filter(actor: Actor) -> UUID | None:
    """The estate to look at, or all of them."""
    with session(actor) as s:
        estates = {str(one.id): one.name for one in remembered(s, "estates", lambda: places_of_kind(s, "estate"))}
    chosen = st.selectbox(
        _("Estate"), list(estates), index=None, format_func=estates.__getitem__, placeholder=_("Everywhere"),
        key="estate to check",
    )  # fmt: skip
    return UUID(chosen) if chosen else None


def rows(found: list[SuggestedLine], nothing: str) -> None:
    """Suggestions as links, with what they are and since when."""
    if not found:
        st.write(nothing)
    kinds, doors, states = kind_names(), came_by_names(), state_names()
    with st.container(key="rows-suggestions"):
        for one in found:
            name = f"**{verbatim(one.name) or _('Without a name')}**"
            st.page_link(HERE, label=name, query_params={"suggestion": str(one.id)})
            day = f"{one.received_at.astimezone(LOCAL):%d/%m/%Y}"
            settled = "" if one.state == "waiting" else f"{states[one.state]} ({one.settled_by})"
            tell = _("to be told") if one.is_to_be_told else ""
            st.caption(verbatim(joined([kinds[one.kind], doors[one.came_by], day, settled, tell])))


def lists(actor: Actor) -> None:
    """What waits, what was settled lately, what fell into the trap, and whom to ask."""
    with session(actor) as s:
        waiting = waiting_count(s, by=actor)
    say_what_was_done()
    place = place_filter(actor)
    names = [_("Waiting ({n})").format(n=number(waiting)), _("Settled"), _("Kept apart"), _("Ask groups")]
    tabs = st.tabs(names, on_change="rerun", key="to check")
    for tab, state in zip(tabs[:3], ("waiting", "settled", "apart"), strict=True):
        if tab.open:
            with session(actor) as s:
                found = suggestions(s, by=actor, state=state, place_id=place)
            with tab:
                rows(found, says_nothing(state))
    if tabs[3].open:
        with tabs[3]:
            ask_panel(actor, place)


def says_nothing(state: str) -> str:
    """What an empty list says."""
    return {
        "waiting": _("Nothing waits. What is on the map is what was approved last."),
        "settled": _("Nothing was settled in the last four weeks."),
        "apart": _("Nothing. What only a machine would send is kept here for four weeks, and then forgotten."),
    }[state]


actor = visitor()
for_those_who_may(actor, "view", "contribution")
asked = st.query_params.get("suggestion")
with telling():
    # A link from a page to itself leaves the address as it was, and the next rerun would forget what was asked.
    if asked:
        st.query_params["suggestion"] = asked
        suggestion_panel(actor, key_of(asked))
    else:
        st.query_params.clear()
        st.title(_("To check"))
        st.write(_("What people outside suggest. Nothing of it is live until somebody here approves it."))
        lists(actor)
