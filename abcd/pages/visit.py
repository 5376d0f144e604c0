"""Who is looking, in which language, and what the page says when something cannot be done."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitAPIException

import abcd
from abcd.access import can
from abcd.access.holder import holder_of
from abcd.access.sessions import cookie_in
from abcd.core.language import LANGUAGES, _, chosen, use
from abcd.db.session import Actor
from abcd.errors import AbcdError, StoreUnavailable
from abcd.pages.away import give_back, keep_what_was_typed, wait_for_the_store
from abcd.pages.words import verbatim

WEB = Path(abcd.__file__).parent / "web"


def visitor() -> Actor:
    """The signed-in actor, asked of the store at each rerun, so that a revoked session ends at once.

    Without one the page stops with a sentence that says how to come in.
    """
    try:
        actor = holder_of(cookie_in(st.context.cookies))
    except StoreUnavailable as error:
        wait_for_the_store(error)
    give_back()
    if actor is None:
        st.warning(_("You are signed out, or your session has ended. What you typed last may be kept as a draft."))
        st.markdown(f"[{_('Sign in')}](/sign-in)")
        st.stop()
    return actor


def for_those_who_may(actor: Actor, verb: str, thing_kind: str) -> None:
    """Stop the page, with a sentence, for whoever the policy does not name."""
    if not can(actor, verb, thing_kind):
        st.info(_("This page is for others: your role does not need it. Ask a manager if you think it does."))
        st.stop()


def speak() -> None:
    """Use the language of this visit: the one chosen, else the one in the address, else English."""
    asked = st.query_params.get("lang", "en")
    use(st.session_state.setdefault("language", asked if asked in LANGUAGES else "en"))


def keep_address(path: str) -> None:
    """Write into the address what a link from the page at ``path`` to itself asked for.

    Such a link leaves the address as it was, and the next rerun would forget what was asked. Said once, since each
    time is a step more for the button that goes back. What a field of the page keeps in the address is the field's own
    to write, and is there already.
    """
    asked = (path, st.query_params.to_dict())
    before = st.session_state.get("address", asked)
    st.session_state["address"] = asked
    if before[0] == path and before != asked:
        with suppress(StreamlitAPIException):
            st.query_params.from_dict(asked[1])


def language_switch() -> None:
    """English or Cymraeg, on every page."""
    st.segmented_control(
        "Language · Iaith", list(LANGUAGES), required=True, format_func=LANGUAGES.__getitem__, key="language"
    )


def account_link() -> None:
    """The way to one's own passphrase, codes and signed-in browsers, and out."""
    st.markdown(f"[{_('Your account')}](/account?lang={chosen()})")


@contextmanager
def telling() -> Iterator[None]:
    """Show what cannot be done as a sentence in its panel; the rest of the page stands."""
    try:
        yield
    except AbcdError as error:
        if isinstance(error, StoreUnavailable):
            keep_what_was_typed()
        st.error(verbatim(str(error)), icon=":material/info:")
