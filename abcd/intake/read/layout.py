"""How a text table is laid out, recognised on its first 256 KB."""

import csv
from dataclasses import dataclass

from abcd.errors import BadFile
from abcd.intake.read.dialect import Dialect, Record, dialect_of, records
from abcd.intake.read.encoding import Utf8, codec, encoding_of
from abcd.intake.read.facts import ReadChoice
from abcd.intake.read.header import header_of, names_of
from abcd.intake.read.limits import SAMPLE_BYTES, SAMPLE_ROWS
from abcd.intake.read.table import Source

Sample = list[dict[str, str | None]]


@dataclass(frozen=True)
class Layout:
    """How a text table is laid out; ``skip`` is the UTF-8 bytes before its first data row."""

    encoding: str
    dialect: Dialect
    header_row: int
    names: tuple[str, ...]
    skip: int
    warnings: tuple[str, ...]


def layout_of(source: Source, choice: ReadChoice) -> tuple[Layout, Sample]:
    """The layout of a text table and its first rows.

    Raises:
        BadFile: there are no rows, or they cannot be told apart.
    """
    encoding = codec(choice.encoding) if choice.encoding else encoding_of(source.file)
    text = _start(source, encoding)
    dialect, skipped = dialect_of(text, choice.delimiter)
    found = _records(text[skipped:], dialect, is_whole=source.size <= SAMPLE_BYTES)
    header_row = header_of([record.cells for record in found]) if choice.header_row is None else choice.header_row
    headings, body = _split(found, header_row)
    names, said = names_of(headings.cells, len(headings.cells)) if headings else names_of((), max(map(len, body)))
    skip = len(text[: skipped + (headings.end if headings else 0)].encode())
    layout = Layout(encoding, dialect, header_row, tuple(names), skip, (*_said(encoding, choice), *said))
    return layout, [_row(names, cells) for cells in body[:SAMPLE_ROWS]]


def _start(source: Source, encoding: str) -> str:
    """The first 256 KB as text; a letter cut in two at its end is left off."""
    start = Utf8(source.file, encoding).read(SAMPLE_BYTES)
    if source.size > SAMPLE_BYTES and b"\n" not in start and b"\r" not in start:
        raise BadFile(
            f"The first line is longer than {SAMPLE_BYTES // 1024} KB, so this is not a table of rows and columns."
        )
    return start.decode("utf-8", "ignore")


def _records(text: str, dialect: Dialect, is_whole: bool) -> list[Record]:
    """The rows of the sample, without the last one where the sample may have cut it."""
    csv.field_size_limit(2 * SAMPLE_BYTES)
    found = list(records(text, dialect))
    return found if is_whole or len(found) < 3 else found[:-1]


def _split(found: list[Record], header_row: int) -> tuple[Record | None, list[list[str]]]:
    body = [record.cells for record in found[header_row:] if any(record.cells)]
    if not body and not any(any(record.cells) for record in found):
        raise BadFile("There are no rows in this file: it is empty.")
    if not body:
        raise BadFile("There are no rows in this file, only headings.")
    return (found[header_row - 1] if header_row else None), body


def _row(names: list[str], cells: list[str]) -> dict[str, str | None]:
    return {name: cells[at] if at < len(cells) else "" for at, name in enumerate(names)}


def _said(encoding: str, choice: ReadChoice) -> list[str]:
    if encoding in ("utf-8", "utf-16-le", "utf-16-be") or choice.encoding:
        return []
    name = "Windows-1252" if encoding == "cp1252" else encoding
    return [f"The letters were read as {name}, an older encoding. Check that accents and apostrophes look right."]
