"""Introductions as they are read: a coordinator's own list, one of them whole, and those of one person.

What is told of one person's introductions is told from their side: nothing of the other's refusal, nor that the other
was asked at all before both have said yes (product.md E.3). Of a side that is of another coordinator's patch a
coordinator sees the place, and no name; and of its no, or of a yes that was taken back or has run out, that it ended.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from abcd.access import require
from abcd.access.scope import in_own_places, places_of_place
from abcd.connections.introducing import sides_in, sides_of
from abcd.connections.lapsed import (
    IS_OPEN,
    has_lapsed,
    is_over_for,
    is_theirs_to_ask,
    rests,
    rests_since,
    sides_to_ask,
)
from abcd.core.clock import LOCAL
from abcd.core.language import _
from abcd.db.naming import called
from abcd.db.session import actor_of
from abcd.db.tables import Asset, Connection, ConnectionStep, Person, Place
from abcd.db.tables.introductions import CONNECTION_STATES, EXITS, SIDES
from abcd.errors import NotFound
from abcd.people.queries import in_scope

ENDED = "ended"
"""What one side is told of whatever ended by the other: no more than that."""

A, B, AT_A, AT_B = aliased(Person), aliased(Person), aliased(Place), aliased(Place)


@dataclass(frozen=True, repr=False)
class Party:
    """One side: a person or an asset. ``name`` is empty for a person of another coordinator's patch."""

    side: str
    name: str
    place_name: str
    person_id: UUID | None
    asset_id: UUID | None = None

    def __repr__(self) -> str:
        return f"Party({self.side}, {self.person_id or self.asset_id})"


@dataclass(frozen=True)
class Step:
    """A state that was reached; ``reason`` is a code, and empty where the side is not this coordinator's."""

    state: str
    side: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Introduction:
    """One introduction as a coordinator has it: both sides, where it stands, and what may come next.

    Attributes:
        state: ``ENDED`` for the way out of a side that whoever looks does not speak for.
        speaks_for: the sides that whoever looks may answer for.
        next_states: states that may follow.
        to_ask_again: the sides of these whose yes to introductions has run out: nothing goes on until they say it anew.
    """

    id: UUID
    kind: str
    state: str
    state_at: datetime
    a: Party
    b: Party
    place_id: UUID
    tier: int
    score: float | None
    is_urgent: bool
    crosses_patches: bool
    coordinator: str
    introduced_on: date | None
    passed_on: date | None
    looked_into_on: date | None
    version: int
    speaks_for: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    next_states: tuple[str, ...] = ()
    to_ask_again: tuple[str, ...] = ()


@dataclass(frozen=True)
class FromOneSide:
    """One introduction as one person may know of it; ``other`` is empty before both have said yes.

    ``is_resting`` says that their own yes to introductions has run out.
    """

    id: UUID
    kind: str
    side: str
    state: str
    since: date
    other: str
    version: int
    is_resting: bool = False


def introduction(s: Session, connection_id: UUID) -> Introduction:
    """One introduction, whole.

    Raises:
        NotFound: there is none for whoever asks, because there is none at all, or neither side is of their places.
        NotAllowed: whoever asks may not look at introductions.
    """
    require(actor_of(s), "view", "connection")
    row = s.execute(_rows().where(Connection.id == connection_id)).one_or_none()
    mine = sides_of(s, row[0]) if row else ()
    if row is None or not mine:
        raise NotFound(_("There is no such introduction."))
    steps = tuple(_as_told(step, mine) for step in steps_of(s, connection_id))
    if is_over_for(row, mine):
        steps = (*steps, Step(ENDED, "", "", row.rests_since))
    follows = [state for state in CONNECTION_STATES if s.scalar(select(func.core.may_follow(row[0].state, state)))]
    one = _whole(row, mine, steps, tuple(follows))
    if one.to_ask_again:
        return replace(one, next_states=tuple(state for state in follows if state in EXITS))
    return replace(one, next_states=()) if one.state == ENDED else one


def waiting(s: Session, place_ids: Collection[UUID] | None = None, limit: int = 200) -> list[Introduction]:
    """Introductions that wait for a next step, the longest first: of these places, else of all that whoever asks has.

    Raises:
        NotAllowed: whoever asks may not look at introductions.
    """
    return _listed(s, and_(IS_OPEN, ~rests()), place_ids, limit)


