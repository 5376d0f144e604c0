"""Forms of a conversation: write one down, with questions to take along beside it, and mend what was written."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor
from abcd.db.tables import CONVERSATION_KINDS, CONVERSATION_MODES
from abcd.db.tables.offers import THEMES
from abcd.gaps.themes import theme_words
from abcd.pages.saving import (
    Typed,
    both_sides,
    changed,
    drafting,
    field,
    folded,
    opened_at,
    opened_with,
    save_button,
)
from abcd.pages.words import verbatim
from abcd.people.conversations import (
    ConversationDraft,
    ConversationRecord,
    add_conversation,
    edit_conversation,
)
from abcd.people.records import PersonRecord
from abcd.people.talk_words import kind_names, mode_names, questions, titles
from abcd.people.talks import EDITABLE, MOST_MINUTES

BLANK: Typed = {
    "kind": None, "mode": None, "minutes": None, "held_on": None, "proactive": False, "summary": "", "themes": [],
    "next_on": None,
}  # fmt: skip
"""What the fields of a new conversation start from: its kind is said by a person, never taken for granted."""


def add_form(actor: Actor, one: PersonRecord) -> None:
    """Write down a conversation: half a minute, with questions for the next one beside it."""
    form = f"talk person {one.id}"
    fold = folded(actor, form, _("Write down a conversation"), ":material/forum:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        left, right = st.columns([3, 2], gap="large")
        with left:
            fields(form, BLANK | {"held_on": today()})
        with right:
            prompt_card(st.session_state.get(field(form, "kind")))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            add_conversation(s, one.id, ConversationDraft(**told_in(typed)), by=by, key=key)

        save_button(
            form, _("Write it down"), act, actor, _("It is written down. Thank you for the time."), type="primary"
        )


def of_talk(one: ConversationRecord) -> str:
    """The name of the form that mends a talk: with the person's id, so that a draft of it goes with them."""
    return f"mend talk {one.id.hex} {one.person_id}"


def mend_form(actor: Actor, one: ConversationRecord) -> None:
    """Mend what was written down of a conversation."""
    form, now = of_talk(one), values_of(one)
    fold = folded(actor, form, _("Mend what is written here"), ":material/edit:")
    if fold is None:
        return
    with fold, drafting(actor, form, one.version, now):
        fields(form, now)
        version, began = opened_at(form, one.version), opened_with(form, now)
        about = {theme: theme_words(theme) for theme in THEMES}
        both_sides(form, titles(), {"kind": kind_names(), "mode": mode_names(), "themes": about})

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            edit_conversation(s, one.id, changed(typed, began), version=version, by=by, key=key)

        save_button(form, _("Save the changes"), act, actor, _("The changes are saved."), type="primary")


def fields(form: str, now: Typed) -> None:
    """Kind and way first, then how long; a few words are not asked for before that."""
    named, kinds, modes = titles(), kind_names(), mode_names()
    for name, options, names in (("kind", CONVERSATION_KINDS, kinds), ("mode", CONVERSATION_MODES, modes)):
        chosen = options.index(now[name]) if now[name] else None
        key = field(form, name)
        st.radio(named[name], options, chosen, format_func=names.__getitem__, horizontal=True, key=key)
    st.number_input(named["minutes"], 1, MOST_MINUTES, now["minutes"], 5, key=field(form, "minutes"))
    held = field(form, "held_on")
    st.date_input(named["held_on"], now["held_on"], max_value=today(), format="DD/MM/YYYY", key=held)
    st.checkbox(named["proactive"], now["proactive"], key=field(form, "proactive"))
    st.text_area(named["summary"], now["summary"], key=field(form, "summary"), help=what_not())
    themes = field(form, "themes")
    st.multiselect(named["themes"], THEMES, now["themes"], format_func=theme_words, key=themes)
    st.date_input(named["next_on"], now["next_on"], format="DD/MM/YYYY", key=field(form, "next_on"))


def what_not() -> str:
    """What does not belong in here."""
    return _("What they would be glad to read. Nothing about health, money or trouble: that belongs in other hands.")


def prompt_card(kind: str | None) -> None:
    """Open questions to take along."""
    with st.container(border=True):
        st.markdown(f"**{_('Questions to take along')}**")
        st.markdown("\n".join(f"- {verbatim(one)}" for one in questions(kind)))
        st.caption(_("Ask one, then listen longer than feels easy."))


def told_in(typed: Typed) -> Typed:
    """What stands in the fields, as a draft takes it; what nobody chose is empty, and the room says so."""
    told = {name: typed[name] for name in EDITABLE}
    said = {"kind": told["kind"] or "", "mode": told["mode"] or "", "minutes": told["minutes"] or 0}
    return told | said | {"themes": tuple(told["themes"])}


def values_of(one: ConversationRecord) -> Typed:
    """The values that the form starts from."""
    return {name: getattr(one, name) for name in EDITABLE} | {"themes": list(one.themes)}
