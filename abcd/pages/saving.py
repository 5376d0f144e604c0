"""A save is one function, one transaction and one key: pressed twice it saves once, refused it keeps what was typed."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.session import Actor, until_known
from abcd.errors import AbcdError, Conflict
from abcd.pages.words import verbatim

Typed = dict[str, Any]
"""What stands in the fields of a form, by field."""

Act = Callable[[Session, Actor, str, Typed], Any]
"""Does the deed: ``(s, by, key, typed)``; what it returns is remembered as text."""


def nonce(form: str) -> str:
    """The key of the next save of ``form``; a new one only after a save went through."""
    key: str = st.session_state.setdefault(f"nonce {form}", uuid4().hex)
    return key


def field(form: str, name: str) -> str:
    """The widget key of a field: it empties itself once its form is saved, and not before."""
    return f"{form} {nonce(form)} {name}"


def typed_in(form: str, key: str) -> Typed:
    """What stands in the form now, also in a field that was left in the very moment of pressing the button."""
    start = f"{form} {key} "
    return {str(name)[len(start) :]: value for name, value in st.session_state.items() if str(name).startswith(start)}


def opened_at(form: str, version: int) -> int:
    """The version that this form was opened at: a rerun in between must not take somebody else's change for seen."""
    pinned: int = st.session_state.setdefault(f"opened {form} {nonce(form)}", version)
    return pinned


def save_button(form: str, label: str, act: Act, by: Actor, done: str, **look: Any) -> None:
    """A button that saves once: the nonce is in its own key, so that a double click is one press (trust.md R3)."""
    key = nonce(form)
    st.button(label, key=f"save {form} {key}", on_click=save, args=(form, key, act, by, done), **look)
    sentence = st.session_state.get(f"trouble {form}")
    if sentence:
        st.error(sentence, icon=":material/info:")


def save(form: str, key: str, act: Act, by: Actor, done: str) -> None:
    """Run ``act`` in one transaction, again with its key while the store is lost; remember what to say, or both sides
    of a conflict."""
    for what in ("clash", "trouble"):
        st.session_state.pop(f"{what} {form}", None)
    typed = typed_in(form, key)
    try:
        result = until_known(by, lambda s: act(s, by, key, typed))
    except Conflict as clash:
        st.session_state[f"clash {form}"] = {"theirs": clash.theirs, "ours": clash.ours}
        # Both sides are on screen now: the next save is made from theirs, knowingly.
        for pinned in [name for name in st.session_state if str(name).startswith(f"opened {form}")]:
            del st.session_state[pinned]
    except AbcdError as error:
        st.session_state[f"trouble {form}"] = str(error)
    else:
        st.session_state.pop(f"nonce {form}", None)
        st.session_state["said"] = done
        st.session_state[f"saved {form}"] = "" if result is None else str(result)


def saved(form: str) -> str | None:
    """What the last save of ``form`` gave back, told once; None when there was none."""
    result: str | None = st.session_state.pop(f"saved {form}", None)
    return result


def say_what_was_done() -> None:
    """Say once, at the top of the page, what the last save did."""
    sentence = st.session_state.pop("said", None)
    if sentence:
        st.success(sentence, icon=":material/check_circle:")


def both_sides(form: str, titles: dict[str, str]) -> None:
    """When somebody else saved first, show what differs side by side; the form below still holds what was typed."""
    clash = st.session_state.get(f"clash {form}")
    if not clash:
        return
    st.warning(_("Somebody else saved this while you were typing. Here are both; your words are still in the form."))
    st.table(differences(clash["theirs"], clash["ours"], titles), hide_index=True)


def differences(theirs: Typed, ours: Typed, titles: dict[str, str]) -> list[dict[str, str]]:
    """One row for each value that is not the same on both sides."""
    return [
        {
            _("What"): titles.get(name, name),
            _("Saved by them"): _shown(theirs.get(name)),
            _("Typed by you"): _shown(mine),
        }
        for name, mine in ours.items()
        if _shown(mine) != _shown(theirs.get(name))
    ]


def _shown(value: object) -> str:
    return verbatim(str(value)) if value not in (None, "") else "–"
