"""How a text table is written: its delimiter, its quotation mark, and a leading ``sep=`` line."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from abcd.errors import BadFile

DELIMITERS = ",;\t|"
SEP_LINE = re.compile(r'^"?sep=(.)"?\r?\n?$', re.IGNORECASE)
ROWS_JUDGED = 200


@dataclass(frozen=True)
class Dialect:
    """One character each; ``escape`` is ``""`` where quotation marks are doubled."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""


@dataclass(frozen=True)
class Record:
    """The cells of one row of a sample and the number of characters up to its end."""

    cells: list[str]
    end: int


def dialect_of(sample: str, delimiter: str | None = None) -> tuple[Dialect, int]:
    """The dialect of ``sample`` and how many characters of a ``sep=`` line precede the table.

    Raises:
        BadFile: the delimiter asked for cannot be one.
    """
    first = sample[: sample.find("\n") + 1] or sample
    said = SEP_LINE.match(first)
    body = sample[len(first) :] if said else sample
    chosen = delimiter or (said.group(1) if said else None)
    if chosen and (len(chosen) != 1 or not chosen.isascii() or chosen in '"\r\n'):
        raise BadFile(
            f"“{chosen[:10]}” cannot separate cells. Use a comma, semicolon, tab or another single character."
        )
    return (Dialect(chosen) if chosen else _recognised(body)), (len(first) if said else 0)


def records(sample: str, dialect: Dialect) -> Iterator[Record]:
    """The rows of ``sample``, blank ones included; a quotation mark that never closes ends them."""
    lines, end = list(io.StringIO(sample, newline="")), 0
    reader = csv.reader(lines, **as_csv(dialect))
    read = 0
    for cells in reader:
        end += sum(map(len, lines[read : reader.line_num]))
        read = reader.line_num
        yield Record(cells, end)


def cells_of(text: str, dialect: Dialect) -> list[str]:
    """The cells of one row."""
    return next(csv.reader(io.StringIO(text, newline=""), **as_csv(dialect)), [])


def as_csv(dialect: Dialect) -> dict[str, Any]:
    """``dialect`` as the arguments of ``csv.reader``."""
    return {
        "delimiter": dialect.delimiter,
        "quotechar": dialect.quote,
        "escapechar": dialect.escape or None,
        "doublequote": not dialect.escape,
    }


def _recognised(sample: str) -> Dialect:
    """The dialect whose rows, headings among them, most often have one width; of equals, the widest."""
    likely = [Dialect(delimiter) for delimiter in DELIMITERS]
    likely += [Dialect(delimiter, escape="\\") for delimiter in DELIMITERS if '\\"' in sample]
    likely += [
        Dialect(delimiter, quote="'") for delimiter in DELIMITERS if f"{delimiter}'" in sample and '"' not in sample
    ]
    fits = [(*_evenness(sample, dialect), -at) for at, dialect in enumerate(likely)]
    evenness, _, at = max(fits)
    return likely[-at] if evenness > 0.5 else Dialect()


def _evenness(sample: str, dialect: Dialect) -> tuple[float, int]:
    """The share of rows that have the commonest width, in twentieths, and that width; 0 when it is one."""
    try:
        found = [len(record.cells) for record in records(sample, dialect) if any(record.cells)]
    except csv.Error:
        return 0.0, 0
    judged = found[:ROWS_JUDGED][: max(1, len(found) - 1)]
    if not judged:
        return 0.0, 0
    width, rows = Counter(judged).most_common(1)[0]
    share = rows / len(judged) if width > 1 else 0.0
    return round(20 * (share if judged[0] == width else 0.8 * share)) / 20, width
