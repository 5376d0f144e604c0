"""Typed cells as the text that their author sees."""

import datetime as dt
from typing import Any


def text_of(value: Any) -> str | None:
    """A cell as text: whole numbers without a point, days without a time, nothing for an empty cell."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.time):
        return value.isoformat("minutes") if value.second == 0 else value.isoformat("seconds")
    return str(value)