def resting(s: Session, place_ids: Collection[UUID] | None = None, limit: int = 50) -> list[Introduction]:
    """Introductions that rest until somebody of whoever asks is asked again: their yes has run out.

    Raises:
        NotAllowed: whoever asks may not look at introductions.
    """
    return _listed(s, is_theirs_to_ask(actor_of(s), A.place_id, B.place_id), place_ids, limit)


def unsafe(s: Session, limit: int = 50) -> list[Introduction]:
    """Introductions that were stopped because they were not safe and that no manager has looked into yet.

    Raises:
        NotAllowed: whoever asks is none of the named roles.
    """
    require(actor_of(s), "see_safety_risk", "person")
    stopped = (Connection.state == "stopped_unsafe") & Connection.looked_into_on.is_(None)
    return _listed(s, stopped, None, limit)


def over(s: Session, place_ids: Collection[UUID] | None = None, limit: int = 50) -> list[Introduction]:
    """Introductions that ended or settled, the latest first.

    Raises:
        NotAllowed: whoever asks may not look at introductions.
    """
    elsewhere = and_(rests(), ~func.coalesce(is_theirs_to_ask(actor_of(s), A.place_id, B.place_id), false()))
    since = case((elsewhere, rests_since()), else_=Connection.state_at)
    return _listed(s, or_(Connection.state.in_((*EXITS, "settled")), elsewhere), place_ids, limit, since.desc())


def _listed(
    s: Session, which: Any, place_ids: Collection[UUID] | None, limit: int, order: Any = Connection.state_at
) -> list[Introduction]:
    require(actor_of(s), "view", "connection")
    wanted = _rows().where(which, of_places(s, place_ids)).order_by(order, Connection.id).limit(limit)
    holding = cache(lambda place_id: places_of_place(s, place_id))
    return [_whole(row, _sides(s, row, holding)) for row in s.execute(wanted)]


def _sides(s: Session, row: Any, holding: Callable[[UUID], frozenset[str]]) -> tuple[str, ...]:
    by = actor_of(s)
    return sides_in(by, holding(row.a_place), holding(row.b_place or row.a_place)) if by.places else SIDES


def of_places(s: Session, place_ids: Collection[UUID] | None = None) -> ColumnElement[bool]:
    """Introductions with a side of these places, and of the places that whoever asks is scoped to."""
    if place_ids is not None and not place_ids:
        return false()
    by, asked = actor_of(s), list(place_ids or ())
    own = or_(in_own_places(by, A.place_id), and_(B.id.is_not(None), in_own_places(by, B.place_id)))
    return and_(own, or_(A.place_id.in_(asked), B.place_id.in_(asked)) if asked else true())


def introductions_of(s: Session, person_id: UUID) -> list[FromOneSide]:
    """The introductions of one person as they may know of them, the newest first.

    Raises:
        NotAllowed: whoever asks may not look at introductions.
    """
    require(actor_of(s), "view", "connection")
    if s.scalar(select(Person.id).where(Person.id == person_id, in_scope(s))) is None:
        return []
    theirs = (Connection.a_person_id == person_id) | (Connection.b_person_id == person_id)
    rows = s.execute(_rows().where(theirs).order_by(Connection.created_at.desc(), Connection.id)).all()
    found = (_from_side(row, person_id, steps_of(s, row[0].id)) for row in rows)
    return [one for one in found if one is not None]


def _from_side(row: Any, person_id: UUID, steps: list[Step]) -> FromOneSide | None:
    side = "a" if row[0].a_person_id == person_id else "b"
    told = known_steps(side, steps)
    if not told:
        return None
    state = as_seen(side, told)
    goes_on = state not in (*EXITS, ENDED)
    knows = state == "yes_b" or any(step.state == "introduced" for step in steps)
    person = (row.b_name if side == "a" else row.a_name) if knows else ""
    since = max(step.at for step in told if state in (ENDED, step.state))
    if goes_on and is_over_for(row, (side,)):
        state, since = ENDED, row.rests_since
    is_resting = goes_on and bool(sides_to_ask(row, (side,)))
    other = row.asset_name or person or ""
    day = since.astimezone(LOCAL).date()
    return FromOneSide(row[0].id, row[0].kind, side, state, day, other, row[0].version, is_resting)


