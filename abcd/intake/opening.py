"""Opening times of rows: from one column, from one column per weekday, or from a row about one weekday."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from abcd.core.hours import read_hours
from abcd.intake import strings
from abcd.intake.chunk import Chunk

DAY_NAMES = {"mo": "Mon", "tu": "Tue", "we": "Wed", "th": "Thu", "fr": "Fri", "sa": "Sat", "su": "Sun"}

TO_ASK = r"(?i)appointment|request|arrangement|contact|ring|phone|call|check|term|seasonal|vary|varies|evening|holiday"
"""Texts without a time that still tell a person something."""


def hours(chunk: Chunk) -> None:
    """The opening times as published, a line for each day, and the grid of when something is open."""
    told = strings.without_nothing(chunk.column("opening_hours"))
    days = [_of_day(chunk, day, column) for day, column in chunk.mapping.weekdays.items() if column in chunk.text]
    if days:
        told = strings.joined([told, *days], "\n")
    if chunk.mapping.column("weekday"):
        told = _after_weekday(chunk.column("weekday"), told)
    coded = pc.dictionary_encode(told)
    grids = pa.array([read_hours(text).grid for text in coded.dictionary.to_pylist()], pa.int64()).take(coded.indices)
    grid = pd.Series(grids.to_pandas(integer_object_nulls=True), dtype="Int64")
    chunk.parts |= {"opening_hours": told, "open_grid": grid}
    unread = strings.is_filled(told) & strings.where(pc.is_null(grids)) & ~strings.matches(told, TO_ASK)
    chunk.fault("unread_hours", unread, chunk.mapping.column("opening_hours"), told,
                "The opening times are kept as text; no day and time could be read in them.",
                "Write them as 'Mon-Fri 9am-5pm'.")  # fmt: skip


def _of_day(chunk: Chunk, day: str, column: str) -> pa.Array:
    """One weekday's times with the day before them."""
    name = pa.repeat(pa.scalar(DAY_NAMES[day], pa.string()), len(chunk))
    return _after_weekday(name, strings.without_nothing(chunk.text[column]))


def _after_weekday(day: pa.Array, told: pa.Array) -> pa.Array:
    """Times with their weekday before them; a time without a day stays as it is."""
    both = pc.binary_join_element_wise(day, told, " ")
    return pc.if_else(pa.array(strings.is_filled(day) & strings.is_filled(told)), both, told)
