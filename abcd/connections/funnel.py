"""How introductions go, by place and quarter (product.md E.3): from an idea to what lasts, and whether it is fair.

Nobody marked as a safety risk is in any of it, whoever asks. A quarter is that in which two were introduced.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from abcd.access import can, require
from abcd.connections.figures import Share, count, median, per_hundred, share, spread
from abcd.core.clock import LOCAL, months_after, today
from abcd.db.session import actor_of
from abcd.db.tables import (
    Connection,
    ConnectionStep,
    IntroductionIn,
    Person,
    PersonOffer,
    PersonWish,
    Place,
    PlaceParent,
)
from abcd.db.tables.agreed import introducible
from abcd.db.tables.introductions import INTRODUCED_BY, REASONS

RIPE = timedelta(weeks=12)
"""Whoever was introduced later cannot have gone on for twelve weeks yet, and is in no share of it."""

NEAR_TIERS = (1, 2)
A, B = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Figures:
    """What is shown of some introductions. ``days`` is the median from an idea to the introduction."""

    introduced: int | None
    per_100_homes: float | None
    met: Share
    going: Share
    days: int | None
    near: Share
    across: Share
    both_ways: Share
    spread: float | None


@dataclass(frozen=True)
class Funnel:
    """The figures of a place: of each quarter (its first day), the newest first, and of the last four together."""

    quarters: tuple[tuple[date, Figures], ...]
    year: Figures
    by_place: tuple[tuple[str, Figures], ...]
    sources: tuple[tuple[str, int | None], ...]
    reasons: tuple[tuple[str, int | None], ...]
    is_protected: bool


def funnel(s: Session, place_id: UUID | None = None, *, quarters: int = 4, on: date | None = None) -> Funnel:
    """How introductions of a place go, or those of everywhere; protected unless whoever asks is of casework.

    Raises:
        NotAllowed: whoever asks may not look at figures of introductions.
    """
    require(actor_of(s), "view", "funnel")
    protect, day = not can(actor_of(s), "view", "connection"), on or today()
    begins = [months_after(first_of_quarter(day), -3 * back) for back in range(quarters)]
    rows = _introduced(s, place_id, months_after(first_of_quarter(day), -3 * (max(quarters, 4) - 1)))
    here = _Shown(s, protect, day)
    year = [row for row in rows if row.introduced_on >= months_after(first_of_quarter(day), -9)]
    return Funnel(
        tuple((first, here.figures([row for row in rows if first_of_quarter(row.introduced_on) == first], place_id))
              for first in begins),
        here.figures(year, place_id),
        here.by_place(year),
        _sources(s, place_id, months_after(first_of_quarter(day), -9), protect),
        _reasons(s, place_id, months_after(first_of_quarter(day), -9), protect),
        protect,
    )  # fmt: skip


def first_of_quarter(day: date) -> date:
    """The first day of the quarter of a year."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


class _Shown:
    """Figures of some rows as whoever asks may see them."""

    def __init__(self, s: Session, protect: bool, day: date) -> None:
        self.s, self.protect, self.day = s, protect, day

    def figures(self, rows: Sequence[Any], place_id: UUID | None) -> Figures:
        """The figures of ``rows``, which are of a place or of everywhere."""
        introduced, ripe = len(rows), [row for row in rows if row.introduced_on + RIPE <= self.day]
        people = Counter(person for row in rows for person in (row.a_person_id, row.b_person_id) if person)
        shown = count(introduced, protect=self.protect)
        return Figures(
            shown, per_hundred(shown, self._homes(place_id)), self._share(row.met for row in rows),
            self._share(row.going for row in ripe), median([self._days(row) for row in rows], protect=self.protect),
            self._share(row.tier in NEAR_TIERS for row in rows), self._share(row.crosses_patches for row in rows),
            self._share(person in self._giving(people) for person in people), self._spread(people, place_id),
        )  # fmt: skip

    def by_place(self, rows: Sequence[Any]) -> tuple[tuple[str, Figures], ...]:
        """The figures of each place in which somebody was introduced, by name."""
        names = dict(
            self.s.execute(select(Place.id, Place.name).where(Place.id.in_({row.place_id for row in rows}))).all()
        )
        told = ((name, self.figures([row for row in rows if row.place_id == key], key)) for key, name in names.items())
        return tuple(sorted(told, key=lambda one: one[0]))

    def _share(self, told: Iterable[bool]) -> Share:
        held = list(told)
        return share(sum(held), len(held), protect=self.protect)

    @staticmethod
    def _days(row: Any) -> int:
        days: int = (row.introduced_on - row.created_at.astimezone(LOCAL).date()).days
        return days

    def _homes(self, place_id: UUID | None) -> int | None:
        return self.s.scalar(select(Place.households).where(Place.id == place_id)) if place_id else None

    def _giving(self, people: Iterable[UUID]) -> set[UUID]:
        """Of these people those who both offer something and hope for something."""
        asked = list(people)
        offers = select(PersonOffer.person_id).where(PersonOffer.person_id.in_(asked), PersonOffer.state != "ended")
        wishes = select(PersonWish.person_id).where(PersonWish.person_id.in_(asked))
        return set(self.s.scalars(offers)) & set(self.s.scalars(wishes)) if asked else set()

    def _spread(self, people: Counter[UUID], place_id: UUID | None) -> float | None:
        """How unevenly introductions are spread over everybody who said yes to them, asked or not."""
        here = of_place(introducible.c.place_id, place_id, actor_of(self.s).places)
        agreed = set(self.s.scalars(select(introducible.c.id).where(here)))
        return spread([people[one] for one in agreed | set(people)], protect=self.protect)


