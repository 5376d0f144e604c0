"""What a database holds, told in counts and checksums that two stores can be compared by."""

from collections.abc import Iterable, Mapping

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

from abcd.db.backup.manifest import Content
from abcd.errors import StoreUnavailable

#: Schemas whose tables go into a backup. ``stage`` holds unlogged rows that wait to be confirmed: they are left out.
SCHEMAS = ("core", "pub")
KEYRING = ("keyring",)

#: What a table stores, in order: columns that PostgreSQL works out by itself are worked out again on restoring.
COLUMNS = """
select n.nspname || '.' || c.relname, array_agg(a.attname::text order by a.attnum),
       coalesce(array_agg(a.attname::text order by a.attnum) filter (where t.typname = 'geometry'), '{}')
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
join pg_type t on t.oid = a.atttypid
where n.nspname = any(%s) and c.relkind = 'r' and c.relpersistence = 'p'
group by 1 order by 1"""

SEQUENCES = """
select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any(%s) and c.relkind = 'S' order by 1"""

# The sum does not mind the order of rows and sees a row that is there twice.
CONTENT = """
select count(*),
       coalesce(sum(('x' || left(md5(row({columns})::text), 16))::bit(64)::bigint::numeric), 0)::text,
       count(*) filter (where {invalid})
from {table}"""

SIZE = """
select coalesce(sum(pg_table_size(c.oid)), 0)::bigint from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any(%s) and c.relkind = 'r'"""


def named(name: str) -> Identifier:
    """The identifier of ``schema.table``."""
    return Identifier(*name.split(".", 1))


def columns_of(connection: Connection, schemas: Iterable[str] = SCHEMAS) -> dict[str, list[str]]:
    """The stored columns of each table, by ``schema.table``."""
    return {name: columns for name, columns, _shapes in connection.execute(COLUMNS, [list(schemas)])}


def contents_of(connection: Connection, schemas: Iterable[str] = SCHEMAS) -> dict[str, Content]:
    """Count and checksum of every table, as this connection's snapshot sees them.

    Raises:
        psycopg.errors.InsufficientPrivilege: a table may not be read, or not past its row security.
    """
    tables = connection.execute(COLUMNS, [list(schemas)]).fetchall()
    return {name: _content(connection, name, columns, shapes) for name, columns, shapes in tables}


def _content(connection: Connection, name: str, columns: list[str], shapes: list[str]) -> Content:
    found = connection.execute(_question(name, columns, shapes)).fetchone()
    return Content(*found)  # type: ignore[misc]


def _question(name: str, columns: list[str], shapes: list[str]) -> Composed:
    invalid = SQL(" or ").join(SQL("not ST_IsValid({})").format(Identifier(each)) for each in shapes)
    return SQL(CONTENT).format(
        table=named(name),
        columns=SQL(", ").join(map(Identifier, columns)),
        invalid=invalid if shapes else SQL("false"),
    )


def sequences_of(connection: Connection, schemas: Iterable[str] = SCHEMAS) -> dict[str, tuple[int, bool]]:
    """The last value of each sequence and whether it was given out. Sequences stand outside of snapshots."""
    names = [name for (name,) in connection.execute(SEQUENCES, [list(schemas)])]
    asked = SQL("select last_value, is_called from {}")
    return {name: connection.execute(asked.format(named(name))).fetchone() for name in names}  # type: ignore[misc]


def bytes_of(connection: Connection, schemas: Iterable[str] = SCHEMAS) -> int:
    """Bytes that the tables take in the store."""
    return int(connection.execute(SIZE, [list(schemas)]).fetchone()[0])  # type: ignore[index]


def require_same(wanted: Mapping[str, Content], found: Mapping[str, Content]) -> None:
    """Compare two stores, table by table.

    Raises:
        StoreUnavailable: they differ; the message names tables with their rows.
    """
    differing = [
        f"{name} ({_rows(wanted.get(name))} rows in the backup, {_rows(found.get(name))} restored)"
        for name in sorted({*wanted, *found})
        if wanted.get(name) != found.get(name)
    ]
    if differing:
        raise StoreUnavailable(f"What was restored is not what was backed up: {'; '.join(differing[:5])}.")


def _rows(content: Content | None) -> str:
    return "no" if content is None else f"{content.rows:,}"
