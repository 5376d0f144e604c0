"""A page that no longer agrees with its checksum: say which table it is, and let nobody write to that table any more.

What is written over damage buries it: the table can still be read as far as it is whole, and a backup restored.
"""

import re
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from abcd.config import settings
from abcd.core.language import _
from abcd.db import migrate
from abcd.db.backup import remembered
from abcd.db.rewriting import TABLES_OF, node_of
from abcd.errors import StoreDamaged

TRIGGER = "closed_because_damaged"
#: How PostgreSQL names what is damaged: the file of a relation, an index, or our own refusal.
IN_FILE = re.compile(r"of relation (base/\d+/\d+)")
IN_INDEX = re.compile(r'index "([^"]+)"')
REFUSED = re.compile(r"^Closed because it is damaged: (\S+)", re.MULTILINE)

REFUSE = """
create or replace function core.refuse_damaged() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception using errcode = 'data_corrupted',
    message = format('Closed because it is damaged: %I.%I', tg_table_schema, tg_table_name);
end $$"""
CLOSE = """
create or replace trigger {trigger} before insert or update or delete or truncate on {table}
  for each statement execute function core.refuse_damaged()"""
OF_INDEX = "select indrelid::regclass::text from pg_index where indexrelid = to_regclass(:name)"
CLOSED = "select tgrelid::regclass::text from pg_trigger where tgname = :trigger order by 1"


def closed(connection: Connection) -> list[str]:
    """The tables that nobody may write to any more."""
    return list(connection.scalars(text(CLOSED), {"trigger": TRIGGER}))


def met(error: SQLAlchemyError) -> StoreDamaged:
    """Close the table that an error of damaged data tells of; what to tell the person.

    Whoever met the damage must have ended their transaction, because closing waits for those who write.
    """
    words = str(getattr(error, "orig", error))
    if already := REFUSED.search(words):
        return _told(already[1])
    engine = create_engine(migrate.owner_url(), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            table = _table_in(connection, words)
            if table:
                connection.exec_driver_sql("set lock_timeout = '4s'")
                connection.exec_driver_sql(REFUSE, execution_options={"no_parameters": True})
                connection.exec_driver_sql(CLOSE.format(trigger=TRIGGER, table=table))
            return _told(table)
    except DBAPIError:
        return _told(None)  # the damage reaches further, or the table is busy: whoever meets it next closes it


def _table_in(connection: Connection, words: str) -> str | None:
    if in_file := IN_FILE.search(words):
        found = connection.execute(text(TABLES_OF), {"nodes": [node_of(Path(in_file[1]))]}).all()
        return next((str(name) for name, is_catalogue in found if not is_catalogue), None)
    if in_index := IN_INDEX.search(words):
        found_table = connection.scalar(text(OF_INDEX), {"name": f"core.{in_index[1]}"})
        return str(found_table) if found_table else None
    return None


def _told(table: str | None) -> StoreDamaged:
    moment = remembered.last(settings().home, remembered.BACKUP)
    backup = (
        _("The newest backup is of {day}.").format(day=f"{moment:%d %B %Y}") if moment else _("There is no backup.")
    )
    what = _("Part of the data is damaged: {table}. Nothing more is written to it.").format(table=table or "?")
    return StoreDamaged(f"{what} {_('Ask your administrator to restore a backup.')} {backup}")
