"""The conversations with one person: how much time was spent, what both agreed, and each of them, the latest first."""

import streamlit as st

from abcd.access import can
from abcd.core.language import _, ngettext
from abcd.db.session import Actor, session
from abcd.gaps.themes import theme_words
from abcd.pages.forms_conversations import add_form, mend_form
from abcd.pages.words import joined, verbatim
from abcd.people.conversations import ConversationRecord, conversations_of
from abcd.people.records import PersonRecord
from abcd.people.talk_words import kind_names, mode_names, time_words

FIRST = 4


def conversations_panel(actor: Actor, one: PersonRecord) -> None:
    """The conversations with one person, and a form to write down another."""
    if not can(actor, "view", "conversation"):
        return
    with session(actor) as s:
        found = conversations_of(s, one.id)
    st.header(_("Conversations"), anchor=False)
    st.write(time_so_far(found))
    if found and found[0].next_on:
        st.write(_("You agreed to talk again on {day}.").format(day=f"{found[0].next_on:%d/%m/%Y}"))
    if can(actor, "add", "conversation"):
        add_form(actor, one)
    for talk in found[:FIRST]:
        entry(actor, talk)
    if found[FIRST:]:
        label = _("{n} earlier conversations").format(n=len(found) - FIRST)
        more = st.expander(label, key=f"earlier talks {one.id}", on_change="rerun")
        if more.open:
            with more:
                earlier(found[FIRST:])


def time_so_far(found: list[ConversationRecord]) -> str:
    """How long somebody listened, coached and helped: time well spent, and never a target."""
    if not found:
        return _("No conversation is written down yet.")
    many = ngettext("{n} conversation", "{n} conversations", len(found)).format(n=len(found))
    spent = {kind: sum(one.minutes for one in found if one.kind == kind) for kind in kind_names()}
    parts = [f"{kind_names()[kind]}: {time_words(minutes)}" for kind, minutes in spent.items() if minutes]
    return joined([many, *parts])


def entry(actor: Actor, talk: ConversationRecord) -> None:
    """One conversation."""
    with st.container(border=True):
        told(talk)
        if can(actor, "edit", "conversation"):
            mend_form(actor, talk)


def earlier(talks: list[ConversationRecord]) -> None:
    """Conversations of longer ago, to read."""
    for talk in talks:
        with st.container(border=True):
            told(talk)


def told(talk: ConversationRecord) -> None:
    """When it was, how long and of which kind, and what was noted."""
    way = joined([kind_names()[talk.kind], mode_names()[talk.mode], time_words(talk.minutes)])
    st.markdown(f"**{talk.held_on:%d/%m/%Y}** · {way}")
    if talk.summary:
        st.write(verbatim(talk.summary))
    about = [theme_words(theme) for theme in talk.themes]
    by_itself = _("nobody had to ask") if talk.proactive else ""
    st.caption(verbatim(joined([*about, by_itself, talk.held_by])))
