"""The child's half of the conversation: facts, batches with their faults, and a last word."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from abcd.errors import BadFile
from abcd.intake.read.facts import FileLook, as_json
from abcd.intake.read.faults import Faults
from abcd.intake.read.limits import MEGABYTE, ROWS, SAMPLE_ROWS
from abcd.intake.read.outlines import bounds_of, types_of_wkb
from abcd.intake.read.table import GEOM, ROW, Table, schema_of

#: A file up to this size is read to its end by a look, so that its rows are counted exactly.
COUNTED_BYTES = 8 * MEGABYTE
EMPTY = pa.schema([])


class Telling:
    """Writes one Arrow stream to ``out``."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._writer: pa.RecordBatchStreamWriter | None = None

    def rows(self, table: Table, faults: Faults) -> None:
        """Every batch of ``table``, then the count."""
        self._begin(schema_of(table.look.columns), table.look)
        for batch in table.batches:
            refuse_too_many(faults.seen)
            if batch.num_rows or faults.counts:
                self._batch(batch, {"issues": _issues(faults)})
        self._end(faults)

    def look(self, table: Table, size: int, faults: Faults) -> None:
        """The facts with a sample; a small file, or one with too many rows, is read to its end and counted."""
        first = _sample(table.batches)
        row_count = table.look.row_count
        if row_count is None and (size <= COUNTED_BYTES or _rows_in(size, first) > ROWS):
            for _ in table.batches:
                refuse_too_many(faults.seen)
            row_count = faults.seen
        self._begin(EMPTY, _with_sample(replace(table.look, row_count=row_count), first))
        self._end(faults)

    def refuse(self, sentence: str, faults: Faults) -> None:
        """The last word when a file cannot be read further."""
        if self._writer is None:
            self._begin(EMPTY, None)
        self._last_word({"refused": sentence, **_count(faults)})

    def _begin(self, schema: pa.Schema, look: FileLook | None) -> None:
        told = json.dumps(as_json(look) if look else None)
        self._schema = schema.with_metadata({"look": told.encode("utf-8", "replace")})
        self._writer = pa.ipc.new_stream(self._out, self._schema)

    def _end(self, faults: Faults) -> None:
        self._last_word(_count(faults))

    def _last_word(self, told: dict[str, Any]) -> None:
        empty = pa.RecordBatch.from_arrays([pa.nulls(0, field.type) for field in self._schema], schema=self._schema)
        self._batch(empty, {"end": told})
        assert self._writer is not None
        self._writer.close()
        self._out.flush()

    def _batch(self, batch: pa.RecordBatch, told: dict[str, Any]) -> None:
        assert self._writer is not None
        self._writer.write_batch(batch, custom_metadata={"told": json.dumps(told)})


def refuse_too_many(rows: int) -> None:
    """Raise ``BadFile`` when a file has more rows than one import takes."""
    if rows > ROWS:
        raise BadFile(f"This file has more than {ROWS:,} rows. Split it into smaller files.")


def _sample(batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    found = next((batch for batch in batches if batch.num_rows), None)
    return found.slice(0, SAMPLE_ROWS) if found is not None else None


def _rows_in(size: int, sample: pa.RecordBatch | None) -> float:
    """How many rows a file of ``size`` bytes has if they are like those of its sample, with a byte between cells."""
    if sample is None:
        return 0
    texts = [column for column in sample.columns if pa.types.is_string(column.type)]
    letters = sum(pc.sum(pc.binary_length(column)).as_py() or 0 for column in texts)
    rows: float = size * sample.num_rows / (letters + sample.num_rows * max(1, len(texts)))
    return rows


def _with_sample(look: FileLook, sample: pa.RecordBatch | None) -> FileLook:
    if sample is None:
        return look
    geoms = sample[GEOM]
    rows = tuple({name: line[name] for name in look.columns} for line in islice(sample.to_pylist(), SAMPLE_ROWS))
    return replace(
        look,
        sample=rows,
        sample_rows=tuple(sample[ROW].to_pylist()),
        bounds=bounds_of(geoms),
        geometry_type=types_of_wkb(geoms) if look.geometry_type == "Geometry" else look.geometry_type,
    )


def _issues(faults: Faults) -> list[dict[str, Any]]:
    return [asdict(issue) for issue in faults.take()]


def _count(faults: Faults) -> dict[str, Any]:
    return {"seen": faults.seen, "left_out": faults.left_out, "counts": dict(faults.counts), "issues": _issues(faults)}
