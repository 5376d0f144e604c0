"""What time it is for links, invitations and sessions: a time that never runs backwards.

It is the database's, so that several processes agree. A clock that is set back (by hand, or an NTP step) must not
lengthen a session, so within one process the time also advances at least as the machine's steady clock does; and the
latest sign of life of any session carries it over a restart (trust.md F16).
"""

from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from abcd.db.tables import AppSession

#: By store: the time last told, and what the steady clock said then.
_told: dict[str, tuple[datetime, float]] = {}
_lock = Lock()


def clock_of_store(s: Session) -> datetime:
    """The wall clock of the database, in UTC."""
    told: datetime = s.scalars(select(func.clock_timestamp())).one()
    return told


def moment(s: Session) -> datetime:
    """This moment, never earlier than one told before."""
    store, wall = name_of(s.get_bind().engine), clock_of_store(s)
    if store not in _told:
        latest = s.scalar(select(func.max(AppSession.seen_at)))
        wall = max(wall, latest or wall)
    return tell(store, wall)


def name_of(engine: Engine) -> str:
    """What the times of a store are kept under."""
    return engine.url.render_as_string()


def at_least(store: str) -> datetime | None:
    """This moment as far as this process knows it without asking the store; None before the first one was told."""
    with _lock:
        if store not in _told:
            return None
        told, steady = _told[store]
        return told + timedelta(seconds=monotonic() - steady)


def tell(store: str, wall: datetime) -> datetime:
    """This moment, when the store's clock says ``wall``; remembered, so that none told later is earlier."""
    with _lock:
        told, steady = _told.get(store, (wall, monotonic()))
        time = max(wall, told + timedelta(seconds=monotonic() - steady))
        _told[store] = (time, monotonic())
    return time
