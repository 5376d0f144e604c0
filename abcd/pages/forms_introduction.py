"""Forms of an introduction: the next step, a way out, that details were passed, that a manager looked into it."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.connections.by_hand import agreed, groups_named, idea_between
from abcd.connections.introduced import Introduction
from abcd.connections.introducing import ANSWERS, BEFORE_B, begin, look_into, pass_contact, step
from abcd.connections.introduction_words import reason_names, state_names, step_names
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.db.tables import EXITS
from abcd.pages.saving import Typed, drafting, field, folded, opened_at, save_button
from abcd.pages.words import joined, verbatim

SAID = {"asked_a": "a", "yes_a": "a", "asked_b": "b", "yes_b": "b"}
#: Steps that a follow-up takes by itself, once somebody says that it goes on.
BY_FOLLOW_UP = ("going_at_4w", "going_at_12w")


def step_buttons(actor: Actor, one: Introduction) -> None:
    """A button for each step that may follow and is this coordinator's to say."""
    forward = [state for state in one.next_states if state not in (*EXITS, *BY_FOLLOW_UP, "introduced")]
    with st.container(horizontal=True):
        for state in forward:
            if SAID.get(state, one.speaks_for[0]) in one.speaks_for:
                step_button(actor, one, state)
    waits = [state for state in forward if SAID.get(state, one.speaks_for[0]) not in one.speaks_for]
    if waits:
        st.caption(_("The next word is their own coordinator’s to ask for. They see it on their list."))


def step_button(actor: Actor, one: Introduction, state: str) -> None:
    """Write down one step."""
    form = f"step {state} {one.id}"
    version = opened_at(form, one.version)

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        step(s, one.id, state, version=version, by=by, key=key)

    save_button(form, step_names()[state], act, actor, _("It is written down."), type="primary")


def ending_form(actor: Actor, one: Introduction) -> None:
    """A way out: not now, not for them, no reply; or an end of what went on; or that it was not safe."""
    ways = [state for state in one.next_states if state in EXITS]
    form = f"ending {one.id}"
    fold = folded(actor, form, _("It does not come about, or it has ended"), ":material/logout:") if ways else None
    if fold is None:
        return
    with fold, drafting(actor, form, one.version):
        names, sides = state_names(), {"a": one.a.name or one.a.place_name, "b": one.b.name or one.b.place_name}
        asked = [side for side in one.speaks_for if not (side == "b" and one.state in BEFORE_B)]
        st.selectbox(_("What happened?"), ways, format_func=names.__getitem__, key=field(form, "state"))
        st.selectbox(_("Whose word is it?"), asked or list(one.speaks_for), format_func=sides.__getitem__,
                     key=field(form, "side"))  # fmt: skip
        st.selectbox(_("Why, if they said?"), list(reason_names()), format_func=reason_names().__getitem__,
                     key=field(form, "reason"))  # fmt: skip
        st.caption(_("The other side is told no more than that it did not come about. If it was not safe, "
                     "a manager is told at once; what happened is for a talk, not for this form."))  # fmt: skip
        version = opened_at(form, one.version)

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            reason = typed["reason"] if typed["state"] in (*ANSWERS, "stopped") else ""
            step(s, one.id, typed["state"], typed["side"], version=version, by=by, key=key, reason=reason)

        save_button(form, _("Write it down"), act, actor, _("It is written down. Nobody else is told why."))


def pass_button(actor: Actor, one: Introduction) -> None:
    """Each has the other's details now."""
    form = f"pass {one.id}"
    version = opened_at(form, one.version)

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        pass_contact(s, one.id, version=version, by=by, key=key)

    save_button(form, _("Each has it now"), act, actor, _("Written down: they are introduced."), type="primary")


def looked_into_button(actor: Actor, one: Introduction) -> None:
    """A manager looked into what was not safe."""
    if one.looked_into_on:
        st.write(_("Looked into on {day}.").format(day=f"{one.looked_into_on:%d/%m/%Y}"))
    elif can(actor, "see_safety_risk", "person"):
        form = f"look into {one.id}"
        version = opened_at(form, one.version)

        def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
            look_into(s, one.id, version=version, by=by, key=key)

        save_button(form, _("I have looked into it"), act, actor, _("Written down."))


def begin_form(actor: Actor) -> None:
    """Bring two together whom a coordinator knows: a neighbour, and another or a group."""
    form = "bring together"
    fold = folded(actor, form, _("Bring two together"), ":material/handshake:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        with session(actor) as s:
            known = {str(one.id): joined([one.name, one.place_name]) for one in agreed(s)}
        if not known:
            st.write(_("Nobody has said yes to introductions yet. Ask when you next sit down with somebody."))
            return
        kinds = {"person": _("Another neighbour"), "asset": _("A group or a place")}
        st.selectbox(_("Who hopes for something?"), list(known), index=None, format_func=known.__getitem__,
                     key=field(form, "a"), placeholder=_("Choose one"))  # fmt: skip
        kind = st.segmented_control(_("Whom or what could they meet?"), list(kinds), default="person", required=True,
                                    format_func=kinds.__getitem__, key=field(form, "kind"))  # fmt: skip
        other_side(actor, form, str(kind), known)
        save_button(form, _("Write the idea down"), begun, actor, _("It is an idea now. Nobody has been asked."),
                    type="primary")  # fmt: skip


def other_side(actor: Actor, form: str, kind: str, known: dict[str, str]) -> None:
    """Another neighbour who said yes, or a group by part of its name."""
    if kind == "person":
        st.selectbox(_("The other neighbour"), list(known), index=None, format_func=known.__getitem__,
                     key=field(form, "b"), placeholder=_("Choose one"))  # fmt: skip
        return
    words = st.text_input(_("Part of its name"), key=field(form, "words"))
    with session(actor) as s:
        found = {str(key): name for key, name in groups_named(s, words)} if words else {}
    st.selectbox(_("Which one?"), list(found), index=None, format_func=lambda key: verbatim(found.get(key, "")),
                 key=field(form, "asset"), placeholder=_("Choose one"))  # fmt: skip


def begun(s: Session, by: Actor, key: str, typed: Typed) -> str:
    """The idea that stands in the form; its id."""
    told = {name: UUID(typed[name]) if typed.get(name) else None for name in ("a", "b", "asset")}
    person, asset = (told["b"], None) if typed.get("kind") == "person" else (None, told["asset"])
    return str(begin(s, idea_between(s, told["a"], person, asset), by=by, key=key))