def known_steps(side: str, steps: Sequence[Step]) -> Sequence[Step]:
    """The steps that one side may know something of: for the second none after they were last asked and it ended.

    What rested and was taken up again is for the second what it was, until they are asked again.
    """
    told = steps
    while side == "b" and told and "asked_b" not in {step.state for step in last_round(told)}:
        told = told[: len(told) - len(last_round(told))]
    return told


def as_seen(side: str, told: Sequence[Step]) -> str:
    """What one side may know of the last of the steps they know of: ``ENDED`` for the other's way out.

    Until the second has said yes the first knows only their own yes.
    """
    last = told[-1]
    if last.state in EXITS:
        return last.state if last.side == side else ENDED
    return "yes_a" if side == "a" and last.state == "asked_b" else last.state


def last_round(steps: Sequence[Step]) -> Sequence[Step]:
    """The steps since it was an idea the last time."""
    return steps[max(at for at, step in enumerate(steps) if step.state == "idea") :]


def steps_of(s: Session, connection_id: UUID) -> list[Step]:
    """The states that were reached, in order."""
    columns = ConnectionStep.state, ConnectionStep.side, ConnectionStep.reason, ConnectionStep.at
    rows = select(*columns).where(ConnectionStep.connection_id == connection_id).order_by(ConnectionStep.at)
    return [Step(*row) for row in s.execute(rows)]


def _as_told(step: Step, mine: tuple[str, ...]) -> Step:
    """A step without the reason of a side that is another coordinator's; of their way out, that it ended."""
    if step.state in EXITS and not _may_know(step.side, mine):
        return Step(ENDED, "", "", step.at)
    return step if step.side in ("", *mine) else Step(step.state, step.side, "", step.at)


def _may_know(side: str, mine: tuple[str, ...]) -> bool:
    """Whether a coordinator of these sides may know whose way out it was."""
    return side in mine or set(mine) == set(SIDES)


def _rows() -> Select[Any]:
    """Introductions with the names of both sides; the database leaves out what this session may not see."""
    named = case((Asset.is_sensitive, ""), else_=called(Asset))
    last = select(ConnectionStep.side).where(
        ConnectionStep.connection_id == Connection.id, ConnectionStep.state == Connection.state
    )
    said_by = last.order_by(ConnectionStep.at.desc()).limit(1).scalar_subquery()
    return (
        select(Connection, A.preferred_name.label("a_name"), A.place_id.label("a_place"), called(AT_A).label("a_at"),
               B.preferred_name.label("b_name"), B.place_id.label("b_place"), called(AT_B).label("b_at"),
               named.label("asset_name"), said_by.label("said_by"),
               has_lapsed(Connection.a_person_id).label("a_lapsed"),
               has_lapsed(Connection.b_person_id).label("b_lapsed"), rests_since().label("rests_since"))
        .join(A, A.id == Connection.a_person_id)
        .join(AT_A, AT_A.id == A.place_id)
        .outerjoin(B, B.id == Connection.b_person_id)
        .outerjoin(AT_B, AT_B.id == B.place_id)
        .outerjoin(Asset, Asset.id == Connection.b_asset_id)
    )  # fmt: skip


def _whole(
    row: Any, mine: tuple[str, ...], steps: tuple[Step, ...] = (), follows: tuple[str, ...] = ()
) -> Introduction:
    one: Connection = row[0]
    a = Party("a", row.a_name if "a" in mine else "", row.a_at, one.a_person_id)
    named = row.b_name if "b" in mine else ""
    b = Party("b", row.asset_name if one.b_asset_id else named, row.b_at or "", one.b_person_id, one.b_asset_id)
    told = {name: getattr(one, name) for name in COPIED}
    if one.state in EXITS and not _may_know(row.said_by or "", mine):
        told["state"] = ENDED
    elif is_over_for(row, mine):
        told |= {"state": ENDED, "state_at": row.rests_since}
    return Introduction(**told, a=a, b=b, speaks_for=mine, steps=steps, next_states=follows,
                        to_ask_again=sides_to_ask(row, mine))  # fmt: skip


COPIED = (
    "id", "kind", "state", "state_at", "place_id", "tier", "score", "is_urgent", "crosses_patches", "coordinator",
    "introduced_on", "passed_on", "looked_into_on", "version",
)  # fmt: skip
