"""Early signs on the page of a place, for the team's eyes: what could be met in time; and the way to go and ask."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.connections.caring import CareSoon, care_soon
from abcd.core.language import _
from abcd.db.remembered import remembered
from abcd.db.session import Actor, actor_of
from abcd.gaps.searching import LOOKED_INTO
from abcd.pages.ahead import Ahead, taken
from abcd.pages.panels_care import thing
from abcd.places.records import PlaceRecord

ASKING_PAGE = "abcd/pages/asking.py"
FIRST = 3


def signs_here(s: Session, place: PlaceRecord) -> CareSoon | None:
    """What needs care soon in a place, worked out once until the register changes; None for whoever may not know,
    and for places so large that nobody walks through them."""
    if not can(actor_of(s), "view", "patch") or place.kind not in LOOKED_INTO:
        return None
    return remembered(s, ("early signs", place.id), lambda: care_soon(s, place.id))


def signs_panel(actor: Actor, place: PlaceRecord, ahead: Ahead) -> None:
    """The first signs, the others folded; nothing where there is none."""
    found = taken(ahead, actor, place, signs_here)
    if found and found.things:
        st.header(_("Early signs"))
        st.write(_("Nothing here has gone wrong. These are signs to meet in time, beginning with what is strong."))
        for one in found.things[:FIRST]:
            thing(one)
        rest = found.things[FIRST:]
        if rest:
            more = st.expander(_("{n} more signs").format(n=len(rest)), key="more signs", on_change="rerun")
            for one in rest if more.open else []:
                with more:
                    thing(one)
    ask_link(actor, place)


def ask_link(actor: Actor, place: PlaceRecord) -> None:
    """The way to the rounds of questions of a place, for those who may note what they find."""
    if can(actor, "record", "search_effort") and place.kind in LOOKED_INTO:
        label, of = _("Go and ask here: a walk in rounds"), {"place": place.reference}
        st.page_link(ASKING_PAGE, label=label, icon=":material/forum:", query_params=of)
