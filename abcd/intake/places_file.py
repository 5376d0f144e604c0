"""Boundaries of places: ``abcd import places FILE --kind estate``.

Kind, reference and vintage name a boundary. A newer vintage is a new row and replaces nothing; a corrected file of the
same vintage changes what differs, except what people have edited since.
"""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.geo import shapes_to_grid
from abcd.core.text import slug, tidy
from abcd.db.session import Actor, session
from abcd.db.tables import GRID, PLACE_KINDS, Import
from abcd.errors import BadRequest
from abcd.intake.lists import WholeFile, begin, begin_undo, finish, finish_undo, read_whole
from abcd.intake.place_columns import PlaceColumns, epsg_of, understand_places
from abcd.intake.read import ReadChoice
from abcd.intake.report import ImportReport
from abcd.intake.stage import as_csv, copy_in
from abcd.places.assign import assign
from abcd.places.parents import relate
from abcd.places.shapes import as_multipolygons, points_inside

YEAR = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")

INCOMING = """
create temporary table incoming_place (
  row_number bigint, reference text, name text, name_cy text, gss_code text, households integer, population integer,
  geom geometry(MultiPolygon, {grid}), point geometry(Point, {grid})
) on commit drop"""
COLUMNS = ("row_number", "reference", "name", "name_cy", "gss_code", "households", "population", "geom", "point")

DIFFERING = """
select p.id, i.* from incoming_place i
join core.place p on p.kind = :kind and p.reference = i.reference and p.vintage = :vintage
where (p.name, ST_AsBinary(p.geom), coalesce(i.households, p.households), coalesce(i.population, p.population),
    coalesce(nullif(i.name_cy, ''), p.name_cy), coalesce(nullif(i.gss_code, ''), p.gss_code))
  is distinct from (i.name, ST_AsBinary(i.geom), p.households, p.population, p.name_cy, p.gss_code)"""

EDITED = "exists (select from core.audit_event e where e.thing_id = p.id::text and e.verb in ('edit', 'end'))"

KEPT = f"select count(*) from ({DIFFERING}) d join core.place p using (id) where {EDITED}"

REMEMBER = f"""
insert into core.import_before (import_id, thing_kind, thing_key, before)
select :import_id, 'place', p.id, jsonb_build_object(
  'name', p.name, 'name_cy', p.name_cy, 'gss_code', p.gss_code, 'households', p.households, 'population', p.population,
  'denominators_source', p.denominators_source, 'denominators_year', p.denominators_year, 'version', p.version,
  'geom', encode(ST_AsEWKB(p.geom), 'hex'), 'point', encode(ST_AsEWKB(p.point), 'hex'))
from ({DIFFERING}) d join core.place p using (id) where not {EDITED}"""

CHANGE = """
update core.place p set name = i.name, name_cy = coalesce(nullif(i.name_cy, ''), p.name_cy), geom = i.geom,
  gss_code = coalesce(nullif(i.gss_code, ''), p.gss_code), point = i.point, version = p.version + 1,
  households = coalesce(i.households, p.households), population = coalesce(i.population, p.population),
  denominators_source = case when i.households is null then p.denominators_source else :told_by end,
  denominators_year = case when i.households is null then p.denominators_year else :year end
from incoming_place i
where p.kind = :kind and p.reference = i.reference and p.vintage = :vintage
  and p.id::text in (select thing_key from core.import_before where import_id = :import_id)
returning p.id"""

ADD = """
insert into core.place (kind, reference, vintage, name, name_cy, gss_code, geom, point, households, population,
  denominators_source, denominators_year, source_id, import_id)
select :kind, reference, :vintage, name, name_cy, gss_code, geom, point, households, population,
  case when households is null then '' else :told_by end, case when households is null then null else :year end,
  :source_id, :import_id
from incoming_place order by row_number
on conflict (kind, reference, vintage) do nothing
returning id"""

LEANING = """
select i.file_name, count(*) from core.households h
join core.place p on p.id = h.place_id and p.import_id = :import_id
join core.import i on i.id = h.import_id group by 1"""

