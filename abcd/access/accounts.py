"""Accounts: who may sign in, in which role."""

import uuid

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.access.policy import require
from abcd.core.clock import now
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import ROLES, Account
from abcd.errors import BadRequest, NotFound

#: Held while the first owner is made, so that two starts at once make one.
OWNER_LOCK = 0x0ABCD001


def as_actor(account: Account) -> Actor:
    """The actor that signs what this account does."""
    return Actor(account.name, account.role, str(account.id))


def ensure_owner(s: Session, *, by: Actor, name: str = "Owner") -> Actor:
    """The first owner's account, made when there is none."""
    s.execute(text("select pg_advisory_xact_lock(:key)"), {"key": OWNER_LOCK})
    first = select(Account).where(Account.role == "owner", Account.disabled_at.is_(None)).order_by(Account.created_at)
    account = s.scalars(first.limit(1)).first()
    return as_actor(account) if account else add_account(s, name, "owner", by=by)


def add_account(s: Session, name: str, role: str, *, by: Actor, email: str = "") -> Actor:
    """Make an account.

    Raises:
        BadRequest: no name, or a role that does not exist.
        NotAllowed: ``by`` may not add accounts.
    """
    require(by, "add", "account")
    if not name.strip() or role not in ROLES:
        raise BadRequest(f"An account needs a name and one of these roles: {', '.join(ROLES)}.")
    account = Account(name=name.strip(), role=role, email=email.strip())
    s.add(account)
    s.flush()
    record(s, "add", "account", account.id, by=by, after={"role": role})
    return as_actor(account)


def disable_account(s: Session, account_id: str, *, by: Actor) -> None:
    """Close an account: its sessions end and its links stop working at once.

    Raises:
        NotFound: there is no such account.
        NotAllowed: ``by`` may not disable accounts.
    """
    require(by, "disable", "account")
    account = s.get(Account, uuid.UUID(account_id))
    if account is None:
        raise NotFound("There is no such account.")
    account.disabled_at = now()
    record(s, "disable", "account", account_id, by=by)
