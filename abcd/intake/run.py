"""Bringing in a file of assets: the one call behind the command line and the page *Add data*.

``run`` does all of it. The page does it in two steps: ``stage`` reads and checks without touching the register,
``confirm`` loads what a person saw, ``discard`` forgets it. ``undo`` takes a loaded import back at any later time.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import now
from abcd.db.audit import record
from abcd.db.session import Actor, session
from abcd.db.space import require_space
from abcd.db.tables import Import, Source
from abcd.errors import BadRequest, Conflict, NotFound
from abcd.intake import (
    barriers_stage,
    barriers_undo,
    dwellings_file,
    folding,
    households_file,
    load,
    people_file,
    places_file,
    placing,
    postcodes_file,
    properties_file,
    streets_file,
)
from abcd.intake import stage as staging
from abcd.intake import undo as undoing
from abcd.intake.admission import Admitted, Asked, admit, remember
from abcd.intake.issues import Issue, Issues
from abcd.intake.mapping import Mapping
from abcd.intake.matching import match
from abcd.intake.pipeline import clean
from abcd.intake.read import ReadChoice, look, open_file
from abcd.intake.report import ImportReport, columns_of, crs_of, issue_summary, row_counts

OTHER_UNDO = {
    "places": places_file.undo, "households": households_file.undo, "postcodes": postcodes_file.undo,
    "people": people_file.undo, "properties": properties_file.undo,
    "dwellings": dwellings_file.undo,
    "streets": streets_file.undo, "barriers": barriers_undo.undo,
}  # fmt: skip
"""How an import of another kind is taken back."""

Progress = Callable[[str, int], None]
"""Told what is being done and how many rows are done."""


def run(
    path: Path | str,
    *,
    actor: Actor,
    choice: ReadChoice | None = None,
    mapping: Mapping | None = None,
    source: str | None = None,
    category: str | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring a file in, from its bytes to assets in their places.

    Raises:
        NotFound: there is no such file.
        BadFile: it cannot be read safely.
        BadRequest: it is not a list of assets; the message names the command that takes it.
    """
    asked = Asked(Path(path), Path(path).name, choice, mapping, source, category, as_of)
    staged = _stage(asked, actor, progress, is_compared=False)
    return confirm(staged.import_id, actor=actor, progress=progress)


