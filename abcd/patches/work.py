"""How the work of coaches is laid out: size, the same face, and hours for being with people, patch by patch.

Figures to make room with, for the team's own eyes: of patches, never of a colleague, and in no order but the patches'
own. What a manager may change is named: a patch that is too large, a week with too little time for people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.scope import own_places
from abcd.core.clock import today
from abcd.db.session import actor_of
from abcd.patches.coaches import Coach, coaches_on
from abcd.patches.kept import Kept, kept_coach
from abcd.people.time_spent import minutes_by_place
from abcd.places.households import households_in
from abcd.places.queries import places_of_kind
from abcd.places.records import PlaceRecord

MOST = 192
"""Households above which a coach cannot know people by name (target 175 and a tenth more; our own judgement)."""
LEAST_SHARE = 0.4
"""Of a coach's week that is for being with people (product.md 001-14; our own judgement)."""
WEEKS, FEWEST_WEEKS = 12, 4
"""Over how long conversations are added up, and how long somebody must have been the coach before that is told."""


@dataclass(frozen=True)
class PatchWork:
    """One patch: ``minutes`` of conversation by kind, in the ``weeks`` that are counted (0: too early to say)."""

    place: PlaceRecord
    households: int | None
    coach: Coach | None
    kept: Kept
    minutes: dict[str, int]
    weeks: float

    @property
    def is_large(self) -> bool:
        """Whether it has more households than one coach can know."""
        return (self.households or 0) > MOST

    @property
    def planned(self) -> float | None:
        """The share of the coach's week that is kept for being with people; None when nobody said so."""
        if self.coach is None or self.coach.week_hours is None or self.coach.people_hours is None:
            return None
        return self.coach.people_hours / self.coach.week_hours

    @property
    def logged_hours(self) -> float | None:
        """Hours of conversation in a week, as they were written down; None when it is too early to say."""
        return sum(self.minutes.values()) / 60 / self.weeks if self.weeks else None

    @property
    def logged(self) -> float | None:
        """The share of the coach's week that conversations took; None when it is not known."""
        if self.coach is None or self.coach.week_hours is None or self.logged_hours is None:
            return None
        return self.logged_hours / self.coach.week_hours

    @property
    def is_short(self) -> bool:
        """Whether less than two hours in five are kept for, or were spent with, people."""
        return any(share is not None and share < LEAST_SHARE for share in (self.planned, self.logged))


def patch_work(s: Session, day: date | None = None) -> list[PatchWork]:
    """Every patch of whoever asks, by its reference.

    Raises:
        NotAllowed: whoever asks does not share out patches, or may not see talks.
    """
    by, on = actor_of(s), day or today()
    require(by, "adopt", "patch")
    own = own_places(s, by)
    places = sorted((one for one in places_of_kind(s, "patch") if own is None or one.id in own),
                    key=lambda one: (len(one.reference), one.reference))  # fmt: skip
    ids = [one.id for one in places]
    held, kept = coaches_on(s, ids, on), kept_coach(s, ids, on)
    since = {each: _since(held.get(each), on) for each in ids}
    minutes = minutes_by_place(s, since)
    return [
        PatchWork(one, households_in(s, one.id).count, held.get(one.id), kept[one.id], minutes[one.id],
                  _weeks(held.get(one.id), since[one.id], on))
        for one in places
    ]  # fmt: skip


def _since(coach: Coach | None, day: date) -> date:
    """The day from which conversations count: twelve weeks back, or since the coach began."""
    earliest = day - timedelta(weeks=WEEKS)
    return max(coach.from_on, earliest) if coach else earliest


def _weeks(coach: Coach | None, since: date, day: date) -> float:
    weeks = (day - since).days / 7
    return weeks if coach and weeks >= FEWEST_WEEKS else 0.0


@dataclass(frozen=True)
class Summary:
    """All patches together; ``same`` and ``known`` are households."""

    patches: int
    fitting: int
    held: int
    homes: int
    known: float
    same: float
    planned: int
    enough: int


def summary(work: Sequence[PatchWork]) -> Summary:
    """How many patches have a size to know people in, a coach, and time for people."""
    planned = [one for one in work if one.planned is not None]
    return Summary(
        patches=len(work),
        fitting=sum(one.households is not None and not one.is_large for one in work),
        held=sum(one.coach is not None for one in work),
        homes=sum(one.households or 0 for one in work),
        known=sum(one.kept.known for one in work),
        same=sum(one.kept.same for one in work),
        planned=len(planned),
        enough=sum(not one.is_short for one in planned),
    )
