"""A form in which nothing is lost: what was kept of an earlier writing is offered, what is written now is kept.

``with drafting(actor, form, version, now):`` goes round the fields and the button of a form.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import streamlit as st
from babel.dates import format_date
from sqlalchemy.orm import Session
from streamlit.delta_generator import DeltaGenerator

from abcd.access import drafts
from abcd.access.drafts import KeptDraft
from abcd.core.clock import LOCAL
from abcd.core.language import _, chosen
from abcd.db.session import Actor, session
from abcd.errors import StoreUnavailable
from abcd.pages.clashes import compare
from abcd.pages.fields import (
    KEY_LENGTH,
    Typed,
    begin,
    field,
    nonce,
    opened_at,
    opened_with,
    split,
    typed_in,
    writing_of,
)
from abcd.pages.keeper import watch
from abcd.pages.words import verbatim

LOCALES = {"en": "en_GB", "cy": "cy"}
SHOWN = 3
LONG = 80


@contextmanager
def drafting(actor: Actor, form: str, version: int | None = None, now: Typed | None = None) -> Iterator[None]:
    """Offer what was kept before, and keep what is written now until it is saved.

    ``version`` is that of the record, None for a new one; ``now`` are the values that its fields start from. When
    somebody else saved in between, ``both_sides`` sets what was typed beside them.
    """
    pick_up(actor, form, version)
    if version is not None:
        opened_at(form, version)
    if now is not None:
        opened_with(form, now)
    if st.session_state.get(f"compare {form}") and typed_in(form, nonce(form)):
        del st.session_state[f"compare {form}"]
        if version is not None and now is not None:
            compare(form, version, now, st.session_state.pop(f"touched {form}", None))
    offer(actor, form, version)
    yield
    if st.session_state.get(f"compare {form}") and typed_in(form, nonce(form)):
        # Only now does this session know what stands in the fields.
        st.rerun()
    keep(actor, form)


def pick_up(actor: Actor, form: str, version: int | None) -> None:
    """Watch the form. A session that is new goes on with what this window was writing, unless that was saved."""
    met = f"met {form}" in st.session_state
    key = st.session_state[f"nonce {form}"] if met else ""
    window = watch(form, key, st.session_state.get(f"opened {form} {key}", version))
    st.session_state[f"met {form}"] = True
    if met or not window or not actor.account_id:
        return
    begun = window["key"]
    with session(actor) as s:
        was_saved = drafts.is_saved(s, writing_of(form, begun), by=actor)
        own = [one for one in drafts.about(s, split(form)[1], by=actor) if one.writing.sitting == begun]
    if was_saved:
        st.session_state[f"was saved {form}"] = True
        return
    begin(form, begun)
    st.session_state[f"going on {form} {begun}"] = True
    if window["version"] is not None and window["version"] != version:
        # What it was opened with is forgotten, but not which fields were touched.
        st.session_state[f"opened {form} {begun}"] = window["version"]
        st.session_state[f"began {form} {begun}"] = {}
        st.session_state[f"touched {form}"] = {name for one in own for name in one.values}
        st.session_state[f"compare {form}"] = True


def offer(actor: Actor, form: str, version: int | None) -> None:
    """Say what was being written here, with two buttons: go on with it, or throw it away."""
    if st.session_state.pop(f"was saved {form}", False):
        st.info(_("What you were writing here has been saved already."), icon=":material/check_circle:")
    kept = kept_before(actor, form)
    if kept is None:
        return
    with st.container(border=True, key=f"offer {form}"):
        st.markdown(f"**{said_when(kept.saved_at)}**")
        glimpse = [f"“{verbatim(text)}”" for text in glimpses(kept.values)]
        if glimpse:
            st.caption(" · ".join(glimpse))
        with st.container(horizontal=True):
            again, gone = f"go on {form} {kept.writing.sitting}", f"throw away {form} {kept.writing.sitting}"
            st.button(_("Go on with it"), key=again, type="primary", on_click=go_on, args=(actor, form, kept, version))
            st.button(_("Throw it away"), key=gone, on_click=throw_away, args=(actor, kept))


def said_when(moment: datetime) -> str:
    """``You were writing here on Sunday 22 November at 14:05.``"""
    here = moment.astimezone(LOCAL)
    day = format_date(here.date(), "EEEE d MMMM", locale=LOCALES[chosen()])
    return _("You were writing here on {day} at {time}.").format(day=day, time=f"{here:%H:%M}")


def glimpses(values: Typed) -> list[str]:
    """The beginnings of the longest texts, so that a person knows what it was."""
    texts = sorted((" ".join(one.split()) for one in values.values() if isinstance(one, str)), key=len, reverse=True)
    return [text if len(text) <= LONG else f"{text[:LONG]}…" for text in texts[:SHOWN] if text]


def kept_before(actor: Actor, form: str) -> KeptDraft | None:
    """The newest that was kept of another writing of ``form``; one question to the store for all forms of a record."""
    named, record = split(form)
    if f"about {record}" not in st.session_state:
        with session(actor) as s:
            kept_about(s, actor, record)
    known: list[KeptDraft] = st.session_state[f"about {record}"]
    others = (one for one in known if one.writing.form == named and one.writing.sitting != nonce(form))
    return next(others, None)


def kept_about(s: Session, actor: Actor, record: str) -> None:
    """Ask for what was being written about ``record``, for all its forms, unless this session knows."""
    if f"about {record}" not in st.session_state:
        st.session_state[f"about {record}"] = drafts.about(s, record, by=actor)


def is_unfinished(actor: Actor, form: str) -> bool:
    """Whether something is or was being written here, so that a folded form is shown open."""
    return f"going on {form} {nonce(form)}" in st.session_state or kept_before(actor, form) is not None


def folded(actor: Actor, form: str, label: str, icon: str) -> DeltaGenerator | None:
    """A fold to draw ``form`` in; None while nobody has opened it, because forms that nobody reads make a page slow.

    What is unfinished is open from the start, and what was drawn once stays, so that folding it empties no field.
    """
    place = f"fold {form}"
    if place not in st.session_state and is_unfinished(actor, form):
        st.session_state[place] = True
    fold = st.expander(label, icon=icon, key=place, on_change="rerun")
    return fold if fold.open or f"met {form}" in st.session_state else None


def go_on(actor: Actor, form: str, kept: KeptDraft, version: int | None) -> None:
    """Fill the fields with what was kept; what stands in them now is itself kept, and offered next."""
    key = f"{kept.writing.sitting[:KEY_LENGTH]}_{uuid4().hex[:8]}"
    with session(actor) as s:
        taken = drafts.take_over(s, kept.writing, key, by=actor)
    st.session_state.pop(f"about {kept.writing.record}", None)
    if taken is None:
        st.session_state[f"was saved {form}"] = True
        return
    begin(form, key)
    for name, value in taken.values.items():
        st.session_state[field(form, name)] = unpacked(value)
    st.session_state[f"going on {form} {key}"] = True
    if version is not None and taken.writing.version != version:
        st.session_state[f"began {form} {key}"] = {}
        st.session_state[f"compare {form}"] = True


def throw_away(actor: Actor, kept: KeptDraft) -> None:
    """Forget what was kept."""
    with session(actor) as s:
        drafts.forget(s, kept.writing, by=actor)
    st.session_state.pop(f"about {kept.writing.record}", None)


def keep(actor: Actor, form: str) -> None:
    """Keep what was changed since the rerun before: choices, ticks, dates and pins, of which the server knows first."""
    key = nonce(form)
    stands = standing(typed_in(form, key))
    st.session_state.setdefault(f"blank {form} {key}", stands)
    began = standing(st.session_state.get(f"began {form} {key}", {}))
    last = st.session_state.setdefault(f"kept {form} {key}", stands | {n: v for n, v in began.items() if n in stands})
    changed = {name: value for name, value in stands.items() if last.get(name) != value}
    if not changed or not actor.account_id:
        return
    try:
        with session(actor) as s:
            drafts.keep(s, writing_of(form, key), changed, by=actor)
    except StoreUnavailable:
        return  # The next rerun tries again, because nothing is remembered as kept.
    st.session_state[f"kept {form} {key}"] = stands


def is_touched(form: str, key: str, typed: Typed) -> bool:
    """Whether a person changed anything in the form since it was drawn first."""
    blank = st.session_state.get(f"blank {form} {key}", {})
    return bool(blank != standing(typed))


def standing(typed: Typed) -> Typed:
    """What stands in the fields as JSON, without what cannot be kept."""
    return {name: packed(value) for name, value in typed.items() if is_plain(packed(value))}


def packed(value: Any) -> Any:
    """A value of a field as JSON holds it; a day is an object of its own."""
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return [packed(one) for one in value] if isinstance(value, list | tuple) else value


def unpacked(value: Any) -> Any:
    """The other way round."""
    if isinstance(value, dict) and set(value) == {"day"}:
        return date.fromisoformat(value["day"])
    return [unpacked(one) for one in value] if isinstance(value, list) else value


def is_plain(value: Any) -> bool:
    """Whether JSON can hold it; a file that is being uploaded cannot be kept."""
    if isinstance(value, list):
        return all(map(is_plain, value))
    return value is None or isinstance(value, bool | int | float | str | dict)
