"""Letting whole old days of the trail go: only the owner of the store can, and only what is older than six years."""

from datetime import date

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.db import chain, migrate
from abcd.db.audit import record
from abcd.db.migrations.sealing import YEARS_KEPT
from abcd.db.session import SYSTEM
from abcd.errors import BadRequest, Conflict


def forget_before(day: date) -> tuple[int, int]:
    """Remove the events of every day before ``day``; returns the days and the events.

    The whole chain is verified first: once a day is gone nobody can look into it. That it was done is an event.

    Raises:
        BadRequest: the days are not old enough.
        Conflict: the chain is not whole.
    """
    with create_engine(migrate.owner_url(), poolclass=NullPool).connect() as connection, Session(connection) as s:
        s.execute(text("select set_config('abcd.actor', :name, true)"), {"name": SYSTEM.name})
        faults = chain.verify(s)
        if faults:
            raise Conflict(f"The trail is not whole, so nothing was removed. {faults[0].sentence}", {}, {})
        gone = _forget(s, day)
        record(s, "forget", "audit", day.isoformat(), by=SYSTEM, after={"days": len(gone), "events": sum(gone)})
        s.commit()
        return len(gone), sum(gone)


def _forget(s: Session, before: date) -> list[int]:
    days = s.scalars(
        text("select day from core.audit_day where day < :before and forgotten_at is null order by day"),
        {"before": before},
    )
    try:
        return [int(s.scalar(text("select core.forget_audit(:day)"), {"day": each}) or 0) for each in days.all()]
    except DBAPIError as error:
        raise BadRequest(f"Only days older than {YEARS_KEPT} years may go. Name an earlier day.") from error
