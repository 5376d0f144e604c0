"""Introductions that rest because a yes to introductions has run out: whoever speaks for that side asks again.

Nothing is written when a yes runs out, so a new one lets the introduction go on where it stood. Whoever speaks for the
other side alone sees what they see of every way out: that it did not come about, and since when (product.md E.3).
"""

from typing import Any

from sqlalchemy import ColumnElement, DateTime, and_, case, cast, exists, func, not_, or_, select

from abcd.access.scope import in_own_places
from abcd.core.clock import LOCAL
from abcd.db.session import Actor
from abcd.db.tables import Connection, Consent, ConsentWithdrawn
from abcd.db.tables.introductions import STEPS

GOING_ON = tuple(state for state in STEPS if state != "settled")
"""States in which somebody may still be asked something."""

IS_OPEN = Connection.state.in_(GOING_ON)


def has_lapsed(person_id: Any) -> ColumnElement[bool]:
    """Whether nothing may be done with this person today; false for no person, and where nothing goes on any more."""
    return and_(IS_OPEN, person_id.is_not(None), not_(func.core.consents(person_id, "introductions")))


def ran_out_at(person_id: Any) -> ColumnElement[Any]:
    """The midnight at which somebody's last yes to introductions ran out; none where they never said one."""
    taken_back = exists().where(ConsentWithdrawn.consent_id == Consent.id)
    told = (Consent.person_id == person_id, Consent.purpose == "introductions", ~taken_back)
    last = select(func.max(Consent.expires_on)).where(*told).scalar_subquery()
    return func.timezone(LOCAL.key, cast(last, DateTime))


def rests_since() -> ColumnElement[Any]:
    """Since when an introduction rests; where it does not, when it reached its state.

    To whoever is told no more than that it ended, this is the moment of it, as it is with any other way out.
    """
    sides = Connection.a_person_id, Connection.b_person_id
    return func.greatest(Connection.state_at, *(case((has_lapsed(one), ran_out_at(one))) for one in sides))


def rests() -> ColumnElement[bool]:
    """Whether one of the two has a yes that has run out."""
    return or_(has_lapsed(Connection.a_person_id), has_lapsed(Connection.b_person_id))


def is_theirs_to_ask(by: Actor, a_place: Any, b_place: Any) -> ColumnElement[bool]:
    """Whether such a yes is of the places of ``by``: who else looks is told nothing of it."""
    return or_(
        and_(has_lapsed(Connection.a_person_id), in_own_places(by, a_place)),
        and_(has_lapsed(Connection.b_person_id), in_own_places(by, b_place)),
    )


def sides_to_ask(row: Any, mine: tuple[str, ...]) -> tuple[str, ...]:
    """The sides of a row with ``a_lapsed`` and ``b_lapsed`` whose yes has run out, of those that one speaks for."""
    return tuple(side for side in mine if getattr(row, f"{side}_lapsed"))


def is_over_for(row: Any, mine: tuple[str, ...]) -> bool:
    """Whether it looks ended from the sides that one speaks for: the other's yes has run out, and none of one's own."""
    return (row.a_lapsed or row.b_lapsed) and not sides_to_ask(row, mine)
