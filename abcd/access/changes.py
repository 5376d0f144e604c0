"""Changing and closing accounts; both take effect at the next click, because each click asks the store."""

import uuid

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from abcd.access.accounts import OWNER_LOCK, Reach, account_for, check_reach, plain, set_places
from abcd.access.drafts import forget_account
from abcd.access.moments import moment
from abcd.access.policy import require
from abcd.access.sessions import close_sessions_of, end_sessions
from abcd.db.audit import for_edit, record
from abcd.db.session import Actor
from abcd.db.tables import Account, AccountPlace, Invitation
from abcd.errors import BadRequest, NotAllowed


def change_account(s: Session, account_id: str, reach: Reach, *, version: int | None, by: Actor) -> None:
    """Give an account another role, organisation or places.

    Raises:
        BadRequest, NotAllowed: as ``accounts.check_reach``; or the last owner would be gone.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
    """
    refuse_oneself(account_id, by)
    account_for(s, account_id, by=by, verb="edit")
    check_reach(s, reach, by)
    key = uuid.UUID(account_id)
    row = for_edit(s, Account, key, version, {"role": reach.role})
    before = Reach(row.role, row.organisation_id, places_of(s, key))
    if row.role == "owner" and reach.role != "owner":
        keep_an_owner(s, key)
    row.role, row.organisation_id = reach.role, reach.organisation_id
    set_places(s, key, reach.places)
    record(s, "edit", "account", account_id, by=by, before=plain(before), after=plain(reach))


def disable_account(s: Session, account_id: str, *, by: Actor) -> None:
    """Close an account: its sessions end, its links and invitations to its e-mail stop working at once; its drafts go.

    Raises:
        NotFound: there is no such account.
        NotAllowed: ``by`` may not disable it, or it is their own.
        BadRequest: it is the last owner's.
    """
    refuse_oneself(account_id, by)
    account = account_for(s, account_id, by=by, verb="disable")
    if account.role == "owner":
        keep_an_owner(s, account.id)
    account.disabled_at, account.version = moment(s), account.version + 1
    waiting = update(Invitation).where(Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    if account.email:
        mine = func.lower(Invitation.email) == account.email.lower()
        s.execute(waiting.where(mine).values(revoked_at=moment(s)))
    end_sessions(s, account_id)
    forget_account(s, account_id)
    record(s, "disable", "account", account_id, by=by)


def enable_account(s: Session, account_id: str, *, by: Actor) -> None:
    """Open a closed account again; whoever it belongs to signs in anew.

    Raises:
        NotFound, NotAllowed: as ``disable_account``.
    """
    account = account_for(s, account_id, by=by, verb="disable")
    account.disabled_at, account.version = None, account.version + 1
    record(s, "enable", "account", account_id, by=by)


def sign_out_everywhere(s: Session, account_id: str, *, by: Actor) -> None:
    """End every session of somebody's account.

    Raises:
        NotFound, NotAllowed: as ``disable_account``.
    """
    require(by, "end", "session")
    account_for(s, account_id, by=by, verb="edit")
    close_sessions_of(s, account_id, by=by)


def places_of(s: Session, account_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The places that an account is scoped to."""
    return frozenset(s.scalars(select(AccountPlace.place_id).where(AccountPlace.account_id == account_id)))


def refuse_oneself(account_id: str, by: Actor) -> None:
    """Nobody locks themselves out, or up.

    Raises:
        NotAllowed: the account is the actor's own.
    """
    if account_id == by.account_id:
        raise NotAllowed("This is your own account. Ask another owner to change it.")


def keep_an_owner(s: Session, but: uuid.UUID) -> None:
    """Whether somebody else is an owner still.

    Raises:
        BadRequest: nobody would be.
    """
    s.execute(text("select pg_advisory_xact_lock(:key)"), {"key": OWNER_LOCK})
    others = select(Account.id).where(Account.role == "owner", Account.disabled_at.is_(None), Account.id != but)
    if s.scalars(others.limit(1)).first() is None:
        raise BadRequest("This is the last owner. Make somebody else an owner first.")
