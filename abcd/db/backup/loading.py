"""The rows of an archive into a database that our own migrations made.

Indexes, foreign keys, triggers and forced row security are set aside while the rows come in and put back afterwards,
which is quicker and checks every foreign key anew. The account that writes may insert into our tables and do nothing
else.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from abcd.db.backup.archive import Table, unpacked
from abcd.db.backup.contents import KEYRING, SCHEMAS, columns_of, named
from abcd.db.backup.reaching import BACKUP_ROLE
from abcd.db.backup.steps import Steps
from abcd.errors import BadFile

LOADED = [*SCHEMAS, *KEYRING]

#: What is set aside, in order: how to take each away, and how to put it back (in the opposite order).
SET_ASIDE = """
with ours as (
  select c.oid, c.oid::regclass as name, c.relforcerowsecurity from pg_class c
  join pg_namespace n on n.oid = c.relnamespace where n.nspname = any(%s) and c.relkind = 'r')
select 1, format('alter table %%s no force row level security', name),
       format('alter table %%s force row level security', name)
from ours where relforcerowsecurity
union all
select 2, format('alter table %%s disable trigger %%I', name, t.tgname),
       format('alter table %%s enable %%s trigger %%I', name,
              case t.tgenabled when 'A' then 'always' when 'R' then 'replica' else '' end, t.tgname)
from ours join pg_trigger t on t.tgrelid = ours.oid where not t.tgisinternal and t.tgenabled <> 'D'
union all
select 3, format('alter table %%s drop constraint %%I', name, c.conname),
       format('alter table %%s add constraint %%I %%s', name, c.conname, pg_get_constraintdef(c.oid))
from ours join pg_constraint c on c.conrelid = ours.oid where c.contype = 'f' and c.conparentid = 0
union all
select 4, format('drop index %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
from ours join pg_index i on i.indrelid = ours.oid
where not i.indisunique and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
order by 1"""


@contextmanager
def emptied(owner: Connection, steps: Steps) -> Iterator[None]:
    """Bare tables without a row; what was set aside is put back when the block ends well."""
    found = owner.execute(SET_ASIDE, [LOADED]).fetchall()
    for _order, away, _back in found:
        owner.execute(away)
    tables = SQL(", ").join(map(named, columns_of(owner, LOADED)))
    owner.execute(SQL("truncate {}").format(tables))
    yield
    with steps("Indexes and foreign keys are built and checked"):
        for _order, _away, back in reversed(found):
            owner.execute(back)
        owner.execute("analyze")


@contextmanager
def may_load(owner: Connection) -> Iterator[None]:
    """Let the role for backups, which reads past row security and owns nothing, insert while the block lasts."""
    schemas = [name for (name,) in owner.execute("select nspname from pg_namespace where nspname = any(%s)", [LOADED])]
    for name in schemas:
        owner.execute(f"grant usage on schema {name} to {BACKUP_ROLE}")
        owner.execute(f"grant insert on all tables in schema {name} to {BACKUP_ROLE}")
    try:
        yield
    finally:
        for name in schemas:
            owner.execute(f"revoke insert on all tables in schema {name} from {BACKUP_ROLE}")
        if KEYRING[0] in schemas:
            owner.execute(f"revoke usage on schema {KEYRING[0]} from {BACKUP_ROLE}")


def load(connection: Connection, archive: Path, identity: Any) -> None:
    """Copy every table of an archive in.

    Raises:
        BadFile: it names a table or a column that this store does not have.
    """
    known = columns_of(connection, LOADED)
    with unpacked(archive, identity) as found:
        for table in found:
            _copy(connection, table, known)


def _copy(connection: Connection, table: Table, known: Mapping[str, list[str]]) -> None:
    if sorted(table.columns) != sorted(known.get(table.name, [])):
        raise BadFile(f"The archive holds {table.name} with other columns than the store. Nothing was touched.")
    columns = SQL(", ").join(map(Identifier, table.columns))
    statement = SQL("copy {} ({}) from stdin").format(named(table.name), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for chunk in table.chunks:
            copy.write(chunk)


def set_sequences(owner: Connection, sequences: Mapping[str, tuple[int, bool]]) -> None:
    """Let each sequence go on where it was."""
    for name, (last, was_given) in sequences.items():
        owner.execute("select setval(%s::regclass, %s, %s)", [name, last, was_given])
