"""Staged rows against the assets of the same source: which are new, which differ, which are gone.

``core.asset`` and the stage meet by (source, source_ref). What people changed by hand since is never overwritten:
the audit trail says which columns those are, and where the file disagrees an issue says so.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.intake.stage import names_of, note

INCOMING = {
    "asset_kind": "i.asset_kind",
    "category": "i.category",
    "name": "i.name",
    "name_cy": "i.name_cy",
    "description": "i.description",
    "geom": "case when not i.is_sensitive then coalesce(i.geom, i.point) end",
    "point": "case when not i.is_sensitive then i.point end",
    "located_by": "i.located_by",
    "precision_m": "i.precision_m",
    "address": "case when i.is_sensitive then '' else i.address end",
    "postcode": "case when i.is_sensitive then '' else i.postcode end",
    "uprn": "case when not i.is_sensitive then i.uprn end",
    "phone": "i.phone",
    "email": "i.email",
    "website": "i.website",
    "opening_hours": "i.opening_hours",
    "open_grid": "i.open_grid::int",
    "cost": "i.cost",
    "serves": "case when i.serves = '' then array[]::text[] else array[i.serves] end",
    "facilities": "i.facilities",
    "extra": "i.extra",
    "organisation_id": "o.id",
    "status": "coalesce(nullif(i.status, ''), 'active')",
    "is_sensitive": "i.is_sensitive",
    "assured_on": "coalesce(nullif(i.assured_on, '')::date, cast(:as_of as date))",
}
"""Each column that a file may say of an asset, and how the stage says it."""

PLACED = ("geom", "point", "located_by", "precision_m")
"""Columns that move together: who moves an asset on the map changes all of them."""

MOVED = (*PLACED, "easting", "northing", "lon", "lat", "postcode")

_SAYS = ",\n  ".join(f"{value} as {name}" for name, value in INCOMING.items())

INCOMING_ROWS = f"""
select i.row, i.ref, i.asset_id, {_SAYS}
from {{rows}} i left join core.organisation o on i.organisation <> '' and o.name = i.organisation
where i.into_row is null and i.reject = ''
"""
"""The rows of a stage that stand for an asset, in the columns of ``core.asset``."""


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


# What people edited by hand, by asset: the columns that their audit events name.
_EDITED = f"""
create temporary table {{edited}} on commit drop as
select a.id as asset_id, array_agg(distinct c.name) as kept
from core.asset a
join core.audit_event v on v.thing_id = a.id::text and v.thing_kind = 'asset'
cross join lateral jsonb_object_keys(coalesce(v.after, '{{{{}}}}')) as k(name)
cross join lateral unnest(array[k.name] || case when k.name in ({_quoted(MOVED)})
                                                then array[{_quoted(PLACED)}] else array[]::text[] end) as c(name)
where a.source_id = :source_id and a.edited_at is not null
group by 1
"""

_RESOLVED = ",\n  ".join(
    "greatest(a.assured_on, n.assured_on) as assured_on" if name == "assured_on"
    else f"case when '{name}' = any(e.kept) then a.{name} else n.{name} end as {name}"
    for name in INCOMING
)  # fmt: skip
_NEW = ", ".join(f"r.{name}" for name in INCOMING)
_OLD = ", ".join(f"a.{name}" for name in INCOMING)
_NEW_WORDS, _OLD_WORDS = (", ".join(f"{side}.{name}" for name in INCOMING if name != "assured_on") for side in "ra")

_DIFFERS = f"""
create temporary table {{differs}} on commit drop as
with matched as (
    select a.id as asset_id, n.row, {_RESOLVED}
    from ({INCOMING_ROWS}) n
    join core.asset a on a.source_id = :source_id and a.source_ref = n.ref
    left join {{edited}} e on e.asset_id = a.id
    where a.merged_into is null
)
select r.*, a.version as seen, ({_NEW_WORDS}) is not distinct from ({_OLD_WORDS}) as only_newer
from matched r join core.asset a on a.id = r.asset_id
where ({_NEW}) is distinct from ({_OLD})
"""

_GONE = """
create temporary table {gone} on commit drop as
select a.id as asset_id, a.name, a.version as seen, a.edited_at is not null as is_edited
from core.asset a
where a.source_id = :source_id and a.status = 'active' and a.merged_into is null and a.source_ref is not null
  and not exists (select from {rows} i where i.ref = a.source_ref and i.into_row is null and i.reject = '')
