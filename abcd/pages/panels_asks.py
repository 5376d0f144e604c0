"""What waits for somebody's word on a coach's patch: introductions, and people who were suggested."""

import streamlit as st

from abcd.connections.introduced import Introduction
from abcd.connections.register import InLine
from abcd.connections.sources import source_names
from abcd.core.language import _
from abcd.pages.patch_seen import Seen
from abcd.pages.words import number, verbatim

PEOPLE_PAGE = "abcd/pages/people.py"
MOST_ASKS = 8


def asks_panel(seen: Seen) -> None:
    """Introductions that wait for somebody's word, and people who were suggested and have not been asked."""
    st.header(_("Asks that wait"), anchor=False)
    if not seen.asks and not seen.suggested:
        st.write(_("Nobody waits for an answer."))
    with st.container(key="rows-asks"):
        for one in seen.asks[:MOST_ASKS]:
            ask(one)
        for told in seen.suggested[:MOST_ASKS]:
            suggested(told)
    rest = len(seen.asks[MOST_ASKS:]) + len(seen.suggested[MOST_ASKS:])
    if rest:
        st.caption(_("{n} more").format(n=number(rest)))


def suggested(told: InLine) -> None:
    """Somebody who does not know yet that they can talk to us."""
    who, day = verbatim(source_names()[told.source_kind]), f"{told.received_on:%d/%m/%Y}"
    said = _("suggested on {day}, reference {reference}: nobody has asked them yet")
    st.write(f"**{who}** · {said.format(day=day, reference=verbatim(told.reference))}")


def ask(one: Introduction) -> None:
    """One introduction, from the page of its first side that is of this patch."""
    sides = [side for side in (one.a, one.b) if side.person_id and side.name]
    state = waits_for().get(one.state, "")
    other = _("somebody in {place}")
    names = " + ".join(verbatim(side.name or other.format(place=side.place_name)) for side in (one.a, one.b))
    if sides:
        of = {"person": str(sides[0].person_id)}
        st.page_link(PEOPLE_PAGE, label=f"**{names}** · {state}", query_params=of)
    else:
        st.write(f"**{names}** · {state}")


def waits_for() -> dict[str, str]:
    """What an introduction waits for, by its state."""
    return {
        "idea": _("an idea: nobody has been asked"), "asked_a": _("the first was asked"),
        "yes_a": _("the first said yes: ask the second"), "asked_b": _("the second was asked"),
        "yes_b": _("both said yes: bring them together"), "introduced": _("introduced: have they met?"),
        "met": _("they met: ask after four weeks how it goes"), "going_at_4w": _("it goes well after four weeks"),
        "going_at_12w": _("it goes well after twelve weeks"),
    }  # fmt: skip
