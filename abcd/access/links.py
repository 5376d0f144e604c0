"""One-time sign-in links: made for an account, used once, worthless after a quarter of an hour."""

import uuid
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from abcd.access.accounts import as_actor
from abcd.access.tokens import fingerprint, new_token
from abcd.config import settings
from abcd.core.clock import now
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Account, SignInLink

LIFETIME = timedelta(minutes=15)


def new_link(s: Session, account: Actor, *, by: Actor) -> str:
    """A token that signs ``account`` in once within ``LIFETIME``; the store keeps only its SHA-256."""
    token = new_token()
    s.execute(delete(SignInLink).where(SignInLink.expires_at < now()))
    s.add(
        SignInLink(token_hash=fingerprint(token), account_id=uuid.UUID(account.account_id), expires_at=now() + LIFETIME)
    )
    record(s, "make_sign_in_link", "account", account.account_id, by=by)
    return token


def use_link(s: Session, token: str) -> Actor | None:
    """Whom the token signs in, or ``None`` when it is unknown, used, expired or its account is closed.

    One statement claims the link, so of two presses one succeeds.
    """
    claim = (
        update(SignInLink)
        .where(SignInLink.token_hash == fingerprint(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now())
        .values(used_at=now())
        .returning(SignInLink.account_id)
    )
    account_id = s.scalar(claim)
    account = s.scalar(select(Account).where(Account.id == account_id, Account.disabled_at.is_(None)))
    return as_actor(account) if account else None


def sign_in_url(token: str) -> str:
    """The address to open in a browser on this machine."""
    here = settings()
    return f"http://{here.host}:{here.port}/sign-in/{token}"
