"""What an import understood, did and found wrong, for a person and for a program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.spreadsheet import as_csv
from abcd.intake.mapping import Mapping as Understood
from abcd.intake.read.facts import FileLook
from abcd.intake.stage import names_of

_ROWS = """
select count(*) filter (where into_row is not null) as duplicates, count(*) filter (where reject <> '') as rejected,
       count(*) filter (where located_by = '' and reject = '') as unlocated
from {rows}
"""

_LOCATED = """
select located_by, count(*) from {rows} where located_by <> '' and reject = '' group by 1 order by 2 desc, 1
"""

_ISSUES = """
select kind, count(*) as rows, (array_agg(concat(
           case when row_number is not null then 'row ' || row_number || ': ' end, message,
           case when value <> '' then ' (' || concat_ws(': ', nullif("column", ''), value) || ')' end)
       order by row_number, id))[1] as example
from core.issue where import_id = :import_id group by 1 order by 2 desc, 1
"""


@dataclass(frozen=True)
class ImportReport:
    """The outcome of an import; ``rows = added + changed + unchanged + duplicates + rejected``.

    Attributes:
        rows: data rows of the file.
        added, changed, unchanged: assets, each from one row or from several folded into one.
        duplicates: rows folded into another row of the file.
        rejected: rows that cannot be assets; each is an issue.
        unlocated: rows kept without a point.
        located_by: rows by how they were located.
        columns: field -> the file's column or columns.
        encoding, crs: as recognised, ``""`` where the format says it itself or nothing is located.
        issues: ``{kind, rows, example}`` by kind, the commonest first.
        import_id: names this import for ever.
        status: ``staged``, ``loaded``, ``discarded`` or ``undone``.
        vanished: assets of the source that the file no longer holds, now inactive.
        possible_duplicates: pairs proposed to a person.
        notes: sentences to read before confirming.
    """

    rows: int
    added: int
    changed: int
    unchanged: int
    duplicates: int
    rejected: int
    unlocated: int
    located_by: dict[str, int]
    columns: dict[str, str]
    encoding: str
    crs: str
    issues: list[dict[str, Any]]
    import_id: UUID
    status: str = "staged"
    vanished: int = 0
    possible_duplicates: int = 0
    notes: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """The document that ``abcd import assets --json`` prints."""
        hidden = {"status", "vanished", "possible_duplicates", "notes"}
        told = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in hidden}
        return told | {"import_id": str(self.import_id)}

    def to_store(self) -> dict[str, Any]:
        """Everything, for the column ``report`` of ``core.import``."""
        return self.to_json() | {"vanished": self.vanished, "possible_duplicates": self.possible_duplicates,
                                 "notes": list(self.notes)}  # fmt: skip

    @classmethod
    def from_store(cls, kept: Mapping[str, Any], status: str) -> "ImportReport":
        """The report that ``to_store`` wrote."""
        known = {name: kept[name] for name in cls.__dataclass_fields__ if name in kept}
        return cls(**(known | {"import_id": UUID(kept["import_id"]), "status": status, "notes": tuple(kept["notes"])}))


def columns_of(mapping: Understood) -> dict[str, str]:
    """Field -> the file's columns, in words."""
    told = {name: ", ".join(mapping.columns(name)) for name in mapping.fields}
    where = mapping.coordinates
    if where.kind != "none":
        told["coordinates"] = ", ".join(part for part in (where.x, where.y) if part) or where.kind
    return told | ({"opening_hours": ", ".join(mapping.weekdays.values())} if mapping.weekdays else {})


def crs_of(look: FileLook, mapping: Understood) -> str:
    """The coordinate system the file is in, as ``EPSG:n``."""
    if mapping.coordinates.kind == "none":
        return ""
    return f"EPSG:{mapping.coordinates.epsg}" if mapping.coordinates.epsg else look.crs or ""


def row_counts(s: Session, import_id: UUID) -> dict[str, Any]:
    """``duplicates, rejected, unlocated, located_by`` of a stage."""
    names = names_of(import_id)
    counts = dict(s.execute(text(_ROWS.format(**names))).one()._mapping)
    located = {str(by): int(rows) for by, rows in s.execute(text(_LOCATED.format(**names)))}
    return counts | {"located_by": located}


def issue_summary(s: Session, import_id: UUID, counted: Mapping[str, int]) -> list[dict[str, Any]]:
    """One ``{kind, rows, example}`` per kind; ``counted`` knows of rows that were not written out one by one."""
    found = s.execute(text(_ISSUES), {"import_id": import_id}).mappings()
    told = [dict(one) | {"rows": max(one["rows"], counted.get(one["kind"], 0))} for one in found]
    return sorted(told, key=lambda one: (-one["rows"], one["kind"]))


def issues_csv(s: Session, import_id: UUID) -> str:
    """The faults of an import as a CSV file for its publisher."""
    query = """select row_number, kind, "column", value, message, what_to_do from core.issue
               where import_id = :import_id order by row_number nulls first, id"""
    return as_csv(
        ("row", "kind", "column", "value", "message", "what_to_do"), s.execute(text(query), {"import_id": import_id})
    )
