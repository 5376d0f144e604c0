"""The form in which an owner changes how suggestions are weighed."""

from dataclasses import asdict, fields, replace
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from abcd.connections.weights import BOUNDS, LETTERS, Weights, set_weights, weight_name
from abcd.core.language import _
from abcd.db.session import Actor
from abcd.pages.saving import Typed, both_sides, drafting, field, opened_with, save_button

FORM = "matching weights"
STEPS = dict.fromkeys((*LETTERS.values(), "least", "times_met"), 0.01)


def weights_form(actor: Actor, now: Weights) -> None:
    """The six weights, then the thresholds, and where the new values come from."""
    fold = st.expander(_("Change them"), icon=":material/tune:", key="weights fold", on_change="rerun")
    if not fold.open:
        return
    began = Weights(**opened_with(FORM, asdict(now)))
    with fold, drafting(actor, FORM):
        st.write(_("The six weights make 1 together."))
        for names in (tuple(LETTERS.values()), tuple(name for name in BOUNDS if name not in LETTERS.values())):
            across = st.columns(3)
            for at, name in enumerate(names):
                with across[at % 3]:
                    number(name, now)
        st.text_input(_("Where do the new values come from?"), key=field(FORM, "source"), max_chars=200)
        both_sides(FORM, {name: weight_name(name) for name in BOUNDS})
        save_button(FORM, _("Use these from now on"), partial(_set, began), actor,
                    _("Saved. Suggestions are weighed so from now on."), type="primary")  # fmt: skip
        save_button("usual weights", _("Back to the usual values"), partial(_usual, began), actor,
                    _("The usual values are in use again."))  # fmt: skip


def number(name: str, now: Weights) -> None:
    """One value, whole where it counts days or people."""
    low, high = BOUNDS[name]
    value, kind = getattr(now, name), float
    if isinstance(value, int):
        kind = int  # type: ignore[assignment]
    step = STEPS.get(name, 1)
    st.number_input(weight_name(name), kind(low), kind(high), kind(value), kind(step), key=field(FORM, name))


def told_in(typed: Typed, began: Weights) -> Weights:
    """The values that stand in the form; of a field that was never drawn the one it began with."""
    values: dict[str, Any] = {
        one.name: type(getattr(began, one.name))(round(typed[one.name], 4))
        for one in fields(Weights)
        if typed.get(one.name) is not None
    }
    return replace(began, **values)


def _set(began: Weights, s: Session, by: Actor, _key: str, typed: Typed) -> None:
    set_weights(s, told_in(typed, began), str(typed.get("source") or ""), seen=began, by=by)


def _usual(began: Weights, s: Session, by: Actor, _key: str, _typed: Typed) -> None:
    set_weights(s, Weights(), "the usual values", seen=began, by=by)
