"""A stamp in a form that nobody signs in for: for what it was drawn and when, so that a machine's haste shows.

It is no secret and keeps nothing in the browser. It also names the writing: the same form sent twice is one.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from abcd.access.sealing import SHARE_FILE, keyed

STAMP = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{8})\.([0-9a-f]{64})")
SOONEST, LATEST = 2, 24 * 3600
"""Seconds between the drawing of a form and its sending: nobody reads and types in less, nor leaves it for longer."""


@dataclass(frozen=True)
class Stamp:
    """The name of a writing, and how many seconds ago its form was drawn."""

    key: str
    age: int

    @property
    def is_hasty(self) -> bool:
        """Whether no person could have read the form."""
        return self.age < SOONEST


def new_stamp(about: str, time: datetime) -> str:
    """A stamp for the form that is ``about`` something, drawn at ``time``."""
    key, drawn = uuid4().hex, f"{int(time.timestamp()):08x}"
    return f"{key}.{drawn}.{_mark(about, key, drawn)}"


def stamp_in(text: str, about: str, time: datetime) -> Stamp | None:
    """The stamp that was sent with a form; ``None`` when it is not ours, for another form, or too old."""
    parts = STAMP.fullmatch(text)
    if parts is None or not hmac.compare_digest(_mark(about, parts[1], parts[2]), parts[3]):
        return None
    age = int(time.timestamp()) - int(parts[2], 16)
    return Stamp(parts[1], age) if 0 <= age <= LATEST else None


def _mark(about: str, key: str, drawn: str) -> str:
    return keyed(f"form {about} {key} {drawn}", SHARE_FILE)
