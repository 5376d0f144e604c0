"""For each gap that is known, who and what is here that could make a beginning: neighbours first."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.connections.closing import Closing, Gift, closings
from abcd.core.language import _, ngettext
from abcd.db.session import Actor
from abcd.gaps.records import Possibility
from abcd.pages.panels_strengths import ASSET_PAGE
from abcd.pages.words import joined, number, verbatim, walk
from abcd.people.keeping import sees_residents
from abcd.places.records import PlaceRecord

PAGE = "abcd/pages/helping.py"


def closings_of(s: Session, here: PlaceRecord, missing: list[Possibility], profile: str) -> list[Closing]:
    """What could close the gaps of a place; counts of neighbours are asked each time, and kept for nobody."""
    return closings(s, here.id, missing, profile)


def closings_panel(actor: Actor, here: PlaceRecord, missing: list[Possibility], found: list[Closing]) -> None:
    """Every known gap with its beginnings, and a way to look closer at each."""
    st.header(_("What could close a gap"))
    st.write(_("Neighbours first, then groups near by, then an empty room. A new place is the last thought."))
    questions = sum(one.is_question for one in missing)
    if questions:
        st.write(ngettext(
            "{n} more is a question that nobody has looked into: go and ask before anything is built on it.",
            "{n} more are questions that nobody has looked into: go and ask before anything is built on them.",
            questions).format(n=number(questions)))  # fmt: skip
    if not found:
        st.write(_("No gap is known here: nobody has looked and found something missing."))
    for one in found:
        with st.container(border=True):
            st.subheader(verbatim(one.name), anchor=False)
            beginnings(actor, one)
            if not one.is_sited:
                continue
            more = _("Where would one reach most homes? {name}").format(name=verbatim(one.name))
            asked = {"place": here.reference, "category": one.category}
            st.page_link(PAGE, label=more, query_params=asked, icon=":material/pin_drop:")


def beginnings(actor: Actor, one: Closing) -> None:
    """Who and what could close one gap, and the first step."""
    st.markdown(f"**{first_step(one)}**")
    if said := neighbours(one):
        st.write(said)
    with st.container(key=f"rows-closing-{one.category}"):
        for gift in (*one.groups, *one.rooms):
            st.page_link(ASSET_PAGE, label=f"**{verbatim(gift.name)}**", query_params={"asset": str(gift.asset_id)})
            st.caption(joined([why(gift), verbatim(gift.category_name), half(gift)]))
    if one.is_service:
        st.caption(_("What neighbours give goes beside a service that others are bound to give, never in its place."))
    if one.neighbours and sees_residents(actor):
        st.caption(_("How many neighbours that are is for this team’s eyes alone."))


def neighbours(one: Closing) -> str:
    """How many neighbours have a gift for it, as it may be told."""
    if not one.is_told:
        return ""
    if one.neighbours is None:
        return _("Fewer than 10 neighbours are known to have a gift that speaks to this.")
    if not one.neighbours:
        return _("No neighbour is known yet to have a gift that speaks to this: nobody may have asked.")
    return ngettext(
        "{n} neighbour who agreed to be introduced has a gift that speaks to this.",
        "{n} neighbours who agreed to be introduced have a gift that speaks to this.",
        one.neighbours,
    ).format(n=number(one.neighbours))


def why(gift: Gift) -> str:
    """Why it is named."""
    if gift.is_room:
        return _("stands empty at times")
    return _("does this already") if gift.is_same else _("is about the same theme")


def half(gift: Gift) -> str:
    """How far half of the homes are from it."""
    return _("{walk} for half of the homes").format(walk=walk(gift.minutes))


def first_step(one: Closing) -> str:
    """What could be done first."""
    if one.neighbours:
        return _("Begin with the neighbours: ask them what they would enjoy doing together.")
    if one.groups and one.is_service and not one.groups[0].is_same:
        told = _("Ask {group} what its people would need, and go with them to those who are bound to give it.")
        return told.format(group=verbatim(one.groups[0].name))
    if one.groups:
        return _("Begin with {group}: ask what they would need to welcome more people.").format(
            group=verbatim(one.groups[0].name)
        )
    if one.rooms:
        return _("Begin with the room: ask who keeps {room}, and who would like to use it.").format(
            room=verbatim(one.rooms[0].name)
        )
    return _("Nobody and nothing near by is known for it yet. Begin by asking who would know.")
