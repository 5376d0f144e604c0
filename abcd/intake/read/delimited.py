"""CSV and its relatives, streamed: parsed by Arrow, every odd row accounted for."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from abcd.errors import BadFile
from abcd.intake.read import cells, geometry_text
from abcd.intake.read.dialect import cells_of
from abcd.intake.read.encoding import BROKEN, Utf8
from abcd.intake.read.facts import FileLook, GeometryText, Layer, ReadChoice
from abcd.intake.read.faults import Faults
from abcd.intake.read.layout import Layout, Sample, layout_of
from abcd.intake.read.limits import BATCH_ROWS, ROW_BYTES
from abcd.intake.read.table import ROW, Source, Table, schema_of
from abcd.intake.read.unclosed import refuse_unclosed


def open_table(source: Source, choice: ReadChoice, faults: Faults) -> Table:
    """The rows of a text table.

    Raises:
        BadFile: nothing in it, a row too long or too wide, or a quotation mark never closed.
    """
    layout, sample = layout_of(source, choice)
    look = FileLook(
        format="csv",
        encoding=layout.encoding,
        delimiter=layout.dialect.delimiter,
        layers=(Layer(""),),
        header_row=layout.header_row,
        columns=layout.names,
        warnings=layout.warnings,
    )
    look, geometry = _with_geometry(look, sample, choice)
    rows = _Rows(source, layout, faults)
    return Table(look, (_with_outlines(batch, look.columns, geometry, faults) for batch in rows))


def _with_geometry(look: FileLook, sample: Sample, choice: ReadChoice) -> tuple[FileLook, GeometryText | None]:
    """The facts with the column that holds geometries taken out of the text columns."""
    found = geometry_text.geometry_columns(sample, look.columns)
    wanted = choice.geometry_column if choice.geometry_column is not None else (found[0].column if found else "")
    geometry = next((column for column in found if column.column == wanted), None)
    if geometry is None:
        return replace(look, geometry_columns=found), None
    columns = tuple(name for name in look.columns if name != geometry.column)
    return replace(
        look,
        geometry_columns=found,
        geometry_column=wanted,
        columns=columns,
        geometry_type="Geometry",
        crs=geometry_text.crs_of(sample, geometry),
    ), geometry


def _with_outlines(
    batch: pa.RecordBatch, columns: tuple[str, ...], geometry: GeometryText | None, faults: Faults
) -> pa.RecordBatch:
    if geometry:
        geoms = geometry_text.parsed(batch[geometry.column], geometry, batch[ROW].to_numpy(), faults)
        batch = pa.RecordBatch.from_arrays(
            [*(batch[name] for name in columns), batch[ROW], geoms], schema=schema_of(columns)
        )
    return cells.cut_to_length(batch, faults)


class _Rows:
    """The data rows in batches of at most 65,536; short rows follow their neighbours in a batch of their own."""

    def __init__(self, source: Source, layout: Layout, faults: Faults) -> None:
        self._source, self._layout, self._faults = source, layout, faults
        self._odd: deque[tuple[int, str]] = deque()
        self._text = Utf8(source.file, layout.encoding, layout.skip)
        self._next_row = 1

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            for raw in self._parsed():
                yield from self._finished(raw)
        except pa.ArrowInvalid:
            self._refuse()
        yield from self._odd_rows(None)
        if self._text.quotes % 2:
            self._refuse_unclosed()

    def _parsed(self) -> Iterator[pa.RecordBatch]:
        names, dialect = list(self._layout.names), self._layout.dialect
        read = pacsv.ReadOptions(use_threads=False, block_size=ROW_BYTES, column_names=names)
        parse = pacsv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char=dialect.quote,
            escape_char=dialect.escape or False,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=self._note_odd,
        )
        convert = pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
        )
        return iter(pacsv.open_csv(pa.PythonFile(self._text, mode="r"), read, parse, convert))

    def _note_odd(self, row: pacsv.InvalidRow) -> str:
        self._odd.append((row.number, row.text))
        return "skip"

    def _finished(self, raw: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        rows = self._numbers(raw.num_rows)
        self._faults.seen += raw.num_rows
        batch = self._sound(cells.batch_of(self._layout.names, raw.columns, rows, None))
        yield from (batch.slice(at, BATCH_ROWS) for at in range(0, batch.num_rows, BATCH_ROWS))
        yield from self._odd_rows(self._next_row)

    def _numbers(self, count: int) -> np.ndarray:
        """The row numbers of the next ``count`` good rows, stepping over the odd ones among them."""
        odd = np.array([number for number, _ in self._odd if number >= self._next_row], dtype=np.int64)
        last = self._next_row + count
        while (wanted := self._next_row + count + int((odd < last).sum())) != last:
            last = wanted
        numbers = np.arange(self._next_row, last, dtype=np.int64)
        self._next_row = last
        return np.setdiff1d(numbers, odd, assume_unique=True) if len(odd) else numbers

    def _odd_rows(self, before: int | None) -> Iterator[pa.RecordBatch]:
        """The rows of odd width so far: short ones filled up, long ones trimmed of empty cells or left out."""
        kept = list[tuple[int, list[str]]]()
        while self._odd and (before is None or self._odd[0][0] < before):
            number, text = self._odd.popleft()
            self._faults.seen += 1
            row = self._mended(number, cells_of(text, self._layout.dialect), text)
            kept += [(number, row)] if row else []
        if kept:
            texts = [pa.array([row[at] for _, row in kept], pa.string()) for at in range(len(self._layout.names))]
            yield self._sound(cells.batch_of(self._layout.names, texts, np.array([number for number, _ in kept]), None))

    def _mended(self, number: int, row: list[str], text: str) -> list[str] | None:
        width = len(self._layout.names)
        if len(row) < width:
            self._faults.add("short_row", number, value=text)
            return row + [""] * (width - len(row))
        if any(cell.strip() for cell in row[width:]):
            self._faults.leave_out("ragged_row", number, value=text)
            return None
        return row[:width]

    def _sound(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        batch = cells.without(cells.NUL, "nul", batch, self._faults) if self._text.has_nul else batch
        batch = cells.without(BROKEN, "undecodable", batch, self._faults) if self._text.has_broken else batch
        return cells.without_blank_rows(batch, self._faults)

    def _refuse(self) -> None:
        self._refuse_unclosed()
        raise BadFile(
            f"The rows after row {self._next_row - 1:,} cannot be told apart: a row there is longer than "
            f"{ROW_BYTES // 2**20} MB. Check the quotation marks near it."
        )

    def _refuse_unclosed(self) -> None:
        text = Utf8(self._source.file, self._layout.encoding, self._layout.skip)
        refuse_unclosed(text, self._layout.dialect, self._layout.header_row)
