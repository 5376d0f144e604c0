"""Property references and their points: ``abcd import uprns FILE``, such as OS Open UPRN.

Only the reference and the point are kept. Who lives there is nobody's business here: a property is never joined to a
person, and no output lists properties.
"""

from pathlib import Path
from uuid import UUID

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.geo import BRITISH_GRID, DEGREES
from abcd.db.session import Actor, session
from abcd.db.tables import GRID, Import
from abcd.errors import BadFile
from abcd.intake.headers import heading
from abcd.intake.lists import WholeFile, begin, begin_undo, finish, finish_undo, read_whole
from abcd.intake.postcode_columns import PostcodeColumns, positions
from abcd.intake.report import ImportReport
from abcd.intake.stage import as_csv, copy_in

REFERENCES = ("uprn", "unique property reference number")
METRES = (("x coordinate", "easting", "eastings", "x"), ("y coordinate", "northing", "northings", "y"))
ANGLES = (("longitude", "lon", "long", "lng"), ("latitude", "lat"))
UPRN = r"^0*[1-9][0-9]{0,11}$"

INCOMING = """
create temporary table incoming_property (uprn bigint primary key, easting float8, northing float8) on commit drop"""
POINT = f"ST_SetSRID(ST_MakePoint(i.easting, i.northing), {GRID})"

REMEMBER = f"""
insert into core.import_before (import_id, thing_kind, thing_key, before)
select :import_id, 'property', p.uprn::text, jsonb_build_object('point', encode(ST_AsEWKB(p.point), 'hex'),
  'source_id', p.source_id, 'import_id', p.import_id)
from core.property p join incoming_property i using (uprn) where ST_Distance(p.point, {POINT}) > 1"""

CHANGE = f"""
update core.property p set point = {POINT}, source_id = :source_id, import_id = :import_id
from incoming_property i join core.import_before b on b.thing_key = i.uprn::text and b.import_id = :import_id
where p.uprn = i.uprn"""

ADD = f"""
insert into core.property (uprn, point, source_id, import_id)
select i.uprn, {POINT}, :source_id, :import_id from incoming_property i on conflict (uprn) do nothing"""

REMOVE = """
delete from core.property p where p.import_id = :import_id and not exists (
  select from core.import_before b where b.import_id = :import_id and b.thing_key = p.uprn::text)"""

RESTORE = """
update core.property p set point = ST_GeomFromEWKB(decode(b.before ->> 'point', 'hex')),
  source_id = (b.before ->> 'source_id')::uuid, import_id = (b.before ->> 'import_id')::uuid
from core.import_before b
where b.import_id = :import_id and b.thing_key = p.uprn::text and p.import_id = :import_id"""


def import_properties(path: Path | str, *, actor: Actor) -> ImportReport:
    """Bring in a list of property references with their points; the same file twice changes nothing.

    Raises:
        NotFound, BadFile: the file is not there, cannot be read, or has no references with coordinates.
        NotAllowed: ``actor`` may not bring files in.
    """
    file = read_whole(path)
    columns = understand_properties(file)
    with session(actor, patient=True) as s:
        frame, repeated = located(file, columns)
        told = {"uprn": columns.postcode, "coordinates": f"{columns.x}, {columns.y}"}
        made = begin(s, file, "properties", told, by=actor)
        done = _load(s, made, frame)
        size = file.rows.num_rows
        done |= {"rows": size, "duplicates": repeated, "rejected": size - repeated - len(frame)}
        said = (f"{len(frame):,} property references.",)
        return finish(s, made, file, done, by=actor, crs=f"EPSG:{columns.epsg}", notes=said)


def understand_properties(file: WholeFile) -> PostcodeColumns:
    """The columns of the reference (in the place of a postcode's) and of the coordinates, metres before degrees.

    Raises:
        BadFile: no column is headed as a property reference, or none as its coordinates.
    """
    named = {heading(column): column for column in file.columns}
    reference = next((named[word] for word in REFERENCES if word in named), "")
    if not reference:
        raise BadFile(f"No column of “{file.path.name}” is called UPRN.")
    for (xs, ys), epsg in ((METRES, BRITISH_GRID), (ANGLES, DEGREES)):
        x = next((named[word] for word in xs if word in named), "")
        y = next((named[word] for word in ys if word in named), "")
        if x and y:
            return PostcodeColumns(reference, x, y, epsg)
    raise BadFile(f"“{file.path.name}” has property references but no columns of coordinates beside them.")


def located(file: WholeFile, columns: PostcodeColumns) -> tuple[pd.DataFrame, int]:
    """The rows that are references with a place in Britain: ``uprn, easting, northing``; and how many are repeats."""
    keys = pc.utf8_trim_whitespace(pc.fill_null(file.rows[columns.postcode], "").combine_chunks())
    whole = np.asarray(pc.match_substring_regex(keys, UPRN))
    easting, northing = positions(file, columns, np.zeros(len(keys), dtype=bool))
    good = whole & np.isfinite(easting) & np.isfinite(northing)
    if not good.all():
        left = pa.array(~good)
        file.issues.add_many(
            "not_a_property", "This row has no property reference of up to twelve digits, or no position in Britain.",
            "Correct the row.", row=file.rows["__row__"].filter(left).to_pylist(), column=columns.postcode,
            value=keys.filter(left).to_pylist(),
        )  # fmt: skip
    kept = keys.filter(pa.array(good)).to_pandas().astype("int64")
    frame = pd.DataFrame({"uprn": kept.to_numpy(), "easting": easting[good], "northing": northing[good]})
    again = frame["uprn"].duplicated()
    return frame[~again].round(3), int(again.sum())


def _load(s: Session, made: Import, frame: pd.DataFrame) -> dict[str, int]:
    s.execute(text(INCOMING))
    copy_in(s, "incoming_property (uprn, easting, northing)", as_csv(frame))
    given = {"import_id": made.id, "source_id": made.source_id}
    s.execute(text(REMEMBER), given)
    changed = s.execute(text(CHANGE), given).rowcount  # type: ignore[attr-defined]
    added = s.execute(text(ADD), given).rowcount  # type: ignore[attr-defined]
    s.execute(text("drop table incoming_property"))
    return {"added": added, "changed": changed, "unchanged": len(frame) - added - changed}


def undo(s: Session, import_id: UUID, *, by: Actor) -> dict[str, int]:
    """Take an import of property references back: ``removed``, ``restored``, and ``kept`` as a newer file moved them.

    Raises:
        BadRequest, NotFound, NotAllowed: as ``abcd.intake.lists.begin_undo``.
    """
    made = begin_undo(s, import_id, "properties", by=by)
    given = {"import_id": import_id}
    removed = s.execute(text(REMOVE), given).rowcount  # type: ignore[attr-defined]
    restored = s.execute(text(RESTORE), given).rowcount  # type: ignore[attr-defined]
    replaced = int(s.scalar(text("select count(*) from core.import_before where import_id = :import_id"), given) or 0)
    return finish_undo(s, made, {"removed": removed, "restored": restored, "kept": replaced - restored}, by=by)
