"""Many places worked out together and kept: the facts of each category, from which any day's page is made again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import shapely
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.db.tables import Place
from abcd.gaps.bags import Check, bag_of, checks_of, packed
from abcd.gaps.bulk_knowing import known_row
from abcd.gaps.bulk_reach import Surroundings, surroundings
from abcd.gaps.knowing import knowledge, searches_of
from abcd.gaps.measures import View, best_of, far_of, inside_of, limit_of, measure_of, view_of
from abcd.gaps.reach import FAR_METRES, Box, further, homes_by_place
from abcd.gaps.records import Measure, Standard
from abcd.gaps.speaking import in_english, in_every_language
from abcd.gaps.standards import COUNTS_AS, standards_by_place
from abcd.gaps.streets.loaded import in_use_by_place
from abcd.gaps.streets.walks import Walks
from abcd.gaps.waiting import EVERYTHING, REACH, Done, mark, tell
from abcd.gaps.walk import CUT_OFF_MINUTES
from abcd.places.demand import demand_in
from abcd.places.queries import places_with
from abcd.places.records import PlaceRecord

Wanted = Mapping[UUID, Collection[str]]
"""Categories by place, ``*`` for all."""

# Few things are hidden: they are looked for once, in the box round all the places.
HIDDEN = text("""
with hidden as materialized (
  select a.category, a.point from core.asset a
  where a.visibility <> 'public' and a.merged_into is null and a.point && (
    select ST_Expand(ST_SetSRID(cast(ST_Extent(geom) as geometry), 27700), :reach) from core.place
    where id = any(:places))
)
select distinct p.id, hidden.category from core.place p
join hidden on hidden.point && ST_Expand(p.geom, :reach) where p.id = any(:places)
union
select distinct l.place_id, a.category from core.place_asset l join core.asset a on a.id = l.asset_id
where l.place_id = any(:places) and a.visibility <> 'public' and a.merged_into is null""")

KEEP = text("""
insert into core.place_measure (id, place_id, category, households, in_reach, coverage, median_minutes, per_1000,
  rests_on_hidden, facts, inside, edge_metres, watch_metres, fresh, judged_by, state, absence, searches, "order",
  newest_check, worked_out_on)
select * from jsonb_to_recordset(cast(:rows as jsonb)) as r(id uuid, place_id uuid, category text, households int,
  in_reach int, coverage float8, median_minutes float8, per_1000 float8, rests_on_hidden bool, facts jsonb, inside int,
  edge_metres float8, watch_metres float8, fresh int, judged_by text, state text, absence float8, searches int,
  "order" int, newest_check date, worked_out_on date)
