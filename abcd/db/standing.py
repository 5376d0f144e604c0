"""How the trail stands, for a page: its last days verified, read again only when more was sealed."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.clock import now
from abcd.db import chain

DAYS = 7


@dataclass(frozen=True)
class Standing:
    """How far the chain goes, how many events of the last week were compared, and what is wrong."""

    mark: chain.Sealed
    events: int
    faults: tuple[chain.Fault, ...]


#: The last answer for each store, with the head of the chain that it was about.
_kept: dict[str, tuple[str, Standing]] = {}


def standing(s: Session) -> Standing:
    """The last week of the chain; ``mark`` is of this moment."""
    store, mark = str(s.get_bind().engine.url), chain.sealed(s)
    head, found = _kept.get(store, ("", None))
    if found is None or head != mark.head:
        found = _read(s, mark)
        _kept[store] = (mark.head, found)
    return replace(found, mark=mark)


def _read(s: Session, mark: chain.Sealed) -> Standing:
    since = (now() - timedelta(days=DAYS)).date()
    count = text("select coalesce(sum(events), 0) from core.audit_day where day >= :since and forgotten_at is null")
    return Standing(mark, int(s.scalar(count, {"since": since}) or 0), tuple(chain.verify(s, since)))
