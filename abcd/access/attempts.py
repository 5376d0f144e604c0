"""How often somebody may try to sign in: by account and by address, counted in the store.

The windows and their arithmetic are those of the library ``limits``; the counts lie in our own table, so that they hold
across processes and a restart does not give an attacker a fresh start. A try is counted before it is judged, so that
many at once are no more than as many one after the other. E-mails and addresses are kept only as keyed fingerprints.
"""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from abcd.access.moments import moment
from abcd.access.sealing import keyed
from abcd.db.tables import Attempt

MINUTES = 15
PER_ACCOUNT = RateLimitItemPerMinute(10, MINUTES, namespace="account")
PER_ADDRESS = RateLimitItemPerMinute(100, MINUTES, namespace="address")
"""An office of a hundred behind one address may all sign in at nine."""


class Counts(Storage):
    """The table of attempts as a storage of ``limits``, within one session."""

    STORAGE_SCHEME = None

    def __init__(self, s: Session) -> None:
        super().__init__()
        self.s = s

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a storage may raise."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count one more; a window that is over starts again. How many there are in this window."""
        time = moment(self.s)
        end, over = time + timedelta(seconds=expiry), Attempt.expires_at <= time
        first = insert(Attempt).values(key=key, count=amount, expires_at=end)
        more = first.on_conflict_do_update(
            index_elements=[Attempt.key],
            set_={
                "count": case((over, amount), else_=Attempt.count + amount),
                "expires_at": case((over, end), else_=Attempt.expires_at),
            },
        ).returning(Attempt.count)
        return int(self.s.scalars(more).one())

    def get(self, key: str) -> int:
        """How many there are in the present window."""
        present = select(Attempt.count).where(Attempt.key == key, Attempt.expires_at > moment(self.s))
        return self.s.scalar(present) or 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970."""
        end = self.s.scalar(select(Attempt.expires_at).where(Attempt.key == key))
        return (end or moment(self.s)).timestamp()

    def check(self) -> bool:
        """Whether the storage answers."""
        return self.get("") == 0

    def reset(self) -> int:
        """Forget the windows that are over; how many."""
        # Whoever is just counting one of them keeps it: nobody waits here, so nobody waits for one another.
        free = select(Attempt.key).where(Attempt.expires_at <= moment(self.s)).with_for_update(skip_locked=True)
        over = delete(Attempt).where(Attempt.key.in_(free))
        return int(self.s.execute(over).rowcount)  # type: ignore[attr-defined]

    def clear(self, key: str) -> None:
        """Forget one count."""
        self.s.execute(delete(Attempt).where(Attempt.key == key))


def seconds_to_wait(s: Session, email: str, address: str) -> int:
    """Count one try for this e-mail from this address; 0 when it may go on, else the seconds until it may.

    To be committed before the try is judged. An e-mail that nobody has is counted just the same.
    """
    return longest_wait(s, [(item, keyed(name)) for item, name in _tries(email, address)])


def longest_wait(s: Session, tries: Sequence[tuple[RateLimitItem, str]]) -> int:
    """Count one try of each kind under its key; 0 when all may go on, else the seconds until they may.

    A key that could name somebody is to be hashed by ``keyed`` before it comes here.
    """
    counts = Counts(s)
    limiter = FixedWindowRateLimiter(counts)
    waits = [_wait(s, limiter, item, key) for item, key in tries]
    counts.reset()
    return max(waits)


def _tries(email: str, address: str) -> list[tuple[RateLimitItem, str]]:
    return [(PER_ACCOUNT, email.strip().lower()), (PER_ADDRESS, address)]


def _wait(s: Session, limiter: FixedWindowRateLimiter, item: RateLimitItem, key: str) -> int:
    if limiter.hit(item, key):
        return 0
    return max(1, ceil(limiter.get_window_stats(item, key).reset_time - moment(s).timestamp()))


def forget(s: Session, email: str) -> None:
    """Somebody got in: their own failures count no more; those of the address do."""
    FixedWindowRateLimiter(Counts(s)).clear(PER_ACCOUNT, keyed(email.strip().lower()))
