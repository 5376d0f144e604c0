"""Bringing in a file of assets: the one call behind the command line and the page *Add data*.

``run`` does all of it. The page does it in two steps: ``stage`` reads and checks without touching the register,
``confirm`` loads what a person saw, ``discard`` forgets it. ``undo`` takes a loaded import back at any later time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.assets.taxonomy import load_taxonomy
from abcd.core.clock import now
from abcd.core.text import slug
from abcd.db.audit import record
from abcd.db.session import Actor, session
from abcd.db.space import require_space
from abcd.db.tables import ColumnMapping, Import, Source, Term
from abcd.errors import BadRequest, Conflict, NotFound
from abcd.intake import folding, load, placing, sources, stage as staging, undo as undoing
from abcd.intake.columns import understand
from abcd.intake.issues import Issues
from abcd.intake.mapping import Mapping
from abcd.intake.matching import match
from abcd.intake.pipeline import clean
from abcd.intake.read import FileLook, ReadChoice, look, open_file
from abcd.intake.report import ImportReport, columns_of, crs_of, issue_summary, row_counts

Progress = Callable[[str, int], None]
"""Told what is being done and how many rows are done."""

OTHER_DOORS = {
    "places": "It holds boundaries. Bring it in with: abcd import places FILE --kind ward (or estate, oa, lsoa, ...).",
    "households": "It holds households by small area. Bring it in with: abcd import households FILE --kind oa.",
    "postcodes": "It holds postcodes. Bring it in with: abcd import postcodes FILE.",
    "statistics": "It holds statistics by area, not things that are somewhere. Household counts come in with: "
                  "abcd import households FILE --kind oa.",
    "lookup": "It only says which area lies in which. Boundaries come in with: abcd import places FILE --kind oa.",
    "network": "It holds streets and paths, which are not assets.",
}  # fmt: skip
"""What a file that is no list of assets is, and which command takes it."""


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
    confirm: bool = True,
) -> ImportReport:
    """Bring a file in. Without ``confirm`` it is only staged, and the report says what loading would do.

    Raises:
        NotFound, BadFile: the file is not there or cannot be read safely.
        BadRequest: it is not a list of assets; the message names the command that takes it.
    """
    staged = stage(path, actor=actor, choice=choice, mapping=mapping, source=source, category=category, as_of=as_of,
                   progress=progress, compared=not confirm)  # fmt: skip
    return _confirm(staged.import_id, actor, progress) if confirm else staged


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
    compared: bool = True,
) -> ImportReport:
    """Read, understand, locate and check a file into a stage of its own; the register is not touched.

    ``file_name`` is what the file was called before it was uploaded. Raises as ``run`` does.
    """
    require(actor, "stage", "import")
    require_space()
    file = Path(path)
    name = file_name or file.name
    facts = look(file, choice)
    with session(actor) as s:
        asked = Asked(file, name, choice, source, category, as_of)
        understood, described = _understood(s, facts, asked, mapping)
        made = _new_import(s, facts, asked, understood, described, actor)
        issues, seen, left_out = _fill(s, made.id, asked, understood, progress)
        _settle(s, made.id, understood)
        return _staged_report(s, made, facts, understood, issues, (seen, left_out), compared)


@dataclass(frozen=True)
class Asked:
    """What was asked for: the file and a person's choices about it."""

    path: Path
    name: str
    choice: ReadChoice | None
    source: str | None
    category: str | None
    as_of: date | None


def confirm(import_id: UUID, *, actor: Actor, progress: Progress | None = None) -> ImportReport:
    """Load a stage into the register, in one transaction.

    Raises:
        NotFound: there is no such import.
        BadRequest: it is not waiting to be confirmed, or its staged rows were lost in a crash.
    """
    return _confirm(import_id, actor, progress)


