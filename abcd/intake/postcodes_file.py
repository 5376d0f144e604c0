"""Postcodes and their points: ``abcd import postcodes FILE``.

ONSPD, Code-Point Open (which has no headings) or any table with a postcode and coordinates, in either order. A newer
edition moves a postcode; an older one only adds those that are missing.
"""

import re
from pathlib import Path
from uuid import UUID

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.db.session import Actor, session
from abcd.db.tables import GRID, Import
from abcd.intake.lists import WholeFile, begin, begin_undo, finish, finish_undo, read_whole
from abcd.intake.postcode_columns import PostcodeColumns, positions, understand_postcodes
from abcd.intake.read import ReadChoice
from abcd.intake.report import ImportReport
from abcd.intake.stage import as_csv, copy_in
from abcd.intake.strings import Mask

KEY = r"^(GIR|[A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][ABD-HJLNP-UW-Z]{2}$"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EDITION = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_ ]?(0[1-9]|1[0-2]))?(?!\d)")

INCOMING = """
create temporary table incoming_postcode (postcode text primary key, easting float8, northing float8) on commit drop"""

POINT = f"ST_SetSRID(ST_MakePoint(i.easting, i.northing), {GRID})"

# A metre of rounding is no move: files give degrees with six decimals, or whole metres.
MOVED = f"""
from core.postcode p join incoming_postcode i using (postcode)
where p.vintage <= :vintage and ST_Distance(p.point, {POINT}) > 1"""

REMEMBER = f"""
insert into core.import_before (import_id, thing_kind, thing_key, before)
select :import_id, 'postcode', p.postcode, jsonb_build_object('point', encode(ST_AsEWKB(p.point), 'hex'),
  'vintage', p.vintage, 'source_id', p.source_id, 'import_id', p.import_id) {MOVED}"""

CHANGE = f"""
update core.postcode p set point = {POINT}, vintage = :vintage, source_id = :source_id, import_id = :import_id
from incoming_postcode i join core.import_before b on b.thing_key = i.postcode and b.import_id = :import_id
where p.postcode = i.postcode"""

ADD = f"""
insert into core.postcode (postcode, point, vintage, source_id, import_id)
select i.postcode, {POINT}, :vintage, :source_id, :import_id from incoming_postcode i
on conflict (postcode) do nothing"""

REMOVE = """
delete from core.postcode p where p.import_id = :import_id and not exists (
  select from core.import_before b where b.import_id = :import_id and b.thing_key = p.postcode)"""

RESTORE = """
update core.postcode p set point = ST_GeomFromEWKB(decode(b.before ->> 'point', 'hex')),
  vintage = b.before ->> 'vintage', source_id = (b.before ->> 'source_id')::uuid,
  import_id = (b.before ->> 'import_id')::uuid
from core.import_before b
where b.import_id = :import_id and b.thing_key = p.postcode and p.import_id = :import_id"""


def import_postcodes(
    path: Path | str, *, actor: Actor, vintage: str | None = None, choice: ReadChoice | None = None, file_name: str = ""
) -> ImportReport:
    """Bring in a list of postcodes; ``vintage`` (such as ``2024-02``) defaults to the date in the file's name.

    Raises:
        NotFound, BadFile: the file is not there, cannot be read, or has no postcodes with coordinates.
        NotAllowed: ``actor`` may not bring files in.
    """
    file = read_whole(path, choice, file_name)
    with session(actor, patient=True) as s:
        return load_postcodes(s, file, by=actor, vintage=vintage)


def load_postcodes(s: Session, file: WholeFile, *, by: Actor, vintage: str | None = None) -> ImportReport:
    """The part of ``import_postcodes`` that writes, in the caller's transaction."""
    columns = understand_postcodes(file)
    frame, repeated = located(file, columns)
    made = begin(s, file, "postcodes", columns.told(), by=by)
    edition = vintage or edition_of(file)
    done = _load(s, made, frame, edition)
    size = file.rows.num_rows
    done |= {"rows": size, "duplicates": repeated, "rejected": size - repeated - len(frame)}
    crs = f"EPSG:{columns.epsg}"
    return finish(s, made, file, done, by=by, crs=crs, notes=(f"{len(frame):,} postcodes, edition {edition}.",))


