"""What is known of many places, worked out of their kept facts for a day: the columns that maps and files read."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.gaps.bags import measure_from, packed
from abcd.gaps.knowing import knowledge, prior_of, searches_of
from abcd.gaps.possibilities import order_of
from abcd.gaps.records import Knowledge, Measure, Search, Standard
from abcd.gaps.similar import Subject, alike_by_place, fares
from abcd.gaps.speaking import in_english
from abcd.gaps.standards import standards_by_place
from abcd.gaps.stored import Others, fares_of, kept_of, others_of
from abcd.gaps.waiting import KNOWING
from abcd.gaps.walk import walk_model
from abcd.gaps.wording import judged_by
from abcd.places.queries import places_with
from abcd.places.records import PlaceRecord

ALIKE = text("select place_id, alike from core.place_measured where place_id = any(:places)")

LEARNT = text("""
update core.place_measure m set fresh = r.fresh, judged_by = r.judged_by, state = r.state, absence = r.absence,
  searches = r.searches, "order" = r."order", newest_check = r.newest_check, worked_out_on = r.worked_out_on
from jsonb_to_recordset(cast(:rows as jsonb)) as r(place_id uuid, category text, fresh int, judged_by text, state text,
  absence float8, searches int, "order" int, newest_check date, worked_out_on date)
where (m.place_id, m.category) = (r.place_id, r.category)
  and (m.fresh, m.judged_by, m.state, m.absence, m.searches, m."order", m.newest_check, m.worked_out_on)
    is distinct from
      (r.fresh, r.judged_by, r.state, r.absence, r.searches, r."order", r.newest_check, r.worked_out_on)""")

DONE = text("""
update core.place_measured m set alike = r.alike, worked_out_on = case when r.is_all then :on else m.worked_out_on end,
  waiting = array(select one from unnest(m.waiting) as one where one not like '?%' or not r.is_all and one = '?')
from jsonb_to_recordset(cast(:rows as jsonb)) as r(place_id uuid, alike uuid[], is_all bool)
where m.place_id = r.place_id""")


Kept = Mapping[UUID, Mapping[str, Any]]
"""What is kept, by place and category."""


@dataclass(frozen=True)
class Learner:
    """A place whose knowledge is worked out: its standards in question, and the places it is compared with."""

    here: PlaceRecord
    judged: list[Standard]
    similar: Sequence[UUID]
    is_all: bool


def learn(s: Session, wanted: Mapping[UUID, Collection[str]], on: date | None = None) -> int:
    """Work out and keep what is known of places whose facts are kept; how many pairs of place and category.

    ``wanted`` are the waiting words of each place: ``?`` for all its categories, ``?park`` for one.
    """
    return in_english(lambda: _learn(s, wanted, on or today()))


def _learn(s: Session, wanted: Mapping[UUID, Collection[str]], day: date) -> int:
    words = {word for some in wanted.values() for word in some}
    slugs = None if KNOWING in words else {word.removeprefix(KNOWING) for word in words}
    rows: defaultdict[UUID, dict[str, Any]] = defaultdict(dict)
    for row in kept_of(s, wanted, slugs):
        rows[row.place_id][row.category] = row
    learners = list(_learners(s, wanted, rows))
    ids = {place_id for one in learners for place_id in one.similar}
    others = others_of(s, ids, day, slugs)
    searches = searches_of(s, [one.here.id for one in learners], day)
    learnt = [row for one in learners for row in _rows(s, one, rows, others, searches, day)]
    s.execute(LEARNT, {"rows": packed(learnt)})
    done = [{"place_id": one.here.id, "alike": list(one.similar), "is_all": one.is_all} for one in learners]
    s.execute(DONE, {"rows": packed(done), "on": day})
    return len(learnt)


def _learners(s: Session, wanted: Mapping[UUID, Collection[str]], rows: Kept) -> Iterator[Learner]:
    households = {place_id: row.households for place_id, ours in rows.items() for row in ours.values()}
    heres, judged = places_with(s, wanted), standards_by_place(s, wanted)
    similar: dict[UUID, Sequence[UUID]] = {
        row.place_id: row.alike for row in s.execute(ALIKE, {"places": list(wanted)})
    }
    similar |= alike_by_place(s, [
        Subject(here.id, here.kind, households.get(here.id, 0), here.area_km2 * 1e6)
        for here in heres if KNOWING in wanted[here.id]
    ])  # fmt: skip
    for here in heres:
        is_all = KNOWING in wanted[here.id]
        slugs = {one.removeprefix(KNOWING) for one in wanted[here.id]}
        held = rows.get(here.id, {})
        ours = [one for one in judged[here.id] if (is_all or one.category in slugs) and one.category in held]
        yield Learner(here, ours, similar.get(here.id, ()), is_all)


def _rows(
    s: Session, one: Learner, rows: Kept, others: Others, searches: Mapping[tuple[UUID, str], list[Search]], day: date
) -> Iterator[dict[str, Any]]:
    fare = fares_of(s, one.judged, one.similar, others, day)
    if fare is None:
        # One of them is not kept yet: then the store itself is asked.
        fare = fares(s, one.similar, one.judged, walk_model(), day)
    here = one.here.id
    for standard in one.judged:
        slug = standard.category
        theirs = fare[slug]
        measure = measure_from(rows[here][slug].facts, standard, "", day, theirs.comparison)
        prior = prior_of(theirs.comparison.having, theirs.known)
        known = knowledge(measure, searches.get((here, slug), []) if searches else [], day, prior)
        yield {"place_id": here, "category": slug} | known_row(measure, known, day)


def known_row(measure: Measure, known: Knowledge, on: date) -> dict[str, Any]:
    """The columns of one category that another day, another search or another comparison would change, in English."""
    newest = measure.newest_check if known.absence is None else looked_last(known)
    return {
        "fresh": measure.fresh,
        "judged_by": _judged_by(measure.standard),
        "state": known.state,
        "absence": known.absence,
        "searches": len(known.searches),
        "order": order_of(measure, known) or 0,
        "newest_check": newest,
        "worked_out_on": on,
    }


@lru_cache(maxsize=1_000)
def _judged_by(standard: Standard) -> str:
    return in_english(lambda: judged_by(standard))


def looked_last(known: Knowledge) -> date | None:
    """The day of the last search, when somebody searched."""
    return known.searches[0].looked_on if known.searches else None
