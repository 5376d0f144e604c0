"""One column that holds many: HTML tables in an exported description, or a text of labelled values."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from bs4 import BeautifulSoup, Tag

from abcd.core.text import tidy
from abcd.intake.headers import DAY_WORDS, heading
from abcd.intake.read.facts import FileLook

LONG, OFTEN, LABELS = 40, 0.3, 3
"""Mean characters, share of rows a label needs, and how many such labels make a column a parcel."""

LABEL_WORDS = 3
SAME = 0.8
"""``Contact Number`` is the label rather than ``Number`` when at least this share of the rows say so."""

Row = dict[str, str | None]


class Opened(NamedTuple):
    """The columns and first rows of a file with its parcel opened."""

    columns: list[str]
    rows: list[Row]
    column: str
    labels: tuple[str, ...]


def opened(look: FileLook) -> Opened:
    """The file as if every labelled value had its own column."""
    rows = [dict(row) for row in look.sample]
    for column in look.columns:
        told = [row.get(column) or "" for row in rows]
        labels = labels_in(told)
        new = tuple(label for label in labels if label not in look.columns)
        if new:
            for row, value in zip(rows, told, strict=True):
                row.update({label: text for label, text in parted(value, labels).items() if label in new})
            others = [name for name in look.columns if name != column]
            return Opened([*others, *new], rows, column, labels)
    return Opened(list(look.columns), rows, "", ())


def open_column(told: pa.Array, labels: tuple[str, ...]) -> dict[str, pa.Array]:
    """A column for each label, blank where a row does not have it."""
    coded = pc.dictionary_encode(told)
    parts = [parted(value, labels) for value in coded.dictionary.to_pylist()]
    return {
        label: pa.array([part.get(label, "") for part in parts], pa.string()).take(coded.indices) for label in labels
    }


def labels_in(told: Iterable[str]) -> tuple[str, ...]:
    """The labels that occur in most of these texts, in their usual order; none when it is ordinary text."""
    texts = [text for text in told if text.strip()]
    if not texts or sum(map(len, texts)) < LONG * len(texts):
        return ()
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(list(dict.fromkeys(_labels_of(text))))
    often = [label for label, count in counts.items() if count >= OFTEN * len(texts)]
    labels = tuple(label for label in often if _is_whole(label, counts) and heading(label) not in DAY_WORDS)
    return labels if len(labels) >= LABELS else ()


def _labels_of(text: str) -> list[str]:
    """Every label a text may have: the first cells of its table, or one to three words before a colon."""
    if pairs := _table(text):
        return [label for label, _ in pairs]
    found = []
    for before in re.findall(r"([^:\n]{2,80}?)\s*:(?=\s)", _lines(text)):
        words = before.split()
        starts = [words[-size:] for size in range(1, LABEL_WORDS + 1) if len(words) >= size]
        found += [
            " ".join(start) for start in starts if start[0][:1].isupper() and not {",", "."} & set("".join(start))
        ]
    return found


def _is_whole(label: str, counts: Counter[str]) -> bool:
    """Whether a label is neither only the end of a longer one nor a shorter one with a word before it."""
    is_tail = any(longer.endswith(f" {label}") and counts[longer] >= SAME * counts[label] for longer in counts)
    tails = [" ".join(label.split()[start:]) for start in range(1, len(label.split()))]
    return not is_tail and all(counts[label] >= SAME * counts[tail] for tail in tails)


def parted(text: str, labels: tuple[str, ...]) -> dict[str, str]:
    """The labelled values of one text; what stands before any label goes to the first label."""
    if pairs := _table(text):
        return {label: value for label, value in pairs if label in labels}
    known = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    pieces = re.split(rf"(?:^|(?<=\s))({known})\s*:?(?=\s|$)", _lines(text)) if known else [text]
    found = {label: tidy(value) for label, value in zip(pieces[1::2], pieces[2::2], strict=True)}
    lead = tidy(pieces[0])
    return ({labels[0]: lead} | found) if lead and labels else found


def _table(text: str) -> list[tuple[str, str]]:
    """The rows of two cells of an HTML table."""
    if "<t" not in text.lower():
        return []
    rows = BeautifulSoup(text, "html.parser").find_all("tr")
    cells = [[tidy(cell.get_text(" ")) for cell in row.find_all(["td", "th"], recursive=False)]
             for row in rows if isinstance(row, Tag)]  # fmt: skip
    return [(row[0].rstrip(": "), row[1]) for row in cells if len(row) == 2 and row[0]]


def _lines(text: str) -> str:
    """Markup as plain lines."""
    return BeautifulSoup(text, "html.parser").get_text("\n") if "<" in text else text
