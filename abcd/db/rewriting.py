"""Leave no byte of what was deleted: rewrite the tables that held it, then the write-ahead log.

A deleted row stays in its page, and in the log, until something is written over it; ``VACUUM`` alone does not. So the
tables are written anew (``VACUUM FULL``) and, on the embedded store, whose files we can read, the words themselves are
sought in the files: whatever still holds them is rewritten too, and what then is left is told.
"""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from abcd.config import settings
from abcd.core.language import _
from abcd.db import migrate
from abcd.db.cluster import Cluster, cluster_of
from abcd.db.residue import files_holding

#: Everybody else waits behind whoever waits for a whole table, so it asks briefly, and again after a pause.
SECONDS_FOR_A_LOCK, TIMES, PAUSE = 2, 8, 1.5
#: A store that ran with recycling before may have many old segments ahead of it; each is 16 MB.
MOST_SEGMENTS = 1_000

# An index or a TOAST table stands for the table it belongs to.
TABLES_OF = """
with found as (select pg_filenode_relation(0, node::oid)::oid as oid from unnest(cast(:nodes as bigint[])) as node),
of_index as (select coalesce(i.indrelid, f.oid) as oid from found f left join pg_index i on i.indexrelid = f.oid),
of_toast as (select coalesce(t.oid, f.oid) as oid from of_index f left join pg_class t on t.reltoastrelid = f.oid)
select distinct format('%I.%I', n.nspname, c.relname), n.nspname = 'pg_catalog' as is_catalogue
from of_toast f join pg_class c on c.oid = f.oid join pg_namespace n on n.oid = c.relnamespace order by 2, 1"""

NO_SAMPLES = "delete from pg_catalog.pg_statistic where starelid = to_regclass(:table)"
MAY_REWRITE = "select pg_has_role(relowner, 'usage') from pg_class where oid = to_regclass(:table)"
AHEAD = "select coalesce(max(name) > pg_walfile_name(pg_current_wal_insert_lsn()), false) from pg_ls_waldir()"


@dataclass(frozen=True)
class Rewritten:
    """What was rewritten.

    Attributes:
        tables: the tables written anew.
        left: in sentences what may still hold something; none when no byte is left.
        is_done: whether all that is ours to rewrite was rewritten, so that it need not be tried again.
    """

    tables: tuple[str, ...]
    left: tuple[str, ...]
    is_done: bool


def rewrite(tables: Collection[str], words: Iterable[str] = ()) -> Rewritten:
    """Rewrite ``tables`` (with their schema) and whatever else holds ``words``, then the write-ahead log.

    The words are sought in the files of the embedded store alone; for a server of others ``left`` says what is unseen.
    """
    said = tuple(words)
    engine = create_engine(migrate.owner_url(), poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
    with engine.connect() as connection:
        connection.execute(text(f"set lock_timeout = '{int(SECONDS_FOR_A_LOCK * 1000)}ms'; set statement_timeout = 0"))
        if settings().database_url:
            return _on_a_server_of_others(connection, tables)
        return _here(connection, cluster_of(settings().home), tables, said)


def _here(connection: Connection, cluster: Cluster, tables: Collection[str], words: tuple[str, ...]) -> Rewritten:
    _checkpoint(connection)
    held = _tables_holding(connection, cluster, words)
    ordinary = sorted({*tables, *(name for name, is_catalogue in held if not is_catalogue)})
    done, refused = _each(connection, ordinary)
    _checkpoint(connection)
    # The planner's samples of a table are replaced by rewriting it; the samples themselves lie in a table too.
    catalogues = [name for name, is_catalogue in _tables_holding(connection, cluster, words) if is_catalogue]
    more, refused_too = _each(connection, catalogues)
    turn_log(connection)
    left = (*refused, *refused_too, *_seen(cluster, words))
    return Rewritten((*done, *more), left, is_done=not left)


def _seen(cluster: Cluster, words: tuple[str, ...]) -> tuple[str, ...]:
    files = files_holding((cluster.data, cluster.log), words)
    return tuple(_("The file {file} still holds it.").format(file=file) for file in files)


def _tables_holding(connection: Connection, cluster: Cluster, words: tuple[str, ...]) -> list[tuple[str, bool]]:
    """The tables of our database whose files hold ``words``, and whether each is a catalogue."""
    own = connection.scalar(text("select oid from pg_database where datname = current_database()"))
    nodes = {node_of(path) for path in files_holding((cluster.data / "base" / str(own),), words)} - {0}
    return [(name, catalogue) for name, catalogue in connection.execute(text(TABLES_OF), {"nodes": sorted(nodes)})]


def node_of(path: Path) -> int:
    """The file node in the name of a relation's file (``16384.1``, ``16384_vm``); 0 for any other file."""
    number = path.name.partition(".")[0].partition("_")[0]
    return int(number) if number.isdigit() else 0


def _each(connection: Connection, tables: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Rewrite each table that is there; the names of those done, and a sentence for each that could not be."""
    done, refused = [], []
    for table in tables:
        if not connection.scalar(text(MAY_REWRITE), {"table": table}):
            is_there = connection.scalar(text("select to_regclass(:table) is not null"), {"table": table})
            refused += [_("The table {table} is not ours to rewrite.").format(table=table)] if is_there else []
        elif _rewritten(connection, table):
            done.append(table)
        else:
            refused.append(_("The table {table} is in use; run this again when it is quiet.").format(table=table))
    return tuple(done), tuple(refused)


def _rewritten(connection: Connection, table: str) -> bool:
    """Whether the table could be had for itself, and was written anew."""
    for number in range(TIMES):
        if number:
            time.sleep(PAUSE)
        if _vacuumed(connection, table):
            return True
    return False


def _vacuumed(connection: Connection, table: str) -> bool:
    try:
        # The planner's samples outlive the rows of a table that became empty; only a superuser may remove them.
        if connection.scalar(text("select current_setting('is_superuser') = 'on'")):
            connection.execute(text(NO_SAMPLES), {"table": table})
        connection.exec_driver_sql(f"vacuum (full, analyze) {table}")
    except DBAPIError as error:
        # Only a lock that does not come is waited for another day; anything else is a fault.
        if getattr(error.orig, "sqlstate", "") != "55P03":
            raise
        return False
    return True


def _checkpoint(connection: Connection) -> None:
    connection.exec_driver_sql("checkpoint")


def turn_log(connection: Connection) -> None:
    """Go past every segment of the log that holds something old; the checkpoint then removes them.

    A switch fills the rest of its segment with zeros, so one kept ahead for reuse is written over as it is passed.
    """
    for _number in range(MOST_SEGMENTS):
        connection.exec_driver_sql("select pg_logical_emit_message(false, 'abcd', 'turn')")
        is_more = connection.scalar(text(AHEAD))
        connection.exec_driver_sql("select pg_switch_wal()")
        if not is_more:
            break
    _checkpoint(connection)


def _on_a_server_of_others(connection: Connection, tables: Collection[str]) -> Rewritten:
    done, refused = _each(connection, sorted(tables))
    unseen = _(
        "The server's write-ahead log, its own backups and any copy it keeps hold older bytes until its provider "
        "throws them away: ask for that day. Without the key, which is gone, what the trail holds cannot be read."
    )
    return Rewritten(done, (*refused, unseen), is_done=not refused)
