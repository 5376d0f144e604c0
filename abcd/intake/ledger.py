"""Every import that was ever begun, and whether it still stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.db.session import Actor, session
from abcd.db.tables import Import, Source
from abcd.intake.stage import is_whole

LOST = "lost"
"""State of an import whose staged rows went in a crash of the server: it can only be discarded."""

STAGED = ("assets", "barriers")
"""Kinds of import that wait to be confirmed."""


@dataclass(frozen=True)
class ImportLine:
    """One import.

    Attributes:
        id: names it for ever.
        kind: assets, places, households, postcodes, barriers, streets ...
        file_name: as its publisher called it.
        source: name of the source.
        state: ``staged`` (waits to be confirmed or discarded), ``lost``, ``loaded``, ``discarded``, ``undone``.
        by: who began it.
        created_at, loaded_at, undone_at: in UTC.
        as_of: the day the data describe.
        report: what ``ImportReport.to_store`` wrote.
    """

    id: UUID
    kind: str
    file_name: str
    source: str
    state: str
    by: str
    created_at: datetime
    loaded_at: datetime | None
    undone_at: datetime | None
    as_of: date | None
    report: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Plain values; the report is named by its numbers only."""
        numbers = {name: value for name, value in self.report.items() if isinstance(value, int)}
        return {"import_id": str(self.id), "kind": self.kind, "file": self.file_name, "source": self.source,
                "state": self.state, "by": self.by, "created_at": self.created_at.isoformat(), **numbers}  # fmt: skip


def imports(*, actor: Actor, limit: int = 200) -> list[ImportLine]:
    """The imports, the newest first."""
    require(actor, "view", "import")
    with session(actor) as s:
        query = select(Import, Source.name).join(Source, Source.id == Import.source_id)
        found = s.execute(query.order_by(Import.created_at.desc()).limit(limit))
        return [_line(s, made, source) for made, source in found]


def _line(s: Session, made: Import, source: str) -> ImportLine:
    is_lost = made.status == "staged" and made.kind in STAGED and not is_whole(s, made.id)
    return ImportLine(
        id=made.id, kind=made.kind, file_name=made.file_name, source=source, state=LOST if is_lost else made.status,
        by=made.by, created_at=made.created_at, loaded_at=made.loaded_at, undone_at=made.undone_at, as_of=made.as_of,
        report=dict(made.report))  # fmt: skip
