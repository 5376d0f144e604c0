"""The association whose people and accounts a store holds: on a machine of its own there is one, the publisher."""

import uuid

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from abcd.access.accounts import OWNER_LOCK
from abcd.config import settings
from abcd.core.text import tidy
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Account, Organisation
from abcd.errors import NotFound

#: The kind of organisation that a publisher is taken for.
HOUSING_ASSOCIATION = "housing association"


def ensure_association(s: Session, *, by: Actor) -> uuid.UUID:
    """The association of this store: that of its first owner, else the publisher's, made when it is not there.

    While no account belongs to any association all of them come to belong to it; afterwards nobody is moved.
    """
    s.execute(text("select pg_advisory_xact_lock(:key)"), {"key": OWNER_LOCK})
    known = select(Account.organisation_id).where(Account.organisation_id.is_not(None))
    first = s.scalar(known.order_by(Account.role != "owner", Account.created_at).limit(1))
    return first or _publisher_for_all(s, by)


def _publisher_for_all(s: Session, by: Actor) -> uuid.UUID:
    name = tidy(settings().publisher)
    found = s.scalar(select(Organisation.id).where(Organisation.name == name)) or _made(s, name, by)
    joined = update(Account).values(organisation_id=found, version=Account.version + 1).returning(Account.id)
    for account_id in s.scalars(joined).all():
        record(s, "join", "account", account_id, by=by, after={"organisation_id": str(found)})
    return found


def _made(s: Session, name: str, by: Actor) -> uuid.UUID:
    row = Organisation(id=uuid.uuid4(), name=name, org_kind=HOUSING_ASSOCIATION)
    s.add(row)
    s.flush()
    record(s, "add", "organisation", row.id, by=by, after={"name": name})
    return row.id


def organisation_called(s: Session, name: str) -> uuid.UUID:
    """The organisation of this name: a partner, whose people are invited.

    Raises:
        NotFound: there is none.
    """
    tidied = tidy(name)
    found = s.scalar(select(Organisation.id).where(Organisation.name == tidied))
    if found is None:
        raise NotFound(f"No organisation is called “{tidied}”. Give its name as the register has it.")
    return found
