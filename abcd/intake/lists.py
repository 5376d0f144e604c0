"""What the imports of places, households and postcodes share: reading whole, the import's row, its report, undo."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pandas as pd
import pyarrow as pa
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import now
from abcd.core.text import slug
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Import, Source
from abcd.errors import BadRequest, NotFound
from abcd.intake import sources
from abcd.intake.issues import Issue, Issues
from abcd.intake.read import FileLook, ReadChoice, open_file
from abcd.intake.report import ImportReport
from abcd.intake.stage import ISSUE_COLUMNS, as_csv, copy_in

COUNTS = ("added", "changed", "unchanged", "duplicates")

REPLACED_BY = """
select i.file_name from core.import i join core.import mine on mine.id = :import_id
where i.kind = mine.kind and i.status = 'loaded' and i.id <> mine.id and exists (
  select from core.import_before b where b.import_id = i.id and b.before ->> 'import_id' = mine.id::text)
order by i.loaded_at desc limit 1"""
"""The newest import that replaced something this one brought, and would bring it back when it is taken back itself."""


@dataclass(frozen=True)
class WholeFile:
    """A file read to its end: ``rows`` is an Arrow table of text columns with ``__row__`` and ``__geom__``.

    ``path`` is what the file is called: its bytes may lie under another name.
    """

    path: Path
    rows: pa.Table
    facts: FileLook
    issues: Issues
    left_out: int

    @property
    def columns(self) -> list[str]:
        """Names of the text columns, in order."""
        return [name for name in self.rows.column_names if not name.startswith("__")]


def read_whole(path: Path | str, choice: ReadChoice | None = None, file_name: str = "") -> WholeFile:
    """All rows of a file that fits in memory: boundaries, a census table, a list of postcodes.

    ``file_name`` is what it was called before it was uploaded.

    Raises:
        NotFound, BadFile: as ``abcd.intake.read.open_file``.
    """
    issues = Issues()
    with open_file(path, choice) as reading:
        batches = list(reading)
        facts = replace(reading.look, bytes=reading.bytes, sha256=reading.sha256())
        issues.absorb(Issue(**asdict(one)) for one in reading.issues)
        rows = pa.Table.from_batches(batches) if batches else pa.table({})
        return WholeFile(Path(file_name or path), rows, facts, issues, reading.rows_left_out)


def begin(
    s: Session, file: WholeFile, kind: str, columns: dict[str, str], *, by: Actor, source: str | None = None
) -> Import:
    """The row of this import and, when it is new, its source's: ``source`` by name, else one called after the file.

    Raises:
        NotAllowed: ``by`` may not bring files in.
    """
    require(by, "confirm", "import")
    made = Import(
        id=uuid4(), source_id=_source(s, file, source), kind=kind, file_name=file.path.name,
        file_sha256=file.facts.sha256, file_bytes=file.facts.bytes, status="loaded", mapping={"columns": columns},
        by=by.name, loaded_at=now(),
    )  # fmt: skip
    s.add(made)
    s.flush()
    return made


def _source(s: Session, file: WholeFile, named: str | None) -> UUID:
    described = sources.find(file.columns, file.path.name)
    name = named or file.path.stem.replace("_", " ")
    facts = {"slug": slug(name) or "file", "name": name}
    if described and not named:
        facts = {"slug": described.slug, "name": described.title, "publisher": described.publisher,
                 "licence": described.licence, "attribution": described.attribution}  # fmt: skip
    s.execute(insert(Source).values(facts).on_conflict_do_nothing())
    return s.scalars(select(Source.id).where(Source.slug == facts["slug"])).one()


def finish(
    s: Session, made: Import, file: WholeFile, counts: dict[str, int], *, by: Actor, crs: str = "",
    notes: tuple[str, ...] = (),
) -> ImportReport:  # fmt: skip
    """Write the faults, the report and the audit event of an import whose rows are loaded.

    ``counts`` has ``rows, added, changed, unchanged, duplicates`` and ``rejected``.
    """
    keep_issues(s, made.id, file.issues.drain())
    report = report_of(made, file, counts, crs=crs, notes=notes)
    made.report = report.to_store()
    told = {name: getattr(report, name) for name in ("rows", *COUNTS)}
    record(s, "import", "import", made.id, by=by, after={"file": made.file_name, "kind": made.kind} | told)
    return report


def report_of(
    made: Import, file: WholeFile, counts: dict[str, int], *, crs: str = "", notes: tuple[str, ...] = ()
) -> ImportReport:
    """What an import did, or would do while it waits; ``counts`` as in ``finish``."""
    told: dict[str, Any] = {name: counts.get(name, 0) for name in COUNTS}
    return ImportReport(
        rows=counts["rows"] + file.left_out, rejected=counts.get("rejected", 0) + file.left_out, **told, unlocated=0,
        located_by={}, columns=made.mapping["columns"], encoding=file.facts.encoding, crs=crs,
        issues=file.issues.summary(), import_id=made.id, status=made.status, notes=notes,
    )  # fmt: skip


def keep_issues(s: Session, import_id: UUID, issues: pd.DataFrame) -> None:
    """Write faults (columns of ``abcd.intake.issues``) down beside their import."""
    columns = ["import_id", "kind", "row", "column", "value", "message", "what_to_do"]
    if not issues.empty:
        copy_in(s, f"core.issue {ISSUE_COLUMNS}", as_csv(issues.assign(import_id=str(import_id))[columns]))


def begin_undo(s: Session, import_id: UUID, kind: str, *, by: Actor) -> Import:
    """The import to take back, locked.

    Raises:
        NotAllowed: ``by`` may not undo imports.
        NotFound: there is no such import.
        BadRequest: it is not a loaded import of ``kind``, or a newer file replaced something of it.
    """
    require(by, "undo", "import")
    made = s.scalar(select(Import).where(Import.id == import_id).with_for_update())
    if made is None:
        raise NotFound(f"There is no import {import_id}.")
    if made.status != "loaded" or made.kind != kind:
        raise BadRequest(f"Only a loaded import of {kind} can be undone here; this one is {made.status} ({made.kind}).")
    newer = s.scalar(text(REPLACED_BY), {"import_id": import_id})
    if newer:
        raise BadRequest(f"“{newer}” changed or took away something that this file brought. Undo that import first.")
    return made


def finish_undo(s: Session, made: Import, done: dict[str, int], *, by: Actor) -> dict[str, int]:
    """Mark the import as undone; ``done`` says how many rows were ``removed``, ``restored`` and ``kept``."""
    made.status, made.undone_at = "undone", now()
    record(s, "undo", "import", made.id, by=by, after=dict(done))
    return done
