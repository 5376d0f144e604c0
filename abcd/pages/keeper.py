"""The script that keeps what is being typed, as a Streamlit component that shows nothing.

A text field tells the server its text when it is left; until then the browser alone knows it. The script sends it to
``POST /draft``, and remembers which writing this window is busy with: when the server was started again, or has let go
of a window that was out of reach for long, the page goes on under the same keys, and no field is emptied.
"""

import re
from typing import Any

import streamlit as st

from abcd.access.drafts import SITTING
from abcd.pages.fields import split

SCRIPT = """
const keepers = new Map();
export default async function ({ key, data, setStateValue }) {
  const { keep } = await import(location.origin + "/web/drafts.js");
  if (keepers.has(key)) keepers.get(key).update(data);
  else keepers.set(key, keep(data, (sitting) => setStateValue("sitting", sitting)));
  return () => { keepers.get(key)?.stop(); keepers.delete(key); };
}
"""

_keeper = st.components.v2.component("abcd_keeper", js=SCRIPT, isolate_styles=False)


def watch(form: str, sitting: str, version: int | None) -> dict[str, Any]:
    """Watch the fields of ``form``; the writing that this window was busy with, as ``{"key", "version"}``, or empty.

    ``sitting`` is the writing that this session knows of, ``""`` for none yet. What the window says counts as nothing
    when it is not the name of a writing.
    """
    named, record = split(form)
    data = {
        "form": named, "record": record, "sitting": sitting, "version": version, "address": "/draft",
        "prefix": "st-key-" + re.sub(r"[^a-zA-Z0-9_-]", "-", form) + "-",
    }  # fmt: skip
    told = _keeper(key=f"keeper {form}", data=data, on_sitting_change=_nothing).get("sitting")
    if not isinstance(told, dict) or not SITTING.fullmatch(str(told.get("key"))):
        return {}
    version = told.get("version")
    return {"key": told["key"], "version": version if isinstance(version, int) else None}


def _nothing() -> None:
    """The result is read where the component stands."""
