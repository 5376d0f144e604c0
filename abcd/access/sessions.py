"""Signed-in browsers: a revocable row behind a cookie, idle for at most half an hour, open for at most half a day."""

import uuid
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from abcd.access.accounts import as_actor
from abcd.access.tokens import fingerprint, new_token
from abcd.core.clock import now
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Account, AppSession

COOKIE = "abcd_session"
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
#: ``seen_at`` is written at most this often, so that a page of seventy files is not seventy updates.
TOUCH = timedelta(minutes=1)


def open_session(s: Session, account: Actor) -> str:
    """Sign ``account`` in; the answer is the cookie's value, of which the store keeps only the SHA-256."""
    cookie = new_token()
    s.execute(delete(AppSession).where(AppSession.created_at < now() - ABSOLUTE))
    s.add(
        AppSession(
            token_hash=fingerprint(cookie), account_id=uuid.UUID(account.account_id), created_at=now(), seen_at=now()
        )
    )
    record(s, "sign_in", "account", account.account_id, by=account)
    return cookie


def actor_of_cookie(s: Session, cookie: str | None) -> Actor | None:
    """Who holds this cookie, or ``None`` when the session is unknown, idle, too old, revoked or its account closed."""
    if not cookie:
        return None
    moment = now()
    live = (
        select(Account, AppSession.seen_at)
        .join(AppSession, AppSession.account_id == Account.id)
        .where(
            AppSession.token_hash == fingerprint(cookie),
            AppSession.revoked_at.is_(None),
            AppSession.seen_at > moment - IDLE,
            AppSession.created_at > moment - ABSOLUTE,
            Account.disabled_at.is_(None),
        )
    )
    found = s.execute(live).one_or_none()
    if found is None:
        return None
    account, seen_at = found
    if moment - seen_at > TOUCH:
        s.execute(update(AppSession).where(AppSession.token_hash == fingerprint(cookie)).values(seen_at=moment))
    return as_actor(account)


def close_session(s: Session, cookie: str) -> None:
    """Sign this browser out; a second time changes nothing."""
    _revoke(s, AppSession.token_hash == fingerprint(cookie))


def close_sessions_of(s: Session, account_id: str, *, by: Actor) -> None:
    """Sign every browser of an account out."""
    _revoke(s, AppSession.account_id == uuid.UUID(account_id))
    record(s, "sign_out_everywhere", "account", account_id, by=by)


def _revoke(s: Session, which: object) -> None:
    open_ones = update(AppSession).where(which, AppSession.revoked_at.is_(None))  # type: ignore[arg-type]
    s.execute(open_ones.values(revoked_at=now()))
