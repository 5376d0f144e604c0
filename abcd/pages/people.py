"""People: those of a patch by name, without scores; one person, what they give and hope for first."""

from itertools import groupby
from uuid import UUID

import streamlit as st

from abcd.access import can
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.errors import NotFound
from abcd.pages.fields_people import home_names
from abcd.pages.forms_inventory import inventory_panel
from abcd.pages.forms_keeper import erasing
from abcd.pages.forms_paper import paper_panel
from abcd.pages.forms_residents_consents import leaving
from abcd.pages.panels_consents import consents_panel
from abcd.pages.panels_conversations import conversations_panel
from abcd.pages.panels_gifts import gifts_panel
from abcd.pages.panels_introductions import introductions_panel
from abcd.pages.panels_matches import matches_panel
from abcd.pages.panels_person import card, details, heading, worries
from abcd.pages.saving import saved, say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import joined, verbatim
from abcd.people.queries import UNKNOWN, people_here, person
from abcd.people.records import PersonLine

PEOPLE_PAGE = "abcd/pages/people.py"
ON_A_PAGE = 50
#: One person's page, from top to bottom; each is ``panel(actor, person)`` and opens its own session.
PANELS = (
    card,
    gifts_panel,
    matches_panel,
    introductions_panel,
    conversations_panel,
    consents_panel,
    details,
    worries,
)


def key_of(asked: str) -> UUID:
    """The key in the address; one that cannot be is as unknown as one that nobody has.

    Raises:
        NotFound: it is no key.
    """
    try:
        return UUID(asked)
    except ValueError as error:
        raise NotFound(UNKNOWN) from error


def one_person(actor: Actor, person_id: UUID) -> None:
    """The page of one person, or what became of their erasure."""
    erased = saved(erasing(person_id)) or saved(leaving(person_id))
    if erased:
        st.success(verbatim(erased), icon=":material/check_circle:")
        st.page_link(PEOPLE_PAGE, label=_("Everybody"), icon=":material/arrow_back:")
        return
    with session(actor) as s:
        one = person(s, person_id)
    st.page_link(PEOPLE_PAGE, label=_("Everybody"), icon=":material/arrow_back:")
    heading(one)
    say_what_was_done()
    for panel in PANELS:
        with telling():
            panel(actor, one)


def register(actor: Actor) -> None:
    """Everybody, or somebody new: in a talk, or from forms on paper."""
    st.title(_("People"))
    say_what_was_done()
    if not can(actor, "add", "person"):
        everybody(actor)
        return
    names = [_("Everybody"), _("Sit down with somebody"), _("Forms on paper")]
    listed, talk, paper = st.tabs(names, on_change="rerun", key="people tab")
    for tab, panel in ((listed, everybody), (talk, inventory_panel), (paper, paper_panel)):
        if tab.open:
            with tab, telling():
                panel(actor)


def everybody(actor: Actor) -> None:
    """The people of a patch, by name."""
    places = home_names(actor)
    where, named = st.columns(2)
    place = where.selectbox(
        _("Patch or estate"), ["", *places], format_func=lambda key: places.get(key, _("All of them")), key="people of"
    )
    name = named.text_input(_("Part of a name"), key="people named")
    asked_for = st.session_state.setdefault("more people", {})
    shown = asked_for.get((place, name), ON_A_PAGE)
    with session(actor) as s:
        found = people_here(s, UUID(place) if place else None, name, limit=shown + 1)
    if not found:
        st.write(_("Nobody is written down here yet. Sit down with somebody and ask what they love to do."))
    for where_from, here in groupby(found[:shown], key=lambda line: line.place_name):
        people_of(where_from, [*here])
    if len(found) > shown:
        more = {(place, name): shown + ON_A_PAGE}
        st.button(_("Show more"), on_click=lambda: st.session_state["more people"].update(more), key="more people here")


def people_of(place: str, here: list[PersonLine]) -> None:
    """The people of one patch in two columns, to be read down."""
    st.header(verbatim(place), anchor=False)
    across = st.columns(2, gap="medium")
    for position, line in enumerate(here):
        with across[2 * position // len(here)].container(key=f"rows-person-{line.id}"):
            row(line)


def row(line: PersonLine) -> None:
    """One person of the list: their name, and what they have to give."""
    st.page_link(PEOPLE_PAGE, label=f"**{verbatim(line.preferred_name)}**", query_params={"person": str(line.id)})
    if line.gifts:
        st.caption(joined([f"“{verbatim(gift)}”" for gift in line.gifts]))


actor = visitor()
asked = st.query_params.get("person")
for_those_who_may(actor, "view", "person")
with telling():
    if asked:
        one_person(actor, key_of(asked))
    else:
        register(actor)
