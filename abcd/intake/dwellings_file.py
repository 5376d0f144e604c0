"""A landlord's homes, or households by postcode: ``abcd import dwellings FILE``.

A row is a home, a block of flats or a postcode: where it is, how many households it holds, its street, and what one of
them weighs in a coach's patch. Who lives there is never read, and no file or map lists homes.
"""

from pathlib import Path
from uuid import UUID

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.db.session import Actor, session
from abcd.db.tables import Import
from abcd.errors import BadRequest
from abcd.intake.dwelling_columns import DwellingColumns, understand_dwellings
from abcd.intake.dwelling_rows import dwelling_rows
from abcd.intake.dwelling_sql import (
    ADD,
    BROUGHT_AGAIN,
    CHANGE,
    GONE,
    INCOMING,
    NOWHERE,
    PLACE_BY_POSTCODE,
    PLACE_BY_UPRN,
    REMEMBER,
    REMEMBER_GONE,
    REMOVE,
    REPLACED,
    RESTORE,
    REVIVE,
)
from abcd.intake.lists import WholeFile, begin, begin_undo, finish, finish_undo, read_whole
from abcd.intake.read import ReadChoice
from abcd.intake.report import ImportReport
from abcd.intake.stage import as_csv, copy_in

COLUMNS = ("row", "reference", "uprn", "postcode", "street", "households", "workload", "easting", "northing")


def import_dwellings(
    path: Path | str, *, actor: Actor, is_whole: bool = False, choice: ReadChoice | None = None, file_name: str = ""
) -> ImportReport:
    """Bring in a list of homes, or of households by postcode; the same file twice changes nothing.

    With ``is_whole`` the list is all there is of its source: what an earlier one held and this one does not is taken
    away. A home is placed by its coordinates, else by its UPRN, else by its postcode.

    Raises:
        NotFound, BadFile: the file is not there, cannot be read, or says neither what nor where its homes are.
        NotAllowed: ``actor`` may not bring files in.
    """
    file = read_whole(path, choice, file_name)
    columns = understand_dwellings(file)
    frame, repeated = dwelling_rows(file, columns)
    with session(actor, patient=True) as s:
        made = begin(s, file, "dwellings", columns.told(), by=actor)
        done = _load(s, made, file, columns, frame, is_whole)
        size = file.rows.num_rows
        done |= {"rows": size, "duplicates": repeated}
        done["rejected"] = size - repeated - done["added"] - done["changed"] - done["unchanged"]
        return finish(s, made, file, done, by=actor, crs=f"EPSG:{columns.epsg}" if columns.x else "", notes=_said(done))


def _said(done: dict[str, int]) -> tuple[str, ...]:
    homes = f"{done['households']:,} households at {done['placed']:,} points."
    return (homes, f"{done['gone']:,} of an earlier list were taken away.") if done["gone"] else (homes,)


def _load(
    s: Session, made: Import, file: WholeFile, columns: DwellingColumns, frame: pd.DataFrame, is_whole: bool
) -> dict[str, int]:
    s.execute(text(INCOMING))
    copy_in(s, f"incoming_dwelling ({', '.join(COLUMNS)})", as_csv(frame[list(COLUMNS)]))
    for way in (PLACE_BY_UPRN, PLACE_BY_POSTCODE):
        s.execute(text(way))
    _tell_nowhere(s, file, columns)
    given = {"import_id": made.id, "source_id": made.source_id, "kind": columns.kind}
    households, placed = s.execute(text("select coalesce(sum(households), 0), count(*) from incoming_dwelling")).one()
    gone = _take_away(s, given) if is_whole else 0
    s.execute(text(REMEMBER), given)
    changed = s.execute(text(CHANGE), given).rowcount  # type: ignore[attr-defined]
    added = s.execute(text(ADD), given).rowcount  # type: ignore[attr-defined]
    s.execute(text("drop table incoming_dwelling"))
    return {"added": added, "changed": changed, "unchanged": placed - added - changed, "gone": gone,
            "households": int(households), "placed": placed}  # fmt: skip


def _take_away(s: Session, given: dict[str, object]) -> int:
    """Homes of the same source that this list no longer holds."""
    s.execute(text(REMEMBER_GONE), given)
    return int(s.execute(text(GONE), given).rowcount)  # type: ignore[attr-defined]


def _tell_nowhere(s: Session, file: WholeFile, columns: DwellingColumns) -> None:
    """Rows whose place nobody knows are left out, and said."""
    left = s.execute(text(NOWHERE)).all()
    file.issues.add_many(
        "no_position", "This home has no coordinates, and its UPRN or postcode is not known here.",
        "Bring in postcodes or property references first, or give coordinates in Britain.",
        row=[row.row for row in left], column=columns.postcode or columns.uprn, value=[row.reference for row in left],
    ) if left else None  # fmt: skip


def undo(s: Session, import_id: UUID, *, by: Actor) -> dict[str, int]:
    """Take an import of homes back: ``removed``, ``restored``, and ``kept`` as a newer file changed them.

    Raises:
        BadRequest: a newer list changed, took away or brought back homes of this one, and has to be taken back first.
        BadRequest, NotFound, NotAllowed: as ``abcd.intake.lists.begin_undo``.
    """
    made = begin_undo(s, import_id, "dwellings", by=by)
    given = {"import_id": import_id}
    newer = s.scalar(text(BROUGHT_AGAIN), given)
    if newer:
        raise BadRequest(f"“{newer}” brought homes back that this list took away. Undo that import first.")
    removed = s.execute(text(REMOVE), given).rowcount  # type: ignore[attr-defined]
    restored = s.execute(text(RESTORE), given).rowcount  # type: ignore[attr-defined]
    restored += s.execute(text(REVIVE), given).rowcount  # type: ignore[attr-defined]
    replaced = int(s.scalar(text(REPLACED), given) or 0)
    return finish_undo(s, made, {"removed": removed, "restored": restored, "kept": replaced - restored}, by=by)
