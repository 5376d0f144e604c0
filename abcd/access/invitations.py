"""Invitations: a link that makes an account, once, within a week, for whoever it was given to."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from abcd.access.accounts import Reach, actor_from, bound_to, check_reach, checked_email, plain, set_places
from abcd.access.moments import moment
from abcd.access.policy import require
from abcd.access.tokens import fingerprint, new_token
from abcd.config import settings
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Account, Invitation
from abcd.errors import BadRequest, Conflict, NotFound

LIFETIME = timedelta(days=7)
KEPT = timedelta(days=30)
"""How long an invitation that is over stays in the list."""


@dataclass(frozen=True)
class Invited:
    """An invitation that may still be accepted."""

    id: uuid.UUID
    email: str
    role: str
    expires_at: datetime
    reach: Reach


@dataclass(frozen=True)
class Identity:
    """Who somebody is at an OpenID provider; the e-mail is only for people to read."""

    issuer: str
    subject: str


def invite(s: Session, email: str, reach: Reach, *, by: Actor) -> str:
    """A token that makes an account of this reach once within ``LIFETIME``; the store keeps only its SHA-256.

    An earlier invitation of the same e-mail ends.

    Raises:
        BadRequest: this is no e-mail; or as ``accounts.check_reach``.
        NotAllowed: ``by`` may not invite, or not with this reach.
    """
    require(by, "add", "invitation")
    address = checked_email(email)
    check_reach(s, reach, by)
    token, time = new_token(), moment(s)
    same = func.lower(Invitation.email) == address.lower()
    s.execute(update(Invitation).where(same, *is_open(time)).values(revoked_at=time))
    s.execute(delete(Invitation).where(Invitation.expires_at < time - KEPT))
    row = Invitation(
        id=uuid.uuid4(), token_hash=fingerprint(token), email=address, role=reach.role, created_at=time,
        organisation_id=reach.organisation_id, places=sorted(reach.places), expires_at=time + LIFETIME,
    )  # fmt: skip
    s.add(row)
    record(s, "add", "invitation", row.id, by=by, after=plain(reach))
    return token


def is_open(time: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions: not used, not revoked, not over at ``time``."""
    return Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > time


def open_invitations(s: Session, *, by: Actor) -> list[Invited]:
    """What may still be accepted, of the actor's own organisation when it has one; the newest first."""
    require(by, "view", "invitation")
    mine = [Invitation.organisation_id == uuid.UUID(bound_to(by))] if bound_to(by) else []
    found = select(Invitation).where(*is_open(moment(s)), *mine).order_by(Invitation.created_at.desc())
    return [told(row) for row in s.scalars(found)]


def told(row: Invitation) -> Invited:
    """An invitation as a record."""
    return Invited(
        row.id, row.email, row.role, row.expires_at, Reach(row.role, row.organisation_id, frozenset(row.places))
    )


def revoke(s: Session, invitation_id: uuid.UUID, *, by: Actor) -> None:
    """Take an invitation back.

    Raises:
        NotFound: there is none that may still be accepted.
        NotAllowed: ``by`` may not.
    """
    require(by, "revoke", "invitation")
    if invitation_id not in {one.id for one in open_invitations(s, by=by)}:
        raise NotFound("This invitation has ended already.")
    s.execute(update(Invitation).where(Invitation.id == invitation_id).values(revoked_at=moment(s)))
    record(s, "revoke", "invitation", invitation_id, by=by)


def invited(s: Session, token: str) -> Invited | None:
    """What a token invites to; ``None`` when it is unknown, used, revoked or over."""
    mine = Invitation.token_hash == fingerprint(token)
    row = s.scalar(select(Invitation).where(mine, *is_open(moment(s))))
    return told(row) if row else None


def accept(s: Session, token: str, name: str, identity: Identity | None = None) -> Actor | None:
    """Make the account that a token invites to; ``None`` when it invites to none.

    One statement claims the invitation, so of two presses one makes an account.

    Raises:
        BadRequest: no name.
        Conflict: somebody with this identity has an account already.
    """
    if not name.strip():
        raise BadRequest("Give your name: your colleagues will see it beside what you write.")
    time = moment(s)
    claim = update(Invitation).where(Invitation.token_hash == fingerprint(token), *is_open(time))
    row = s.scalar(claim.values(used_at=time).returning(Invitation))
    if row is None:
        return None
    if identity and account_of(s, identity):
        raise Conflict("You have an account already. Sign in; this invitation is for somebody else.", {}, {})
    return _admit(s, row, name.strip()[:100], identity)


def _admit(s: Session, row: Invitation, name: str, identity: Identity | None) -> Actor:
    account = Account(
        name=name, email=row.email, role=row.role, organisation_id=row.organisation_id,
        issuer=identity and identity.issuer, subject=identity and identity.subject,
    )  # fmt: skip
    s.add(account)
    s.flush()
    # All of them, also one that went meanwhile: a narrow account must not become a wide one.
    set_places(s, account.id, row.places)
    actor = actor_from(account, row.places)
    record(s, "accept", "invitation", row.id, by=actor, after={"account": str(account.id)})
    return actor


def account_of(s: Session, identity: Identity) -> Account | None:
    """The account that is this person at the provider, whatever the e-mail says; a closed one too."""
    return s.scalar(select(Account).where(Account.issuer == identity.issuer, Account.subject == identity.subject))


def invitation_url(token: str) -> str:
    """The address to send to whoever is invited."""
    return f"{settings().url}/invitation/{token}"
