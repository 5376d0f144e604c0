"""What a page says while the store does not answer: what was typed is kept, and the page goes on by itself."""

from typing import NoReturn

import streamlit as st

from abcd.core.language import _
from abcd.errors import StoreUnavailable
from abcd.pages.words import verbatim

#: Seconds between two looks whether the store is back. The store itself is asked by one thread alone.
LOOK_AGAIN = 2.0


def keep_what_was_typed() -> None:
    """Hold on to every field of every form, though it is not on the page just now.

    Streamlit forgets a field that a run did not draw; a value that a script sets stays.
    """
    st.session_state["kept while away"] = True
    _set_again()


def give_back() -> None:
    """Fill the fields again, before they are drawn: only what this very run sets does Streamlit tell the browser."""
    if st.session_state.pop("kept while away", False):
        _set_again()


def _set_again() -> None:
    for name, value in written().items():
        st.session_state[name] = value


def written() -> dict[str, object]:
    """What stands in the fields of forms that were not saved yet, by the key of the field."""
    open_forms = [str(name)[len("nonce ") :] for name in st.session_state if str(name).startswith("nonce ")]
    starts = tuple(f"{form} {st.session_state[f'nonce {form}']} " for form in open_forms)
    return {
        str(name): value
        for name, value in st.session_state.items()
        if starts and str(name).startswith(starts) and isinstance(value, str | int | float | bool | list | type(None))
    }


def wait_for_the_store(error: StoreUnavailable) -> NoReturn:
    """Say why, show what was typed so that it can be copied, look again by itself, and end this run."""
    keep_what_was_typed()
    st.warning(verbatim(str(error)), icon=":material/cloud_off:")
    st.write(_("Nothing can be read or saved just now. This page goes on by itself; you need not reload it."))
    texts = [value for value in written().values() if isinstance(value, str) and value.strip()]
    if texts:
        st.write(_("You were writing:"))
        for text in texts:
            st.write(verbatim(text))
    st.session_state["away"] = False
    look_again()
    st.stop()


@st.fragment(run_every=LOOK_AGAIN)
def look_again() -> None:
    """Run the page again after a while; the first time this is drawn it only begins to wait."""
    if st.session_state.get("away"):
        st.rerun(scope="app")
    st.session_state["away"] = True
