"""What passes from one side to the other once both have said yes, and nothing before: the one way each asked for."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.connections.introducing import require_both, require_side
from abcd.core.language import _
from abcd.db.session import actor_of
from abcd.db.tables import Asset, Connection, Person
from abcd.db.tables.introductions import EXITS, STEPS
from abcd.errors import BadRequest, NotFound

BY_ROUTE = {"phone": "phone", "text": "phone", "email": "email"}
"""The column that holds the way somebody likes to be reached; other ways have none."""


@dataclass(frozen=True, repr=False)
class Contact:
    """How to reach one side: the name to ask for and the one way they chose; ``reach`` is empty to meet in person.

    ``route`` is one of ``CONTACT_ROUTES``, or empty for a group or place, which may have several ways.
    """

    name: str
    route: str
    reach: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Contact({self.route})"


@dataclass(frozen=True, repr=False)
class Passing:
    """What to tell each side: ``to_a`` is how to reach the second, ``to_b`` how to reach the first."""

    to_a: Contact
    to_b: Contact


def contact_to_pass(s: Session, connection_id: UUID) -> Passing:
    """What each side is to be told of the other.

    Raises:
        BadRequest: both have not said yes, it has ended, or a yes to introductions holds no more.
        NotFound: there is no such introduction for whoever asks.
        NotAllowed: whoever asks may not take introductions on.
    """
    by = actor_of(s)
    require(by, "step", "connection")
    row = s.get(Connection, connection_id)
    if row is None:
        raise NotFound(_("There is no such introduction."))
    require_side(s, by, row)
    if row.state in EXITS or STEPS.index(row.state) < STEPS.index("yes_b"):
        raise BadRequest(_("Details pass only after both have said yes."))
    require_both(s, row)
    b = _of_person(s, row.b_person_id) if row.b_person_id else _of_asset(s, row.b_asset_id)
    return Passing(to_a=b, to_b=_of_person(s, row.a_person_id))


def _of_person(s: Session, person_id: UUID) -> Contact:
    one = s.scalars(select(Person).where(Person.id == person_id)).one()
    reach = getattr(one, BY_ROUTE[one.contact_route]) if one.contact_route in BY_ROUTE else ""
    return Contact(one.preferred_name, one.contact_route, (reach,) if reach else ())


def _of_asset(s: Session, asset_id: UUID | None) -> Contact:
    one = s.scalars(select(Asset).where(Asset.id == asset_id)).one()
    return Contact(one.name, "", tuple(filter(None, (one.phone, one.email, one.website))))
