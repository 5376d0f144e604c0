"""Who and what needs care soon: each with its reason and a first step, and nobody ranked."""

import streamlit as st

from abcd.connections.caring import Caring
from abcd.connections.caring_words import find_connector, go_and_listen, no_connector
from abcd.core.clock import today
from abcd.core.language import _, ngettext
from abcd.pages.panels_patch import giver, person_link
from abcd.pages.patch_seen import Seen
from abcd.pages.words import listed, number, verbatim

ASKING_PAGE = "abcd/pages/asking.py"
FIRST, FIRST_ASKED = 6, 3
MOST_PEOPLE = 12


def care_panel(seen: Seen) -> None:
    """What has not yet happened, and could be met in time."""
    st.header(_("Needs care soon"), anchor=False)
    st.write(_("Nothing here has gone wrong. These are early signs, each with a step that begins with what is strong."))
    for one in seen.care.things[:FIRST]:
        thing(one)
    rest = seen.care.things[FIRST:]
    if rest:
        more = st.expander(_("{n} more").format(n=len(rest)), key="more care", on_change="rerun")
        for one in rest if more.open else []:
            with more:
                thing(one)
    connectors(seen)
    listening(seen)
    greeting(seen)
    records(seen)


def thing(one: Caring) -> None:
    """A group, a house or a record: why, and what could be done."""
    with st.container(border=True):
        giver(one.asset_id, one.name)
        st.caption(verbatim(one.category_name))
        st.markdown("\n".join(f"- {verbatim(signal.reason)}  \n  {verbatim(signal.step)}" for signal in one.signals))


def connectors(seen: Seen) -> None:
    """Whether somebody here is known by everybody."""
    with st.container(border=True):
        st.markdown(f"**{_('Who holds the threads')}**")
        if seen.connectors:
            names = listed([verbatim(one.preferred_name) for one in seen.connectors])
            st.write(_("Everybody knows {names}. Say thank you, and ask what you have not heard.").format(names=names))
        else:
            st.write(f"{no_connector()} {verbatim(find_connector(seen.care.meeting))}")


def listening(seen: Seen) -> None:
    """Whether it is time to go and listen."""
    if seen.time.is_quiet(today()):
        with st.container(border=True):
            st.markdown(f"**{_('Go and listen')}**")
            st.write(verbatim(go_and_listen(seen.care.meeting)))


def greeting(seen: Seen) -> None:
    """People to greet again: what we keep of them, or their yes, comes to its end."""
    ending = {one.person_id: one for one in seen.ending}
    quiet = [one for one in seen.greet if one.person_id not in ending]
    if not ending and not quiet:
        return
    with st.container(border=True, key="rows-greet"):
        st.markdown(f"**{_('Greet them, and ask whether it is still right')}**")
        for one in list(ending.values())[:MOST_PEOPLE]:
            until = _("a yes lasts until {day}").format(day=f"{one.expires_on:%d/%m/%Y}")
            person_link(one.person_id, one.preferred_name, until)
        for person in quiet[:MOST_PEOPLE]:
            last = _("last said to be right on {day}").format(day=f"{person.confirmed_on:%d/%m/%Y}")
            person_link(person.person_id, person.preferred_name, last)


def records(seen: Seen) -> None:
    """How many records of the patch are getting old, how much there is to find out, and where to go on."""
    if seen.care.ageing:
        told = ngettext("{n} record here is getting old.", "{n} records here are getting old.", seen.care.ageing)
        st.write(told.format(n=number(seen.care.ageing)))
    if seen.questions:
        many = len(seen.questions)
        told = ngettext("{n} question waits here.", "{n} questions wait here.", many).format(n=number(many))
        first = _("First: {names}.").format(names=listed([verbatim(one.name) for one in seen.questions[:FIRST_ASKED]]))
        st.write(f"{told} {first}")
    of = {"place": seen.place.reference}
    st.page_link(ASKING_PAGE, label=_("Whom to go and ask"), icon=":material/forum:", query_params=of)
