"""Column headings as publishers write them, and what each could mean."""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from abcd.core.text import plain

WORDS_FILE = Path(__file__).parents[2] / "data" / "sources" / "_columns.toml"

ENDS, HOLDS, STEP = 0.8, 0.6, 0.004
"""How sure a heading is that ends with, or holds, a field's words; each later ``exact`` word loses ``STEP``."""

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
DAY_WORDS = {
    "mon": "mo", "monday": "mo", "tue": "tu", "tues": "tu", "tuesday": "tu", "wed": "we", "weds": "we",
    "wednesday": "we", "thu": "th", "thur": "th", "thurs": "th", "thursday": "th", "fri": "fr", "friday": "fr",
    "sat": "sa", "saturday": "sa", "sun": "su", "sunday": "su", "llun": "mo", "mawrth": "tu", "mercher": "we",
    "iau": "th", "gwener": "fr", "sadwrn": "sa", "sul": "su",
}  # fmt: skip
"""Days of the week as written, in English and Welsh, and their short names."""

Words = dict[str, dict[str, list[str]]]


@lru_cache
def words_of_fields() -> Words:
    """The headings by field, from ``data/sources/_columns.toml``."""
    return tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=4096)
def heading(text: str) -> str:
    """A heading as comparable words.

    >>> heading("StreetName"), heading("Recipient Org:Name"), heading("Address1")
    ('street name', 'recipient org name', 'address 1')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)", " ", text)
    return " ".join(re.findall(r"[a-z0-9]+", plain(spaced)))


def header_key(columns: Iterable[str], has_geometry: bool = False) -> str:
    """The same text for files with the same headings in the same order."""
    told = "\n".join([heading(column) for column in columns] + [str(has_geometry)])
    return hashlib.sha256(told.encode()).hexdigest()[:24]


@lru_cache(maxsize=8192)
def says(field: str, column: str) -> float:
    """How sure a heading alone is about a field, 0 to 1."""
    told, words = heading(column), words_of_fields()[field]
    if told in words.get("exact", ()):
        return 1.0 - STEP * words["exact"].index(told)
    if any(f" {word} " in f" {told} " for word in words.get("never", ())):
        return 0.0
    if any(told.endswith(f" {word}") for word in words.get("ends", ())):
        return ENDS
    return HOLDS if any(f" {word} " in f" {told} " for word in words.get("holds", ())) else 0.0


def weekday_of(column: str) -> str:
    """The short name of the weekday that a heading of opening times names last, or ``""``."""
    *others, last = heading(column).split() or [""]
    about_times = not others or bool({"opening", "open", "hours", "times", "time"} & set(others))
    return DAY_WORDS.get(last, "") if about_times else ""
