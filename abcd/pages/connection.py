"""What a page says while the server cannot be reached: Streamlit's own notice is a word in a corner."""

import streamlit as st

from abcd.core.language import _

SCRIPT = """
export default async function ({ data, setStateValue }) {
  const { watch } = await import(location.origin + "/web/connection.js");
  return watch(data, (when) => setStateValue("returned", when));
}
"""

_connection = st.components.v2.component("abcd_connection", js=SCRIPT, isolate_styles=False)


def say_when_lost() -> None:
    """Say it in a banner that comes and goes by itself; the page is drawn anew, but not loaded again.

    Streamlit draws nothing on reconnecting, so what others saved meanwhile would only be seen at the next click.
    """
    words = {
        "lost": _("Connection lost. Your text is kept. Trying again…"),
        "back": _("Connected again. You can go on."),
    }
    _connection(key="connection", data={"words": words}, on_returned_change=_nothing)


def _nothing() -> None:
    """That the page is drawn anew is all."""
