"""Work that takes long and goes on beside the page: a press begins it, the page watches it, a rerun does not end it."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from abcd.db.session import Actor
from abcd.pages.saving import nonce, say_trouble
from abcd.pages.saving import run_job as finished
from abcd.pages.visit import speak

Telling = Callable[[float, str], None]
#: Does the work and tells how far it is; what it returns is remembered as text. It may not draw.
Work = Callable[[Telling], Any]

MOST_AT_ONCE, LOOK_AGAIN = 2, 0.2
_threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="beside a page")


@dataclass
class Beside:
    """Work that was begun: how far it is, between 0 and 1, and what is being done."""

    key: str
    done: "Future[Any]" = field(default_factory=Future)
    share: float = 0.0
    what: str = ""

    def tell(self, share: float, what: str) -> None:
        """How far it is."""
        self.share, self.what = min(max(share, 0.0), 1.0), what


def begin_work(form: str, key: str, work: Work) -> None:
    """Begin ``work`` for one writing of ``form``, in the language of the page; a second press begins nothing."""
    st.session_state[f"begun {form}"] = key
    if f"beside {form}" in st.session_state:
        return
    one = Beside(key)
    st.session_state[f"beside {form}"] = one
    one.done = _threads.submit(copy_context().run, work, one.tell)


def press(form: str, key: str, work: Callable[[str], Work]) -> None:
    """Read the form as it stands and begin what it asks for."""
    speak()  # a press is heard before the page is drawn, and so before it has said its language
    begin_work(form, key, work(key))


def work_button(form: str, label: str, work: Callable[[str], Work], by: Actor, done: str, **look: Any) -> None:
    """A button that begins long work, and the bar that shows how far it is; ``work(key)`` reads the form.

    It is begun by the press itself and goes on in a thread, so that a draft that is kept in that moment, or anything
    else that draws the page anew, ends nothing. A server that has just been started again is told of a press before it
    has drawn the button, and then calls nobody: such a press is seen here.
    """
    running = st.session_state.get(f"beside {form}")
    if running is None:
        key = nonce(form)
        pressed = st.button(label, key=f"save {form} {key}", on_click=press, args=(form, key, work), **look)
        if pressed and st.session_state.get(f"begun {form}") != key:
            press(form, key, work)
            st.rerun()
        say_trouble(form)
        return
    bar = st.progress(running.share, running.what)
    while not running.done.done():
        time.sleep(LOOK_AGAIN)
        bar.progress(running.share, running.what)
    del st.session_state[f"beside {form}"]
    finished(form, running.key, lambda _by, _key: running.done.result(), by, done)
    st.rerun()
