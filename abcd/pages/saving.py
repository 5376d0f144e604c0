"""A save is one function, one transaction and one key: pressed twice it saves once, refused it keeps what was typed."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.errors import AbcdError, Conflict

Act = Callable[[Session, Actor, str], Any]
"""Does the deed in a session: ``(s, by, key)``."""


def nonce(form: str) -> str:
    """The key of the next save of ``form``; a new one only after a save went through."""
    key: str = st.session_state.setdefault(f"nonce {form}", uuid4().hex)
    return key


def save_button(form: str, label: str, act: Act, by: Actor, done: str, **look: Any) -> None:
    """A button that saves once, with the nonce inside its own key so that a double click is one press (trust.md R3)."""
    key = nonce(form)
    st.button(label, key=f"save {form} {key}", on_click=save, args=(form, key, act, by, done), **look)


def save(form: str, key: str, act: Act, by: Actor, done: str) -> None:
    """Run ``act`` in one transaction; remember what to say, or both sides of a conflict."""
    forget(form)
    try:
        with session(by) as s:
            result = act(s, by, key)
    except Conflict as clash:
        st.session_state[f"clash {form}"] = {"theirs": clash.theirs, "ours": clash.ours}
    except AbcdError as error:
        st.session_state[f"trouble {form}"] = str(error)
    else:
        st.session_state.pop(f"nonce {form}", None)
        st.session_state["said"] = done
        st.session_state[f"saved {form}"] = str(result) if result is not None else ""


def saved(form: str) -> str | None:
    """What the last save of ``form`` gave back, told once."""
    result: str | None = st.session_state.pop(f"saved {form}", None)
    return result


def forget(form: str) -> None:
    """Let go of what was said about an earlier try."""
    for what in ("clash", "trouble"):
        st.session_state.pop(f"{what} {form}", None)


def trouble(form: str) -> None:
    """Say why the last save of ``form`` did not go through."""
    sentence = st.session_state.get(f"trouble {form}")
    if sentence:
        st.error(sentence, icon=":material/info:")


def clash(form: str) -> dict[str, dict[str, object]] | None:
    """Both sides, when somebody else saved first: ``{"theirs": {...}, "ours": {...}}``."""
    sides: dict[str, dict[str, object]] | None = st.session_state.get(f"clash {form}")
    return sides


def say_what_was_done() -> None:
    """Say once, at the top of the page, what the last save did."""
    sentence = st.session_state.pop("said", None)
    if sentence:
        st.success(sentence, icon=":material/check_circle:")


def either(clashing: dict[str, dict[str, object]], titles: dict[str, str]) -> None:
    """Show both versions of what differs, side by side."""
    st.warning(_("Somebody else saved this while you were typing. Both versions are here; what you typed is still in the form."))
    theirs, ours = clashing["theirs"], clashing["ours"]
    differing = [name for name in ours if str(ours[name] or "") != str(theirs.get(name) or "")]
    rows = [{_("What"): titles.get(name, name), _("Saved by them"): str(theirs.get(name) or "–"), _("Typed by you"): str(ours[name] or "–")}
            for name in differing]  # fmt: skip
    st.table(rows, hide_index=True)
