"""Cleaning the plain fields of a row: name, description, address, references, dates."""

import re
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from abcd.core.text import OUTWARD, POSTCODE, in_mixed_case, postcode_in
from abcd.intake import strings
from abcd.intake.chunk import Chunk

NO_NAME = tuple(word for word in strings.NOTHING if word not in ("none", "nil", "null", "nan", "na", "0000"))
"""Words that never name anything; ``None`` or ``NA`` may be a name unless the column repeats them."""

REPEATED_WORDS = ("none", "nil", "null", "nan", "na")
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%y", "%d %B %Y", "%d %b %Y", "%B %Y", "%b %Y", "%Y")
STATUSES = {
    "active": "active", "open": "active", "current": "active", "live": "active", "inactive": "inactive",
    "closed": "defunct", "permanently closed": "defunct", "defunct": "defunct", "planned": "planned",
    "temporarily closed": "temporarily closed", "closed temporarily": "temporarily closed", "proposed": "planned",
}  # fmt: skip
"""What publishers call the state of a thing, and our word for it."""


def names(chunk: Chunk) -> None:
    """The name, in mixed case where the file shouts; words for nothing are no name."""
    told = strings.without_nothing(chunk.column("name"), NO_NAME)
    said = np.asarray(pc.is_in(pc.utf8_lower(told), value_set=pa.array(REPEATED_WORDS)).to_numpy(zero_copy_only=False))
    told = strings.keep_where(told, ~said) if said.sum() > 1 else told
    told = strings.keep_where(told, strings.matches(told, r"[\pL\pN]"))
    chunk.parts["name"] = strings.each_distinct(told, in_mixed_case) if chunk.mapping.is_shouting else told
    chunk.parts["name_cy"] = strings.without_nothing(chunk.column("name_cy"))


def texts(chunk: Chunk) -> None:
    """Fields that are taken as they are."""
    for wanted in ("description", "organisation", "serves", "place_name", "cost"):
        chunk.parts[wanted] = strings.without_nothing(chunk.column(wanted))


def addresses(chunk: Chunk) -> None:
    """The address in one line and the full postcode, from its column or else from the address."""
    parts = [strings.without_nothing(one) for one in chunk.columns("address")] or [chunk.blank()]
    address = strings.joined(parts) if len(parts) > 1 else parts[0]
    told = strings.without_nothing(chunk.column("postcode"))
    in_column, in_address = _postcodes(told), strings.keep_where(address, strings.matches(address, POSTCODE))
    found = strings.first_filled([in_column, strings.each_distinct(in_address, postcode_in)])
    by = np.where(strings.is_filled(in_column), "column", np.where(strings.is_filled(found), "address", ""))
    chunk.parts |= {"address": address, "postcode": found, "postcode_by": by}
    _tell_postcodes(chunk, told, strings.is_filled(told) & ~strings.is_filled(in_column))


def _postcodes(told: pa.Array) -> pa.Array:
    """Full postcodes as ``M16 7AA``, ``""`` for anything else."""
    halves = pc.extract_regex(told, POSTCODE.replace("(GIR", "(?P<out>GIR").replace("([0-9][ABD", "(?P<inn>[0-9][ABD"))
    found = pc.utf8_upper(pc.binary_join_element_wise(*halves.flatten(), " "))
    missed = strings.is_filled(told) & np.asarray(pc.is_null(halves).to_numpy(zero_copy_only=False))
    return strings.change_where(pc.if_else(pa.array(missed), told, pc.fill_null(found, "")), missed, postcode_in)


def _tell_postcodes(chunk: Chunk, told: pa.Array, wrong: strings.Mask) -> None:
    half, column = wrong & strings.matches(told, OUTWARD), chunk.mapping.column("postcode")
    chunk.fault("partial_postcode", half, column, told, "Only half of a postcode: it covers a whole town.",
                "Give the full postcode.")  # fmt: skip
    chunk.fault("bad_postcode", wrong & ~half, column, told, "This is not a UK postcode.", "Look the postcode up.")


def references(chunk: Chunk) -> None:
    """The publisher's reference, the property number, the state and the day somebody last looked."""
    chunk.parts["reference"] = strings.without_nothing(chunk.column("reference"))
    chunk.parts["uprn"] = _uprns(chunk)
    state = strings.each_distinct(chunk.column("status"), lambda value: STATUSES.get(value.lower(), ""))
    chunk.parts["status"] = strings.first_filled([state, pa.repeat(pa.scalar("active", pa.string()), len(chunk))])
    chunk.parts["assured_on"] = strings.each_distinct(chunk.column("assured_on"), iso_day)


def _uprns(chunk: Chunk) -> pd.Series:
    """Unique property reference numbers as ``Int64``; what is none is told."""
    told = pc.replace_substring_regex(strings.without_nothing(chunk.column("uprn")), r"\.0+$", "")
    good = strings.matches(told, r"^\d{1,12}$")
    chunk.fault("bad_uprn", strings.is_filled(told) & ~good, chunk.mapping.column("uprn"), told,
                "A UPRN has one to twelve digits.", "Look the number up in the gazetteer.")  # fmt: skip
    digits = pc.cast(pc.if_else(pa.array(good), told, pa.scalar(None, pa.string())), pa.int64())
    return pd.Series(digits.to_pandas(types_mapper=None, integer_object_nulls=True), dtype="Int64")


def iso_day(told: str) -> str:
    """A date as ``YYYY-MM-DD``, the day before the month as in Britain, the first of a bare month; ``""`` if none.

    >>> iso_day("1/2/2025"), iso_day("2017-01"), iso_day("2022-05-03T18:09:56Z"), iso_day("soon")
    ('2025-02-01', '2017-01-01', '2022-05-03', '')
    """
    if found := re.match(r"(\d{4})-(\d{2})(?:-(\d{2}))?", told):
        told = "-".join(part or "01" for part in found.groups())
    for form in ("%Y-%m-%d", *DAY_FIRST):
        try:
            return datetime.strptime(told.strip().removesuffix(" 00:00:00"), form).date().isoformat()
        except ValueError:
            continue
    return ""