"""

_KEPT_EDITS = """
select 'edited_here', n.row, d.name, left(d.theirs, 500),
       'Somebody changed this here; the file says something else.',
       'Our value was kept. Choose between them on the page of the asset.'
from ({incoming}) n
join core.asset a on a.source_id = :source_id and a.source_ref = n.ref and a.merged_into is null
join {edited} e on e.asset_id = a.id
cross join lateral (values {pairs}) as d(name, theirs, differs)
where d.differs and d.name = any(e.kept)
"""

_PAIRS = ", ".join(
    f"('{name}', n.{name}::text, n.{name} is distinct from a.{name})"
    for name in INCOMING if name not in {"geom", "assured_on"}
)  # fmt: skip

_VANISHED = """
select case when is_edited then 'vanished_but_edited' else 'vanished' end, null::int, '', name,
       'The file no longer holds this asset.',
       case when is_edited then 'Kept as it is, because somebody changed it here. Go and ask.'
            else 'Marked inactive, not deleted. Go and ask whether it is still there.' end
from {gone}
"""


def match(s: Session, import_id: UUID, source_id: UUID, as_of: object) -> dict[str, int]:
    """Work out what loading would do: rows ``added``, ``changed`` and ``unchanged``, assets ``vanished``.

    Leaves three temporary tables for the loading: what people edited, what differs, what is gone.
    """
    names = match_names(import_id)
    values = {"source_id": source_id, "as_of": as_of}
    s.execute(text("drop table if exists {edited}, {differs}, {gone}".format(**names)))
    # The planner knows nothing of tables made a moment ago, and a nested loop over two large ones takes for ever.
    s.execute(text("set local enable_nestloop = off"))
    for step in (_EDITED, _DIFFERS, _GONE):
        wanted = {name: value for name, value in values.items() if f":{name}" in step}
        s.execute(text(step.format(**names)), wanted)
    counts = s.execute(text(_COUNTS.format(**names)), {"source_id": source_id}).one()
    s.execute(text("set local enable_nestloop = on"))
    return dict(counts._mapping)


def match_and_hold(s: Session, import_id: UUID, source_id: UUID, as_of: object) -> dict[str, int]:
    """As ``match``, with the assets that loading will touch held, so that nobody edits them until the end.

    Somebody may have saved an edit between the look and the hold: then it is looked at again.
    """
    while True:
        counts = match(s, import_id, source_id, as_of)
        if not s.scalar(text(_MOVED_ON.format(**match_names(import_id)))):
            return counts


_MOVED_ON = """
with touched as (
    select asset_id, seen from {differs} union all select asset_id, seen from {gone}
),
held as (
    select a.id, a.version from core.asset a where a.id in (select asset_id from touched) order by a.id for update of a
)
select exists (select from held h join touched t on t.asset_id = h.id and t.seen <> h.version)
"""

_COUNTS = """
select kept - known as added, changed, known - changed as unchanged, vanished from
  (select count(*) as kept from {rows} where into_row is null and reject = '') k,
  (select count(*) as known from {rows} i join core.asset a on a.source_id = :source_id and a.source_ref = i.ref
   where i.into_row is null and i.reject = '') m,
  (select count(*) as changed from {differs} where not only_newer) d,
  (select count(*) as vanished from {gone} where not is_edited) g
"""


def note_differences(s: Session, import_id: UUID, source_id: UUID, as_of: object) -> None:
    """Write as issues what people edited and the file says otherwise, and what the file no longer holds."""
    names = match_names(import_id)
    incoming = INCOMING_ROWS.format(**names)
    edits = _KEPT_EDITS.format(incoming=incoming, pairs=_PAIRS, edited=names["edited"])
    note(s, import_id, edits, {"source_id": source_id, "as_of": as_of})
    note(s, import_id, _VANISHED.format(**names), {})


def match_names(import_id: UUID) -> dict[str, str]:
    """The stage's tables with those that matching makes."""
    code = import_id.hex
    return names_of(import_id) | {"edited": f"edited_{code}", "differs": f"differs_{code}", "gone": f"gone_{code}"}
