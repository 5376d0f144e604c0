"""Accounts: who may sign in, in which role, for which organisation and places."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, text
from sqlalchemy.orm import Session

from abcd.access.policy import may_give, require
from abcd.access.scope import within
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import ROLES, Account, AccountPlace, Organisation, Place
from abcd.errors import BadRequest, NotAllowed, NotFound

#: Held while the first owner is made or the last one would go, so that two at once cannot both.
OWNER_LOCK = 0x0ABCD001

PLACES = func.array(select(AccountPlace.place_id).where(AccountPlace.account_id == Account.id).scalar_subquery())
"""The places of the account in the same row; empty for all."""


@dataclass(frozen=True)
class Reach:
    """What an account may reach: its role, its organisation (None for all) and its places (none for all)."""

    role: str
    organisation_id: uuid.UUID | None = None
    places: frozenset[uuid.UUID] = field(default_factory=frozenset)


def checked_email(email: str) -> str:
    """An e-mail address as typed, without the space round it.

    Raises:
        BadRequest: it does not look like one.
    """
    address = email.strip()
    name, _at, host = address.partition("@")
    if not name or "." not in host or len(address) > 254 or set(address) & set(" ,;<>\r\n\t\"'"):
        raise BadRequest("This needs an e-mail address, such as name@example.org.")
    return address


def actor_from(account: Account, places: Iterable[uuid.UUID]) -> Actor:
    """The actor that signs what this account does."""
    return actor_of_columns(account.name, account.role, account.id, account.organisation_id, places)


def actor_of_columns(
    name: str, role: str, account_id: uuid.UUID, organisation_id: uuid.UUID | None, places: Iterable[uuid.UUID]
) -> Actor:
    """The actor of an account whose columns are known."""
    return Actor(name, role, str(account_id), str(organisation_id or ""), frozenset(map(str, places)))


def actors() -> Select[Any]:
    """Each account that is open, with its places."""
    return select(Account, PLACES).where(Account.disabled_at.is_(None))


def actor_where(s: Session, *which: ColumnElement[bool]) -> Actor | None:
    """The actor of the one open account that these conditions name, or ``None``."""
    found = s.execute(actors().where(*which)).one_or_none()
    return actor_from(*found) if found else None


def ensure_owner(s: Session, *, by: Actor, name: str = "Owner") -> Actor:
    """The first owner's account, made when there is none."""
    s.execute(text("select pg_advisory_xact_lock(:key)"), {"key": OWNER_LOCK})
    found = s.execute(actors().where(Account.role == "owner").order_by(Account.created_at).limit(1)).first()
    return actor_from(*found) if found else add_account(s, name, "owner", by=by)


def add_account(
    s: Session, name: str, role: str, *, by: Actor, email: str = "",
    organisation_id: uuid.UUID | None = None, places: Iterable[uuid.UUID] = (),
) -> Actor:  # fmt: skip
    """Make an account.

    Raises:
        BadRequest: no name, a role that does not exist, an unknown organisation or place.
        NotAllowed: ``by`` may not add accounts of this role, organisation or these places.
    """
    require(by, "add", "account")
    if not name.strip() or role not in ROLES:
        raise BadRequest(f"An account needs a name and one of these roles: {', '.join(ROLES)}.")
    reach = Reach(role, organisation_id, frozenset(places))
    check_reach(s, reach, by)
    account = Account(name=name.strip(), role=role, email=email.strip(), organisation_id=organisation_id)
    s.add(account)
    s.flush()
    set_places(s, account.id, reach.places)
    record(s, "add", "account", account.id, by=by, after=plain(reach))
    return actor_from(account, reach.places)


def check_reach(s: Session, reach: Reach, by: Actor) -> None:
    """Whether ``by`` may give somebody this reach: never more than its own.

    Raises:
        BadRequest: an unknown role, organisation or place.
        NotAllowed: the role is not theirs to give, or the organisation or a place is not theirs.
    """
    if reach.role not in ROLES:
        raise BadRequest(f"Choose one of these roles: {', '.join(ROLES)}.")
    if reach.organisation_id and s.get(Organisation, reach.organisation_id) is None:
        raise BadRequest("This organisation is not in the store. Reload the page and choose again.")
    if len(s.scalars(select(Place.id).where(Place.id.in_(reach.places))).all()) != len(reach.places):
        raise BadRequest("One of these places is not in the store. Reload the page and choose again.")
    if not may_give(by, reach.role):
        raise NotAllowed("You cannot give this role. Ask an owner to do it.")
    if bound_to(by) and bound_to(by) != str(reach.organisation_id):
        raise NotAllowed("You can give access to your own organisation only. Ask an owner for another.")
    if not within(s, by, reach.places):
        raise NotAllowed("You can give access to your own places only. Ask an owner for others.")


def set_places(s: Session, account_id: uuid.UUID, places: Iterable[uuid.UUID]) -> None:
    """Scope an account to these places, instead of those before."""
    s.execute(delete(AccountPlace).where(AccountPlace.account_id == account_id))
    s.add_all(AccountPlace(account_id=account_id, place_id=place) for place in places)
    s.flush()


def plain(reach: Reach) -> dict[str, object]:
    """A reach as the audit keeps it; what is not narrowed is left out."""
    told: dict[str, object] = {"role": reach.role}
    if reach.organisation_id:
        told["organisation_id"] = str(reach.organisation_id)
    if reach.places:
        told["places"] = sorted(map(str, reach.places))
    return told


def account_for(s: Session, account_id: str, *, by: Actor, verb: str) -> Account:
    """The account that ``by`` wants to ``verb``, locked.

    Raises:
        NotFound: there is none, or it belongs to an organisation that ``by`` cannot see.
        NotAllowed: ``by`` may not, or the account's role is not theirs to take away.
    """
    require(by, verb, "account")
    found = s.scalar(
        select(Account).where(Account.id == uuid.UUID(account_id), seen_by(by)).with_for_update()
        .execution_options(populate_existing=True)
    )  # fmt: skip
    if found is None:
        raise NotFound("There is no such account.")
    if not may_give(by, found.role):
        raise NotAllowed("Somebody with this role can be changed by an owner only.")
    return found


def seen_by(by: Actor) -> ColumnElement[bool]:
    """Which accounts ``by`` knows of: those of its own organisation; an owner, or somebody without one, all."""
    return Account.organisation_id == uuid.UUID(bound_to(by)) if bound_to(by) else Account.id.is_not(None)


def bound_to(by: Actor) -> str:
    """The id of the organisation that ``by`` keeps to; an owner owns the whole store and keeps to none."""
    return "" if by.role == "owner" else by.organisation_id
