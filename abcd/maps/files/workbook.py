"""XLSX: a sheet a layer, the data dictionary, and what the file says about itself; nothing hidden, no author."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from abcd.core.spreadsheet import Book
from abcd.errors import BadRequest
from abcd.maps.files.dictionary import told
from abcd.maps.files.fields import Field
from abcd.maps.files.part import Part
from abcd.maps.files.readme import lines
from abcd.maps.files.shapes import in_words

#: Stands where a program would write when it was made: the same content gives the same bytes.
MADE = datetime(2000, 1, 1)


def write(path: Path, parts: list[Part]) -> dict[str, tuple[Field, ...]]:
    """Layers as sheets of one workbook; their columns by their names.

    Raises:
        BadRequest: a layer has more rows than a sheet.
    """
    book, columns = Book(path, MADE), {}
    for part in parts:
        # Shapes of areas are longer than a cell: a workbook has the point.
        query = part.query(without_shape)
        columns[part.name] = part.fields(query)
        titles = [field.name for field in told(columns[part.name])]
        book.sheet(part.name, titles, cells(part, query, columns[part.name]))
    book.sheet("dictionary", ("layer", "column", "type", "description"), dictionary_rows(columns))
    book.sheet("readme", ("layer", "about", "what"), [line for part in parts for line in lines(part)])
    book.close()
    return columns


def without_shape(layer: Any) -> Any:
    """A point as two numbers and as text."""
    said, there = in_words(layer)
    return {name: sql for name, sql in said.items() if name != "geometry"}, there


def cells(part: Part, query: Any, fields: tuple[Field, ...]) -> Iterator[tuple[Any, ...]]:
    """The rows of a layer, as many as a sheet holds."""
    kept = told(fields)
    for rows in part.pieces(query):
        if part.rows >= Book.MOST_ROWS:
            raise BadRequest(
                f"“{part.name}” has more rows than a sheet holds ({Book.MOST_ROWS - 1:,}). Take one place or one "
                "category, or another format, for example CSV or GeoPackage."
            )
        columns = [one.plain(found) for one, found in zip(kept, zip(*rows, strict=True), strict=False)]
        yield from zip(*columns, strict=True)


def dictionary_rows(columns: dict[str, tuple[Field, ...]]) -> list[tuple[str, str, str, str]]:
    """Layer, column, type and meaning of each column."""
    return [(layer, one.name, one.kind, one.says) for layer, fields in columns.items() for one in told(fields)]
