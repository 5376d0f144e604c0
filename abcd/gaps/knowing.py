"""What is known of a category in a place, and what nobody has looked for (product.md D.3)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import prod
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.clock import months_after, months_between
from abcd.core.language import _
from abcd.gaps.records import Knowledge, Measure, Search

METHODS = {
    "open data": 0.4, "desk": 0.4, "partner list": 0.4, "field walk": 0.5, "residents' meeting": 0.6, "connectors": 0.7,
}  # fmt: skip
"""How likely each way of looking is to find what is there (our own judgement, product.md D.3)."""

PRIOR = 0.6
"""How likely a place has one before anybody looks."""

PRIOR_PLACES = 10
"""How many similar places that first belief counts for."""

CONFIRMED, LIKELY = 0.8, 0.6

FORGOTTEN_DAYS = 3_653
"""After ten years no search tells anything any more: no finding is said to last longer."""

# Looking in a larger place is looking in the places inside it; what a file found is counted in this place alone. Two
# notes of one way of looking in one place on one day are one look, of which the one that found something is believed.
SEARCHES = text("""
with here_or_wider as (
  select id as here, id from unnest(cast(:places as uuid[])) as id union all
  select place_id, parent_id from core.place_parent where place_id = any(:places)
),
inside as (
  select pa.place_id as here, a.last_import_id, a.category, count(*) as n
  from core.place_asset pa join core.asset a on a.id = pa.asset_id where pa.place_id = any(:places) group by 1, 2, 3
)
select distinct on (
    w.here, e.category, e.method, coalesce(cast(i.source_id as text), e.place_id || ' ' || e.looked_on))
  w.here, e.category, e.method, e.looked_on, e.by_role, e.note,
  case when e.import_id is null or e.place_id = w.here then e.found_n else coalesce(inside.n, 0) end as found
from here_or_wider w join core.search_effort e on e.place_id = w.id
left join core.import i on i.id = e.import_id
left join inside on inside.last_import_id = e.import_id and inside.category = e.category
  and inside.here = w.here
where e.looked_on <= :on
order by
  w.here, e.category, e.method, coalesce(cast(i.source_id as text), e.place_id || ' ' || e.looked_on),
  e.looked_on desc, e.found_n desc, e.id""")


def absence_probability(searches: Iterable[Search], on: date, prior: float = PRIOR) -> float:
    """How sure it is that there is none: ``(1 - pi) / ((1 - pi) + pi * miss)``, product.md D.3.

    ``miss`` is the chance that every search missed it; a search is half as telling a year later. One that found
    something says nothing about absence.
    """
    miss = prod(1 - METHODS[search.method] * _decay(search.looked_on, on) for search in searches if not search.found)
    return (1 - prior) / ((1 - prior) + prior * miss)


def prior_of(having: int, known: int) -> float:
    """The share of similar places that have one, where somebody knows; 0.6 counts as ten more places."""
    return (having + PRIOR * PRIOR_PLACES) / (known + PRIOR_PLACES)


def knowledge(measure: Measure, searches: Sequence[Search], on: date, prior: float = PRIOR) -> Knowledge:
    """The state of D.3 and the words it is shown as."""
    absence = None if _is_here(measure) else absence_probability(searches, on, prior)
    state = _present(measure) if absence is None else _absent(absence, searches)
    again = _to_be_checked(measure) if absence is None else asked_again(searches, on, prior)
    return Knowledge(state, shown(state, bool(searches)), absence, prior, tuple(searches), again)


def asked_again(searches: Sequence[Search], on: date, prior: float = PRIOR) -> date | None:
    """The first day on which what was looked for is a question again, because the searches are too old by then.

    None when it is a question already, or never will be one: where so few similar places have one that it is probably
    not here whether anybody looks or not.
    """
    if not searches or _is_question(searches, on, 0, prior):
        return None
    days = bisect_left(range(FORGOTTEN_DAYS), True, key=lambda n: _is_question(searches, on, n, prior))
    return None if days == FORGOTTEN_DAYS else on + timedelta(days)


def _is_question(searches: Sequence[Search], on: date, days: int, prior: float) -> bool:
    return absence_probability(searches, on + timedelta(days), prior) < LIKELY


def _to_be_checked(measure: Measure) -> date | None:
    """The day on which the newest check is too old, for what is here and was checked in time."""
    if not measure.fresh or measure.newest_check is None:
        return None
    return months_after(measure.newest_check, measure.standard.fresh_months)


def _is_here(measure: Measure) -> bool:
    return measure.in_reach > 0


def _present(measure: Measure) -> str:
    if measure.needs and not measure.usable:
        return "present_barrier"
    return "present" if measure.fresh else "present_stale"


def _absent(absence: float, searches: Sequence[Search]) -> str:
    if not searches or absence < LIKELY:
        return "not_recorded"
    return "absent_confirmed" if absence >= CONFIRMED else "absent_likely"


def shown(state: str, is_searched: bool) -> str:
    """The words of a state on screen."""
    words = {
        "present": lambda: _("Here"),
        "present_stale": lambda: _("Was here – check"),
        "present_barrier": lambda: _("Here, but not for everyone"),
        "absent_confirmed": lambda: _("We looked; not found"),
        "absent_likely": lambda: _("Probably not here"),
        "not_recorded": lambda: _("Not enough looking yet") if is_searched else _("Nobody has looked yet"),
    }
    return words[state]()


def searches_in(s: Session, place_id: UUID, on: date) -> dict[str, list[Search]]:
    """Who looked in a place, or in a larger one that holds it, up to ``on``, by category, newest first.

    The same publisher's list read twice is one look, the newest: only another list, or another walk, adds to it.
    """
    of_one = searches_of(s, [place_id], on)
    return {slug: rows for (_place_id, slug), rows in of_one.items()}


def searches_of(s: Session, places: Sequence[UUID], on: date) -> dict[tuple[UUID, str], list[Search]]:
    """The same for many places, by place and category."""
    found: defaultdict[tuple[UUID, str], list[Search]] = defaultdict(list)
    for row in s.execute(SEARCHES, {"places": list(places), "on": on}):
        found[row.here, row.category].append(Search(row.method, row.looked_on, row.found, row.by_role, row.note))
    return {pair: sorted(rows, key=lambda row: row.looked_on, reverse=True) for pair, rows in found.items()}


def _decay(then: date, on: date) -> float:
    return float(0.5 ** (max(0.0, months_between(then, on)) / 12))
