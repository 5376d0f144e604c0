"""Whose an offer or a wish can be: organisations by name, and the places that a wish can be of."""

from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.audit import record
from abcd.db.naming import called
from abcd.db.session import Actor
from abcd.db.tables import HOME_KINDS, Organisation, Place
from abcd.errors import BadRequest

#: People can hope for something of a place where nobody lives yet (product.md 000-4).
WISHED_OF = (*HOME_KINDS, "development")


def organisation_named(s: Session, name: str, *, by: Actor) -> UUID:
    """The organisation of this name, whatever its capitals; one that nobody knows yet is written down.

    Raises:
        BadRequest: no name.
        NotAllowed: ``by`` may not add offers.
    """
    require(by, "add", "offer")
    told = tidy(name)
    if not told:
        raise BadRequest(_("Say which organisation offers this."))
    same = select(Organisation.id).where(func.lower(Organisation.name) == told.lower())
    known = s.scalar(same.order_by(Organisation.id).limit(1))
    if known is not None:
        return known
    row = Organisation(id=uuid4(), name=told)
    s.add(row)
    s.flush()
    record(s, "add", "organisation", row.id, by=by)
    return row.id


def places_to_wish_of(s: Session) -> list[tuple[UUID, str, str]]:
    """(id, name, kind) of standing patches, estates and developments, by name."""
    standing = Place.kind.in_(WISHED_OF) & Place.end_date.is_(None)
    rows = s.execute(select(Place.id, called(Place), Place.kind).where(standing)).all()
    return sorted(((row.id, row.name, row.kind) for row in rows), key=lambda one: (one[1].lower(), one[2], str(one[0])))
