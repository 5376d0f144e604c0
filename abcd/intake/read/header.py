"""Where the headings of a table are, and names for its columns."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from abcd.errors import BadFile
from abcd.intake.read.limits import COLUMNS, HEADING_CHARACTERS

ROWS_JUDGED = 60
#: A whole number up to here may well be a heading (an age, a year).
HEADING_NUMBER = 2100

Cells = Sequence[str | None]


def header_of(rows: Sequence[Cells]) -> int:
    """The 1-based row of the headings below titles and blank rows; 0 when the first full row is data."""
    judged = rows[:ROWS_JUDGED]
    if judged and len(judged[0]) > 1 and _filled(judged[0]) == len(judged[0]) and _is_wordy(judged[0]):
        return 1
    filled = [_filled(row) for row in judged]
    usual = Counter(count for count in filled if count > 1).most_common(1) or [(1, 1)]
    at = next((at for at, count in enumerate(filled) if count and count >= 0.8 * usual[0][0]), None)
    if at is None or _is_data(judged[at], judged[at + 1 :]):
        return 0
    return at + 1 + _stands_above(judged[at : at + 2])


def _stands_above(rows: Sequence[Cells]) -> bool:
    """Whether the first of two rows only groups the headings in the second: far fewer of them, all words."""
    if len(rows) < 2 or len(rows[0]) != len(rows[1]):
        return False
    return _filled(rows[1]) >= 2 * _filled(rows[0]) and _is_wordy(rows[1])


def _filled(row: Cells) -> int:
    return sum(1 for cell in row if cell and cell.strip())


def _is_wordy(row: Cells) -> bool:
    return all(_number(cell) is None for cell in row)


def _is_data(row: Cells, body: Sequence[Cells]) -> bool:
    """Whether every column of numbers has a number here too, one of which no heading would be."""
    columns = [i for i, cell in enumerate(row) if _is_numeric(value for line in body for value in line[i : i + 1])]
    numbers = [_number(row[i]) for i in columns]
    return any(n is not None and (n != int(n) or abs(n) > HEADING_NUMBER) for n in numbers) and None not in numbers


def _is_numeric(values: Iterable[str | None]) -> bool:
    given = [value for value in values if value and value.strip()]
    return bool(given) and all(_number(value) is not None for value in given)


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None  # nor is "nan" a number


def names_of(headings: Cells, width: int) -> tuple[list[str], list[str]]:
    """``width`` distinct column names from ``headings``, and a sentence for each that had to be made up.

    Raises:
        BadFile: there are more columns than can be brought in.
    """
    refuse_width(width)
    names, said, taken = list[str](), list[str](), {"__row__", "__geom__"}
    for number in range(1, width + 1):
        heading = headings[number - 1] if number <= len(headings) else None
        name = _free(plain(heading or "") or f"column_{number}", taken)
        if headings and name != plain(heading or ""):
            said.append(
                f"Column {number} is called “{name}” here, because its heading is {_why(plain(heading or ''))}."
            )
        taken.add(name.casefold())
        names.append(name)
    return names, said


def refuse_width(width: int) -> None:
    """Raise ``BadFile`` when a table is too wide."""
    if width > COLUMNS:
        raise BadFile(
            f"The table has {width:,} columns; at most {COLUMNS} can be brought in. Delete the columns you do not need."
        )


def plain(heading: str) -> str:
    """A heading on one line, composed, without control characters, at most 200 characters."""
    composed = unicodedata.normalize("NFC", heading[: 4 * HEADING_CHARACTERS])
    printable = "".join(letter if unicodedata.category(letter)[0] != "C" else " " for letter in composed)
    return " ".join(printable.split())[:HEADING_CHARACTERS]


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def _why(heading: str) -> str:
    return "used twice" if heading else "blank"