def of_place(column: Any, place_id: UUID | None, own: Iterable[str] = ()) -> ColumnElement[bool]:
    """Of a place and of what lies in it, within the places that somebody is scoped to."""
    places = [UUID(one) for one in own]
    scoped = column.in_(places) if places else true()
    below = select(PlaceParent.place_id).where(PlaceParent.parent_id == place_id)
    return and_(scoped, or_(column == place_id, column.in_(below)) if place_id else true())


def _told(s: Session, place_id: UUID | None) -> ColumnElement[bool]:
    """Introductions that may be counted."""
    at_risk = A.safety_risk | func.coalesce(B.safety_risk, false())
    return and_(~at_risk, of_place(Connection.place_id, place_id, actor_of(s).places))


def _sides(query: Any) -> Any:
    """A query of introductions with both sides."""
    return query.join(A, A.id == Connection.a_person_id).outerjoin(B, B.id == Connection.b_person_id)


def _introduced(s: Session, place_id: UUID | None, since: date) -> Sequence[Any]:
    """Introductions since a day, with what they reached."""
    reached = {
        name: select(ConnectionStep.id)
        .where(ConnectionStep.connection_id == Connection.id, ConnectionStep.state == state)
        .exists()
        .label(name)
        for name, state in (("met", "met"), ("going", "going_at_12w"))
    }
    columns = (Connection.place_id, Connection.introduced_on, Connection.created_at, Connection.tier,
               Connection.crosses_patches, Connection.a_person_id, Connection.b_person_id)  # fmt: skip
    wanted = _sides(select(*columns, *reached.values()).select_from(Connection))
    rows: Sequence[Any] = s.execute(wanted.where(Connection.introduced_on >= since, _told(s, place_id))).all()
    return rows


def _sources(s: Session, place_id: UUID | None, since: date, protect: bool) -> tuple[tuple[str, int | None], ...]:
    """Who tells us of people, by source: all of the wide list, so that who never does shows too."""
    told = aliased(Person)
    kept = and_(
        IntroductionIn.received_on >= since, ~IntroductionIn.kept_apart, ~func.coalesce(told.safety_risk, false()),
        of_place(IntroductionIn.place_id, place_id, actor_of(s).places),
    )  # fmt: skip
    rows = select(IntroductionIn.source_kind, func.count()).outerjoin(told, told.id == IntroductionIn.person_id)
    found = dict(s.execute(rows.where(kept).group_by(IntroductionIn.source_kind)).all())
    return tuple((source, count(found.get(source, 0), protect=protect)) for source in INTRODUCED_BY)


def _reasons(s: Session, place_id: UUID | None, since: date, protect: bool) -> tuple[tuple[str, int | None], ...]:
    """Why something was not for somebody, by reason."""
    rows = _sides(
        select(ConnectionStep.reason, func.count())
        .select_from(ConnectionStep)
        .join(Connection, Connection.id == ConnectionStep.connection_id)
    )
    kept = and_(ConnectionStep.reason != "", ConnectionStep.at >= since, _told(s, place_id))
    found: dict[str, int] = dict(s.execute(rows.where(kept).group_by(ConnectionStep.reason)).all())
    return tuple((reason, count(found.get(reason, 0), protect=protect)) for reason in REASONS)