def _confirm(import_id: UUID, actor: Actor, progress: Progress | None) -> ImportReport:
    require(actor, "confirm", "import")
    require_space()
    with session(actor) as s:
        made = _waiting(s, import_id)
        report = ImportReport.from_store(made.report, made.status)
        source = s.get_one(Source, made.source_id)
        _tell(progress, "loading", report.rows)
        done = load.load(s, import_id, source.id, as_of=made.as_of, publisher=source.publisher or source.name)
        staging.drop(s, import_id)
        report = replace(
            report, status="loaded", added=done["added"], changed=done["changed"], unchanged=done["unchanged"],
            vanished=done["vanished"], possible_duplicates=done["proposed"],
            issues=issue_summary(s, import_id, {one["kind"]: one["rows"] for one in report.issues}))  # fmt: skip
        made.status, made.loaded_at = "loaded", now()
        made.report = report.to_store() | {"organisations": done["organisations"]}
        _remember(s, made)
        record(s, "import", "import", import_id, by=actor, after=_told(made, report))
        return report


def discard(import_id: UUID, *, actor: Actor) -> None:
    """Forget a stage. The register was never touched.

    Raises:
        NotFound: there is no such import.
        BadRequest: it is not waiting to be confirmed.
    """
    require(actor, "discard", "import")
    with session(actor) as s:
        made = _locked(s, import_id)
        if made.status != "staged":
            raise BadRequest(f"This import is {made.status}; only one that waits can be discarded.")
        staging.drop(s, import_id)
        made.status = "discarded"
        record(s, "discard", "import", import_id, by=actor)


def undo(import_id: UUID, *, actor: Actor) -> dict[str, int]:
    """Take a loaded import back, exactly, keeping what people changed since.

    Returns ``removed, restored, revived`` assets and ``kept``, those changed since.

    Raises:
        NotFound: there is no such import.
        BadRequest: it is not loaded.
        Conflict: a newer import of the same source stands on it.
    """
    require(actor, "undo", "import")
    with session(actor) as s:
        made = _locked(s, import_id)
        if made.status != "loaded" or made.kind != "assets":
            raise BadRequest(f"Only a loaded import of assets can be undone; this one is {made.status} ({made.kind}).")
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


def _understood(
    s: Session, facts: FileLook, asked: Asked, given: Mapping | None
) -> tuple[Mapping, "sources.Description | None"]:
    """The mapping to use: the given one, the one remembered for this header, or a fresh one."""
    described = sources.find(facts.columns, asked.name)
    fresh = understand(facts, asked.name, described)
    kept = s.scalar(select(ColumnMapping).where(ColumnMapping.header_key == fresh.header_key))
    mapping = given or (Mapping.from_dict(kept.mapping) if kept else fresh)
    if mapping.kind != "assets":
        raise BadRequest(f"“{asked.name}” is not a list of assets. {OTHER_DOORS[mapping.kind]}")
    if asked.category:
        if s.get(Term, asked.category) is None:
            raise BadRequest(f"There is no category “{asked.category}”. The categories are listed in data/taxonomy.csv.")
        mapping = replace(mapping, category=asked.category, category_confidence=1.0, category_why="chosen by a person")
    return mapping, described


def _new_import(
    s: Session, facts: FileLook, asked: Asked, mapping: Mapping, described: "sources.Description | None", actor: Actor
) -> Import:
    """The row of this import, and its source's, when that is new."""
    if s.scalar(select(Term.slug).limit(1)) is None:
        load_taxonomy(s)
    source_id = _source(s, asked, described)
    made = Import(id=uuid4(), source_id=source_id, kind="assets", file_name=asked.name, file_sha256=facts.sha256,
                  file_bytes=facts.bytes, status="staged", mapping=mapping.to_dict(), by=actor.name,
                  as_of=asked.as_of or (described.as_of if described else None))  # fmt: skip
    s.add(made)
    s.flush()
    return made


def _source(s: Session, asked: Asked, described: "sources.Description | None") -> UUID:
    """The source that a file belongs to: the named one, the described one, or one called after the file."""
    name = asked.source or (described.slug if described else "") or slug(Path(asked.name).stem) or "file"
    facts = {"name": asked.source or Path(asked.name).stem}
    if described and not asked.source:
        facts = {"name": described.title, "publisher": described.publisher, "licence": described.licence,
                 "attribution": described.attribution}  # fmt: skip
    s.execute(insert(Source).values(slug=slug(name), **facts).on_conflict_do_nothing())
    return s.scalars(select(Source.id).where(Source.slug == slug(name))).one()


