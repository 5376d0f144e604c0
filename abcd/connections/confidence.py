"""How confident people feel at the start, after 4 and after 12 weeks, of a place: protected like every count of people.

Below casework a mean needs ten people (product.md E.3; ``core.disclosure``), their number is rounded, and the mean is
told to the half, so that one answer more or less is not read from it. No introduction with somebody marked as a safety
risk is in any of it, as in the funnel.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from abcd.access import can, require
from abcd.connections.figures import count
from abcd.connections.follow_ups import WEEKS
from abcd.connections.funnel import first_of_quarter, of_place
from abcd.core.clock import months_after, today
from abcd.db.session import actor_of
from abcd.db.tables import Connection, FollowUp, Person


@dataclass(frozen=True)
class Confidence:
    """The mean of 0-10 after so many weeks, and of how many people; both none where it may not be told."""

    weeks: int
    mean: float | None
    people: int | None


def confidence(s: Session, place_id: UUID | None = None, *, on: date | None = None) -> tuple[Confidence, ...]:
    """What people of a place, or of everywhere, said in the last four quarters: the start, 4 and 12 weeks.

    Raises:
        NotAllowed: whoever asks may not look at figures of introductions.
    """
    require(actor_of(s), "view", "funnel")
    protect = not can(actor_of(s), "view", "connection")
    since = months_after(first_of_quarter(on or today()), -9)
    told = (FollowUp.confidence.is_not(None), FollowUp.said_on >= since, ~_is_with_somebody_marked())
    wanted = (
        select(FollowUp.weeks, func.avg(FollowUp.confidence), func.count(FollowUp.person_id.distinct()))
        .join(Person, Person.id == FollowUp.person_id)
        .where(*told, of_place(Person.place_id, place_id, actor_of(s)))
        .group_by(FollowUp.weeks)
    )
    found = {weeks: (float(mean), int(people)) for weeks, mean, people in s.execute(wanted)}
    return tuple(_shown(weeks, *found.get(weeks, (0.0, 0)), protect=protect) for weeks in WEEKS)


def _is_with_somebody_marked() -> ColumnElement[bool]:
    """Whether one of the two of whom a follow-up tells is marked."""
    side = aliased(Person)
    is_side = or_(side.id == Connection.a_person_id, side.id == Connection.b_person_id)
    return exists().where(Connection.id == FollowUp.connection_id, is_side, side.safety_risk)


def _shown(weeks: int, mean: float, people: int, *, protect: bool) -> Confidence:
    number = count(people, protect=protect)
    if not number:
        return Confidence(weeks, None, number)
    return Confidence(weeks, round(mean * 2) / 2 if protect else round(mean, 1), number)
