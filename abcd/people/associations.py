"""The associations whose people the store holds, for jobs that must visit each: the database shows one at a time."""

from collections.abc import Iterator

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from abcd.access.associations import HOUSING_ASSOCIATION
from abcd.config import settings
from abcd.core.text import tidy
from abcd.db.session import Actor, actor_of
from abcd.db.tables import Account, Organisation


def associations(s: Session, name: str) -> list[Actor]:
    """An actor called ``name`` for each association, allowed to see all of its people.

    They are those of every account there ever was, the publisher, for whom the command line works, and every housing
    association: who published under another name once may have people and no account.
    """
    accounts = select(Account.organisation_id).where(Account.organisation_id.is_not(None))
    is_one = or_(Organisation.name == tidy(settings().publisher), Organisation.org_kind == HOUSING_ASSOCIATION)
    publisher = select(Organisation.id).where(is_one)
    return [Actor(name, organisation_id=one) for one in sorted(map(str, s.scalars(accounts.union(publisher))))]


def visiting(s: Session, name: str) -> Iterator[Actor]:
    """Go on in the same transaction as each association in turn; afterwards as whoever opened the session."""
    opener = actor_of(s)
    for actor in associations(s, name):
        become(s, actor)
        yield actor
        s.flush()
        s.expire_all()
    become(s, opener)


def become(s: Session, actor: Actor) -> None:
    """Go on in the same transaction as ``actor``."""
    s.info["actor"] = actor
    told = "select set_config('abcd.actor', :name, true), set_config('abcd.role', :role, true), "
    s.execute(
        text(told + "set_config('abcd.organisation', :organisation, true)"),
        {"name": actor.name, "role": actor.role, "organisation": actor.organisation_id},
    )
