"""Is what was done written down, and as it was written."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from abcd.core.clock import now
from abcd.db import chain, heads
from abcd.db.check import Answer, check, told
from abcd.db.migrations.auditing import triggers_of
from abcd.db.tables.audited import AUDITED, UNAUDITED

#: Days whose events are read and compared at each check; ``abcd audit verify`` reads all.
DAYS = 31
#: Sealing runs each minute while the app runs; a transaction at work may hold it up for a while.
SECONDS_TO_SEAL = 3600


@check("Every change is written down", "Run 'abcd db migrate'; a new table: name it in abcd/db/tables/audited.py.")
def triggers(connection: Connection) -> Answer:
    tables = set(connection.scalars(text("select tablename from pg_tables where schemaname = 'core'")))
    faults = [f"nobody decided about {name}" for name in sorted(tables - {*AUDITED, *UNAUDITED})]
    asked = text("""
        select c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
        join pg_proc p on p.oid = t.tgfoid
        where c.relnamespace = to_regnamespace('core') and t.tgenabled in ('O', 'A')
          and p.proname like 'audit\\_%'""")
    found = {(table, trigger) for table, trigger in connection.execute(asked)}
    wanted = [(table, name) for table in sorted(tables & {*AUDITED}) for name, *_ in triggers_of(AUDITED[table])]
    faults += [f"{table} lacks {name}" for table, name in wanted if (table, name) not in found]
    return told(faults, f"{len(AUDITED)} tables, and {len(UNAUDITED)} with a reason not to")


@check("The trail cannot be rewritten", "Run 'abcd db migrate'.")
def append_only(connection: Connection) -> Answer:
    asked = text("""
        select c.relname || ' lacks ' || wanted.name
        from (values ('audit_event', 'append_only'), ('audit_event', 'kept'), ('audit_event', 'stamp'),
                     ('row_change', 'append_only'), ('row_change', 'kept')) wanted(table_name, name)
        join pg_class c on c.relname = wanted.table_name and c.relnamespace = to_regnamespace('core')
        where not exists (select from pg_trigger t
                          where t.tgrelid = c.oid and t.tgname = wanted.name and t.tgenabled in ('O', 'A'))
        union all
        select 'the app may ' || right_to || ' ' || table_name
        from unnest(array['row_change', 'audit_seal', 'audit_day', 'audit_mark', 'audit_event']) table_name
        cross join unnest(array['update', 'delete', 'truncate']) right_to
        where has_table_privilege('abcd_app_rw', ('core.' || table_name)::regclass, right_to)""")
    return told(list(connection.scalars(asked)), "events are only ever added")


@check(
    "What was written down is as it was",
    "Somebody changed the trail. Keep a copy of the store, run 'abcd audit verify', and compare with a backup.",
)
def whole(connection: Connection) -> Answer:
    with Session(connection) as s:
        faults = chain.verify(s, (now() - timedelta(days=DAYS)).date())
        faults += heads.compare(s)
        mark = chain.sealed(s)
    well = f"sealed up to event {mark.id:,}; head {mark.head[:16] or 'none'}"
    return told([fault.sentence for fault in faults], well)


@check("What is done is sealed soon", "Start the app, or run 'abcd audit seal' from time to time.", must=False)
def sealed_soon(connection: Connection) -> Answer:
    with Session(connection) as s:
        mark = chain.sealed(s)
        oldest: datetime | None = s.scalar(text("select min(at) from core.audit_event where id > :id"), {"id": mark.id})
    late = oldest is not None and (now() - oldest).total_seconds() > SECONDS_TO_SEAL
    return not late, f"{mark.waiting:,} events wait to be sealed"
