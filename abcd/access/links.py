"""One-time sign-in links: made for an account, used once, worthless after a quarter of an hour."""

import uuid
from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from abcd.access.accounts import actor_where
from abcd.access.moments import moment
from abcd.access.tokens import fingerprint, new_token
from abcd.config import settings
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Account, SignInLink

LIFETIME = timedelta(minutes=15)


def new_link(s: Session, account: Actor, *, by: Actor) -> str:
    """A token that signs ``account`` in once within ``LIFETIME``; the store keeps only its SHA-256."""
    token, time = new_token(), moment(s)
    s.execute(delete(SignInLink).where(SignInLink.expires_at < time))
    key = uuid.UUID(account.account_id)
    s.add(SignInLink(token_hash=fingerprint(token), account_id=key, expires_at=time + LIFETIME))
    record(s, "make_sign_in_link", "account", account.account_id, by=by)
    return token


def use_link(s: Session, token: str) -> Actor | None:
    """Whom the token signs in, or ``None`` when it is unknown, used, expired or its account is closed.

    One statement claims the link, so of two presses one succeeds.
    """
    time = moment(s)
    claim = (
        update(SignInLink)
        .where(SignInLink.token_hash == fingerprint(token), SignInLink.used_at.is_(None), SignInLink.expires_at > time)
        .values(used_at=time)
        .returning(SignInLink.account_id)
    )
    return actor_where(s, Account.id == s.scalar(claim))


def sign_in_url(token: str) -> str:
    """The address to open in a browser."""
    return f"{settings().url}/sign-in/{token}"
