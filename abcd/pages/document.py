"""What only the browser can do for a page: say its language to a screen reader, and print it."""

import streamlit as st

_LANGUAGE = st.components.v2.component(
    "abcd_language",
    js="export default function ({ data }) { document.documentElement.lang = data.language; }",
    isolate_styles=False,
)
_PRINT = st.components.v2.component(
    "abcd_print",
    html='<button type="button" class="abcd-print" hidden></button>',
    js="""
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.hidden = false;
  button.onclick = () => window.print();
}
""",
    isolate_styles=False,
)


def say_language(language: str) -> None:
    """Tell assistive technology which language the page speaks."""
    _LANGUAGE(key="language of the page", data={"language": language})


def print_button(label: str) -> None:
    """A button that opens the browser's print dialog."""
    _PRINT(key="print", data={"label": label}, width="content")