def _fill(
    s: Session, import_id: UUID, asked: Asked, mapping: Mapping, progress: Progress | None
) -> tuple[Issues, int, int]:
    """Clean the rows on their way into the stage; the issues, the rows of the file and those the reader left out."""
    issues, done = Issues(), 0
    with open_file(asked.path, asked.choice) as reading, staging.Arrivals(s, import_id) as arrivals:
        for frame in clean(iter(reading), mapping, issues):
            arrivals.add(frame)
            arrivals.add_issues(issues.drain())
            done += len(frame)
            _tell(progress, "reading", done)
        issues.absorb(reading.issues)
        issues.counts |= reading.issue_counts
        arrivals.add_issues(issues.drain())
        return issues, reading.rows_seen, reading.rows_left_out


def _settle(s: Session, import_id: UUID, mapping: Mapping) -> None:
    """Fold, place, gather and check the staged rows."""
    s.execute(text("set local work_mem = '128MB'"))
    s.execute(text(f"analyze {staging.arrivals_of(import_id)}"))
    folding.fold(s, import_id, mapping)
    placing.place(s, import_id)
    folding.gather(s, import_id, mapping)
    s.execute(text(f"analyze {staging.table_of(import_id)}"))
    placing.check_places(s, import_id)
    s.execute(text(f"drop table {staging.arrivals_of(import_id)}"))


def _staged_report(
    s: Session, made: Import, facts: FileLook, mapping: Mapping, issues: Issues, seen: tuple[int, int], compared: bool
) -> ImportReport:
    """The report of a stage, kept with its import. ``seen`` is (rows of the file, rows that the reader left out)."""
    counts = row_counts(s, made.id)
    counts["rejected"] += seen[1]
    kept = seen[0] - counts["duplicates"] - counts["rejected"]
    would = match(s, made.id, made.source_id, made.as_of) if compared else {"added": kept, "changed": 0, "unchanged": 0, "vanished": 0}
    report = ImportReport(
        rows=seen[0], **would, **counts, columns=columns_of(mapping), encoding=facts.encoding, crs=crs_of(facts, mapping),
        issues=issue_summary(s, made.id, issues.counts), import_id=made.id, notes=(*mapping.notes, *facts.warnings))  # fmt: skip
    made.report = report.to_store()
    return report


def _remember(s: Session, made: Import) -> None:
    """Keep the confirmed mapping for the publisher's next file with this header."""
    values = {"header_key": made.mapping["header_key"], "source_id": made.source_id, "mapping": made.mapping}
    kept = insert(ColumnMapping).values(**values)
    s.execute(kept.on_conflict_do_update(index_elements=["header_key"], set_={"mapping": kept.excluded.mapping}))


def _waiting(s: Session, import_id: UUID) -> Import:
    """The import, locked, if its stage is whole and waits to be confirmed."""
    made = _locked(s, import_id)
    if made.status != "staged":
        raise BadRequest(f"This import is {made.status} already.")
    report = ImportReport.from_store(made.report, made.status)
    if report.rows > report.rejected and not staging.is_whole(s, import_id):
        raise BadRequest("The staged rows of this import were lost when the database stopped. Nothing was changed. "
                         f"Discard it and bring in “{made.file_name}” ({report.rows} rows) again.")  # fmt: skip
    return made


def _locked(s: Session, import_id: UUID) -> Import:
    made = s.scalar(select(Import).where(Import.id == import_id).with_for_update())
    if made is None:
        raise NotFound(f"There is no import {import_id}. 'abcd import list' shows them all.")
    return made


def _told(made: Import, report: ImportReport) -> dict[str, object]:
    """What the audit event says of an import."""
    numbers = ("rows", "added", "changed", "unchanged", "duplicates", "rejected", "vanished")
    return {"file": made.file_name, "sha256": made.file_sha256} | {name: getattr(report, name) for name in numbers}


def _tell(progress: Progress | None, doing: str, rows: int) -> None:
    if progress:
        progress(doing, rows)
