"""Homes that stay together in every plan of a place: locked with a name, and unlocked again."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.clock import LOCAL
from abcd.core.language import _, ngettext
from abcd.db.session import Actor
from abcd.pages.forms_correcting import pick, picked
from abcd.pages.saving import Typed, drafting, field, save_button, saved
from abcd.pages.words import number, verbatim
from abcd.patches.correcting import Drawing
from abcd.patches.locks import Lock, blocks_in, lock, unlock
from abcd.places.records import PlaceRecord


def locks_panel(actor: Actor, here: PlaceRecord, drawing: Drawing) -> None:
    """What is locked here, and a form that locks what is chosen."""
    chosen = [block for block in picked(drawing.plan_id) if block < len(drawing.part)]
    title = _("Kept together ({n})").format(n=number(len(drawing.locks)))
    with st.expander(title, icon=":material/lock:", key=f"locks {drawing.plan_id}", expanded=False):
        st.caption(_("For example a court: its homes have one coach in every plan, and move together."))
        for one in drawing.locks:
            lock_line(actor, drawing, one)
        if chosen:
            lock_form(actor, here, drawing, chosen)
        else:
            st.write(_("Choose blocks on the map or in the list to keep them together."))


def let_go_of_locked(plan_id: UUID) -> None:
    """What has just been locked is no longer chosen; called before the map and the list are drawn."""
    if saved(f"lock {plan_id}") is not None:
        pick(plan_id, [])


def lock_line(actor: Actor, drawing: Drawing, one: Lock) -> None:
    """One lock: what it keeps together, who locked it and when, and how it is let go."""
    blocks = blocks_in(drawing.homes, one).tolist()
    st.markdown(f"**{verbatim(one.name)}**")
    day = f"{one.created_at.astimezone(LOCAL):%d/%m/%Y}"
    said = ngettext("{n} block, locked on {day} by {name}", "{n} blocks, locked on {day} by {name}", len(blocks))
    st.caption(said.format(n=number(len(blocks)), day=day, name=verbatim(one.made_by)))
    with st.container(horizontal=True):
        st.button(_("Show {name} on the map").format(name=one.name), key=f"show {one.id}", on_click=pick,
                  args=(drawing.plan_id, blocks))  # fmt: skip
        form = f"unlock {one.id}"

        def act(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
            unlock(s, one.id, version=one.version, by=by)

        label = _("Unlock {name}").format(name=one.name)
        save_button(form, label, act, actor, _("Unlocked. That it was locked stays in the history."))


def lock_form(actor: Actor, here: PlaceRecord, drawing: Drawing, chosen: list[int]) -> None:
    """Give what is chosen a name, and lock it."""
    form = f"lock {drawing.plan_id}"
    members = sorted({member for block in chosen for member in drawing.homes.members[block]})
    with drafting(actor, form):
        st.text_input(_("What are these homes called?"), key=field(form, "name"))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            lock(s, here.id, str(typed["name"] or ""), members, by=by, key=key)

        save_button(form, _("Keep these together"), act, actor, _("Locked: in every plan they have one coach."))
