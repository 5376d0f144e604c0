"""Cells that a database can keep: decodable, without NUL, not too long; faults noted by row."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from abcd.intake.read.encoding import BROKEN
from abcd.intake.read.faults import Faults
from abcd.intake.read.limits import CELL_CHARACTERS
from abcd.intake.read.table import GEOM, ROW, schema_of

NUL = "\0"


def batch_of(names: tuple[str, ...], texts: list[pa.Array], rows: np.ndarray, geoms: pa.Array | None) -> pa.RecordBatch:
    """One batch in the shape that every reader gives."""
    geoms = pa.nulls(len(rows), pa.binary()) if geoms is None else geoms
    return pa.RecordBatch.from_arrays([*texts, pa.array(rows, pa.int64()), geoms], schema=schema_of(names))


def without(letter: str, kind: str, batch: pa.RecordBatch, faults: Faults) -> pa.RecordBatch:
    """The batch without the rows that hold ``letter``; each is noted as a fault of ``kind``."""
    keep = np.ones(batch.num_rows, bool)
    for name, column in _texts(batch):
        found = np.flatnonzero(pc.fill_null(pc.match_substring(column, letter), False).to_numpy(zero_copy_only=False))
        for at in found[keep[found]]:
            faults.leave_out(kind, batch[ROW][at].as_py(), name, column[at].as_py())
        keep[found] = False
    return batch if keep.all() else batch.filter(pa.array(keep))


def storable(batch: pa.RecordBatch, faults: Faults) -> pa.RecordBatch:
    """The batch without rows that hold a NUL or broken letters, its long cells cut."""
    sound = without(BROKEN, "undecodable", without(NUL, "nul", batch, faults), faults)
    return cut_to_length(sound, faults)


def without_blank_rows(batch: pa.RecordBatch, faults: Faults) -> pa.RecordBatch:
    """The batch without rows that hold nothing at all; these are not rows to anyone who sees the table."""
    blank = batch[GEOM].is_null().to_numpy(zero_copy_only=False)
    for _, column in _texts(batch):
        if not blank.any():
            return batch
        blank = blank & pc.equal(pc.fill_null(pc.binary_length(column), 0), 0).to_numpy(zero_copy_only=False)
    faults.seen -= int(blank.sum())
    return batch.filter(pa.array(~blank))


def cut_to_length(batch: pa.RecordBatch, faults: Faults) -> pa.RecordBatch:
    """The batch with cells of more than 32,768 characters cut."""
    for name, column in _texts(batch):
        if (pc.max(pc.binary_length(column)).as_py() or 0) > CELL_CHARACTERS:
            batch = _cut(batch, name, column, faults)
    return batch


def _cut(batch: pa.RecordBatch, name: str, column: pa.Array, faults: Faults) -> pa.RecordBatch:
    long = pc.fill_null(pc.greater(pc.utf8_length(column), CELL_CHARACTERS), False).to_numpy(zero_copy_only=False)
    for at in np.flatnonzero(long):
        faults.add("long_cell", batch[ROW][at].as_py(), name, column[at].as_py()[:300])
    shorter = pc.utf8_slice_codeunits(column, 0, CELL_CHARACTERS)
    return batch.set_column(batch.schema.get_field_index(name), batch.schema.field(name), shorter)


def _texts(batch: pa.RecordBatch) -> list[tuple[str, pa.Array]]:
    return [(name, batch[name]) for name in batch.schema.names if name not in (ROW, GEOM)]
