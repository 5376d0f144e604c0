"""Loading more rows than a table has: its indexes and foreign keys are set aside and made again at the end.

Building an index once is many times cheaper than growing it row by row, and a foreign key is checked by one join
instead of a trigger for every row. Everything happens in the caller's transaction: on failure all is as before.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

WORTH_IT_ROWS = 50_000
"""Smaller loads are quick with the indexes in place, and other people can go on reading meanwhile."""

BUILD_MEMORY = "512MB"

# Only what no other table leans on: primary keys stay, and so do unique constraints that a foreign key refers to.
_CONSTRAINTS = """
select conname as name, pg_get_constraintdef(oid) as definition
from pg_constraint c
where conrelid = cast(:table as regclass) and contype in ('f', 'u') and not exists (
    select from pg_constraint other where other.confrelid = c.conrelid and other.conindid = c.conindid
        and other.contype = 'f' and c.contype = 'u')
order by contype desc
"""

_INDEXES = """
select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition,
       obj_description(indexrelid) as comment
from pg_index i
where indrelid = cast(:table as regclass) and not exists (select from pg_constraint where conindid = i.indexrelid)
"""


@contextmanager
def indexes_aside(s: Session, table: str, incoming: int) -> Iterator[None]:
    """Within the block ``table`` has no secondary index and no foreign key, if ``incoming`` rows make that worth it."""
    present = s.scalar(text(f"select count(*) from (select from {table} limit {incoming // 2 + 1}) some_of_it")) or 0
    if incoming < WORTH_IT_ROWS or present > incoming // 2:
        yield
        return
    constraints = s.execute(text(_CONSTRAINTS), {"table": table}).all()
    indexes = s.execute(text(_INDEXES), {"table": table}).all()
    for name, _ in constraints:
        s.execute(text(f'alter table {table} drop constraint "{name}"'))
    for name, *_ in indexes:
        s.execute(text(f"drop index {name}"))
    yield
    s.execute(text(f"set local maintenance_work_mem = '{BUILD_MEMORY}'"))
    for _, definition, _ in indexes:
        s.connection().exec_driver_sql(definition)
    for name, definition in constraints:
        s.connection().exec_driver_sql(f'alter table {table} add constraint "{name}" {definition}')
    for name, _, comment in indexes:
        if comment:
            quoted = comment.replace("'", "''")
            s.connection().exec_driver_sql(f"comment on index {name} is '{quoted}'")
