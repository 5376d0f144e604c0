"""Tables that people open in a spreadsheet: RFC 4180, and no cell of them can start a formula.

Source of the rule: OWASP ASVS 5.0, 1.2.10; the wide forms of the signs and leading blanks are taken as the signs.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from os import PathLike
from typing import IO, Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula, or lose its edge."""


def harmless(cell: object) -> object:
    """``cell`` as a spreadsheet keeps it: text that it would take for a formula begins with an apostrophe.

    Numbers, dates and ``None`` are what they are.
    """
    # A letter or a digit begins no formula; nearly every cell ends here.
    if (
        isinstance(cell, str)
        and not cell[:1].isalnum()
        and (cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA))
    ):
        return f"'{cell}"
    return cell


def as_csv(titles: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """``titles`` and ``rows`` as a CSV document with CRLF line ends; every cell is ``harmless``, titles too."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for cells in (titles, *rows):
        writer.writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def csv_into(out: IO[str], titles: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """The same table as ``as_csv``, written on row by row."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(title) for title in titles])
    writer.writerows([harmless(cell) for cell in cells] for cells in rows)


class Book:
    """A workbook (XLSX) that is written row by row in flat memory: sheets, words, numbers and days, and nothing else.

    No formula, link, name, comment, author or hidden thing can get in. ``made`` stands where a program would write the
    time, so that the same content gives the same bytes.
    """

    #: Rows of a sheet with its title, and letters of a cell: what spreadsheets hold.
    MOST_ROWS, LONGEST = 1_048_576, 32_767

    def __init__(self, path: str | PathLike[str], made: datetime) -> None:
        import xlsxwriter

        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book: Any = xlsxwriter.Workbook(path, options)
        self._book.set_properties({"author": "", "created": made})
        self._bold, self._day = (
            self._book.add_format({"bold": True}),
            self._book.add_format({"num_format": "yyyy-mm-dd"}),
        )

    def sheet(self, name: str, titles: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
        """One more sheet; its first row stays in sight."""
        sheet = self._book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(titles):
            sheet.write_string(0, column, str(harmless(title)), self._bold)
        for row, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells):
                self._write(sheet, row, column, cell)

    def _write(self, sheet: Any, row: int, column: int, cell: object) -> None:
        if cell is None:
            return
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        elif isinstance(cell, int | float):
            sheet.write_number(row, column, cell)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._day)
        else:
            sheet.write_string(row, column, str(harmless(cell))[: self.LONGEST])

    def close(self) -> None:
        """Put the sheets together; the file is there afterwards."""
        self._book.close()