on conflict (place_id, category) do update set households = excluded.households, in_reach = excluded.in_reach,
  coverage = excluded.coverage, median_minutes = excluded.median_minutes, per_1000 = excluded.per_1000,
  rests_on_hidden = excluded.rests_on_hidden, facts = excluded.facts, inside = excluded.inside,
  edge_metres = excluded.edge_metres, watch_metres = excluded.watch_metres""")

# The places are named beside what they keep, so that of a whole city only they are looked at.
FORGOTTEN = text("""
delete from core.place_measure m using jsonb_to_recordset(cast(:rows as jsonb)) as r(place_id uuid, slugs text[])
where m.place_id = any(:places) and m.place_id = r.place_id and m.category <> all(r.slugs)""")


@dataclass(frozen=True)
class Subject:
    """A place that is worked out: what it is judged by, its view, its outline and the map of streets that is used.

    ``is_whole`` when every category of it is.
    """

    here: PlaceRecord
    judged: list[Standard]
    view: View
    outline: Any
    map_id: UUID | None
    is_whole: bool


@dataclass(frozen=True)
class Found:
    """One category of a place: its measure, how its assets were checked, and metres from the edge to the nearest."""

    of: Subject
    measure: Measure
    checks: list[Check]
    edge_metres: float | None
    watch_metres: float = REACH

    @property
    def pair(self) -> tuple[UUID, str]:
        """Place and category."""
        return self.of.here.id, self.measure.standard.category


def work_out_many(s: Session, wanted: Wanted, on: date | None = None) -> int:
    """Work out and keep the wanted categories of each place; how many pairs of place and category that was.

    Places should lie near one another, because all that lies round them is read at once; those that ended are left
    out. What is known is kept as if nothing were known of similar places, and waits for ``bulk_knowing.learn``.
    """
    return in_english(lambda: _work_out(s, wanted, on or today()))


def _work_out(s: Session, wanted: Wanted, day: date) -> int:
    begun = s.scalar(text("select cast(pg_current_snapshot() as text)"))
    heres = {here.id: here for here in places_with(s, wanted)}
    if not heres:
        return 0
    subjects = list(_subjects(s, heres, wanted, day))
    ids = [one.here.id for one in subjects]
    found = _beyond(s, list(_found(s, subjects)))
    searches = searches_of(s, ids, day)
    hidden = hidden_near(s, ids)
    rows = []
    for one in found:
        known = knowledge(one.measure, searches.get(one.pair, []), day)
        rows.append(_row(one) | known_row(one.measure, known, day) | {"rests_on_hidden": one.pair in hidden})
    _forget_others(s, subjects)
    s.execute(KEEP, {"rows": packed(rows)})
    _mark(s, subjects, wanted, begun, day)
    return len(rows)


def _mark(s: Session, subjects: Sequence[Subject], wanted: Wanted, begun: str, day: date) -> None:
    by_slugs: defaultdict[frozenset[str], list[UUID]] = defaultdict(list)
    walks = {id(one.view.walk): one.view.walk for one in subjects}
    words = {key: in_every_language(walk.words) for key, walk in walks.items()}
    for one in subjects:
        by_slugs[frozenset(wanted[one.here.id])].append(one.here.id)
    mark(s, {
        one.here.id: (wanted[one.here.id], Done(begun, day, one.view.homes.box, one.map_id, words[id(one.view.walk)]))
        for one in subjects
    })  # fmt: skip
    for slugs, places in by_slugs.items():
        tell(s, places, slugs)


def _subjects(s: Session, heres: dict[UUID, PlaceRecord], wanted: Wanted, day: date) -> Iterator[Subject]:
    judged, homes = standards_by_place(s, heres), homes_by_place(heres.values(), demand_in(s, list(heres)))
    maps, walks = in_use_by_place(s, heres), Walks(s, [here.box for here in heres.values()])
    outlines = s.execute(select(Place.id, func.ST_AsBinary(Place.geom)).where(Place.id.in_(heres)))
    for place_id, shape in outlines:
        here, is_whole = heres[place_id], EVERYTHING in wanted[place_id]
        outline = shapely.from_wkb(bytes(shape))
        ours = [one for one in judged[place_id] if is_whole or one.category in wanted[place_id]]
        used = maps.get(place_id)
        view = view_of(here, homes[place_id], walks.of(here, used), day)
        yield Subject(here, ours, view, outline, used[0] if used else None, is_whole)


def _found(s: Session, subjects: Sequence[Subject]) -> Iterator[Found]:
    ids = [one.here.id for one in subjects]
    # What is asked of the usual standard of a category too: similar places are compared by that.
    asked = [kind for one in subjects for standard in one.judged for kind in (standard, standard.usual) if kind]
    reach = max(one.view.walk.reach_metres(CUT_OFF_MINUTES) for one in subjects)
    around, inside = surroundings(s, ids, asked, _box_of(subjects), reach), inside_of(s, ids)
    for one in subjects:
        yield from _of_one(one, around, inside)


def _of_one(one: Subject, around: Surroundings, inside: Mapping[tuple[UUID, str], int]) -> Iterator[Found]:
    view, homes = one.view, one.view.homes
    near = around.near(homes.box, view.walk)
    supplies = around.supplies(one.here.id, homes, one.judged, view.walk, near)
    edges = around.edge_metres([standard.usual or standard for standard in one.judged], one.outline, near)
    for standard in one.judged:
        supply, slug = supplies[standard.category], standard.category
        checks = checks_of(supply.some(supply.reached(limit_of(standard))))
        nearest, within = best_of(standard, supply, view.walk), inside.get((one.here.id, slug), 0)
        measure = measure_of(standard, supply, view, nearest, within, checks)
        yield Found(one, measure, checks, edges[slug])


def _beyond(s: Session, found: list[Found]) -> list[Found]:
    """With the nearest one, farther away than a walk, where no home has one near."""
    alone = [one for one in found if one.measure.nearest is None]
    rows = further(s, [(one.of.here, one.measure.standard.category) for one in alone])
    return [_with_far(one, rows.get(one.pair)) if one.measure.nearest is None else one for one in found]


def _with_far(one: Found, row: Any) -> Found:
    if row is None:
        return replace(one, watch_metres=float(FAR_METRES))
    measure = replace(one.measure, nearest=far_of(row, one.of.view.walk))
    return replace(one, measure=measure, watch_metres=max(row.metres, REACH))


def _box_of(subjects: Iterable[Subject]) -> Box:
    west, south, east, north = zip(*(one.view.homes.box for one in subjects), strict=True)
    return min(west), min(south), max(east), max(north)


def _row(one: Found) -> dict[str, Any]:
    """The facts of one category; its id is always the same for this place and category."""
    place_id, category = one.pair
    measure = one.measure
    return {
        "id": uuid5(NAMESPACE_OID, f"{place_id} {category}"),
        "place_id": place_id,
        "category": category,
        "households": measure.households,
        "in_reach": measure.in_reach,
        "coverage": measure.coverage,
        "median_minutes": measure.median_minutes,
        "per_1000": measure.provision.per_1000,
        "facts": bag_of(measure, one.checks),
        "inside": measure.provision.count,
        "edge_metres": one.edge_metres,
        "watch_metres": one.watch_metres,
    }


def _forget_others(s: Session, subjects: Iterable[Subject]) -> None:
    kept = [{"place_id": one.here.id, "slugs": [standard.category for standard in one.judged]}
            for one in subjects if one.is_whole]  # fmt: skip
    if kept:
        s.execute(FORGOTTEN, {"rows": packed(kept), "places": [row["place_id"] for row in kept]})


def hidden_near(s: Session, places: Sequence[UUID]) -> set[tuple[UUID, str]]:
    """Places and categories of which something that is not for the public lies within reach, or counts as one."""
    found = {(row.id, row.category) for row in s.execute(HIDDEN, {"places": list(places), "reach": REACH})}
    smaller = [(green, of) for green, every in COUNTS_AS.items() for of in every]
    return found | {(place_id, green) for green, of in smaller for place_id in places if (place_id, of) in found}
