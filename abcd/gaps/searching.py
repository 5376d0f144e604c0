"""Write down that somebody looked: the record that makes absence honest (product.md D.3)."""

from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Place, SearchEffort, Term
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
        BadRequest: an unknown way of looking, or a negative number found.
        NotAllowed: ``by`` may not note searches, or not in this place.
        NotFound: no such place or category.
    """
    require_at(s, by, "record", "search_effort", place_id)
    if method not in METHODS:
        raise BadRequest(f"“{method}” is not a way of looking that we know. Choose from: {', '.join(METHODS)}.")
    if found_n < 0:
        raise BadRequest("The number found cannot be less than none.")
    if s.get(Place, place_id) is None or s.get(Term, category) is None:
        raise NotFound("This place or category is not in the store. Reload the page and choose again.")
    effort = SearchEffort(
        place_id=place_id, category=category, method=method, looked_on=looked_on,
        by_role=by_role or by.role, found_n=found_n, note=note,
    )  # fmt: skip
    s.add(effort)
    s.flush()
    after = {"place_id": str(place_id), "category": category, "method": method, "looked_on": looked_on.isoformat()}
    record(s, "record search", "search_effort", effort.id, by=by, after=after | {"found_n": found_n})
    return effort.id


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
