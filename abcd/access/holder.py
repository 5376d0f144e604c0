"""Who holds a cookie, asked of the store at each click and each file, and therefore in one round trip.

Nothing is remembered between two questions: a session that is revoked, or an account that is disabled, ends at once.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, and_, bindparam, func, select

from abcd.access.accounts import PLACES, actor_of_columns
from abcd.access.moments import at_least, name_of, tell
from abcd.access.sessions import TOUCH, actor_of_cookie, is_live
from abcd.access.tokens import fingerprint
from abcd.db.glance import glance, words_of
from abcd.db.session import SYSTEM, Actor, engine, session
from abcd.db.tables import Account, AppSession


def holder_of(cookie: str | None, *, touch: bool = True) -> Actor | None:
    """``actor_of_cookie`` in a session of its own, but that a session is opened only for what a glance cannot do:
    to write a sign of life, which is due each minute, and to learn the time in a process that has just begun.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    if not cookie:
        return None
    store = name_of(engine())
    known = at_least(store)
    if known is not None:
        statement, values = _question()
        found = glance(statement, values | {"at_least": known, "cookie": fingerprint(cookie)})
        time, seen_at, *columns = found
        tell(store, time)
        if seen_at is None:
            return None
        if not (touch and time - seen_at > TOUCH):
            return actor_of_columns(*columns)
    with session(SYSTEM) as s:
        return actor_of_cookie(s, cookie, touch=touch)


@lru_cache(maxsize=1)
def _question() -> tuple[str, dict[str, Any]]:
    """One row: the time, and the live session and its account, or nulls.

    The time is the later of the store's clock and what this process knows: never earlier than one told before.
    """
    known: Any = bindparam("at_least", type_=DateTime(timezone=True))
    now = select(func.greatest(func.clock_timestamp(), known).label("time")).subquery("now")
    mine = AppSession.token_hash == bindparam("cookie")
    is_mine = and_(mine, is_live(now.c.time))
    held = now.outerjoin(AppSession.__table__.join(Account.__table__, AppSession.account_id == Account.id), is_mine)
    account = (Account.name, Account.role, Account.id, Account.organisation_id, PLACES)
    return words_of(select(now.c.time, AppSession.seen_at, *account).select_from(held))
