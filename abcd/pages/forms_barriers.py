"""Forms of a barrier and its crossings: add one that was drawn, mend it, end it with a reason."""

from typing import Any
from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.session import Actor
from abcd.db.tables import BARRIER_NATURES, STEP_FREE
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
from abcd.places.barrier_deeds import BarrierDraft, add_barrier, edit_barrier, end_barrier
from abcd.places.barriers import BarrierRecord, CrossingRecord
from abcd.places.crossing_deeds import CrossingDraft, add_crossing, edit_crossing, end_crossing


def nature_name(nature: str) -> str:
    """What a barrier is, in words."""
    return {
        "railway": _("Railway"), "river": _("River or canal"), "main_road": _("Main road"), "wall": _("Wall or fence"),
        "felt_unsafe": _("Felt to be unsafe"), "other": _("Something else"),
    }[nature]  # fmt: skip


def step_free_name(told: str) -> str:
    """Whether a crossing is step-free, in words."""
    return {"yes": _("step-free"), "no": _("with steps"), "unknown": _("not known whether step-free")}[told]


def hard_name(is_hard: bool) -> str:
    """Whether anybody walks across, in words."""
    return _("Nobody walks across it, but at its crossings") if is_hard else _("One can walk across; people avoid it")


def titles() -> dict[str, str]:
    """The columns of a barrier in words."""
    return {"name": _("What people call it"), "nature": _("What it is"), "is_hard": _("Can one walk across?"),
            "source": _("How do you know?")}  # fmt: skip


def facts(form: str, now: Typed) -> None:
    """The fields of a barrier."""
    named = titles()
    st.text_input(named["name"], now.get("name", ""), key=field(form, "name"))
    nature = BARRIER_NATURES.index(now.get("nature", "railway"))
    st.selectbox(named["nature"], BARRIER_NATURES, nature, nature_name, key=field(form, "nature"))
    hard = (True, False).index(now.get("is_hard", True))
    st.radio(named["is_hard"], (True, False), hard, hard_name, key=field(form, "is_hard"))
    st.text_input(named["source"], now.get("source", ""), key=field(form, "source"))


def add_form(actor: Actor, form: str) -> None:
    """Name and nature of a barrier that was drawn."""
    facts(form, {})
    is_drawn = st.session_state.get(field(form, "line")) is not None
    if not is_drawn:
        st.caption(_("Draw its line on the map first."))

    def act(s: Session, by: Actor, key: str, typed: Typed) -> str:
        return str(add_barrier(s, BarrierDraft(**typed), by=by, key=key))

    done = _("The barrier is saved. Walks go round it from now on.")
    save_button(form, _("Save this barrier"), act, actor, done, type="primary", disabled=not is_drawn)


def values_of(one: BarrierRecord, line: dict[str, Any]) -> Typed:
    """The values that the form starts from; ``line`` is GeoJSON in degrees."""
    return {name: getattr(one, name) for name in titles()} | {"line": line}


def edit_form(actor: Actor, form: str, one: BarrierRecord, now: Typed) -> None:
    """The facts of a barrier, and the line as it was drawn."""
    facts(form, now)
    version, began = opened_at(form, one.version), opened_with(form, now)
    both_sides(form, titles() | {"line": _("Its line")})

    def act(s: Session, by: Actor, key: str, typed: Typed) -> str:
        told = changed(typed, began)
        line = told.pop("line", None)
        return str(edit_barrier(s, one.id, told, version=version, by=by, line=line, key=key))

    save_button(form, _("Save the barrier"), act, actor, _("The barrier is changed."), type="primary")


def crossing_form(actor: Actor, form: str, one: BarrierRecord) -> None:
    """Name of a crossing whose pin stands on the map, and whether it is step-free."""
    st.text_input(_("What is the crossing called?"), key=field(form, "name"))
    label = _("Can one cross without steps?")
    st.radio(label, STEP_FREE, 2, step_free_name, key=field(form, "step_free"), horizontal=True)
    is_placed = st.session_state.get(field(form, "at")) is not None
    if not is_placed:
        st.caption(_("Put the pin onto the line first."))

    def act(s: Session, by: Actor, key: str, typed: Typed) -> str:
        lon, lat = typed["at"]
        return str(add_crossing(s, one.id, CrossingDraft(typed["name"], lon, lat, typed["step_free"]), by=by, key=key))

    done = _("The crossing is saved. Walks may go through it from now on.")
    save_button(form, _("Save this crossing"), act, actor, done, type="primary", disabled=not is_placed)


def edit_crossing_form(actor: Actor, one: CrossingRecord) -> None:
    """A fold to change a crossing or to end it."""
    form = f"edit crossing {one.id}"
    fold = folded(actor, form, _("Change {crossing}").format(crossing=one.name), ":material/edit:")
    if fold is None:
        return
    now = {"name": one.name, "step_free": one.step_free}
    with fold:
        with drafting(actor, form, one.version, now):
            named = {"name": _("Name of this crossing"), "step_free": _("Step-free?")}
            st.text_input(named["name"], one.name, key=field(form, "name"))
            at = STEP_FREE.index(one.step_free)
            st.radio(named["step_free"], STEP_FREE, at, step_free_name, key=field(form, "step_free"), horizontal=True)
            version, began = opened_at(form, one.version), opened_with(form, now)
            both_sides(form, named)

            def act(s: Session, by: Actor, key: str, typed: Typed) -> str:
                return str(edit_crossing(s, one.id, changed(typed, began), version=version, by=by, key=key))

            save_button(form, _("Save the crossing"), act, actor, _("The crossing is changed."))
        end_fields(actor, "crossing", one.id, one.version)


def end_form(actor: Actor, kind: str, key: UUID, name: str, version: int) -> None:
    """A fold to end a barrier."""
    fold = folded(actor, f"end {kind} {key}", _("{name} is no barrier any more").format(name=name), ":material/close:")
    if fold is not None:
        with fold:
            end_fields(actor, kind, key, version)


def end_fields(actor: Actor, kind: str, key: UUID, version: int) -> None:
    """The reason why a barrier or a crossing ends, and the button."""
    form = f"end {kind} {key}"
    is_barrier = kind == "barrier"
    with drafting(actor, form, version):
        why = _("Why does this barrier end? (kept in its history)") if is_barrier else _("Why does this crossing end?")
        st.text_input(why, key=field(form, "reason"))
        opened = opened_at(form, version)
        both_sides(form, titles())

        def act(s: Session, by: Actor, _key: str, typed: Typed) -> None:
            deed = end_barrier if is_barrier else end_crossing
            deed(s, key, typed["reason"], version=opened, by=by)

        label = _("End this barrier") if is_barrier else _("End this crossing")
        save_button(form, label, act, actor, _("It has ended. Its history is kept."))
