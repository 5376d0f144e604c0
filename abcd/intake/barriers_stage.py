"""The waiting room of a file of barriers: its lines and points as understood, looked at before anything changes.

Such a stage is a table of its own beside those of assets (``abcd.intake.stage``): unlogged, and gone with a crash.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import now
from abcd.db.audit import record
from abcd.db.session import Actor, session
from abcd.db.space import require_space
from abcd.db.tables import GRID, Import, Issue
from abcd.errors import BadRequest, NotFound
from abcd.intake import stage as staging
from abcd.intake.barrier_rows import BarrierRow, CrossingRow, Usual, understood
from abcd.intake.barrier_writing import FAULTS, Loading, write
from abcd.intake.issues import Issues
from abcd.intake.lists import WholeFile, begin, keep_issues, read_whole, report_of
from abcd.intake.place_columns import epsg_of
from abcd.intake.read import ReadChoice
from abcd.intake.report import ImportReport, issue_summary

COLUMNS = (
    "n integer, row integer, key text, is_nameless boolean, name text, nature text, is_hard boolean, step_free text, "
    f"barrier text, geom geometry(Geometry, {GRID})"
)
FILL = f"""
insert into {{table}} values (:n, :row, :key, :is_nameless, :name, :nature, :is_hard, :step_free, :barrier,
  ST_GeomFromWKB(:geom, {GRID}))"""
ROWS = """
select row, key, is_nameless, name, nature, is_hard, step_free, barrier, ST_AsBinary(geom) as geom
from {table} order by n"""


class Rehearsed(Exception):
    """Carries what writing would do out of a transaction that is not to last."""

    def __init__(self, done: Loading, notes: tuple[str, ...]) -> None:
        super().__init__("rehearsed")
        self.done, self.notes = done, notes


def stage_barriers(
    path: Path | str, usual: Usual, *, actor: Actor, choice: ReadChoice | None = None, source: str | None = None,
    file_name: str = "",
) -> ImportReport:  # fmt: skip
    """Read and check a file of barriers in a place of its own; the report says what loading it would do.

    ``file_name`` is what the file was called before it was uploaded, ``source`` whose lines it holds.

    Raises:
        NotFound, BadFile: the file is not there, cannot be read, or has no lines and no points.
        NotAllowed: ``actor`` may not bring files in.
    """
    require(actor, "stage", "import")
    require_space()
    file = read_whole(path, choice, file_name)
    lines, points = understood(file, usual)
    would = _rehearsed(file, lines, points, source, actor)
    with session(actor, patient=True) as s:
        made = begin(s, file, "barriers", {}, by=actor, source=source)
        made.status, made.loaded_at = "staged", None
        _fill(s, made.id, lines, points)
        keep_issues(s, made.id, file.issues.drain())
        counts, crs = would.done.counted(file.rows.num_rows), f"EPSG:{epsg_of(file)}"
        report = report_of(made, file, counts, crs=crs, notes=would.notes)
        made.report = report.to_store()
        return report


def _rehearsed(
    file: WholeFile, lines: list[BarrierRow], points: list[CrossingRow], source: str | None, by: Actor
) -> Rehearsed:
    """What writing these would do: all of it is done in one transaction that does not last."""
    try:
        with session(by, patient=True) as s:
            done = Loading(s, begin(s, file, "barriers", {}, by=by, source=source), file.issues, by)
            raise Rehearsed(done, write(done, lines, points))
    except Rehearsed as told:
        return told


def _fill(s: Session, import_id: UUID, lines: list[BarrierRow], points: list[CrossingRow]) -> None:
    table = staging.lines_of(import_id)
    s.execute(text(f"create unlogged table {table} ({COLUMNS})"))
    told = [_as_cells(row, row.line) for row in lines] + [_as_cells(row, row.point) for row in points]
    if told:
        s.execute(text(FILL.format(table=table)), [one | {"n": n} for n, one in enumerate(told)])


def _as_cells(row: BarrierRow | CrossingRow, shape: Any) -> dict[str, Any]:
    blank = {"nature": None, "is_hard": None, "step_free": None, "barrier": None}
    kept = {name: value for name, value in vars(row).items() if name not in ("line", "point")}
    return blank | kept | {"geom": shapely.to_wkb(shape)}


def waiting(s: Session, import_id: UUID) -> tuple[list[BarrierRow], list[CrossingRow]]:
    """The lines and points of a stage, in the order of the file.

    Raises:
        NotFound: it waits no longer.
    """
    table = staging.lines_of(import_id)
    if s.scalar(text("select to_regclass(:name)"), {"name": table}) is None:
        raise NotFound("This import is not waiting any more. Look at the list of imports, or bring the file again.")
    lines: list[BarrierRow] = []
    points: list[CrossingRow] = []
    for one in s.execute(text(ROWS.format(table=table))).mappings():
        shape, told = (
            shapely.from_wkb(bytes(one["geom"])),
            {name: one[name] for name in ("row", "key", "name", "is_nameless")},
        )
        if shape.geom_type == "Point":
            points.append(CrossingRow(**told, step_free=one["step_free"], barrier=one["barrier"], point=shape))
        else:
            lines.append(BarrierRow(**told, nature=one["nature"], is_hard=one["is_hard"], line=shape))
    return lines, points


def confirm(s: Session, made: Import, *, by: Actor) -> ImportReport:
    """Load a stage into the register, in the caller's transaction.

    Raises:
        BadRequest: it is not waiting to be confirmed, or its rows were lost in a crash.
    """
    report = _waiting_report(s, made)
    done = Loading(s, made, Issues(), by)
    notes = write(done, *waiting(s, made.id))
    staging.drop(s, made.id)
    s.execute(delete(Issue).where(Issue.import_id == made.id, Issue.kind.in_(FAULTS)))
    keep_issues(s, made.id, done.issues.drain())
    counted = {one["kind"]: one["rows"] for one in report.issues if one["kind"] not in FAULTS} | done.issues.counts
    counts = done.counted(report.rows)
    told: dict[str, Any] = {name: counts[name] for name in ("added", "changed", "unchanged", "rejected")}
    report = replace(report, status="loaded", issues=issue_summary(s, made.id, counted), notes=notes, **told)
    made.status, made.loaded_at, made.report = "loaded", now(), report.to_store()
    record(s, "import", "import", made.id, by=by,
           after={"file": made.file_name, "kind": made.kind, "rows": report.rows} | told)  # fmt: skip
    return report


def _waiting_report(s: Session, made: Import) -> ImportReport:
    report = ImportReport.from_store(made.report, made.status)
    if made.status != "staged":
        raise BadRequest(f"This import is {made.status} already.")
    if report.rows > report.rejected and not staging.is_whole(s, made.id):
        raise BadRequest("The staged rows of this import were lost when the database stopped. Nothing was changed. "
                         f"Discard it and bring in “{made.file_name}” again.")  # fmt: skip
    return report
