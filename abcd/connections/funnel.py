"""How introductions go, by place and quarter (product.md E.3): from an idea to what lasts, and whether it is fair.

Nobody marked as a safety risk is in any of it, whoever asks. A quarter is that in which two were introduced.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from abcd.access import can, require
from abcd.access.scope import in_own_places
from abcd.connections.figures import Share, count, median, per_hundred, share, spread
from abcd.core.clock import LOCAL, months_after, today
from abcd.db.naming import called
from abcd.db.session import Actor, actor_of
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
from abcd.db.tables.people import HOME_KINDS
from abcd.errors import BadRequest

RIPE = timedelta(weeks=12)
"""Whoever was introduced later cannot have gone on for twelve weeks yet, and is in no share of it."""

NEAR_TIERS = (1, 2)
A, B = aliased(Person), aliased(Person)
STANDS = Place.kind.in_(HOME_KINDS)
#: Those who both offer something and hope for something.
GIVING = (
    select(PersonOffer.person_id)
    .join(PersonWish, PersonWish.person_id == PersonOffer.person_id)
    .where(PersonOffer.state != "ended")
    .distinct()
)


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
        BadRequest: the place is no patch or estate: people belong to those alone (trust.md P7).
        NotAllowed: whoever asks may not look at figures of introductions.
    """
    require(actor_of(s), "view", "funnel")
    protect, day = not can(actor_of(s), "view", "connection"), on or today()
    this, since = first_of_quarter(day), months_after(first_of_quarter(day), -9)
    begins = [months_after(this, -3 * back) for back in range(quarters)]
    rows = _introduced(s, place_id, min(since, begins[-1]))
    here, year = _Shown(s, protect, day), [row for row in rows if row.introduced_on >= since]
    if place_id and place_id not in here.places:
        raise BadRequest("Figures of introductions are of a patch, an estate, or everywhere.")
    by_quarter = {first: [row for row in rows if first_of_quarter(row.introduced_on) == first] for first in begins}
    return Funnel(
        tuple((first, here.figures(of_it, place_id)) for first, of_it in by_quarter.items()),
        here.figures(year, place_id),
        here.by_place(year),
        _sources(s, place_id, since, protect),
        _reasons(s, place_id, since, protect),
        protect,
    )


def first_of_quarter(day: date) -> date:
    """The first day of the quarter of a year."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


class _Shown:
    """Figures of some rows as whoever asks may see them; what all of them need is asked once."""

    def __init__(self, s: Session, protect: bool, day: date) -> None:
        self.protect, self.day, by = protect, day, actor_of(s)
        self.places = {
            row.id: row for row in s.execute(select(Place.id, called(Place), Place.households).where(STANDS))
        }
        self.below: defaultdict[UUID, set[UUID]] = defaultdict(set)
        homes = select(Place.id).where(STANDS)
        nested = select(PlaceParent.parent_id, PlaceParent.place_id).where(
            PlaceParent.parent_id.in_(homes), PlaceParent.place_id.in_(homes)
        )
        for row in s.execute(nested):
            self.below[row.parent_id].add(row.place_id)
        agreed = select(introducible.c.id, introducible.c.place_id).where(of_place(introducible.c.place_id, None, by))
        self.agreed: list[Any] = list(s.execute(agreed))
        self.giving = set(s.scalars(GIVING))

    def figures(self, rows: Sequence[Any], place_id: UUID | None) -> Figures:
        """The figures of ``rows``, which are of a place or of everywhere."""
        rows = self._of_enough(rows)
        introduced, ripe = len(rows), self._of_enough([row for row in rows if row.introduced_on + RIPE <= self.day])
        people = Counter(person for row in rows for person in (row.a_person_id, row.b_person_id) if person)
        shown, homes = count(introduced, protect=self.protect), self.places[place_id].households if place_id else None
        return Figures(
            shown, per_hundred(shown, homes), self._share(row.met for row in rows),
            self._share(row.going for row in ripe), median([_days(row) for row in rows], protect=self.protect),
            self._share(row.tier in NEAR_TIERS for row in rows), self._share(row.crosses_patches for row in rows),
            self._share(person in self.giving for person in people), self._spread(people, place_id),
        )  # fmt: skip

    def _of_enough(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows, or none where they are of too few people to be told: one may be introduced ten times."""
        people = {person for row in rows for person in (row.a_person_id, row.b_person_id) if person}
        return [] if count(len(people), protect=self.protect) is None else rows

    def by_place(self, rows: Sequence[Any]) -> tuple[tuple[str, Figures], ...]:
        """The figures of each place in which somebody was introduced, by name."""
        grouped: dict[UUID, list[Any]] = {}
        for row in rows:
            grouped.setdefault(row.place_id, []).append(row)
        told = (
            (self.places[key].name, self.figures(of_it, key)) for key, of_it in grouped.items() if key in self.places
        )
        # That a place is in the list would tell that it is more than none.
        shown = (one for one in told if one[1].introduced is not None)
        return tuple(sorted(shown, key=lambda one: one[0]))

    def _share(self, told: Iterable[bool]) -> Share:
        held = list(told)
        return share(sum(held), len(held), protect=self.protect)

    def _spread(self, people: Counter[UUID], place_id: UUID | None) -> float | None:
        """How unevenly introductions are spread over everybody who said yes to them, asked or not."""
        here = self.below[place_id] | {place_id} if place_id else None
        agreed = {one.id for one in self.agreed if here is None or one.place_id in here}
        return spread([people[one] for one in agreed | set(people)], protect=self.protect)


def _days(row: Any) -> int:
    """From an idea to the introduction."""
    days: int = (row.introduced_on - row.created_at.astimezone(LOCAL).date()).days
    return days


def of_place(column: Any, place_id: UUID | None, by: Actor) -> ColumnElement[bool]:
    """Of a place and of what lies in it, within the places that ``by`` is scoped to and all that lie in them."""
    below = select(PlaceParent.place_id).where(PlaceParent.parent_id == place_id)
    return and_(in_own_places(by, column), or_(column == place_id, column.in_(below)) if place_id else true())


def _told(s: Session, place_id: UUID | None) -> ColumnElement[bool]:
    """Introductions that may be counted."""
    at_risk = A.safety_risk | func.coalesce(B.safety_risk, false())
    return and_(~at_risk, of_place(Connection.place_id, place_id, actor_of(s)))


def _own_word(by: Actor) -> ColumnElement[bool]:
    """Steps that are not the word of another coordinator's neighbour: a reason counted is a no that is told."""
    theirs = or_(B.id.is_(None), in_own_places(by, B.place_id))
    own = ((ConnectionStep.side == "a", in_own_places(by, A.place_id)), (ConnectionStep.side == "b", theirs))
    return or_(ConnectionStep.side == "", *(and_(*each) for each in own))


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
        of_place(IntroductionIn.place_id, place_id, actor_of(s)),
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
    kept = and_(ConnectionStep.reason != "", ConnectionStep.at >= since, _told(s, place_id), _own_word(actor_of(s)))
    found: dict[str, int] = dict(s.execute(rows.where(kept).group_by(ConnectionStep.reason)).all())
    return tuple((reason, count(found.get(reason, 0), protect=protect)) for reason in REASONS)
