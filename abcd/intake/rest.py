"""What is left of a row: what must not be shown, yes/no columns, columns kept as they are, keys of repeats."""

import json
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from abcd.intake import strings
from abcd.intake.chunk import Chunk
from abcd.intake.headers import DAY_WORDS

SENSITIVE = (
    r"(?i)\b(women'?s (refuge|aid)|refuge\b.*\b(women|abuse|violence)|domestic (abuse|violence)|safe ?house|"
    r"rape crisis|sexual (assault|violence|abuse)|asylum (support|accommodation|hostel)|honou?r based|modern slavery|"
    r"trafficking|lloches i fenywod|cymorth i fenywod)"
)
"""Words of places whose address protects somebody."""

YES, NO = ("yes", "y", "x", "true", "1", "✓", "✔", "t"), ("no", "n", "false", "0", "f")


def guard(chunk: Chunk) -> None:
    """Mark places that must not be shown on a map, and tell, so that a person can say otherwise."""
    name, description = cast("pa.Array", chunk.parts["name"]), cast("pa.Array", chunk.parts["description"])
    sensitive = strings.matches(name, SENSITIVE) | strings.matches(description, SENSITIVE)
    chunk.parts["is_sensitive"] = sensitive
    chunk.fault("sensitive_place", sensitive, chunk.mapping.column("name"), name,
                "The words suggest a place whose address protects people; it is not shown on any map.",
                "Say on the asset's page if its place may be shown.")  # fmt: skip


def facilities(chunk: Chunk) -> None:
    """Yes/no columns as one JSON object of true and false; what is neither is left out."""
    yes, no = pa.array(YES, pa.string()), pa.array(NO, pa.string())
    low = {name: pc.utf8_lower(chunk.text[name]) for name in chunk.mapping.flags if name in chunk.text}
    said = {name: pc.if_else(pc.is_in(told, yes), "true", pc.if_else(pc.is_in(told, no), "false", ""))
            for name, told in low.items()}  # fmt: skip
    chunk.parts["facilities"] = _objects(said, len(chunk))


def extra(chunk: Chunk) -> None:
    """The columns kept as they are, as one JSON object; empty values are left out."""
    kept = [name for name in chunk.mapping.kept if name in chunk.text]
    told = {name: strings.without_nothing(chunk.text[name]) for name in kept}
    chunk.parts["extra"] = _objects({name: _quoted(values) for name, values in told.items()}, len(chunk))


def _quoted(told: pa.Array) -> pa.Array:
    """Texts as JSON strings, ``""`` where there is none."""
    bare = pc.replace_substring(pc.replace_substring(told, "\\", "\\\\"), '"', '\\"')
    bare = pc.replace_substring(pc.replace_substring(bare, "\n", "\\n"), "\t", "\\t")
    return pc.if_else(pa.array(strings.is_filled(told)), pc.binary_join_element_wise('"', bare, '"', ""), "")


def _objects(values: dict[str, pa.Array], rows: int) -> pa.Array:
    """JSON objects of the values that are not empty."""
    names = [json.dumps(name, ensure_ascii=False) + ":" for name in values]
    members = [pc.if_else(pa.array(strings.is_filled(told)), pc.binary_join_element_wise(name, told, ""), "")
               for name, told in zip(names, values.values(), strict=True)]  # fmt: skip
    inside = strings.joined(members, ",") if members else pa.repeat(pa.scalar("", pa.string()), rows)
    return pc.binary_join_element_wise("{", inside, "}", "")


def keys(chunk: Chunk) -> None:
    """Hashes that are equal for exact repeats, and for rows that differ only in weekday and times."""
    mapping = chunk.mapping
    times = {*mapping.columns("weekday"), *mapping.columns("opening_hours"), *mapping.weekdays.values()}
    where = _places(chunk)
    others = [values for name, values in chunk.text.items() if name not in times]
    row_key = _hashed([*chunk.text.values(), where])
    chunk.parts["row_key"] = row_key
    chunk.parts["fold_key"] = _hashed([*others, where]) if len(others) < len(chunk.text) else row_key
    chunk.parts["weekday"] = strings.each_distinct(chunk.column("weekday"), _short_day)


def _short_day(told: str) -> str:
    day = told.strip(" .").lower()
    return DAY_WORDS.get(day) or DAY_WORDS.get(day.rstrip("s"), "")


def _places(chunk: Chunk) -> pa.Array:
    """The geometry as read, as text; blank for a file without."""
    if chunk.geom.null_count == len(chunk):
        return chunk.blank()
    return pc.fill_null(chunk.geom, b"")


def _hashed(columns: list[pa.Array]) -> npt.NDArray[np.int64]:
    """One number for the values of a row."""
    joined = pc.binary_join_element_wise(*[pc.cast(one, pa.binary()) for one in columns], b"\x1f")
    return pd.util.hash_array(joined.to_numpy(zero_copy_only=False), categorize=False).view(np.int64)
