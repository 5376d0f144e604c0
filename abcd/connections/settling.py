"""What comes of an introduction in: a yes, from which on it is told how somebody came to us, or a no without a word.

Each deed names the version that it was made from, and is of the places of whoever does it.
"""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from abcd.access import require
from abcd.connections.register import require_theirs
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor
from abcd.db.tables import IntroductionIn
from abcd.db.tables.introductions import ACCOMPANIMENTS
from abcd.errors import BadRequest
from abcd.people.queries import person

Mend = Callable[[IntroductionIn], dict[str, Any]]
"""What is to change in a row, or an error when it cannot."""


def settle_yes(
    s: Session, introduction_id: UUID, person_id: UUID, *, version: int | None, by: Actor, accompaniment: str = "",
    key: str | None = None,
) -> UUID:  # fmt: skip
    """The person said yes: from now on it is told how they came to us.

    Raises:
        BadRequest: it is settled, its 28 days are over, or the accompaniment is none.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``; NotFound also for a person of nobody's.
        NotAllowed: ``by`` may not, or not there.
    """
    if accompaniment not in ("", *ACCOMPANIMENTS):
        raise BadRequest(f"Walking alongside is one of these: {', '.join(ACCOMPANIMENTS)}.")
    person(s, person_id)
    told = {"person_id": person_id, "accompaniment": accompaniment, "coordinator": by.name}
    return _done(s, introduction_id, "said_yes", lambda row: _settled(row, "said_yes") | told, version, by, key)


def settle_no(s: Session, introduction_id: UUID, *, version: int | None, by: Actor, key: str | None = None) -> UUID:
    """The person would rather not: nothing about them was ever kept.

    Raises:
        BadRequest, Conflict, NotAllowed, NotFound, VersionMissing: as ``settle_yes``.
    """
    return _done(s, introduction_id, "said_no", lambda row: _settled(row, "said_no"), version, by, key)


def note_first_met(
    s: Session, introduction_id: UUID, on: date, *, version: int | None, by: Actor, key: str | None = None
) -> UUID:
    """When the coordinator and the person first met.

    Raises:
        BadRequest: they have not said yes, or the day lies ahead.
        Conflict, NotAllowed, NotFound, VersionMissing: as ``settle_yes``.
    """

    def mend(row: IntroductionIn) -> dict[str, Any]:
        if row.state != "said_yes":
            raise BadRequest(_("They have not said yes yet."))
        if on > today():
            raise BadRequest(_("The day cannot lie ahead."))
        return {"first_met_on": on}

    return _done(s, introduction_id, "note_first_met", mend, version, by, key)


def let_in(s: Session, introduction_id: UUID, *, version: int | None, by: Actor, key: str | None = None) -> UUID:
    """It looked like a machine's and was somebody's: put it with the others.

    Raises:
        Conflict, NotAllowed, NotFound, VersionMissing: as ``settle_yes``.
    """
    return _done(s, introduction_id, "let_in", lambda _row: {"kept_apart": False}, version, by, key)


def _settled(row: IntroductionIn, state: str) -> dict[str, Any]:
    if row.state != "suggested" or row.expires_on <= today():
        raise BadRequest(_("This one is settled, or its 28 days are over. Log it anew if it is asked again."))
    return {"state": state, "settled_on": today(), "kept_apart": False}


def _done(
    s: Session, introduction_id: UUID, verb: str, mend: Mend, version: int | None, by: Actor, key: str | None
) -> UUID:
    require(by, "settle", "introduction_in")

    def act() -> dict[str, str]:
        row = for_edit(s, IntroductionIn, introduction_id, version, {"state": verb})
        require_theirs(s, by, "settle", row.place_id)
        for name, value in mend(row).items():
            setattr(row, name, value)
        s.flush()
        record(s, verb, "introduction_in", introduction_id, by=by)
        return {"id": str(introduction_id)}

    return UUID(once(s, key or str(uuid4()), by, act)["id"])
