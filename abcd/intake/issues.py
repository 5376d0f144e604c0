"""Faults of a file as rows: what is wrong, in which row and column, and what to do about it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

COLUMNS = ("kind", "row", "column", "value", "message", "what_to_do")
LONGEST_VALUE = 500


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault. ``row`` is ``None`` when it is about the whole file."""

    kind: str
    row: int | None
    column: str
    value: str
    message: str
    what_to_do: str


class Issues:
    """Collects faults; keeps counts for ever and the faults themselves only until they are drained."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._examples: dict[str, Issue] = {}
        self._waiting: list[pd.DataFrame] = []

    def add(self, kind: str, message: str, what_to_do: str, *, row: int | None = None, column: str = "",
            value: str = "", rows: int = 1) -> None:  # fmt: skip
        """Note one fault, which concerns ``rows`` rows when it is about the file as a whole."""
        self._keep(kind, [row], column, [value], message, what_to_do, rows)

    def add_many(self, kind: str, message: str, what_to_do: str, *, row: Iterable[int], column: str = "",
                 value: Iterable[object] = ()) -> None:  # fmt: skip
        """Note the same fault of many rows at once, each with its value."""
        at = [int(number) for number in row]
        if at:
            told = [str(given)[:LONGEST_VALUE] for given in value] or [""] * len(at)
            self._keep(kind, at, column, told, message, what_to_do, len(at))

    def absorb(self, others: Iterable[Issue]) -> None:
        """Take over faults that were found elsewhere, for instance by the reader."""
        for one in others:
            self.add(one.kind, one.message, one.what_to_do, row=one.row, column=one.column, value=one.value)

    def drain(self) -> pd.DataFrame:
        """The faults noted since the last call, one row each, with the columns of ``Issue``; ``row`` is ``Int64``."""
        waiting, self._waiting = self._waiting, []
        return pd.concat(waiting, ignore_index=True) if waiting else pd.DataFrame(columns=list(COLUMNS))

    def summary(self) -> list[dict[str, object]]:
        """One ``{kind, rows, example}`` per kind, the commonest first."""
        return [{"kind": kind, "rows": rows, "example": _told(self._examples[kind])}
                for kind, rows in sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0]))]  # fmt: skip

    def _keep(self, kind: str, row: Sequence[int | None], column: str, value: list[str], message: str,
              what_to_do: str, rows: int) -> None:  # fmt: skip
        self.counts[kind] += rows
        self._examples.setdefault(kind, Issue(kind, row[0], column, value[0], message, what_to_do))
        made = {"kind": kind, "row": pd.array(row, dtype="Int64"), "column": column, "value": value,
                "message": message, "what_to_do": what_to_do}  # fmt: skip
        self._waiting.append(pd.DataFrame(made, columns=list(COLUMNS)))


def _told(one: Issue) -> str:
    """The example as a person reads it."""
    where = f"row {one.row}: " if one.row is not None else ""
    value = f" ({one.column}: {one.value})" if one.value else ""
    return f"{where}{one.message}{value}"
