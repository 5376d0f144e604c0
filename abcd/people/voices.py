"""How many voices a place has for what is missing (product.md D.2, 4): so that what residents ask for comes first (R6).

A resident is one voice however often they said it. A meeting's or a survey's tally may be of the same people, so of
each patch or estate the larger of the two counts, never their sum; those of different places are added up.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.core.clock import months_after, today
from abcd.core.disclosure.arithmetic import rounded
from abcd.db.session import actor_of
from abcd.db.tables import HOME_KINDS, Person, PersonWish, Place, PlanAction, Wish
from abcd.people.keeping import sees_residents
from abcd.people.queries import in_scope
from abcd.people.waiting import UNMET, inside

#: A voice counts for so long (product.md D.2, 4).
MONTHS = 24


def voiced(s: Session, place_id: UUID, on: date | None = None) -> dict[str, int]:
    """Voices by category of what is wished for in a place and not met, with nothing of its plan done yet.

    The casework roles see them as they are. To the rest of the team a category with fewer than ten is not told at all,
    every other is rounded to five, and of patches and estates alone (trust.md P4, P7); nobody else is told any. Nobody
    marked as a safety risk is a voice, whoever asks (P12).
    """
    actor = actor_of(s)
    if not can(actor, "view", "wish"):
        return {}
    since = months_after(on or today(), -MONTHS)
    if sees_residents(actor):
        return _summed(s, place_id, since)
    if s.scalar(select(Place.kind).where(Place.id == place_id)) not in HOME_KINDS:
        return {}
    shown = {category: rounded(count) for category, count in _summed(s, place_id, since).items()}
    return {category: count for category, count in shown.items() if count is not None}


def _summed(s: Session, place_id: UUID, since: date) -> dict[str, int]:
    voices: dict[tuple[str | None, UUID], int] = {}
    for asked in (_residents(s, place_id, since), _others(place_id, since)):
        for category, place, count in s.execute(asked):
            voices[category, place] = max(voices.get((category, place), 0), count)
    found: dict[str, int] = {}
    for (category, _place), count in voices.items():
        found[str(category)] = found.get(str(category), 0) + count
    return found


def _residents(s: Session, place_id: UUID, since: date) -> Select[str | None, UUID, int]:
    people = func.count(PersonWish.person_id.distinct())
    asked = select(PersonWish.category, Person.place_id, people).join(Person, Person.id == PersonWish.person_id)
    asked = asked.where(in_scope(s), countable(), inside(Person.place_id, place_id), _unmet(PersonWish, since))
    asked = asked.where(~exists().where(PlanAction.person_wish_id == PersonWish.id, PlanAction.done_on.is_not(None)))
    return asked.group_by(PersonWish.category, Person.place_id)


def _others(place_id: UUID, since: date) -> Select[str | None, UUID, int]:
    asked = select(Wish.category, Wish.place_id, func.max(Wish.voices)).where(inside(Wish.place_id, place_id))
    asked = asked.where(_unmet(Wish, since))
    asked = asked.where(~exists().where(PlanAction.wish_id == Wish.id, PlanAction.done_on.is_not(None)))
    return asked.group_by(Wish.category, Wish.place_id)


def _unmet(table: type[PersonWish] | type[Wish], since: date) -> ColumnElement[bool]:
    return table.state.in_(UNMET) & (table.said_on > since) & table.category.is_not(None)


def countable() -> ColumnElement[bool]:
    """People who may be in a figure: nobody marked as a safety risk, and nobody made anonymous."""
    return Person.safety_risk.is_(False) & (Person.status != "anonymised")
