"""Signed-in browsers: a revocable row behind a cookie, idle for at most half an hour, open for at most half a day."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from abcd.access.accounts import PLACES, actor_from
from abcd.access.moments import moment
from abcd.access.tokens import fingerprint, new_token
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Account, AppSession
from abcd.errors import NotFound

COOKIE = "abcd_session"
SECURE_COOKIE = "__Host-abcd_session"
"""Over TLS: a browser takes a cookie of this name only from this very host, and sends it only over TLS."""

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
#: ``seen_at`` is written at most this often, so that a page of seventy files is not seventy updates.
TOUCH = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """One signed-in browser, for its owner to know it again."""

    id: uuid.UUID
    how: str
    browser: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


def cookie_name(secure: bool) -> str:
    """What the cookie is called, over TLS or not."""
    return SECURE_COOKIE if secure else COOKIE


def cookie_in(cookies: Mapping[str, str], secure: bool | None = None) -> str:
    """The cookie's value among a request's cookies, ``""`` for none.

    Over TLS (``secure``) the plain name counts for nothing: somebody on the network could have planted it. Where the
    gate has decided that already (``None``), either name does.
    """
    if secure is not None:
        return cookies.get(cookie_name(secure), "")
    return cookies.get(SECURE_COOKIE) or cookies.get(COOKIE, "")


def open_session(s: Session, account: Actor, *, how: str = "link", browser: str = "", instead_of: str = "") -> str:
    """Sign ``account`` in; the answer is the cookie's value, of which the store keeps only the SHA-256.

    The cookie is new each time; the session of the one that the browser held before (``instead_of``) ends.
    """
    cookie, time = new_token(), moment(s)
    s.execute(delete(AppSession).where(AppSession.created_at < time - ABSOLUTE))
    if instead_of:
        close_session(s, instead_of)
    s.add(
        AppSession(
            token_hash=fingerprint(cookie), account_id=uuid.UUID(account.account_id), how=how, browser=browser[:60],
            created_at=time, seen_at=time,
        )
    )  # fmt: skip
    record(s, "sign_in", "account", account.account_id, by=account)
    return cookie


def is_live(time: Any) -> ColumnElement[bool]:
    """Sessions that are good at ``time`` (a moment, or a column of one): not revoked, not idle, not too old, and
    neither is their account closed."""
    return and_(
        AppSession.revoked_at.is_(None),
        AppSession.seen_at > time - IDLE,
        AppSession.created_at > time - ABSOLUTE,
        AppSession.account_id == Account.id,
        Account.disabled_at.is_(None),
    )


def actor_of_cookie(s: Session, cookie: str | None, *, touch: bool = True) -> Actor | None:
    """Who holds this cookie, or ``None`` when the session is unknown, idle, too old, revoked or its account closed.

    ``touch`` counts as a sign of life; an open page that only stands there is none.
    """
    if not cookie:
        return None
    time = moment(s)
    mine = AppSession.token_hash == fingerprint(cookie)
    found = s.execute(select(Account, PLACES, AppSession.seen_at).where(mine, is_live(time))).one_or_none()
    if found is None:
        return None
    account, places, seen_at = found
    if touch and time - seen_at > TOUCH:
        s.execute(update(AppSession).where(mine).values(seen_at=time))
    return actor_from(account, places)


def sessions_of(s: Session, account_id: str, cookie: str = "") -> list[SignedIn]:
    """The live sessions of an account, the newest first; ``cookie`` tells which one is asking."""
    mine = fingerprint(cookie)
    found = s.scalars(
        select(AppSession).join(Account, Account.id == AppSession.account_id)
        .where(AppSession.account_id == uuid.UUID(account_id), is_live(moment(s))).order_by(AppSession.seen_at.desc())
    )  # fmt: skip
    return [
        SignedIn(row.id, row.how, row.browser, row.created_at, row.seen_at, row.token_hash == mine) for row in found
    ]


def how_it_came_in(s: Session, cookie: str) -> str:
    """How this session was opened: ``link``, ``passphrase``, ``provider`` or ``invitation``."""
    return s.scalar(select(AppSession.how).where(AppSession.token_hash == fingerprint(cookie))) or ""


def close_session(s: Session, cookie: str) -> None:
    """Sign this browser out; a second time changes nothing."""
    _revoke(s, AppSession.token_hash == fingerprint(cookie))


def close_one(s: Session, account_id: str, session_id: uuid.UUID, *, by: Actor) -> None:
    """Sign one browser of an account out.

    Raises:
        NotFound: the account has no such session.
    """
    if not _revoke(s, AppSession.account_id == uuid.UUID(account_id), AppSession.id == session_id):
        raise NotFound("This session has ended already.")
    record(s, "sign_out", "account", account_id, by=by)


def end_sessions(s: Session, account_id: str, but: str = "") -> int:
    """Sign every browser of an account out, but for the one that holds the cookie ``but``; how many there were."""
    return _revoke(s, AppSession.account_id == uuid.UUID(account_id), AppSession.token_hash != fingerprint(but))


def close_sessions_of(s: Session, account_id: str, *, by: Actor, but: str = "") -> None:
    """``end_sessions``, written down."""
    end_sessions(s, account_id, but)
    record(s, "sign_out_everywhere", "account", account_id, by=by)


def _revoke(s: Session, *which: ColumnElement[bool]) -> int:
    open_ones = update(AppSession).where(*which, AppSession.revoked_at.is_(None))
    return int(s.execute(open_ones.values(revoked_at=moment(s))).rowcount)  # type: ignore[attr-defined]
