"""What a session remembers of a form: the keys of its fields, and the version and values that it was opened with.

The keys hold a nonce, the name of one writing. Once that is saved the next writing has another nonce, so that the
fields empty themselves, and a button that is pressed twice is one button (trust.md R3).
"""

import re
from typing import Any
from uuid import uuid4

import streamlit as st

from abcd.access.drafts import Writing

Typed = dict[str, Any]
"""What stands in the fields of a form, by field."""

#: The part of a nonce that its save is known by: going on with a draft elsewhere adds a second part.
KEY_LENGTH = 32
OF_A_WRITING = ("opened", "began", "blank", "kept", "going on")


def nonce(form: str) -> str:
    """The name of the writing that goes on in ``form``; a new one only after a save went through."""
    key: str = st.session_state.setdefault(f"nonce {form}", uuid4().hex)
    return key


def begin(form: str, key: str = "") -> str:
    """Begin another writing in ``form`` and forget what went with the one before; its nonce."""
    before = st.session_state.get(f"nonce {form}")
    for what in OF_A_WRITING:
        st.session_state.pop(f"{what} {form} {before}", None)
    st.session_state.pop(f"about {split(form)[1]}", None)
    st.session_state[f"nonce {form}"] = key or uuid4().hex
    return nonce(form)


def field(form: str, name: str) -> str:
    """The key of a field, or of something else that is kept with the form, such as a pin on a map."""
    return f"{form} {nonce(form)} {name}"


def keep_new(place: str, told: Any) -> None:
    """Take what a map tells when it is news: it tells its last event at each rerun."""
    told = list(told) if isinstance(told, tuple) else told
    if told and told != st.session_state.get(f"told {place}"):
        st.session_state[place] = st.session_state[f"told {place}"] = told


def typed_in(form: str, key: str) -> Typed:
    """What stands in the form now, also in a field that was left in the very moment of pressing the button."""
    start = f"{form} {key} "
    return {str(name)[len(start) :]: value for name, value in st.session_state.items() if str(name).startswith(start)}


def opened_at(form: str, version: int) -> int:
    """The version that this form was opened at: a rerun in between must not take somebody else's change for seen."""
    place = f"opened {form} {nonce(form)}"
    if st.session_state.get(place) is None:
        st.session_state[place] = version
    pinned: int = st.session_state[place]
    return pinned


def opened_with(form: str, now: Typed) -> Typed:
    """The values that this form was opened with: what differs from them was changed here, and nothing else was."""
    began: Typed = st.session_state.setdefault(f"began {form} {nonce(form)}", dict(now))
    return began


def changed(typed: Typed, began: Typed) -> Typed:
    """Of what stands in a form, what differs from the values that it was opened with."""
    return {name: value for name, value in typed.items() if name not in began or not same(value, began[name])}


def same(one: object, other: object) -> bool:
    """Whether two values are one to a person: nothing is an empty text, and an order of choices is none."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return sorted(map(str, one)) == sorted(map(str, other))
    return one == other or (one in (None, "") and other in (None, ""))


def split(form: str) -> tuple[str, str]:
    """``edit place <id>`` as what is done and to which record; a form without an id is about no record yet."""
    words = form.split(" ")
    ids = [word for word in words if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", word)]
    return " ".join(word for word in words if word not in ids), " ".join(ids)


def writing_of(form: str, key: str) -> Writing:
    """What the store calls a writing of ``form``."""
    return Writing(*split(form), key, st.session_state.get(f"opened {form} {key}"))
