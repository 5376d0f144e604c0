"""Rows of one file that are one asset: exact repeats, one row per weekday, one row per facility of a site.

A fold says which row goes into which. The row that stays takes what the others say: the times of the other days,
and what only they hold under ``extra.rows``, so that nothing that was published is lost.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.intake.stage import names_of, note

SAME_SPOT_M = 100
"""Rows of one site may give the point of the building or of its gate."""

STEADY = 0.8
"""A reference names a site when at least this share of the repeated ones always comes with one name and spot."""

_EXACT = """
create unlogged table {folds} as
select r.row, k.kept as into_row, 'repeat'::text as why
from {arrivals} r join (
    select row_key, min(row) as kept from {arrivals} where reject = '' group by 1 having count(*) > 1
) k using (row_key) where r.row <> k.kept and r.reject = ''
"""

_DAYS = """
insert into {folds}
select r.row, k.kept, 'weekday' from {arrivals} r join (
    select fold_key, min(row) as kept from {arrivals}
    where reject = '' and weekday <> '' and row not in (select row from {folds})
    group by 1 having count(*) > 1 and count(*) = count(distinct weekday)
) k using (fold_key) where r.row <> k.kept and r.reject = '' and r.row not in (select row from {folds})
"""

_BY_REFERENCE = f"""
with repeated as (
    select reference from {{arrivals}} where reject = '' and reference <> '' group by 1 having count(*) > 1
),
rows as (
    select r.row, r.row_key, r.reference, r.easting, r.northing,
           regexp_replace(lower(r.name), '[^[:alnum:]]+', '', 'g') as name
    from {{arrivals}} r join repeated using (reference)
    where r.reject = '' and r.row not in (select row from {{folds}})
),
steady as (
    select avg((names = 1 and coalesce(wide, 0) <= {SAME_SPOT_M})::int) as share from (
        select count(distinct name) as names,
               greatest(max(easting) - min(easting), max(northing) - min(northing)) as wide
        from rows group by reference) one
),
sites as (
    select reference, name, (array_agg(row order by row_key, row))[1] as kept
    from rows group by 1, 2
    having coalesce(greatest(max(easting) - min(easting), max(northing) - min(northing)), 0) <= {SAME_SPOT_M}
)
insert into {{folds}}
select row, kept, 'site' from rows join sites using (reference, name), steady where row <> kept and share >= {STEADY}
"""

_TIMES = """
update {rows} k set opening_hours = d.hours, open_grid = d.grid, weekday = ''
from (
    select coalesce(into_row, row) as kept, bit_or(open_grid) as grid,
           string_agg(initcap(weekday) || ' ' || nullif(opening_hours, ''), '; '
                      order by position(weekday in 'motuwethfrsasu')) as hours
    from {rows} where weekday <> '' and reject = ''
    group by 1 having count(*) > 1
) d where k.row = d.kept and d.hours is not null
"""

_KEPT_AS_DATA = """
with members as (
    select row, into_row as kept from {folds} where why = 'site'
    union select into_row, into_row from {folds} where why = 'site'
),
together as (
    select m.kept, jsonb_agg(r.extra order by r.row_key, r.row) as rows,
           case when count(distinct r.category) > 1 and :category <> '' then :category
                else mode() within group (order by r.category) end as category
    from members m join {rows} r on r.row = m.row group by 1
)
update {rows} k set extra = k.extra || jsonb_build_object('rows', g.rows), category = t.slug,
       asset_kind = coalesce(nullif(t.asset_kind, ''), k.asset_kind)
from together g join core.term t on t.slug = g.category
where k.row = g.kept
"""

_SHARED = """
create unlogged table {shared} as
select reference from {arrivals}
where reject = '' and reference <> '' and row not in (select row from {folds})
group by 1 having count(*) > 1
"""

_NOT_UNIQUE = """
select 'reference_repeated', row, 'reference', reference, 'Another row, about something else, has this reference too.',
       'Both kept, told apart by name and place. Give each its own reference.'
from {arrivals} join {shared} using (reference) where row not in (select row from {folds}) and reject = ''
"""

_REPEATS = """
select 'repeated_row', row, '', '', 'This row says exactly what row ' || into_row || ' says.',
       'Taken once. Remove the repeat from the file.'
from {folds} where why = 'repeat'
"""

_FOLDED = """
select case why when 'weekday' then 'one_row_per_weekday' else 'one_row_per_facility' end, row, '', '',
       'This row belongs to the asset of row ' || into_row || '.',
       case why when 'weekday' then 'Its times were added to that asset.'
                else 'What it says was kept with that asset.' end
from {folds} where why <> 'repeat'
"""


def fold(s: Session, import_id: UUID, by_weekday: bool) -> None:
    """Decide which rows go into which; the rows as they came must be there, their stage not yet.

    ``by_weekday`` says that the file has a column of weekdays.
    """
    names = names_of(import_id)
    for step in (_EXACT, *([_DAYS] if by_weekday else []), _BY_REFERENCE, _SHARED):
        s.execute(text(step.format(**names)))
    for query in (_REPEATS, _FOLDED, _NOT_UNIQUE):
        note(s, import_id, query.format(**names), {})


def gather(s: Session, import_id: UUID, by_weekday: bool, category: str) -> None:
    """Give the rows that stay what the folded ones say; the stage must be there.

    A site whose rows are of several categories takes ``category``, that of the file, or else the commonest.
    """
    names = names_of(import_id)
    if by_weekday:
        s.execute(text(_TIMES.format(**names)))
    s.execute(text(_KEPT_AS_DATA.format(**names)), {"category": category})
