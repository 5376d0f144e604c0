"""Whom somebody would rather not meet: written down without a reason, taken back as easily."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.connections.by_hand import agreed, groups_named
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.saving import Typed, drafting, field, is_unfinished, save_button
from abcd.pages.words import joined, verbatim
from abcd.people.avoiding import Avoided, avoid, avoid_no_more, avoided_by
from abcd.people.records import PersonRecord


def avoids(actor: Actor, person: PersonRecord) -> None:
    """Whom they asked not to be brought together with."""
    if not (can(actor, "view", "person_note") and can(actor, "suggest", "connection")):
        return
    form = f"avoids {person.id}"
    with session(actor) as s:
        known, people = avoided_by(s, person.id), agreed(s)
    names = {str(one.id): joined([one.name, one.place_name]) for one in people if one.id != person.id}
    with st.expander(_("Please not with…"), is_unfinished(actor, form), icon=":material/do_not_disturb_on:"):
        st.caption(_("Nobody asks why, and nobody else is told. They are never suggested to each other."))
        for one in known:
            taken_back(actor, one)
        with drafting(actor, form):
            st.selectbox(_("A neighbour"), list(names), None, format_func=lambda key: verbatim(names[key]),
                         key=field(form, "other"))  # fmt: skip
            words = st.text_input(_("Or part of the name of a group or place"), key=field(form, "words"))
            with session(actor) as s:
                groups = {str(key): name for key, name in groups_named(s, words)} if words else {}
            st.selectbox(_("Group or place"), list(groups), None, key=field(form, "asset"),
                         format_func=lambda key: verbatim(groups.get(key, key)))  # fmt: skip

            def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
                other, asset = typed.get("other"), typed.get("asset")
                avoid(s, person.id, other_id=UUID(other) if other else None, asset_id=UUID(asset) if asset else None,
                      by=by, key=key)  # fmt: skip

            save_button(form, _("Do not bring them together"), act, actor, _("They are not brought together."))


def taken_back(actor: Actor, one: Avoided) -> None:
    """One of them, with the way back."""
    st.write(verbatim(one.name))

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        avoid_no_more(s, one.id, by=by, key=key)

    save_button(f"avoid no more {one.id}", _("They may meet after all"), act, actor, _("It is taken back."))
