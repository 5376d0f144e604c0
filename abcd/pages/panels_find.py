"""Find in one line: what was understood of it, then neighbours who agreed to be found, offers, groups and places.

The line is kept in this visit alone, never in the address: it may be about somebody.
"""

import streamlit as st

from abcd.connections.asking import Asked
from abcd.connections.find import find
from abcd.connections.findings import Answer, Finding, Findings
from abcd.connections.wording import times
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.panels_strengths import ASSET_PAGE
from abcd.pages.visit import telling
from abcd.pages.words import joined, verbatim, walk
from abcd.people.queries import homes
from abcd.people.wording import language_name, need_names

PEOPLE_PAGE = "abcd/pages/people.py"
SHOWN_TIMES = 4


def line_panel(actor: Actor) -> None:
    """One line to ask, from where, and the answer."""
    line = st.text_input(
        _("Say in one line what you look for"), key="find line",
        placeholder=_("piano Tuesday evening step-free within 15 minutes"), max_chars=300,
    )  # fmt: skip
    near = st.text_input(_("From where: a postcode or a place"), _own_place(actor), key="find line from")
    if not line.strip():
        st.caption(_("Days, times of day, step-free, free of charge, a language and a walk are understood."))
        return
    with telling():
        with session(actor) as s:
            answer = find(s, line, near)
        understood(answer)
        show(answer)


def _own_place(actor: Actor) -> str:
    """The patch of somebody who works in one."""
    if len(actor.places) != 1:
        return ""
    with session(actor) as s:
        return next((name for key, name, _kind in homes(s) if str(key) in actor.places), "")


def understood(answer: Answer) -> None:
    """How the line was read, so that whoever asked sees what was not."""
    parts = [*answer.gifts, *conditions(answer.asked)]
    if answer.stands_at:
        parts.append(_("from {place}").format(place=answer.stands_at))
    st.caption(_("Understood as: {what}").format(what=verbatim(joined(parts or [answer.asked.about]))))
    if answer.unknown_near:
        told = _("We know no place called “{place}”, so its words were looked for instead.")
        st.info(told.format(place=verbatim(answer.unknown_near)))
    if answer.asked.minutes and not answer.stands_at:
        st.info(_("Say from where, and what is further than that will be left out."))


def conditions(asked: Asked) -> list[str]:
    """Everything but the words that was understood."""
    when = times(asked.grid)
    found = [", ".join(when[:SHOWN_TIMES]) + (" …" if len(when) > SHOWN_TIMES else "")]
    found += [need_names()[need] for need in asked.access]
    found += [_("free of charge")] if asked.is_free else []
    found += (
        [_("in: {languages}").format(languages=", ".join(map(language_name, asked.languages)))]
        if asked.languages
        else []
    )
    return [*found, walk(asked.minutes)]


def show(answer: Answer) -> None:
    """Neighbours first, services last."""
    if answer.people is not None:
        nobody = _("Nobody who agreed to be found offers this here. A connector may know somebody: go and ask.")
        section(_("Neighbours who said yes to being found"), answer.people, nobody)
    if answer.offers:
        section(_("Offered by groups, venues and partners"), answer.offers, "")
    section(_("Groups, places and services"), answer.assets, _("Nothing found. Try fewer words, or a longer walk."))


def section(title: str, found: Findings, nothing: str) -> None:
    """One sort of finding."""
    st.header(title, anchor=False)
    if not found:
        st.write(nothing)
    for one in found:
        with st.container(border=True):
            finding(one)


def finding(one: Finding) -> None:
    """What was found: its name, own words, where, why, and what nobody has checked."""
    if one.person_id:
        st.page_link(PEOPLE_PAGE, label=verbatim(one.name), query_params={"person": str(one.person_id)})
    elif one.asset_id:
        st.page_link(ASSET_PAGE, label=f"**{verbatim(one.name)}**", query_params={"asset": str(one.asset_id)})
    else:
        st.markdown(f"**{verbatim(one.name)}**")
    if one.said:
        st.write(f"“{verbatim(one.said)}”")
    st.caption(verbatim(joined([one.what, one.where, one.walk])))
    st.write(verbatim(" ".join(one.reasons)))
    if one.not_checked:
        st.caption(_("Not checked: {what}").format(what=verbatim(" ".join(one.not_checked))))
