"""Write down that somebody looked: the record that makes absence honest (product.md D.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Asset, Place, PlaceAsset, SearchEffort, Term
from abcd.errors import BadRequest, NotFound
from abcd.gaps.knowing import METHODS

LOOKED_INTO = ("estate", "patch", "street", "neighbourhood", "ward", "locality", "catchment", "town_centre",
               "neighbourhood_plan_area", "resident_drawn", "development")  # fmt: skip
"""Kinds of place that have a page, so that it matters whether anybody has looked there."""

MOST_PLACES = 1_000
"""A file without a district is noted place by place, but not in more places than this: then nobody has looked."""

# A file says something only about the ground it covers: the districts that hold its assets, noted once each, because
# looking in a district is looking in the places inside it; or the box round them where no district is loaded.
LOG_IMPORT = text("""
with file as materialized (
  select a.id, a.category, a.point from core.asset a where a.last_import_id = :import_id and a.merged_into is null
),
district as materialized (
  select distinct d.id from core.place d
  join core.place_asset pa on pa.place_id = d.id and pa.relation = 'within'
  join file on file.id = pa.asset_id
  where d.kind = 'lad' and d.end_date is null
),
boxed as materialized (
  select p.id from core.place p
  where p.kind = any(:kinds) and p.end_date is null and not exists (select from district)
    and p.point && (select ST_SetSRID(ST_Extent(point)::geometry, 27700) from file)
  limit :most + 1
),
looked as (select id from district union all select id from boxed where (select count(*) from boxed) <= :most),
found as (
  select pa.place_id, file.category, count(distinct file.id) as n
  from looked join core.place_asset pa on pa.place_id = looked.id join file on file.id = pa.asset_id group by 1, 2
)
insert into core.search_effort (id, place_id, category, method, looked_on, by_role, found_n, import_id)
select gen_random_uuid(), looked.id, c.category, 'open data', coalesce(i.as_of, i.created_at::date), 'import',
  coalesce(found.n, 0), i.id
from looked cross join (select distinct category from file) c
join core.import i on i.id = :import_id
left join found on found.place_id = looked.id and found.category = c.category""")


@dataclass(frozen=True)
class Look:
    """What came of looking for one category: how many were found and, where somebody compared, how many of them the
    register held already."""

    category: str
    found_n: int = 0
    known_n: int | None = None
    note: str = ""


def record_search(
    s: Session,
    place_id: UUID,
    category: str,
    method: str,
    looked_on: date,
    found_n: int,
    *,
    by: Actor,
    by_role: str = "",
    note: str = "",
) -> UUID:
    """Note that somebody looked for ``category`` in a place, and how many they found; the id of the note.

    Raises:
        BadRequest, NotAllowed, NotFound: as ``record_searches``.
    """
    look = Look(category, found_n, note=note)
    return record_searches(s, place_id, [look], method, looked_on, by=by, by_role=by_role)[0]


def record_searches(
    s: Session, place_id: UUID, looks: Sequence[Look], method: str, looked_on: date, *, by: Actor, by_role: str = ""
) -> list[UUID]:
    """Note that somebody looked for each of ``looks`` in one walk round a place; the ids of the notes.

    Raises:
        BadRequest: nothing was looked for, an unknown way of looking, a day to come, or a number that cannot be.
        NotAllowed: ``by`` may not note searches, or not in this place.
        NotFound: no such place or category.
    """
    require_at(s, by, "record", "search_effort", place_id)
    _refuse(looks, method, looked_on)
    known = set(s.scalars(select(Term.slug).where(Term.slug.in_([look.category for look in looks]))))
    if s.get(Place, place_id) is None or any(look.category not in known for look in looks):
        raise NotFound("This place or category is not in the store. Reload the page and choose again.")
    listed = listed_in(s, place_id, [look.category for look in looks if look.known_n is not None])
    efforts = [
        SearchEffort(
            place_id=place_id, category=look.category, method=method, looked_on=looked_on, by_role=by_role or by.role,
            found_n=look.found_n, note=look.note.strip(), **_compared(look, listed.get(look.category, 0)),
        )
        for look in looks
    ]  # fmt: skip
    s.add_all(efforts)
    s.flush()
    after = {"place_id": str(place_id), "method": method, "looked_on": looked_on.isoformat()}
    found = {look.category: look.found_n for look in looks}
    record(s, "record search", "search_effort", efforts[0].id, by=by, after=after | {"found": found})
    return [effort.id for effort in efforts]


def listed_in(s: Session, place_id: UUID, categories: Sequence[str]) -> dict[str, int]:
    """How many of each category the register holds inside a place."""
    counted = select(Asset.category, func.count().label("n")).join(PlaceAsset, PlaceAsset.asset_id == Asset.id)
    held = counted.where(
        PlaceAsset.place_id == place_id, PlaceAsset.relation == "within", Asset.category.in_(categories),
        Asset.status == "active", Asset.merged_into.is_(None), ~Asset.is_sensitive,
    )  # fmt: skip
    return {row.category: row.n for row in s.execute(held.group_by(Asset.category))}


def _compared(look: Look, listed: int) -> dict[str, int]:
    """What is kept of a comparison: more cannot have been known than the register holds."""
    return {} if look.known_n is None else {"known_n": min(look.known_n, listed), "listed_n": listed}


def _refuse(looks: Sequence[Look], method: str, looked_on: date) -> None:
    if method not in METHODS:
        raise BadRequest(f"“{method}” is not a way of looking that we know. Choose from: {', '.join(METHODS)}.")
    if not looks:
        raise BadRequest(_("Choose at least one thing that was looked for."))
    if looked_on > today():
        raise BadRequest(_("This day is still to come. When did you look?"))
    if any(look.found_n < 0 or (look.known_n or 0) < 0 for look in looks):
        raise BadRequest("The number found cannot be less than none.")
    if any((look.known_n or 0) > look.found_n for look in looks):
        raise BadRequest(_("Of those that were found, more cannot have been known already than were found."))


def log_import_search(s: Session, import_id: UUID) -> int:
    """Note a loaded import as a look through open data, for each of its categories in the districts it covers.

    To be called once its assets are in the register and assigned to places; calling it again starts afresh.
    The number of notes written.
    """
    forget_import_search(s, import_id)
    done = s.execute(LOG_IMPORT, {"import_id": import_id, "kinds": list(LOOKED_INTO), "most": MOST_PLACES})
    return int(done.rowcount)  # type: ignore[attr-defined]


def forget_import_search(s: Session, import_id: UUID) -> int:
    """Take back what an import noted, because it is undone; the number of notes removed."""
    done = s.execute(text("delete from core.search_effort where import_id = :import_id"), {"import_id": import_id})
    return int(done.rowcount)  # type: ignore[attr-defined]
