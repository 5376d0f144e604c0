"""The heads of finished days, remembered outside the database as well.

Who may write in the database as its owner could remove events and make the whole chain anew, and the chain would agree
with itself. It would not agree with this file, nor with the copies that backups carry. One JSON line a day, only ever
added to.
"""

import json
import os
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.config import settings
from abcd.core.clock import now
from abcd.db.chain import Fault
from abcd.db.tables import AuditDay

FILE = "audit-heads.jsonl"


def file_of(home: Path | None = None) -> Path:
    """Where the heads are remembered."""
    return (home or settings().home) / FILE


def remembered(home: Path | None = None) -> dict[date, tuple[int, str]]:
    """Number of events and head (hexadecimal) of each day that was remembered; the first that was said of a day."""
    file = file_of(home)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    found: dict[date, tuple[int, str]] = {}
    for line in lines:
        said = json.loads(line)
        found.setdefault(date.fromisoformat(said["day"]), (said["events"], said["head"]))
    return found


def remember(s: Session) -> int:
    """Add the days that are over and not remembered yet; returns how many.

    A day counts as over after two: by then no transaction that began in it can still be at work.
    """
    known, today = remembered(), now().date()
    days = s.execute(select(AuditDay.day, AuditDay.events, AuditDay.head).order_by(AuditDay.day)).all()
    fresh = [day for day in days if day.day not in known and (today - day.day).days >= 2]
    if fresh:
        with open(file_of(), "a", encoding="utf-8", opener=_private) as opened:  # noqa: PTH123
            opened.writelines(_line(day.day, day.events, day.head) for day in fresh)
            opened.flush()
            os.fsync(opened.fileno())
    return len(fresh)


def compare(s: Session) -> list[Fault]:
    """Where the database disagrees with what was remembered of it."""
    there = {day.day: day for day in s.scalars(select(AuditDay))}
    told = [(day, _difference(there.get(day), events, head)) for day, (events, head) in remembered().items()]
    return [Fault("head", 0, f"{day}: {what}") for day, what in told if what]


def begin_anew() -> Path | None:
    """Put the file aside, under the present moment's name, because the store is another one since a restore."""
    file = file_of()
    if not file.exists():
        return None
    return file.rename(file.with_name(f"audit-heads-{now():%Y%m%dT%H%M%S}.jsonl"))


def _difference(row: AuditDay | None, events: int, head: str) -> str:
    if row is None:
        return f"{events:,} events were sealed, and the day is no longer in the database."
    return "" if row.head.hex() == head else f"its chain was made anew; it does not end as {FILE} remembers."


def _line(day: date, events: int, head: bytes) -> str:
    return json.dumps({"day": day.isoformat(), "events": events, "head": head.hex()}) + "\n"


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
