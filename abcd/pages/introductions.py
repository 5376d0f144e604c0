"""Introductions: those that go on, who told us of somebody, and how it all goes."""

from uuid import UUID

import streamlit as st

from abcd.access import can
from abcd.connections.introduced import Introduction, over, resting, unsafe, waiting
from abcd.connections.introduction_words import state_names
from abcd.connections.matching.wording import kind_name
from abcd.core.clock import LOCAL
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.errors import NotFound
from abcd.pages.forms_introduction import begin_form
from abcd.pages.panels_funnel import funnel_panel
from abcd.pages.panels_introduction import asked_again, introduction_panel, named
from abcd.pages.panels_register import register_panel
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import joined, listed, verbatim

HERE = "abcd/pages/introductions.py"


def key_of(asked: str) -> UUID:
    """The key in the address; one that cannot be is as unknown as one that nobody has.

    Raises:
        NotFound: it is no key.
    """
    try:
        return UUID(asked)
    except ValueError as error:
        raise NotFound(_("There is no such introduction.")) from error


def line(one: Introduction) -> None:
    """One introduction in a list."""
    names = " + ".join(verbatim(named(side)) for side in (one.a, one.b))
    st.page_link(HERE, label=f"**{names}**", query_params={"introduction": str(one.id)})
    since = f"{one.state_at.astimezone(LOCAL):%d/%m/%Y}"
    st.caption(verbatim(joined([state_names()[one.state], kind_name(one.kind), one.a.place_name, since])))


def going_on(actor: Actor) -> None:
    """What was stopped because it was not safe (for those who look into it), what waits, and what is over."""
    with session(actor) as s:
        waits, rest, ended = waiting(s), resting(s), over(s)
        stopped = unsafe(s) if can(actor, "see_safety_risk", "person") else []
    if stopped:
        st.warning(_("Stopped because it was not safe. Please look into it."), icon=":material/shield:")
        rows("unsafe", stopped)
    if can(actor, "suggest", "connection"):
        begin_form(actor)
    to_ask_again(rest)
    if not waits:
        st.write(_("Nothing goes on yet. A suggestion on somebody’s page can become an introduction."))
    rows("waiting", waits)
    fold = st.expander(_("Settled and ended"), key="over introductions", on_change="rerun")
    if fold.open:
        with fold:
            rows("over", ended)


def to_ask_again(rest: list[Introduction]) -> None:
    """What rests because a yes has run out, with whom to ask again."""
    if not rest:
        return
    st.subheader(_("A yes has run out"), anchor=False)
    st.write(_("Nothing goes on here until they are asked again, when you meet. With a new yes it goes on where it "
               "stood."))  # fmt: skip
    with st.container(key="rows-resting"):
        for one in rest:
            line(one)
            st.caption(verbatim(_("To be asked again: {names}.").format(names=listed(asked_again(one)))))


def rows(name: str, found: list[Introduction]) -> None:
    """Introductions as links."""
    with st.container(key=f"rows-{name}"):
        for one in found:
            line(one)


def lists(actor: Actor) -> None:
    """The parts of the page that whoever looks may see."""
    st.title(_("Introductions"))
    say_what_was_done()
    parts = [(_("Going on"), going_on), (_("Who told us of somebody"), register_panel)]
    shown = [*(parts if can(actor, "view", "connection") else []), (_("How it goes"), funnel_panel)]
    for tab, (_name, panel) in zip(
        st.tabs([name for name, _panel in shown], on_change="rerun", key="introductions"), shown, strict=True
    ):
        if tab.open:
            with tab, telling():
                panel(actor)


actor = visitor()
for_those_who_may(actor, "view", "funnel")
asked = st.query_params.get("introduction")
with telling():
    # A link from a page to itself leaves the address as it was, and the next rerun would forget what was asked.
    if asked:
        st.query_params["introduction"] = asked
        introduction_panel(actor, key_of(asked))
    else:
        st.query_params.clear()
        lists(actor)