RESTORE = f"""
update core.place p set name = b.before ->> 'name', name_cy = b.before ->> 'name_cy',
  gss_code = b.before ->> 'gss_code',
  households = (b.before ->> 'households')::int, population = (b.before ->> 'population')::int,
  denominators_source = b.before ->> 'denominators_source', version = p.version + 1,
  denominators_year = (b.before ->> 'denominators_year')::int,
  geom = ST_GeomFromEWKB(decode(b.before ->> 'geom', 'hex')),
  point = ST_GeomFromEWKB(decode(b.before ->> 'point', 'hex'))
from core.import_before b
where b.import_id = :import_id and b.thing_kind = 'place' and p.id::text = b.thing_key
  and p.version = (b.before ->> 'version')::int + 1 and not {EDITED}
returning p.id"""

REMOVE = "delete from core.place p where p.import_id = :import_id and p.version = 1"


def import_places(
    path: Path | str,
    kind: str,
    *,
    actor: Actor,
    vintage: str | None = None,
    choice: ReadChoice | None = None,
    file_name: str = "",
) -> ImportReport:
    """Bring in the boundaries of a file as places of ``kind``.

    ``vintage`` defaults to the year in the headings or the name of the file, else ``""``.

    Raises:
        BadRequest: an unknown kind.
        NotFound, BadFile: the file is not there, cannot be read, or has no boundaries.
        NotAllowed: ``actor`` may not bring files in.
    """
    if kind not in PLACE_KINDS:
        raise BadRequest(f"“{kind}” is not a kind of place. Choose one of: {', '.join(PLACE_KINDS)}.")
    file = read_whole(path, choice, file_name)
    with session(actor, patient=True) as s:
        return load_places(s, file, kind, by=actor, vintage=vintage)


def load_places(s: Session, file: WholeFile, kind: str, *, by: Actor, vintage: str | None = None) -> ImportReport:
    """The part of ``import_places`` that writes, in the caller's transaction."""
    columns = understand_places(file)
    frame = boundaries(file, columns)
    made = begin(s, file, "places", columns.told(), by=by)
    edition = vintage if vintage is not None else vintage_of(file, columns)
    counts = _load(s, made, frame, kind, edition, columns)
    counts |= {"rows": file.rows.num_rows, "rejected": file.rows.num_rows - len(frame)}
    return finish(s, made, file, counts, by=by, crs=f"EPSG:{epsg_of(file)}", notes=_notes(kind, edition, counts))


def vintage_of(file: WholeFile, columns: PlaceColumns) -> str:
    """The edition of the boundaries: from a heading such as ``oa21cd``, else the year in the file's name, or ``""``."""
    heading = re.search(r"(\d\d)(?=(cd|nm)$)", columns.reference.lower())
    named = YEAR.search(file.path.stem.replace("_", " "))
    return f"20{heading[1]}" if heading else named[0] if named else ""


def boundaries(file: WholeFile, columns: PlaceColumns) -> pd.DataFrame:
    """The rows that can be places: columns ``COLUMNS``, geometry as hexadecimal EWKB in metres.

    What is left out is an issue, as is what the reader had to repair.
    """
    frame = _texts(file, columns)
    shapes = shapely.from_wkb(file.rows["__geom__"].to_numpy(zero_copy_only=False), on_invalid="ignore")
    metres = as_multipolygons(shapes_to_grid(shapes, epsg_of(file)))
    frame["shape"] = metres
    nowhere = np.array([shape is None for shape in metres])
    _tell(file, frame, nowhere, "no_boundary", "This row has no area, so it cannot be a place.", "Give it a boundary.")
    nameless = (frame["reference"] == "").to_numpy()
    _tell(file, frame, nameless & ~nowhere, "no_reference", "This row has neither a reference nor a name.",
          "Give it a reference that stays the same from year to year.")  # fmt: skip
    again = (frame["reference"].duplicated() & ~frame["reference"].eq("")).to_numpy() & ~nowhere
    _tell(file, frame, again, "repeated_reference", "Another row has the same reference; the first was kept.",
          "Give each place a reference of its own, or join its parts into one boundary.")  # fmt: skip
    return _as_loaded(frame[~(nowhere | nameless | again)])


def _texts(file: WholeFile, columns: PlaceColumns) -> pd.DataFrame:
    rows, size = file.rows, file.rows.num_rows

    def texts(column: str) -> list[str]:
        return [tidy(value or "") for value in rows[column].to_pylist()] if column else [""] * size

    names, references = texts(columns.name), texts(columns.reference)
    return pd.DataFrame({
        "row_number": rows["__row__"].to_numpy(),
        "reference": [reference or slug(name) for reference, name in zip(references, names, strict=True)],
        "name": [name or reference for reference, name in zip(references, names, strict=True)],
        "name_cy": texts(columns.name_cy),
        "gss_code": [code if re.fullmatch(r"[EWSNKJ]\d{8}", code) else "" for code in references],
        "households": _whole(texts(columns.households)),
        "population": _whole(texts(columns.population)),
    })  # fmt: skip


