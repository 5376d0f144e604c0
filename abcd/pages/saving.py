"""A save is one function, one transaction and one key: pressed twice it saves once, refused it keeps what was typed."""

import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import drafts
from abcd.db.audit import once
from abcd.db.session import Actor, until_known
from abcd.errors import AbcdError, Conflict
from abcd.pages.clashes import both_sides, clashed, differences
from abcd.pages.drafting import drafting, folded, is_touched, is_unfinished
from abcd.pages.fields import (
    KEY_LENGTH,
    Typed,
    begin,
    changed,
    field,
    nonce,
    opened_at,
    opened_with,
    typed_in,
    writing_of,
)
from abcd.pages.visit import speak
from abcd.pages.words import verbatim

__all__ = [
    "Job", "Typed", "both_sides", "changed", "differences", "drafting", "field", "folded", "is_unfinished",
    "job_button", "nonce", "opened_at", "opened_with", "redraw_after_save", "save", "save_button", "saved",
    "say_what_was_done", "typed_in",
]  # fmt: skip

Act = Callable[[Session, Actor, str, Typed], Any]
"""Does the deed: ``(s, by, key, typed)``; what it returns is remembered as text."""

#: A person who presses twice is done within this time.
ECHO_SECONDS = 3.0

Job = Callable[[Actor, str], Any]
"""Does what takes long, in transactions of its own: ``(by, key)``."""


def save_button(form: str, label: str, act: Act, by: Actor, done: str, **look: Any) -> None:
    """A button that saves once: the nonce is in its own key, so that a double click is one press (trust.md R3).

    A server that has just been started again is told of a press before it has drawn the button, and then calls nobody:
    such a press is seen here.
    """
    key = nonce(form)
    pressed = st.button(label, key=f"save {form} {key}", on_click=save, args=(form, key, act, by, done), **look)
    if pressed and st.session_state.get(f"pressed {form}") != key:
        save(form, key, act, by, done)
        st.rerun()
    say_trouble(form)


def say_trouble(form: str) -> None:
    """Why the last save of ``form`` was refused, beside its button."""
    sentence = st.session_state.get(f"trouble {form}")
    if sentence:
        st.error(verbatim(sentence), icon=":material/info:")


def save(form: str, key: str, act: Act, by: Actor, done: str) -> None:
    """Run ``act`` in one transaction, once; remember what to say, or both sides of a conflict."""
    speak()  # a press is heard before the page is drawn, and so before it has said its language
    st.session_state[f"pressed {form}"] = key
    typed = typed_in(form, key)
    if key in st.session_state.get(f"done {form}", ()) or _is_echo(form, key, typed):
        return
    _clear(form)
    try:
        result = until_known(by, lambda s: saved_once(s, form, key, typed, act, by))
    except Conflict as clash:
        clashed(form, clash)
    except AbcdError as error:
        st.session_state[f"trouble {form}"] = str(error)
    else:
        _finish(form, key, result, done)


def saved_once(s: Session, form: str, key: str, typed: Typed, act: Act, by: Actor) -> str:
    """Do it at most once for one writing of one content, and let go of its draft in the same transaction.

    The content is part of the key: a draft that two windows went on with is saved once when they say the same, and a
    window that says something else is not taken for a repetition.
    """
    whole = f"{key[:KEY_LENGTH]} {fingerprint(typed)}"

    def told() -> dict[str, Any]:
        result = act(s, by, whole, dict(typed))
        return {"result": "" if result is None else str(result)}

    done = once(s, f"save {whole}", by, told)
    drafts.close(s, writing_of(form, key), by=by)
    return str(done["result"])


def fingerprint(typed: Typed) -> str:
    """Sixteen hexadecimal digits that stand for what was typed."""
    told = json.dumps(typed, sort_keys=True, default=str)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def job_button(form: str, label: str, job: Job, by: Actor, done: str, busy: str, **look: Any) -> None:
    """A button for what takes long: it says ``busy`` while it runs, and runs once however often it is pressed."""
    key = nonce(form)
    if st.button(label, key=f"save {form} {key}", **look):
        with st.spinner(busy):
            run_job(form, key, job, by, done)
        st.rerun()
    say_trouble(form)


def run_job(form: str, key: str, job: Job, by: Actor, done: str) -> None:
    """Run ``job`` and remember what to say before the page draws anything, so that no rerun comes between."""
    if key in st.session_state.get(f"done {form}", ()):
        return
    _clear(form)
    try:
        result = job(by, key)
    except AbcdError as error:
        st.session_state[f"trouble {form}"] = str(error)
    else:
        _finish(form, key, "" if result is None else str(result), done)


def saved(form: str) -> str | None:
    """What the last save of ``form`` gave back, told once; None when there was none."""
    result: str | None = st.session_state.pop(f"saved {form}", None)
    return result


def say_what_was_done() -> None:
    """Say at the top of the page what the last save did: once, and again if the page is drawn anew right after."""
    here = tuple(st.query_params.items())
    sentence = st.session_state.pop("said", None)
    if sentence:
        st.session_state["said lately"] = (time.monotonic(), here, sentence)
    at, where, lately = st.session_state.get("said lately", (0.0, here, ""))
    if lately and where == here and time.monotonic() - at < ECHO_SECONDS:
        st.success(lately, icon=":material/check_circle:")


def redraw_after_save() -> None:
    """For a part of a page that runs alone: a save in it is told at the top of the page, and may change other parts."""
    if "said" in st.session_state:
        st.rerun()


def _is_echo(form: str, key: str, typed: Typed) -> bool:
    """Whether this is the second half of a slow double click: it meets the next, untouched form under the pointer.

    What the first half did is said again, since the page is drawn anew.
    """
    at, done, result = st.session_state.get(f"finished {form}", (0.0, "", ""))
    if time.monotonic() - at > ECHO_SECONDS or is_touched(form, key, typed):
        return False
    st.session_state["said"], st.session_state[f"saved {form}"] = done, result
    return True


def _clear(form: str) -> None:
    for what in ("clash", "trouble"):
        st.session_state.pop(f"{what} {form}", None)


def _finish(form: str, key: str, result: str, done: str) -> None:
    st.session_state[f"done {form}"] = {*st.session_state.get(f"done {form}", ()), key}
    begin(form)
    st.session_state[f"finished {form}"] = (time.monotonic(), done, result)
    st.session_state["said"] = done
    st.session_state[f"saved {form}"] = result
