"""Keeping the stored figures of places up to date, a neighbourhood at a time, in the app or by ``abcd gaps refresh``.

Each neighbourhood is a transaction of its own, so that nobody waits for a whole city. First the facts of what changed
near by, then what is known of them and of those that are compared with them, which each new day changes too.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.db.session import SYSTEM, session
from abcd.gaps.bulk import work_out_many
from abcd.gaps.bulk_knowing import learn
from abcd.gaps.searching import LOOKED_INTO
from abcd.gaps.waiting import EVERYTHING, KNOWING, note
from abcd.places.queries import place

#: Any number of our own: two processes do not work the same places out at once.
LOCK = 27710

#: Pairs of place and category that are worked out together, of places in one neighbourhood; and that are learnt of.
FACTS_AT_ONCE, LEARNT_AT_ONCE = 1_500, 5_000

#: A place of which all is due has about so many categories.
ALL = 40

#: Side of a neighbourhood in metres: about what its places have round them anyhow.
NEIGHBOURHOOD = 4_000

# Places of like size are compared with one another: learnt of together they ask for much the same.
DUE = text("""
select p.id, coalesce(m.waiting, '{*}') as waiting, coalesce(m.worked_out_on < :today, false) as is_old
from core.place p left join core.place_measured m on m.place_id = p.id
where p.kind = any(:kinds) and p.end_date is null
  and (m.place_id is null or m.waiting <> '{}' or m.worked_out_on < :today)
order by p.kind, p.households, p.id""")

CELLS = text("""
select id, floor(ST_X(point) / :side) as x, floor(ST_Y(point) / :side) as y from core.place where id = any(:places)""")


Tell = Callable[[int, int], None]
"""Is told how many places are done, and of how many."""


@dataclass
class Progress:
    """How far a run is: ``done`` of ``of`` places, and when it has to stop."""

    until: float | None
    tell: Tell | None
    of: int = 0
    done: set[UUID] = field(default_factory=set)

    def is_over(self) -> bool:
        """Whether the time is up."""
        return self.until is not None and time.monotonic() > self.until

    def count(self, places: Iterable[UUID]) -> None:
        """These are done."""
        self.done.update(places)
        if self.tell:
            self.tell(len(self.done), self.of)


def keep_up(seconds: float | None = None, tell: Tell | None = None) -> int:
    """Work out all that is due until nothing is, or until ``seconds`` have gone; how many places that touched.

    ``tell`` is told after each step.
    """
    run = Progress(None if seconds is None else time.monotonic() + seconds, tell)
    while not run.is_over() and (waiting := _noted()):
        run.of = len(run.done | waiting.keys())
        facts = {one: slugs for one, slugs in waiting.items() if _facts(slugs)}
        step = _work_out if facts else _learn
        for some in _neighbourhoods(facts) if facts else _pieces(waiting, LEARNT_AT_ONCE):
            if run.is_over() or not step({one: waiting[one] for one in some}):
                return len(run.done)
            run.count(some)
    return len(run.done)


def due(s: Session, on: date | None = None) -> dict[UUID, set[str]]:
    """The places of which anything is to be worked out, and what: categories, ``*`` for all, ``?`` for what is known.

    It writes down first what has changed.
    """
    note(s)
    values = {"kinds": list(LOOKED_INTO), "today": on or today()}
    return {row.id: {*row.waiting, *([KNOWING] if row.is_old else ())} for row in s.execute(DUE, values)}


def work_out(s: Session, place_id: UUID, on: date | None = None) -> int:
    """Work one place out whether it is due or not; how many categories."""
    work_out_many(s, {place_id: {EVERYTHING}}, on)
    return learn(s, {place_id: {KNOWING}}, on)


def refresh(reference: str) -> int:
    """Work one place out whether it is due or not; how many categories.

    Raises:
        NotFound: no such place.
    """
    with session(SYSTEM, patient=True) as s:
        return work_out(s, place(s, reference).id)


def _facts(slugs: set[str]) -> set[str]:
    return {slug for slug in slugs if not slug.startswith(KNOWING)}


def _noted() -> dict[UUID, set[str]]:
    with session(SYSTEM, patient=True) as s:
        return due(s) if _is_ours(s) else {}


def _work_out(waiting: dict[UUID, set[str]]) -> bool:
    with session(SYSTEM, patient=True) as s:
        is_ours = _is_ours(s)
        if is_ours:
            work_out_many(s, {one: _facts(slugs) for one, slugs in waiting.items()})
        return is_ours


def _learn(waiting: dict[UUID, set[str]]) -> bool:
    with session(SYSTEM, patient=True) as s:
        is_ours = _is_ours(s)
        if is_ours:
            learn(s, waiting)
        return is_ours


def _neighbourhoods(waiting: dict[UUID, set[str]]) -> Iterator[list[UUID]]:
    cells: dict[tuple[float, float], list[UUID]] = {}
    with session(SYSTEM, patient=True) as s:
        for row in s.execute(CELLS, {"places": list(waiting), "side": NEIGHBOURHOOD}):
            cells.setdefault((row.x, row.y), []).append(row.id)
    for near in cells.values():
        yield from _pieces({one: _facts(waiting[one]) for one in near}, FACTS_AT_ONCE)


def _pieces(waiting: dict[UUID, set[str]], most: int) -> Iterator[list[UUID]]:
    """The places in lists that have about ``most`` categories to be worked out together."""
    some: list[UUID] = []
    held = 0
    for one, words in waiting.items():
        some.append(one)
        held += ALL if words & {EVERYTHING, KNOWING} else len(words)
        if held >= most:
            yield some
            some, held = [], 0
    if some:
        yield some


def _is_ours(s: Session) -> bool:
    return bool(s.scalar(text("select pg_try_advisory_xact_lock(:lock)"), {"lock": LOCK}))