def rehearse(
    path: Path | str,
    *,
    actor: Actor,
    choice: ReadChoice | None = None,
    mapping: Mapping | None = None,
    source: str | None = None,
    category: str | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """What ``run`` would do, without doing it. Raises as ``run`` does."""
    asked = Asked(Path(path), Path(path).name, choice, mapping, source, category, as_of)
    report = _stage(asked, actor, progress, is_compared=True)
    discard(report.import_id, actor=actor)
    return replace(report, status="discarded")


def stage(
    path: Path | str,
    *,
    actor: Actor,
    choice: ReadChoice | None = None,
    mapping: Mapping | None = None,
    source: str | None = None,
    category: str | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
    file_name: str = "",
) -> ImportReport:
    """Read, understand, locate and check a file in a place of its own; the report says what loading would do.

    ``file_name`` is what the file was called before it was uploaded. Raises as ``run`` does.
    """
    asked = Asked(Path(path), file_name or Path(path).name, choice, mapping, source, category, as_of)
    return _stage(asked, actor, progress, is_compared=True)


def _stage(asked: Asked, actor: Actor, progress: Progress | None, is_compared: bool) -> ImportReport:
    require(actor, "stage", "import")
    require_space()
    facts = look(asked.path, asked.choice)
    with session(actor, patient=True) as s:
        admitted = admit(s, asked, facts, by=actor)
        issues, seen, left_out = _fill(s, admitted, progress)
        _tell(progress, "checking", seen)
        _settle(s, admitted)
        return _report(s, admitted, issues, seen, left_out, is_compared)


def confirm(import_id: UUID, *, actor: Actor, progress: Progress | None = None) -> ImportReport:
    """Load a stage into the register, in one transaction.

    Raises:
        NotFound: there is no such import.
        BadRequest: it is not waiting to be confirmed, or its staged rows were lost in a crash.
    """
    require(actor, "confirm", "import")
    require_space()
    with session(actor, patient=True) as s:
        made = _locked(s, import_id)
        if made.kind == "barriers":
            return barriers_stage.confirm(s, made, by=actor)
        _refuse_lost(s, made)
        report = ImportReport.from_store(made.report, made.status)
        source = s.get_one(Source, made.source_id)
        _tell(progress, "loading", report.rows)
        done = load.load(s, import_id, source.id, as_of=made.as_of, publisher=source.publisher or source.name)
        staging.drop(s, import_id)
        return _loaded(s, made, report, done, actor)


def _loaded(s: Session, made: Import, report: ImportReport, done: load.Done, actor: Actor) -> ImportReport:
    """The final report, kept with the import and told to the audit trail."""
    counted = {one["kind"]: one["rows"] for one in report.issues}
    report = replace(report, status="loaded", added=done.added, changed=done.changed, unchanged=done.unchanged,
                     vanished=done.vanished, possible_duplicates=done.proposed,
                     issues=issue_summary(s, made.id, counted))  # fmt: skip
    made.status, made.loaded_at = "loaded", now()
    made.report = report.to_store() | {"organisations": done.organisations}
    remember(s, made)
    numbers = ("rows", "added", "changed", "unchanged", "duplicates", "rejected", "vanished")
    told = {"file": made.file_name, "sha256": made.file_sha256} | {name: getattr(report, name) for name in numbers}
    record(s, "import", "import", made.id, by=actor, after=told)
    return report


def discard(import_id: UUID, *, actor: Actor) -> None:
    """Forget a stage. The register was never touched.

    Raises:
        NotFound: there is no such import.
        BadRequest: it is not waiting to be confirmed.
    """
    require(actor, "discard", "import")
    with session(actor, patient=True) as s:
        made = _locked(s, import_id)
        if made.status != "staged":
            raise BadRequest(f"This import is {made.status}; only one that waits can be discarded.")
        staging.drop(s, import_id)
        made.status = "discarded"
        record(s, "discard", "import", import_id, by=actor)


def undo(import_id: UUID, *, actor: Actor) -> dict[str, int]:
    """Take a loaded import back, exactly, keeping what people changed since.

    Returns ``removed, restored`` and, for assets, ``revived``; ``kept`` are those changed since.

    Raises:
        NotFound: there is no such import.
        BadRequest: it is not loaded.
        Conflict: a newer import of the same source stands on it.
    """
    require(actor, "undo", "import")
    with session(actor, patient=True) as s:
        made = _locked(s, import_id)
        if made.kind in OTHER_UNDO:
            return OTHER_UNDO[made.kind](s, import_id, by=actor)
        if made.status != "loaded":
            raise BadRequest(f"Only a loaded import can be undone; this one is {made.status}.")
        _refuse_newer(s, import_id)
        done = undoing.take_back(s, import_id, list(made.report.get("organisations", ())))
        made.status, made.undone_at = "undone", now()
        record(s, "undo", "import", import_id, by=actor, after=dict(done))
        return done


def _refuse_newer(s: Session, import_id: UUID) -> None:
    newer = s.execute(text(undoing.NEWER), {"import_id": import_id}).one_or_none()
    if newer:
        raise Conflict(f"A newer import of the same source changed assets after this one: “{newer.file_name}”. "
                       f"Undo that one first: abcd import undo {newer.id}", {}, {})  # fmt: skip


def _fill(s: Session, admitted: Admitted, progress: Progress | None) -> tuple[Issues, int, int]:
    """Clean the rows on their way in; returns the issues, the file's rows and how many the reader left out."""
    issues, done = Issues(), 0
    with (
        open_file(admitted.asked.path, admitted.asked.choice) as reading,
        staging.Arrivals(s, admitted.made.id) as arrivals,
    ):
        for frame in clean(iter(reading), admitted.mapping, issues):
            arrivals.add(frame)
            arrivals.add_issues(issues.drain())
            done += len(frame)
            _tell(progress, "reading", done)
        issues.absorb(Issue(**asdict(one)) for one in reading.issues)
        issues.counts |= reading.issue_counts
        arrivals.add_issues(issues.drain())
        return issues, reading.rows_seen, reading.rows_left_out


def _settle(s: Session, admitted: Admitted) -> None:
    """Fold, place, gather and check the rows that arrived."""
    import_id, by_weekday = admitted.made.id, bool(admitted.mapping.column("weekday"))
    s.execute(text("set local work_mem = '128MB'"))
    s.execute(text(f"analyze {staging.arrivals_of(import_id)} (row, reference, postcode, reject)"))
    folding.fold(s, import_id, by_weekday)
    placing.place(s, import_id)
    folding.gather(s, import_id, by_weekday, admitted.mapping.category)
    s.execute(text(f"analyze {staging.table_of(import_id)} (row, ref, into_row, reject, located_by)"))
    placing.check_places(s, import_id)
    staging.drop_scaffold(s, import_id)


def _report(
    s: Session, admitted: Admitted, issues: Issues, seen: int, left_out: int, is_compared: bool
) -> ImportReport:
    """What was staged, and what loading it would do when that is to be ``is_compared``; kept with the import."""
    made, counts = admitted.made, row_counts(s, admitted.made.id)
    counts["rejected"] += left_out
    would = {"added": seen - counts["duplicates"] - counts["rejected"], "changed": 0, "unchanged": 0, "vanished": 0}
    if is_compared:
        would = match(s, made.id, made.source_id, made.as_of)
    report = ImportReport(
        rows=seen, **would, **counts, columns=columns_of(admitted.mapping), encoding=admitted.facts.encoding,
        crs=crs_of(admitted.facts, admitted.mapping), issues=issue_summary(s, made.id, issues.counts),
        import_id=made.id, notes=(*admitted.mapping.notes, *admitted.facts.warnings))  # fmt: skip
    made.report = report.to_store()
    return report


def _refuse_lost(s: Session, made: Import) -> None:
    """Let only an import go on that waits to be confirmed and whose stage is whole."""
    if made.status != "staged":
        raise BadRequest(f"This import is {made.status} already.")
    rows = made.report["rows"] - made.report["rejected"]
    if rows and not staging.is_whole(s, made.id):
        raise BadRequest("The staged rows of this import were lost when the database stopped. Nothing was changed. "
                         f"Discard it and bring in “{made.file_name}” again.")  # fmt: skip


def _locked(s: Session, import_id: UUID) -> Import:
    made = s.scalar(select(Import).where(Import.id == import_id).with_for_update())
    if made is None:
        raise NotFound(f"There is no import {import_id}. 'abcd import list' shows them all.")
    return made


def _tell(progress: Progress | None, doing: str, rows: int) -> None:
    if progress:
        progress(doing, rows)
