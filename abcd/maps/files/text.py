"""CSV: RFC 4180, UTF-8 with a byte-order mark, no cell that starts a formula; places as numbers and as text.

The mark is for Excel, which without it shows Welsh letters wrong; GDAL, pandas, R and DuckDB pass over it.
``point`` and ``geometry`` are named as the planning data platform names them (product.md H.1).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from abcd.core.spreadsheet import csv_into
from abcd.maps.files.dictionary import told
from abcd.maps.files.fields import Field
from abcd.maps.files.part import Part
from abcd.maps.files.shapes import in_words


def write(path: Path, parts: list[Part]) -> dict[str, tuple[Field, ...]]:
    """One layer as CSV; its columns by its name."""
    (part,) = parts
    query = part.query(in_words)
    fields = part.fields(query)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        csv_into(out, [field.name for field in told(fields)], cells(part, query, fields))
    return {part.name: fields}


def cells(part: Part, query: Any, fields: tuple[Field, ...]) -> Iterator[tuple[Any, ...]]:
    """The rows of a layer, each value as Python has it; yes and no are ``true`` and ``false``."""
    said, kept = {True: "true", False: "false"}, told(fields)
    for rows in part.pieces(query):
        columns = [one.plain(found) for one, found in zip(kept, zip(*rows, strict=True), strict=False)]
        for place, one in enumerate(kept):
            if one.kind == "boolean":
                columns[place] = [said.get(value) for value in columns[place]]
        yield from zip(*columns, strict=True)
