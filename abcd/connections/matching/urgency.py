"""Why statutory services come first for one wish: said by a person, kept with the wish, logged without its words."""

from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.scope import places_of_place
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor
from abcd.db.tables import Person, PersonWish
from abcd.errors import BadRequest, NotFound


def mark_urgent(
    s: Session, person_wish_id: UUID, reason: str, *, version: int | None, by: Actor, key: str | None = None
) -> None:
    """From now on services come first for this wish, because of ``reason``; an empty one ends it.

    The event of the trail says that it was done and by whom; the reason itself is sealed with the person's key.

    Raises:
        BadRequest: no reason, where there was none.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not suggest introductions, or not there.
    """
    require(by, "suggest", "connection")
    place = s.scalar(select(Person.place_id).join(PersonWish).where(PersonWish.id == person_wish_id))
    if place is None:
        raise NotFound("There is no such wish. It may have been taken back.")
    if by.places:
        require(by, "suggest", "connection", places_of_place(s, place))
    once(s, key or str(uuid4()), by, lambda: _mark(s, person_wish_id, tidy(reason), version, by))


def _mark(s: Session, person_wish_id: UUID, reason: str, version: int | None, by: Actor) -> dict[str, str]:
    row = for_edit(s, PersonWish, person_wish_id, version, {"urgent_reason": reason})
    if not reason and not row.urgent_reason:
        raise BadRequest(_("Say why this is urgent."))
    row.urgent_reason = reason
    s.flush()
    record(s, "mark_urgent" if reason else "unmark_urgent", "person", row.person_id, by=by)
    return {"id": str(person_wish_id)}
