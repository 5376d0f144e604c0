"""Households of small areas from a census table, long or wide: ``abcd import households FILE --kind oa``.

Long: one row for each area and class (``area_code, household_tenure, value``). Wide: one row for each area, a column
for each class. A total row or column counts as it stands; without one the classes are added up. Areas' totals are
never made to agree with a larger area's: the census office alters small counts to protect people.
"""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.db.session import Actor, session
from abcd.db.tables import Import
from abcd.errors import BadFile
from abcd.intake.census_table import class_column, code_column, counted, read_census
from abcd.intake.lists import WholeFile, begin, begin_undo, finish, finish_undo, read_whole
from abcd.intake.read import ReadChoice
from abcd.intake.report import ImportReport
from abcd.intake.stage import as_csv, copy_in

PLACES = """
select distinct on (reference) reference, id from core.place
where kind = :kind and end_date is null and reference = any(:codes)
order by reference, vintage <= :year desc, vintage desc"""

INCOMING = "create temporary table incoming_household (place_id uuid, measure text, count integer) on commit drop"

REMEMBER = """
insert into core.import_before (import_id, thing_kind, thing_key, before)
select :import_id, 'households', h.place_id || '/' || h.year || '/' || h.measure,
  jsonb_build_object('place_id', h.place_id, 'measure', h.measure, 'year', h.year, 'count', h.count,
                     'source_id', h.source_id, 'import_id', h.import_id)
from core.households h join incoming_household i using (place_id, measure)
where h.year = :year and h.count <> i.count"""

CHANGED = """
select distinct split_part(thing_key, '/', 1) from core.import_before where import_id = :import_id"""

LOAD = """
insert into core.households (place_id, year, measure, count, source_id, import_id)
select place_id, :year, measure, count, :source_id, :import_id from incoming_household
on conflict (place_id, year, measure) do update
  set count = excluded.count, source_id = excluded.source_id, import_id = excluded.import_id
  where households.count <> excluded.count
returning place_id, measure"""

REMOVE = """
delete from core.households h where h.import_id = :import_id and not exists (
  select from core.import_before b where b.import_id = :import_id
    and b.thing_key = h.place_id || '/' || h.year || '/' || h.measure)"""

RESTORE = """
update core.households h set count = (b.before ->> 'count')::int, source_id = (b.before ->> 'source_id')::uuid,
  import_id = (b.before ->> 'import_id')::uuid
from core.import_before b
where b.import_id = :import_id and h.import_id = :import_id and b.thing_kind = 'households'
  and h.place_id = (b.before ->> 'place_id')::uuid and h.year = (b.before ->> 'year')::int
  and h.measure = b.before ->> 'measure'"""


def import_households(
    path: Path | str,
    kind: str,
    *,
    actor: Actor,
    year: int | None = None,
    choice: ReadChoice | None = None,
    file_name: str = "",
) -> ImportReport:
    """Bring in the households of the small areas of ``kind``; ``year`` only where the file does not say it.

    Raises:
        NotFound, BadFile: the file is not there, cannot be read, is not about households, says no year, or none of
            its areas is in the store.
        NotAllowed: ``actor`` may not bring files in.
    """
    file = read_whole(path, choice, file_name)
    with session(actor, patient=True) as s:
        return load_households(s, file, kind, by=actor, year=year)


def load_households(s: Session, file: WholeFile, kind: str, *, by: Actor, year: int | None = None) -> ImportReport:
    """The part of ``import_households`` that writes, in the caller's transaction."""
    census = read_census(file, year)
    code = code_column(census.table, lambda values: len(_known_areas(s, kind, census.year, values)))
    if not code:
        raise BadFile(f"None of the areas of “{file.path.name}” is in the store as a place of kind {kind}. "
                      f"Bring in their boundaries first: abcd import places FILE --kind {kind}.")  # fmt: skip
    known = _known_areas(s, kind, census.year, census.table[code].unique())
    here = census.table[code].isin(list(known))
    _tell_unknown(file, census.table[~here], code, kind)
    classes = class_column(census, code)
    counts = counted(file, census, census.table[here], code, classes)
    columns = {"area": code, "classes": classes, "value": census.value_column}
    made = begin(s, file, "households", columns, by=by)
    done = _load(s, made, counts.assign(place_id=counts["code"].map(known).astype(str)), census.year)
    areas = counts["code"].nunique()
    done |= {"rows": len(census.table), "rejected": int((~here).sum()), "duplicates": int(here.sum()) - areas}
    total = int(counts.loc[counts["measure"] == "all", "count"].sum())
    return finish(s, made, file, done, by=by, notes=(f"{areas:,} areas, {total:,} households in {census.year}.",))


def _known_areas(s: Session, kind: str, year: int, codes: Iterable[str]) -> dict[str, UUID]:
    """Code -> place, of the edition that was in force in ``year`` where there are several."""
    asked = {"kind": kind, "codes": [str(code) for code in codes], "year": str(year)}
    return {row.reference: row.id for row in s.execute(text(PLACES), asked)}


def _tell_unknown(file: WholeFile, rows: pd.DataFrame, code: str, kind: str) -> None:
    first = rows.drop_duplicates(code)
    file.issues.add_many(
        "unknown_area", f"This area is not in the store as a place of kind {kind}.",
        "If it should be counted, bring in its boundary and then this file again.",
        row=first["__row__"], column=code, value=first[code],
    )  # fmt: skip


def _load(s: Session, made: Import, counts: pd.DataFrame, year: int) -> dict[str, int]:
    """Write the counts; added, changed and unchanged are areas."""
    s.execute(text(INCOMING))
    copy_in(s, "incoming_household (place_id, measure, count)", as_csv(counts[["place_id", "measure", "count"]]))
    given = {"import_id": made.id, "source_id": made.source_id, "year": year}
    s.execute(text(REMEMBER), given)
    changed = set(s.scalars(text(CHANGED), given))
    written = {str(place_id) for place_id, _ in s.execute(text(LOAD), given)}
    s.execute(text("drop table incoming_household"))
    altered = {key for key in changed if key in written}
    unchanged = counts["place_id"].nunique() - len(written)
    return {"added": len(written) - len(altered), "changed": len(altered), "unchanged": unchanged}


def undo(s: Session, import_id: UUID, *, by: Actor) -> dict[str, int]:
    """Take an import of households back: figures ``removed`` and ``restored``, and those a newer import ``kept``.

    Raises:
        BadRequest, NotFound, NotAllowed: as ``abcd.intake.lists.begin_undo``.
    """
    made = begin_undo(s, import_id, "households", by=by)
    given = {"import_id": import_id}
    removed = s.execute(text(REMOVE), given).rowcount  # type: ignore[attr-defined]
    replaced = int(s.scalar(text("select count(*) from core.import_before where import_id = :import_id"), given) or 0)
    restored = s.execute(text(RESTORE), given).rowcount  # type: ignore[attr-defined]
    return finish_undo(s, made, {"removed": removed, "restored": restored, "kept": replaced - restored}, by=by)
