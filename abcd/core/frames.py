"""What the columns of a frame mean: a small contract that is checked where a frame changes hands."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

EMPTY: dict[str, object] = {"text": "", "integer": pd.NA, "number": np.nan, "yes or no": False, "shape": None}
DTYPES = {"text": "str", "integer": "Int64", "number": "float64", "yes or no": "bool", "shape": "object"}


@dataclass(frozen=True)
class Column:
    """One column of a frame.

    Attributes:
        name: the column's name.
        kind: ``text`` (never null), ``integer`` (nullable), ``number`` (NaN when missing), ``yes or no``,
            ``shape`` (WKB bytes or ``None``).
        about: what it holds, with its unit.
    """

    name: str
    kind: str
    about: str


@dataclass(frozen=True)
class Contract:
    """The columns that a frame of one kind has, in order."""

    name: str
    columns: tuple[Column, ...]

    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]

    def complete(self, parts: dict[str, object], rows: int) -> pd.DataFrame:
        """A frame of ``rows`` rows with every column, empty where ``parts`` says nothing.

        Raises:
            ValueError: ``parts`` has a column that is not in the contract.
        """
        _refuse(self.name, "unknown columns", set(parts) - set(self.names()))
        made = {column.name: _filled(column, parts.get(column.name), rows) for column in self.columns}
        return pd.DataFrame(made)

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """``frame`` itself, when it keeps the contract.

        Raises:
            ValueError: a column is missing, or a text column holds a null.
        """
        _refuse(self.name, "missing columns", set(self.names()) - set(frame.columns))
        texts = [column.name for column in self.columns if column.kind == "text"]
        _refuse(self.name, "nulls in text columns", {name for name in texts if frame[name].isna().any()})
        return frame


def _filled(column: Column, values: object, rows: int) -> pd.Series:
    """A series of ``rows`` values in the dtype of the column's kind, from ``values`` or its empty value."""
    if values is None and column.kind == "text":
        values = pa.repeat(pa.scalar("", pa.string()), rows)
    if values is None:
        return pd.Series(np.full(rows, EMPTY[column.kind], dtype=object), dtype=DTYPES[column.kind])
    given = values.to_pandas() if isinstance(values, pa.Array) else values
    return pd.Series(given, dtype=DTYPES[column.kind])


def _refuse(frame: str, fault: str, names: Iterable[str]) -> None:
    if listed := sorted(names):
        raise ValueError(f"The frame '{frame}' has {fault}: {', '.join(listed)}.")
