"""One person's introductions, as they themselves may know of them: their page may be read with them."""

import streamlit as st

from abcd.access import can
from abcd.connections.introduced import FromOneSide, introductions_of
from abcd.connections.introduction_words import seen_names
from abcd.connections.matching.wording import kind_name
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.forms_avoids import avoids
from abcd.pages.words import joined, verbatim
from abcd.people.records import PersonRecord

HERE = "abcd/pages/introductions.py"


def introductions_panel(actor: Actor, person: PersonRecord) -> None:
    """Where each of their introductions stands; nothing of anybody else's no, nor of asks that never reached them."""
    if not can(actor, "view", "connection"):
        return
    with session(actor) as s:
        found = introductions_of(s, person.id)
    st.header(_("Introductions"), anchor=False)
    if not found:
        st.write(_("None yet. A suggestion above can become one, with a yes from each side."))
    with st.container(key="rows-introductions-of"):
        for one in found:
            line(one)
    avoids(actor, person)


def line(one: FromOneSide) -> None:
    """One introduction, from this person's side."""
    label = verbatim(joined([one.other or _("Somebody or something"), kind_name(one.kind)]))
    st.page_link(HERE, label=f"**{label}**", query_params={"introduction": str(one.id)})
    rests = _("rests until they say yes to introductions again") if one.is_resting else ""
    st.caption(verbatim(joined([seen_names()[one.state], f"{one.since:%d/%m/%Y}", rests])))
