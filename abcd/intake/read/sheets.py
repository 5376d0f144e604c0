"""Workbooks: XLSX, XLSB, XLS and ODS, one visible sheet, its headings found under titles and blank rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from abcd.errors import BadFile
from abcd.intake.read.archive import DAMAGED
from abcd.intake.read.facts import FileLook, Layer, ReadChoice
from abcd.intake.read.faults import Faults
from abcd.intake.read.header import ROWS_JUDGED, header_of, names_of
from abcd.intake.read.limits import LAYERS
from abcd.intake.read.rows import Row, batches
from abcd.intake.read.table import Source, Table
from abcd.intake.read.values import text_of
from abcd.intake.read.workbook import warnings_of

ZIPPED = b"PK"


@dataclass(frozen=True)
class Span:
    """Where the table is in a sheet: the row of its headings and the columns that hold anything."""

    header_row: int
    columns: tuple[int, ...]
    headings: tuple[str | None, ...]
    rows: int


def open_table(source: Source, choice: ReadChoice, faults: Faults) -> Table:
    """The rows of one sheet; ``__row__`` plus the row of the headings is the row number in the sheet.

    Raises:
        BadFile: damaged, locked, too large, or without rows.
    """
    source.file.seek(0)
    said = warnings_of(source.file) if source.file.read(2) == ZIPPED else []
    book = _opened(source)
    layers = tuple(_layer(book, number, name) for number, name in enumerate(book.sheet_names[:LAYERS]))
    chosen = _chosen(layers, choice)
    sheet = book.get_sheet_by_name(chosen)
    span = _span(sheet, choice)
    names, renamed = names_of(span.headings, len(span.columns))
    look = FileLook(
        format="xlsx",
        layers=layers,
        layer=chosen,
        header_row=span.header_row,
        columns=tuple(names),
        row_count=span.rows,
        warnings=(*said, *_said(layers, chosen), *renamed),
    )
    return Table(look, batches(_rows(sheet, span, faults), look.columns, faults))


def _opened(source: Source) -> CalamineWorkbook:
    source.file.seek(0)
    try:
        return CalamineWorkbook.from_filelike(source.file)
    except CalamineError as error:
        if "assword" in str(error):
            raise BadFile(
                "This workbook is locked with a password. Save a copy without the password and bring that in."
            ) from error
        raise BadFile(DAMAGED) from error


def _layer(book: CalamineWorkbook, number: int, name: str) -> Layer:
    hidden = book.sheets_metadata[number].visible != SheetVisibleEnum.Visible
    try:
        sheet = book.get_sheet_by_index(number)
    except CalamineError:
        return Layer(name, 0, hidden=hidden)  # a chart is a sheet without cells
    header = header_of([_cells(row) for row in islice(sheet.iter_rows(), ROWS_JUDGED)]) if sheet.height else 0
    return Layer(name, max(0, sheet.end[0] + 1 - header) if sheet.end else 0, hidden=hidden)


def _chosen(layers: tuple[Layer, ...], choice: ReadChoice) -> str:
    """The sheet asked for, else the longest one that is not hidden."""
    if choice.layer is not None:
        if choice.layer not in {layer.name for layer in layers}:
            raise BadFile(f"There is no sheet called “{choice.layer[:60]}” in this workbook.")
        return choice.layer
    shown = [layer for layer in layers if not layer.hidden]
    if not shown:
        raise BadFile("Every sheet of this workbook is hidden. Show the one to bring in and save the workbook.")
    return max(shown, key=lambda layer: layer.rows or 0).name


def _said(layers: tuple[Layer, ...], chosen: str) -> list[str]:
    hidden = [layer.name for layer in layers if layer.hidden and layer.name != chosen]
    others = [layer.name for layer in layers if not layer.hidden and layer.name != chosen and layer.rows]
    said = [f"There are hidden sheets, which are not brought in: {_listed(hidden)}."] if hidden else []
    return said + ([f"Only the sheet “{chosen}” is brought in; there are others: {_listed(others)}."] if others else [])


def _listed(names: list[str]) -> str:
    return ", ".join(f"“{name[:40]}”" for name in names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _span(sheet: CalamineSheet, choice: ReadChoice) -> Span:
    first = [_cells(row) for row in islice(sheet.iter_rows(), ROWS_JUDGED)] if sheet.height else []
    header_row = header_of(first) if choice.header_row is None else choice.header_row
    headings, filled, rows = list[str | None](), set[int](), 0
    for number, row in enumerate(sheet.iter_rows() if sheet.height else (), 1):
        given = {at for at, value in enumerate(row) if value != ""}
        if number == header_row:
            headings, filled = _cells(row), filled | given
        elif number > header_row and given:
            rows, filled = rows + 1, filled | given
    if not rows:
        raise BadFile(
            f"There are no rows in the sheet “{sheet.name[:60]}”"
            + (", only headings." if headings else ": it is empty.")
        )
    columns = tuple(sorted(filled))
    return Span(header_row, columns, tuple(headings[at] for at in columns) if headings else (), rows)


def _rows(sheet: CalamineSheet, span: Span, faults: Faults) -> Iterator[Row]:
    for number, row in enumerate(islice(sheet.iter_rows(), span.header_row, None), 1):
        cells = [text_of(row[at]) for at in span.columns]
        if any(cell is not None for cell in cells):
            faults.seen += 1
            yield Row(number, cells, weight=sum(len(cell) for cell in cells if cell))


def _cells(row: list[Any]) -> list[str | None]:
    return [text_of(value) for value in row]
