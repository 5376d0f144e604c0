"""What every reader gives back, and the shape of its batches."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from abcd.intake.read.facts import FileLook

ROW, GEOM = "__row__", "__geom__"


@dataclass(frozen=True)
class Source:
    """A file as a reader sees it.

    Attributes:
        file: opened for reading, seekable.
        size: bytes.
        suffix: lower-case extension of its name, such as ``.csv``; only ever a tie-break.
        folder: a private empty folder, for readers that need a path.
    """

    file: BinaryIO
    size: int
    suffix: str
    folder: Path


@dataclass(frozen=True)
class Table:
    """The facts about the chosen layer and its rows, which are read as they are asked for."""

    look: FileLook
    batches: Iterator[pa.RecordBatch]


def schema_of(columns: tuple[str, ...]) -> pa.Schema:
    """Text columns, then ``__row__`` (int64) and ``__geom__`` (WKB, may be null)."""
    fields = [pa.field(name, pa.string()) for name in columns]
    return pa.schema([*fields, pa.field(ROW, pa.int64()), pa.field(GEOM, pa.binary())])
