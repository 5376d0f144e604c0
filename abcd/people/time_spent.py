"""How much time went into getting to know people in some places, and how it was spent: never by person, never a target.

Nobody marked as a safety risk is in these figures, whoever asks, so that two people's figures never differ by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import DATE, cast, column, func, select
from sqlalchemy import UUID as UUID_TYPE
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import months_after
from abcd.db.session import actor_of
from abcd.db.tables import CONVERSATION_KINDS, CONVERSATION_MODES, Conversation, Person
from abcd.people.queries import in_scope

QUIET_MONTHS = 6
"""After so long without listening a place is one to go and listen to (product.md 000-13)."""


@dataclass(frozen=True)
class TimeSpent:
    """Time in minutes since a day: for the team's own eyes.

    Attributes:
        talks: how many conversations.
        minutes: minutes by kind (listening, coaching, practical).
        modes: conversations by mode (did_with, did_for, stood_back).
        unasked: conversations for which nobody had to ask.
        listened_on: the day of the last listening, None for none since.
    """

    talks: int
    minutes: dict[str, int]
    modes: dict[str, int]
    unasked: int
    listened_on: date | None

    @property
    def all_minutes(self) -> int:
        """All of the time."""
        return sum(self.minutes.values())

    def is_quiet(self, day: date) -> bool:
        """Whether nobody has listened here for half a year, on ``day``."""
        return self.listened_on is None or self.listened_on <= months_after(day, -QUIET_MONTHS)


def minutes_by_place(s: Session, since: Mapping[UUID, date]) -> dict[UUID, dict[str, int]]:
    """Minutes of conversation by kind in each of these places, counted from its own day on, in one query.

    Raises:
        NotAllowed: whoever asks may not see talks.
    """
    require(actor_of(s), "view", "conversation")
    asked = func.unnest(cast(list(since), ARRAY(UUID_TYPE)), cast(list(since.values()), ARRAY(DATE)))
    begun = asked.table_valued(column("place_id", UUID_TYPE), column("since", DATE)).render_derived()
    held = (
        select(Person.place_id, Conversation.kind, func.sum(Conversation.minutes))
        .join(Person, Person.id == Conversation.person_id)
        .join(begun, (begun.c.place_id == Person.place_id) & (Conversation.held_on >= begun.c.since))
        .where(in_scope(s), Person.safety_risk.is_(False))
    )
    found: dict[UUID, dict[str, int]] = {place_id: dict.fromkeys(CONVERSATION_KINDS, 0) for place_id in since}
    for place_id, kind, minutes in s.execute(held.group_by(Person.place_id, Conversation.kind)):
        found[place_id][kind] = minutes
    return found


def time_spent(s: Session, place_ids: Sequence[UUID], since: date) -> TimeSpent:
    """The conversations held in these places since a day.

    Raises:
        NotAllowed: whoever asks may not see talks.
    """
    require(actor_of(s), "view", "conversation")
    columns = (
        Conversation.kind, Conversation.mode,
        func.count().label("talks"), func.sum(Conversation.minutes).label("spent"),
        func.count().filter(Conversation.proactive).label("unasked"), func.max(Conversation.held_on).label("latest"),
    )  # fmt: skip
    held = (
        select(*columns)
        .join(Person, Person.id == Conversation.person_id)
        .where(
            Person.place_id.in_(place_ids), in_scope(s), Person.safety_risk.is_(False), Conversation.held_on >= since
        )
    )
    rows = s.execute(held.group_by(Conversation.kind, Conversation.mode)).all()
    return TimeSpent(
        talks=sum(row.talks for row in rows),
        minutes={kind: sum(row.spent for row in rows if row.kind == kind) for kind in CONVERSATION_KINDS},
        modes={mode: sum(row.talks for row in rows if row.mode == mode) for mode in CONVERSATION_MODES},
        unasked=sum(row.unasked for row in rows),
        listened_on=max((row.latest for row in rows if row.kind == "listening"), default=None),
    )
