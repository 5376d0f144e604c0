"""The waiting room of an import: its rows in a table of their own, seen and checked before anything changes.

A stage lives in the schema ``stage`` as an unlogged table named after the import: nothing of it reaches the
write-ahead log, and a crash of the server empties it, which ``is_whole`` notices.
"""

import io
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from uuid import UUID

import numpy as np
import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.db.tables import GRID
from abcd.intake.frame import ASSET_FRAME, ROWS_IN_A_CHUNK

SQL_TYPES = {
    "text": "text", "integer": "bigint", "number": "double precision", "yes or no": "boolean",
    "shape": f"geometry(Geometry, {GRID})",
}  # fmt: skip
JOINT = "\x1f"
ISSUE_COLUMNS = '(import_id, kind, row_number, "column", value, message, what_to_do)'


def table_of(import_id: UUID) -> str:
    """The name of the stage of an import, schema included."""
    return f"stage.rows_{import_id.hex}"


def arrivals_of(import_id: UUID) -> str:
    """The name of the table that holds the rows as they came, before they are placed and folded."""
    return f"stage.arrivals_{import_id.hex}"


def lines_of(import_id: UUID) -> str:
    """The name of the stage of an import of barriers."""
    return f"stage.lines_{import_id.hex}"


def names_of(import_id: UUID) -> dict[str, str]:
    """The tables that the steps of a stage share, by what they are."""
    code = import_id.hex
    return {"arrivals": arrivals_of(import_id), "rows": table_of(import_id), "folds": f"stage.folds_{code}",
            "shared": f"stage.shared_{code}"}  # fmt: skip


def is_whole(s: Session, import_id: UUID) -> bool:
    """Whether the stage still holds its rows: a crash of the server empties an unlogged table."""
    for name in (table_of(import_id), lines_of(import_id)):
        if s.scalar(text("select to_regclass(:name)"), {"name": name}) is not None:
            return bool(s.scalar(text(f"select exists (select from {name})")))
    return False


def drop(s: Session, import_id: UUID) -> None:
    """Take the stage away; it is no fault when it is gone already."""
    s.execute(text(f"drop table if exists {table_of(import_id)}, {lines_of(import_id)}"))


def drop_scaffold(s: Session, import_id: UUID) -> None:
    """Take away what only the making of a stage needs."""
    names = names_of(import_id)
    s.execute(text("drop table {arrivals}, {folds}, {shared}".format(**names)))


class Arrivals:
    """Frames and faults on their way into the store, by COPY: one is being sent while the next one is cleaned.

    Used as ``with Arrivals(s, import_id) as arrivals: arrivals.add(frame)``; the table is made on entering.
    """

    def __init__(self, s: Session, import_id: UUID) -> None:
        self._session = s
        self._import_id, self._name = import_id, arrivals_of(import_id)
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="arrivals")
        self._sending: Future[None] | None = None

    def __enter__(self) -> "Arrivals":
        columns = ", ".join(f"{column.name} {SQL_TYPES[column.kind]}" for column in ASSET_FRAME.columns)
        self._session.execute(text(f"create unlogged table {self._name} ({columns})"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._wait()
        finally:
            self._aside.shutdown()

    def add(self, frame: pd.DataFrame) -> None:
        """Send a frame under ``ASSET_FRAME``.

        Raises:
            ValueError: the frame breaks its contract.
        """
        sheet = as_csv(_with_srid(ASSET_FRAME.check(frame)[ASSET_FRAME.names()]))
        self._send(f"{self._name} ({', '.join(ASSET_FRAME.names())})", sheet)

    def add_issues(self, issues: pd.DataFrame) -> None:
        """Send faults (columns kind, row, column, value, message, what_to_do) to lie beside their import."""
        if not issues.empty:
            columns = ["import_id", "kind", "row", "column", "value", "message", "what_to_do"]
            sheet = as_csv(issues.assign(import_id=str(self._import_id))[columns])
            self._send(f"core.issue {ISSUE_COLUMNS}", sheet)

    def _send(self, table: str, sheet: bytes) -> None:
        self._wait()
        self._sending = self._aside.submit(copy_in, self._session, table, sheet)

    def _wait(self) -> None:
        if self._sending is not None:
            self._sending.result()
            self._sending = None


def note(s: Session, import_id: UUID, query: str, values: dict[str, object]) -> int:
    """Write as issues what ``query`` selects (kind, row, column, value, message, what to do); how many."""
    written = s.execute(
        text(f"insert into core.issue {ISSUE_COLUMNS} select cast(:import_id as uuid), found.* from ({query}) found"),
        {"import_id": import_id, **values},
    )
    return int(written.rowcount)  # type: ignore[attr-defined]


def copy_in(s: Session, table: str, sheet: bytes) -> None:
    """COPY a CSV sheet without header into ``table``: an unquoted nothing is null, a quoted one is empty text."""
    with _driver(s).cursor() as cursor, cursor.copy(f"copy {table} from stdin (format csv)") as copy:
        copy.write(sheet)


def columns_out(s: Session, query: str, types: dict[str, pa.DataType]) -> pa.Table:
    """What ``query`` selects, ``types`` naming its columns in order; texts are never null, numbers may be.

    Values come joined, some thousand at a time, because reading a million rows one by one takes ten times as long.
    The joint is a control character, which no cleaned text holds.
    """
    joined = ", ".join(f"string_agg(coalesce({name}::text, ''), e'{JOINT}')" for name in types)
    numbered = f"select q.*, row_number() over () / {ROWS_IN_A_CHUNK} as block from ({query}) q"
    blocks = s.connection().exec_driver_sql(f"select {joined} from ({numbered}) n group by block")
    made = [pa.table(_split(block, types)) for block in blocks]
    return pa.concat_tables(made) if made else pa.table({name: pa.array([], kind) for name, kind in types.items()})


def _split(block: Iterable[str], types: dict[str, pa.DataType]) -> dict[str, pa.Array]:
    """A block's joined values as one array a column."""
    apart = [pc.split_pattern(pa.array([joined]), JOINT).flatten() for joined in block]
    return {name: (values if kind == pa.string() else pc.if_else(pc.equal(values, ""), None, values).cast(kind))
            for (name, kind), values in zip(types.items(), apart, strict=True)}  # fmt: skip


def _driver(s: Session) -> "psycopg.Connection[tuple[object, ...]]":
    """The psycopg connection of a session, for COPY."""
    return s.connection().connection.driver_connection  # type: ignore[return-value]


def as_csv(frame: pd.DataFrame) -> bytes:
    """A frame as CSV without header, text quoted and nulls not."""
    out = io.BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False)
    pyarrow.csv.write_csv(pa.Table.from_pandas(frame, preserve_index=False), out, options)
    return out.getvalue()


def _with_srid(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its shapes as hexadecimal EWKB that says the British National Grid, nulls kept."""
    found = frame["geom"].notna().to_numpy()
    told = np.full(len(frame), None, dtype=object)
    if found.any():
        shapes = shapely.set_srid(shapely.from_wkb(frame["geom"].to_numpy()[found]), GRID)
        told[found] = shapely.to_wkb(shapes, hex=True, include_srid=True)
    numbers = {name: frame[name].where(np.isfinite(frame[name]), None).astype("Float64")
               for name in ("easting", "northing", "precision_m", "confidence")}  # fmt: skip
    return frame.assign(geom=pd.array(told, dtype="string"), **numbers)
