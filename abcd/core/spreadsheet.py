"""Tables that people open in a spreadsheet: RFC 4180, and no cell of them can start a formula.

Source of the rule: OWASP ASVS 5.0, 1.2.10; the wide forms of the signs and leading blanks are taken as the signs.
"""

import csv
import io
from collections.abc import Iterable

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula, or lose its edge."""


def harmless(cell: object) -> object:
    """``cell`` as a spreadsheet keeps it: text that it would take for a formula begins with an apostrophe.

    Numbers, dates and ``None`` are what they are.
    """
    if isinstance(cell, str) and (cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)):
        return f"'{cell}"
    return cell


def as_csv(titles: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """``titles`` and ``rows`` as a CSV document with CRLF line ends; every cell is ``harmless``, titles too."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for cells in (titles, *rows):
        writer.writerow([harmless(cell) for cell in cells])
    return out.getvalue()
