"""The two-sided ask (product.md E.3): each step with the side that said so; no details pass before both have said yes.

``step`` takes two sides from an idea to what became of it, ``pass_contact`` writes down that details were passed, and
``look_into`` that a manager looked into what was not safe.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.access import can, require
from abcd.access.scope import places_of_place
from abcd.connections.ideas import Idea, begin, idea_of, reach, refuse_avoided
from abcd.core.clock import now, today
from abcd.core.language import _
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor, actor_of
from abcd.db.tables import Connection, Offer, Person, PersonOffer
from abcd.db.tables.introductions import CONNECTION_STATES, EXITS, REASONS, SIDES, STEPS
from abcd.errors import BadRequest, NotAllowed, NotFound

__all__ = ["Idea", "begin", "idea_of", "look_into", "pass_contact", "require_side", "step"]

SAID_BY = {"asked_a": "a", "yes_a": "a", "asked_b": "b", "yes_b": "b"}
"""Whose word a step is."""

ANSWERS = ("not_now", "not_for_me", "no_reply")
"""Ways out that one side said, or was silent about."""

BEFORE_B = ("idea", "asked_a", "yes_a")
"""States in which the other side knows of nothing."""


def step(
    s: Session, connection_id: UUID, state: str, side: str = "", *, version: int | None, by: Actor,
    key: str | None = None, reason: str = "",
) -> UUID:  # fmt: skip
    """Take an introduction one step on, or out; ``side`` is whose word it is, ``reason`` one of ``REASONS``.

    Raises:
        BadRequest: the state does not follow from the one before, it is not said whose word it is, or one of the two
            has no yes to introductions any more.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not, or neither side is of their places.
    """
    side = side or SAID_BY.get(state, "")
    _require_step(s, connection_id, side, by)
    done = once(s, key or str(uuid4()), by, lambda: _stepped(s, connection_id, state, side, version, by, reason))
    return UUID(done["id"])


def _stepped(
    s: Session, connection_id: UUID, state: str, side: str, version: int | None, by: Actor, reason: str
) -> dict[str, str]:
    row = for_edit(s, Connection, connection_id, version, {"state": state})
    take(s, row, state, side, by, reason)
    return {"id": str(connection_id)}


def take(s: Session, row: Connection, state: str, side: str, by: Actor, reason: str = "") -> None:
    """Take a locked row to ``state`` and write the step down.

    Raises:
        BadRequest: as ``step``.
    """
    _refuse_unsaid(row.state, state, side, reason)
    if not s.scalar(select(func.core.may_follow(row.state, state))):
        raise BadRequest(_("An introduction cannot go from here to there. Reload the page and look again."))
    if state not in EXITS:
        require_both(s, row)
    row.state, row.state_at = state, now()
    if state == "introduced":
        row.introduced_on = today()
    if state == "met":
        _taken_up(s, row, by)
    s.flush()
    reach(s, row.id, row.organisation_id, state, by, side, reason)
    record(s, "step", "connection", row.id, by=by, after={"state": state})


def _taken_up(s: Session, row: Connection, by: Actor) -> None:
    """The offer that brought them together waits for nobody any more."""
    tables: tuple[Any, ...] = ((PersonOffer, row.person_offer_id), (Offer, row.offer_id))
    for table, key in tables:
        waits = select(table).where(table.id == key, table.state == "waiting").with_for_update()
        offer = s.scalar(waits) if key else None
        if offer:
            offer.state, offer.taken_up_on, offer.version = "taken_up", today(), offer.version + 1
            s.flush()
            about = ("person", offer.person_id) if table is PersonOffer else ("offer", key)
            record(s, "offer_taken_up", *about, by=by)


def _refuse_unsaid(was: str, state: str, side: str, reason: str) -> None:
    if state not in CONNECTION_STATES:
        raise BadRequest(f"A step is one of these: {', '.join(CONNECTION_STATES)}.")
    if side not in ("", *SIDES) or (state in SAID_BY and side != SAID_BY[state]):
        raise BadRequest("Say whose word this is: that of the first or of the second.")
    if state in ANSWERS and not side and was != "idea":
        raise BadRequest(_("Say who answered so, or did not answer."))
    if state in ANSWERS and side == "b" and was in BEFORE_B:
        raise BadRequest(_("The second side has not been asked yet, so it cannot have answered."))
    if reason not in ("", *REASONS):
        raise BadRequest(f"A reason is one of these: {', '.join(REASONS)}.")


def require_both(s: Session, row: Connection) -> None:
    """Let nothing go on without both sides' yes, which the database asks for once more.

    Raises:
        BadRequest: one of the two has none that holds today, or is marked as a safety risk: for whoever may know of
            that too, nothing goes on and no details pass. So also when one asked meanwhile not to meet the other.
    """
    asked = [one for one in (row.a_person_id, row.b_person_id) if one]
    at_risk = s.scalar(select(Person.id).where(Person.id.in_(asked), Person.safety_risk).limit(1))
    if at_risk or not all(s.scalar(select(func.core.consents(one, "introductions"))) for one in asked):
        raise BadRequest(_("One of the two has not said yes to introductions, or no longer. Ask them first."))
    refuse_avoided(s, row)


def pass_contact(
    s: Session, connection_id: UUID, *, version: int | None, by: Actor, key: str | None = None
) -> UUID:  # fmt: skip
    """Both said yes and each has the other's details now: write down the day. They are not written down again.

    Raises:
        BadRequest: both have not said yes, or they were passed before.
        Conflict, NotAllowed, NotFound, VersionMissing: as ``step``.
    """
    _require_step(s, connection_id, "", by)

    def act() -> dict[str, str]:
        row = for_edit(s, Connection, connection_id, version, {"passed_on": today()})
        if row.passed_on:
            raise BadRequest(_("The details were passed before."))
        if row.state == "yes_b":
            take(s, row, "introduced", "", by)
        elif row.state in EXITS or STEPS.index(row.state) < STEPS.index("introduced"):
            raise BadRequest(_("Details pass only after both have said yes."))
        require_both(s, row)
        row.passed_on = today()
        s.flush()
        record(s, "pass_contact", "connection", connection_id, by=by)
        return {"id": str(connection_id)}

    return UUID(once(s, key or str(uuid4()), by, act)["id"])


def look_into(s: Session, connection_id: UUID, *, version: int | None, by: Actor, key: str | None = None) -> UUID:
    """A manager looked into an introduction that was stopped because it was not safe.

    Raises:
        BadRequest: it was not stopped so.
        Conflict, NotFound, VersionMissing: as ``step``.
        NotAllowed: ``by`` is none of the named roles.
    """
    require(by, "see_safety_risk", "person")

    def act() -> dict[str, str]:
        row = for_edit(s, Connection, connection_id, version, {"looked_into_on": today()})
        if row.state != "stopped_unsafe":
            raise BadRequest("Only what was stopped because it was not safe is looked into here.")
        row.looked_into_on = _first(row.looked_into_on)
        s.flush()
        record(s, "look_into", "connection", connection_id, by=by)
        return {"id": str(connection_id)}

    return UUID(once(s, key or str(uuid4()), by, act)["id"])


def _first(day: date | None) -> date:
    return day or today()


def _require_step(s: Session, connection_id: UUID, side: str, by: Actor) -> None:
    require(by, "step", "connection")
    row = s.get(Connection, connection_id)
    if row is None:
        raise NotFound(_("There is no such introduction."))
    require_side(s, by, row, side)


def require_side(s: Session, by: Actor, row: Connection, side: str = "") -> None:
    """Let a coordinator speak for a side: each for the people of their own places; for neither in particular, either.

    Raises:
        NotAllowed: that side is another coordinator's.
        NotFound: neither side is of theirs, so for them there is no such introduction.
    """
    theirs = sides_of(s, row, by)
    if not theirs:
        raise NotFound(_("There is no such introduction."))
    if side and side not in theirs:
        raise NotAllowed(_("They belong to another coordinator's patch, who asks them. You ask your own neighbour."))


def sides_of(s: Session, row: Connection, by: Actor | None = None) -> tuple[str, ...]:
    """The sides that ``by`` (whoever opened the session) speaks for: both for an account without places.

    A group has no coordinator of its own: whoever brings a neighbour to it asks it too.
    """
    asking = by or actor_of(s)
    if not asking.places:
        return SIDES
    b_place = s.scalar(select(Person.place_id).where(Person.id == row.b_person_id)) if row.b_person_id else row.place_id
    return sides_in(asking, places_of_place(s, row.place_id), places_of_place(s, b_place) if b_place else frozenset())


def sides_in(by: Actor, of_a: frozenset[str], of_b: frozenset[str]) -> tuple[str, ...]:
    """The sides that ``by`` speaks for, when these places hold them."""
    return tuple(
        side for side, places in zip(SIDES, (of_a, of_b), strict=True) if can(by, "step", "connection", places)
    )
