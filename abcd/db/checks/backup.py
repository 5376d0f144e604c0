"""Could everything be lost today: is there a backup, was one restored, and are the files whole."""

from datetime import timedelta

from sqlalchemy import Connection

from abcd.config import settings
from abcd.db import ballast, damage
from abcd.db.backup import remembered
from abcd.db.check import Answer, check
from abcd.db.cluster import cluster_of

A_NIGHT, A_WEEK = timedelta(hours=36), timedelta(days=8)


def _lately(what: str, within: timedelta) -> Answer:
    moment = remembered.last(settings().home, what)
    if moment is None:
        return False, "never"
    return remembered.age(settings().home, what) <= within, f"{moment:%d %B %Y %H:%M} UTC"  # type: ignore[operator]


@check("A backup was made since yesterday", "Run 'abcd backup DIR' every night, DIR on another disk.", must=False)
def backed_up(_connection: Connection) -> Answer:
    return _lately(remembered.BACKUP, A_NIGHT)


@check("A backup was restored and compared this week", "Run 'abcd backup DIR --drill'.", must=False)
def drilled(_connection: Connection) -> Answer:
    return _lately(remembered.DRILL, A_WEEK)


@check("Tables and indexes were examined this week", "Run 'abcd backup DIR --drill', which examines them.", must=False)
def examined(_connection: Connection) -> Answer:
    if settings().database_url:
        return True, "the server's own matter"
    return _lately(remembered.FILES_EXAMINED, A_WEEK)


@check("No part of the data is damaged", "Run 'abcd restore DIR' on the newest backup.")
def undamaged(connection: Connection) -> Answer:
    found = damage.closed(connection)
    return not found, f"damaged and closed: {', '.join(found)}" if found else "no damage was met"


@check("The disk holds a reserve for a day when it is full", "Free disk space, then run 'abcd db up'.", must=False)
def reserve(_connection: Connection) -> Answer:
    if settings().database_url:
        return True, "the server's own matter"
    return ballast.file_in(cluster_of(settings().home).folder).exists(), f"{ballast.BYTES // 1024**2} MB"
