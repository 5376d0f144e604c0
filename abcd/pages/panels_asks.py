"""What waits for somebody's word on a coach's patch: introductions, and people who were suggested."""

import streamlit as st

from abcd.connections.introduced import Introduction
from abcd.connections.introduction_words import state_names
from abcd.connections.register import InLine
from abcd.connections.sources import source_names
from abcd.core.clock import LOCAL
from abcd.core.language import _
from abcd.pages.panels_introduction import named
from abcd.pages.patch_seen import Seen
from abcd.pages.words import joined, number, verbatim

INTRODUCTIONS = "abcd/pages/introductions.py"
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
    if seen.asks or seen.suggested:
        st.page_link(INTRODUCTIONS, label=_("All introductions"), icon=":material/diversity_1:")


def suggested(told: InLine) -> None:
    """Somebody who does not know yet that they can talk to us."""
    who, day = verbatim(source_names()[told.source_kind]), f"{told.received_on:%d/%m/%Y}"
    said = _("suggested on {day}, reference {reference}: nobody has asked them yet")
    st.write(f"**{who}** · {said.format(day=day, reference=verbatim(told.reference))}")


def ask(one: Introduction) -> None:
    """One introduction: who, where it stands, and since when."""
    names = " + ".join(verbatim(named(side)) for side in (one.a, one.b))
    st.page_link(INTRODUCTIONS, label=f"**{names}**", query_params={"introduction": str(one.id)})
    st.caption(joined([verbatim(state_names()[one.state]), f"{one.state_at.astimezone(LOCAL):%d/%m/%Y}"]))
