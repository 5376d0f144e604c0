"""Any text at all in the cells that are parsed: an answer or nothing, never an exception, and quickly."""

import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcd.core.hours import as_osm, grid_of, read_hours
from abcd.core.text import name_key, plain, postcode_in, postcode_key, slug, tidy
from abcd.intake import coordinates
from abcd.intake.fields import iso_day

#: What such cells are made of, more often than chance would have it.
PIECES = st.sampled_from(
    "53.42 -2.32 N S E W ° ′ ″ ' \" , ; : . - + ( ) SJ SJ792974 NaN inf 1e999 M33 7XX M337XX Mon Tue-Fri 9am 9:30 "
    "17:00 24/7 closed PH 1/2/2025 2025-02-30 29 Feb 1900 ١٢ \u202e \0 \ud7ff 😀 é e\u0301 0x10 9999999999".split(" ")
)
RUNS = st.lists(PIECES, max_size=12)
TEXTS = st.one_of(st.text(max_size=60), RUNS.map(" ".join), RUNS.map("".join))
CELLS = st.lists(st.one_of(st.none(), TEXTS), min_size=1, max_size=6).map(lambda cells: pa.array(cells, pa.string()))


@given(CELLS)
@settings(max_examples=200, deadline=None)
def test_coordinates_and_grid_references(cells: pa.Array) -> None:
    for found in (coordinates.axis(cells), *coordinates.pair(cells), *coordinates.grid_reference(cells)):
        assert found.dtype == np.float64
        assert len(found) == len(cells)
    assert (coordinates.doubt_in_degrees(cells.fill_null("")) >= 1).all()


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_words(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert all(ch.isalnum() or ch == "-" for ch in slug(text))
    assert isinstance(name_key(text), str)
    assert isinstance(plain(text), str)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_a_postcode_is_found_again_in_itself(text: str) -> None:
    found = postcode_in(text)
    assert postcode_in(found) == found
    assert " " not in postcode_key(found)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_opening_hours(text: str) -> None:
    rules = read_hours(text).rules
    assert 0 <= grid_of(rules) < 1 << 21
    assert isinstance(as_osm(rules), str)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_dates(text: str) -> None:
    day = iso_day(text)
    assert day == "" or date.fromisoformat(day).isoformat() == day


SLOW: dict[str, Callable[[str], object]] = {
    "hours": read_hours,
    "date": iso_day,
    "tidy": tidy,
    "slug": slug,
    "name_key": name_key,
    "postcode_in": postcode_in,
    "axis": lambda text: coordinates.axis(pa.array([text])),
    "pair": lambda text: coordinates.pair(pa.array([text])),
    "grid_reference": lambda text: coordinates.grid_reference(pa.array([text])),
}
TRAPS = (" ", "1 ", "M3", "9.", "e\u0301", "((", "1,", "SJ ", "-", "°", "A1A 1AA", "9:30-")


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("name", SLOW)
def test_time_grows_with_the_text_and_no_faster(name: str, trap: str) -> None:
    """A cell of 32 KB, which is the longest that is read, made to make patterns go back and forth."""
    text = trap * (32_768 // len(trap))
    assert seconds(SLOW[name], text) < 1.0


def seconds(parse: Callable[[str], object], text: str) -> float:
    """The processor seconds that parsing takes."""
    began = time.process_time()
    parse(text)
    return time.process_time() - began