def _whole(texts: list[str]) -> pd.Series:
    numbers = pd.to_numeric(pd.Series(texts, dtype="str").str.replace(",", ""), errors="coerce")
    return numbers.where(numbers >= 0).round().astype("Int64")


def _tell(file: WholeFile, frame: pd.DataFrame, where: np.ndarray, kind: str, message: str, what_to_do: str) -> None:
    found = frame[where]
    file.issues.add_many(kind, message, what_to_do, row=found["row_number"], column="geometry", value=found["name"])


def _as_loaded(frame: pd.DataFrame) -> pd.DataFrame:
    shapes = frame["shape"].to_numpy()
    made = {"geom": shapes, "point": points_inside(shapes)}
    return frame.assign(**{name: _hexadecimal(given) for name, given in made.items()})[list(COLUMNS)]


def _hexadecimal(shapes: Any) -> Any:
    return shapely.to_wkb(shapely.set_srid(shapes, GRID), hex=True, include_srid=True)


def _load(
    s: Session, made: Import, frame: pd.DataFrame, kind: str, vintage: str, columns: PlaceColumns
) -> dict[str, int]:
    s.execute(text(INCOMING.format(grid=GRID)))
    copy_in(s, f"incoming_place ({', '.join(COLUMNS)})", as_csv(frame))
    year = YEAR.search(columns.households.replace("_", " "))
    given = {
        "kind": kind, "vintage": vintage, "import_id": made.id, "source_id": made.source_id,
        "told_by": f"{columns.households} ({made.file_name})", "year": int(year[0]) if year else today().year,
    }  # fmt: skip
    kept = int(s.scalar(text(KEPT), given) or 0)
    s.execute(text(REMEMBER), given)
    changed = s.scalars(text(CHANGE), given).all()
    added = s.scalars(text(ADD), given).all()
    s.execute(text("drop table incoming_place"))
    _follow(s, [*added, *changed])
    unchanged = len(frame) - len(added) - len(changed)
    return {"added": len(added), "changed": len(changed), "unchanged": unchanged, "kept": kept}


def _follow(s: Session, place_ids: list[UUID]) -> None:
    if place_ids:
        s.execute(text("select core.analyse_loaded('place')"))
        assign(s, place_ids=place_ids)
        relate(s, place_ids)


def _notes(kind: str, vintage: str, counts: dict[str, int]) -> tuple[str, ...]:
    notes = [f"Places of kind {kind}, edition {vintage}." if vintage else f"Places of kind {kind}, without an edition."]
    if counts["kept"]:
        notes.append(f"{counts['kept']} were edited by people since and stay as they are.")
    return tuple(notes)


def undo(s: Session, import_id: UUID, *, by: Actor) -> dict[str, int]:
    """Take an import of places back: ``removed`` and ``restored`` places, and those ``kept`` as people edited them.

    Raises:
        BadRequest: something hangs on these places, such as households, or the import is not a loaded one of places.
        NotFound, NotAllowed: as ``abcd.intake.lists.begin_undo``.
    """
    made = begin_undo(s, import_id, "places", by=by)
    given = {"import_id": import_id}
    leaning = s.execute(text(LEANING), given).first()
    if leaning:
        raise BadRequest(f"The households of “{leaning[0]}” hang on these places. Undo that import first.")
    restored = s.scalars(text(RESTORE), given).all()
    removed = _removed(s, import_id)
    kept = int(s.scalar(text("select count(*) from core.place where import_id = :import_id"), given) or 0)
    _follow(s, list(restored))
    return finish_undo(s, made, {"removed": removed, "restored": len(restored), "kept": kept}, by=by)


def _removed(s: Session, import_id: UUID) -> int:
    """Remove the places that an import added; how many.

    What leans on them may be nobody's to know (row security), so the database is asked, and it is not said what it was.
    """
    try:
        with s.begin_nested():
            return int(s.execute(text(REMOVE), {"import_id": import_id}).rowcount)  # type: ignore[attr-defined]
    except IntegrityError as error:
        raise BadRequest(
            "Some of these places are in use elsewhere, so this import cannot be taken back. Nothing was changed."
        ) from error
