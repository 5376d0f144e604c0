"""Rows that come one by one, gathered into batches."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from abcd.intake.read import cells
from abcd.intake.read.faults import Faults
from abcd.intake.read.limits import BATCH_CHARACTERS, BATCH_ROWS
from abcd.intake.read.outlines import from_wkb, sound_wkb

#: A point may come as (x, y) and any geometry as WKB, because building many at once is far quicker.
Shape = shapely.Geometry | tuple[float, float] | bytes | None


@dataclass(frozen=True)
class Row:
    """One row: its number, its cells in the order of the columns, its geometry, and roughly its length."""

    number: int
    cells: list[str | None]
    shape: Shape = None
    weight: int = 0


def batches(rows: Iterable[Row], columns: tuple[str, ...], faults: Faults) -> Iterator[pa.RecordBatch]:
    """Batches of at most 65,536 rows or some 16 MB."""
    held, weight = list[Row](), 0
    for row in rows:
        held.append(row)
        weight += row.weight
        if len(held) == BATCH_ROWS or weight > BATCH_CHARACTERS:
            yield _batch(held, columns, faults)
            held, weight = [], 0
    if held:
        yield _batch(held, columns, faults)


def _batch(held: list[Row], columns: tuple[str, ...], faults: Faults) -> pa.RecordBatch:
    held = [row for row in held if _is_decodable(row, columns, faults)]
    numbers = np.fromiter((row.number for row in held), np.int64, len(held))
    texts = [pa.array([row.cells[at] for row in held], pa.string()) for at in range(len(columns))]
    geoms = sound_wkb(_shapes(held, numbers, faults), numbers, faults)
    return cells.storable(cells.batch_of(columns, texts, numbers, geoms), faults)


def _shapes(held: list[Row], numbers: np.ndarray, faults: Faults) -> np.ndarray:
    """The geometries of the rows, points and WKB built all at once."""
    given: list[Any] = [row.shape for row in held]
    points = [at for at, shape in enumerate(given) if type(shape) is tuple]
    wkb = [at for at, shape in enumerate(given) if type(shape) is bytes]
    shapes = np.array([shape if isinstance(shape, shapely.Geometry) else None for shape in given], dtype=object)
    if points:
        shapes[points] = shapely.points(np.array([given[at] for at in points], dtype=float))
    if wkb:
        shapes[wkb] = from_wkb([given[at] for at in wkb], numbers[wkb], faults)
    return shapes


def _is_decodable(row: Row, columns: tuple[str, ...], faults: Faults) -> bool:
    """Whether every cell is sound Unicode: JSON may spell half a letter."""
    try:
        "".join(cell for cell in row.cells if cell).encode()
    except UnicodeEncodeError:
        at = next(at for at, cell in enumerate(row.cells) if cell and not _is_sound(cell))
        faults.leave_out("undecodable", row.number, columns[at], row.cells[at] or "")
        return False
    return True


def _is_sound(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
