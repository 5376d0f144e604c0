"""Loading more rows than a table has: its indexes and foreign keys are set aside and made again at the end.

Building an index once is many times cheaper than growing it row by row, and a foreign key is checked by one join
instead of a trigger for every row. Everything happens in the caller's transaction: on failure all is as before. Only an
owner may touch an index, so two functions of the database do it (``abcd.db.migrations.aside``); the app owns nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

WORTH_IT_ROWS = 50_000
"""Smaller loads are quick with the indexes in place, and other people can go on reading meanwhile."""


@contextmanager
def indexes_aside(s: Session, incoming: int) -> Iterator[None]:
    """Within the block ``core.asset`` has no secondary index and no foreign key, if ``incoming`` rows are worth it."""
    present = s.scalar(text(f"select count(*) from (select from core.asset limit {incoming // 2 + 1}) some_of_it")) or 0
    if incoming < WORTH_IT_ROWS or present > incoming // 2:
        yield
        return
    s.execute(text("select core.set_indexes_aside()"))
    yield
    s.execute(text("select core.lay_indexes_again()"))
