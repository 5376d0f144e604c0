"""Some thousand rows on their way through the steps of the pipeline."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from abcd.intake.issues import Issues
from abcd.intake.mapping import Mapping
from abcd.intake.strings import Mask

Told: TypeAlias = pa.Array | tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""The values of a fault: a text column, or two columns of numbers."""

ROW, GEOM = "__row__", "__geom__"


@dataclass
class Chunk:
    """Rows read and what has been made of them so far.

    Attributes:
        row: row numbers of the file, shape (n,).
        text: every column of the file, tidied, without nulls.
        geom: WKB in the file's own CRS, nullable.
        mapping: how the file was understood.
        issues: where faults go.
        parts: finished columns of ``ASSET_FRAME``.
    """

    row: npt.NDArray[np.int64]
    text: dict[str, pa.Array]
    geom: pa.Array
    mapping: Mapping
    issues: Issues
    parts: dict[str, object] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row)

    def blank(self) -> pa.Array:
        """A text column that says nothing."""
        return pa.repeat(pa.scalar("", pa.string()), len(self))

    def column(self, wanted: str) -> pa.Array:
        """The column chosen for a field, blank when there is none."""
        name = self.mapping.column(wanted)
        return self.text[name] if name in self.text else self.blank()

    def columns(self, wanted: str) -> list[pa.Array]:
        """Every column chosen for a field, in order."""
        return [self.text[name] for name in self.mapping.columns(wanted) if name in self.text]

    def fault(self, kind: str, where: Mask, column: str, values: Told, message: str, what_to_do: str) -> None:
        """Note the same fault of the rows of ``where``, with their values."""
        if where.any():
            told: Iterable[object] = (
                [f"{x} {y}" for x, y in zip(values[0][where], values[1][where], strict=True)]
                if isinstance(values, tuple)
                else values.filter(pa.array(where)).to_pylist()
            )
            self.issues.add_many(kind, message, what_to_do, row=self.row[where], column=column, value=told)
