"""A Streamlit script that puts strings into every kind of element in which pages show somebody's words.

``?sink=table&count=2000`` shows them through ``verbatim``; ``&raw=1`` shows them as they are, which is the control.
"""

from collections.abc import Callable
from itertools import islice

import streamlit as st

from abcd.pages.words import verbatim
from tests.hostile.strings import strings

asked = st.query_params
count, start = int(asked.get("count", "2000")), int(asked.get("start", "0"))
shown: Callable[[str], str] = str if asked.get("raw") else verbatim
texts = [shown(text) for text in islice(strings(start + count), start, None)]


def table() -> None:
    """Cells and one heading."""
    st.table([{"n": str(n), "text": text} for n, text in enumerate(texts)], hide_index=True)


def lines() -> None:
    """Lines of a list in one text, in bold, and after other words."""
    st.markdown("\n".join(f"- {text}" for text in texts))


def choices() -> None:
    """Options to choose from, with a line below each."""
    st.radio("Choose", range(len(texts)), format_func=texts.__getitem__, captions=texts, key="choices")


def links() -> None:
    """Links to pages, with the name in bold, and a line about each."""
    for text in texts:
        st.page_link("http://127.0.0.1/x", label=f"**{text}**")
        st.caption(text)


def boxes() -> None:
    """Sentences in boxes of every colour, titles of every size, figures, names of fields and of buttons."""
    for n, text in enumerate(texts):
        for box in (st.info, st.success, st.warning, st.error):
            box(f"“{text}” is not here.")
        for title in (st.title, st.header, st.subheader):
            title(text, anchor=False)
        st.metric(text, text)
        st.expander(text).write(text)
        st.button(text, key=f"button {n}", help=text)
        st.text_input(text, text, key=f"field {n}")
        st.text_area("area", text, key=f"area {n}")
        st.selectbox("one", [text], key=f"one {n}")
        st.pills("some", [text], key=f"some {n}")


{"table": table, "lines": lines, "choices": choices, "links": links, "boxes": boxes}[asked.get("sink", "table")]()
st.text("that was all")