def edition_of(file: WholeFile) -> str:
    """Year and month from the file's name, such as ``2018-08``; this month when it says none."""
    name = file.path.stem.lower()
    year = EDITION.search(name.replace("_", " "))
    if not year:
        return today().strftime("%Y-%m")
    spelt = next((number for number, month in enumerate(MONTHS, 1) if re.search(rf"(?<![a-z]){month}", name)), None)
    month = year[2] or (f"{spelt:02d}" if spelt else "")
    return f"{year[1]}-{month}" if month else year[1]


def located(file: WholeFile, columns: PostcodeColumns) -> tuple[pd.DataFrame, int]:
    """The rows that are postcodes with a place in Britain: ``postcode, easting, northing``; and how many are repeats.

    Postcodes have capitals and no space. What is left out is an issue.
    """
    keys = pc.utf8_upper(pc.replace_substring_regex(pc.fill_null(file.rows[columns.postcode], ""), r"\s+", ""))
    whole = np.asarray(pc.match_substring_regex(keys, KEY))
    easting, northing = positions(file, columns, np.asarray(pc.starts_with(keys, "BT")))
    placed = np.isfinite(easting) & np.isfinite(northing)
    _tell(file, columns, ~whole, "not_a_postcode", "This is not a full postcode.", "Correct it, such as M16 7AA.")
    _tell(file, columns, whole & ~placed, "no_position", "This postcode has no position in Britain.",
          "Nothing, if the postcode office gives it none.")  # fmt: skip
    good = whole & placed
    kept = keys.filter(pa.array(good)).to_numpy()
    frame = pd.DataFrame({"postcode": kept, "easting": easting[good], "northing": northing[good]})
    again = frame["postcode"].duplicated()
    return frame[~again].round(3), int(again.sum())


def _tell(file: WholeFile, columns: PostcodeColumns, where: Mask, kind: str, message: str, what_to_do: str) -> None:
    if where.any():
        at = pa.array(where)
        values, rows = file.rows[columns.postcode].filter(at).to_pylist(), file.rows["__row__"].filter(at).to_pylist()
        file.issues.add_many(kind, message, what_to_do, row=rows, column=columns.postcode, value=values)


def _load(s: Session, made: Import, frame: pd.DataFrame, edition: str) -> dict[str, int]:
    s.execute(text(INCOMING))
    copy_in(s, "incoming_postcode (postcode, easting, northing)", as_csv(frame))
    s.execute(text("analyze incoming_postcode"))
    given = {"import_id": made.id, "source_id": made.source_id, "vintage": edition}
    s.execute(text(REMEMBER), given)
    changed = s.execute(text(CHANGE), given).rowcount  # type: ignore[attr-defined]
    added = s.execute(text(ADD), given).rowcount  # type: ignore[attr-defined]
    s.execute(text("drop table incoming_postcode"))
    return {"added": added, "changed": changed, "unchanged": len(frame) - added - changed}


def undo(s: Session, import_id: UUID, *, by: Actor) -> dict[str, int]:
    """Take an import of postcodes back: ``removed``, ``restored``, and ``kept`` because a newer file moved them.

    Raises:
        BadRequest, NotFound, NotAllowed: as ``abcd.intake.lists.begin_undo``.
    """
    made = begin_undo(s, import_id, "postcodes", by=by)
    given = {"import_id": import_id}
    removed = s.execute(text(REMOVE), given).rowcount  # type: ignore[attr-defined]
    restored = s.execute(text(RESTORE), given).rowcount  # type: ignore[attr-defined]
    replaced = int(s.scalar(text("select count(*) from core.import_before where import_id = :import_id"), given) or 0)
    return finish_undo(s, made, {"removed": removed, "restored": restored, "kept": replaced - restored}, by=by)
