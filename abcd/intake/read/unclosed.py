"""Finding the quotation mark that opens a cell and never closes it, so that a person can mend it."""

import csv
from collections.abc import Iterator

from abcd.errors import BadFile
from abcd.intake.read.dialect import Dialect, as_csv
from abcd.intake.read.encoding import Utf8
from abcd.intake.read.limits import MEGABYTE, ROW_BYTES


def refuse_unclosed(text: Utf8, dialect: Dialect, header_row: int) -> None:
    """Raise ``BadFile`` naming the row of ``text`` whose quotation mark never closes, if there is one."""
    csv.field_size_limit(ROW_BYTES)
    lines = _Lines(text)
    row = 0
    try:
        for _ in csv.reader(lines, **as_csv(dialect)):
            row += 1
            lines.held, lines.last = [], lines.held
        _strictly(lines.last, dialect)
    except csv.Error as error:
        is_endless = "larger than field limit" in str(error) and any(dialect.quote in line for line in lines.held)
        if "unexpected end" in str(error) or is_endless:
            raise BadFile(_sentence(row + is_endless, header_row)) from None


def _sentence(row: int, header_row: int) -> str:
    return (
        f"Row {row:,} below the headings (row {row + header_row:,} of the file) opens a quotation mark that is never "
        "closed, so the rows after it cannot be told apart. Close or remove it and bring the file in again."
    )


def _strictly(lines: list[str], dialect: Dialect) -> None:
    """Raise ``csv.Error`` when the row of ``lines`` ends inside quotation marks."""
    list(csv.reader(lines, strict=True, **as_csv(dialect)))


class _Lines:
    """The lines of a text; ``held`` are those of the row now read, ``last`` those of the row before."""

    def __init__(self, text: Utf8) -> None:
        self.held: list[str] = []
        self.last: list[str] = []
        self._lines = _lines(text)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.held.append(line)
        return line


def _lines(text: Utf8) -> Iterator[str]:
    rest = b""
    while block := text.read(MEGABYTE):
        *whole, rest = (rest + block).split(b"\n")
        yield from (line.decode("utf-8", "replace") + "\n" for line in whole)
    if rest:
        yield rest.decode("utf-8", "replace")
