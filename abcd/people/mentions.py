"""Where else in the store a person's words stand: every column of text or JSON of every table, but those of people.

A search by the words themselves finds what no foreign key tells: a staged row, the fault of a file, what an import
replaced, a half-written form. It reads whole tables, which is the price of leaving nothing out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from abcd.core.text import plain
from abcd.people.traces import Traces

COLUMNS = """
select n.nspname as schema, c.relname as table, array_agg(a.attname::text order by a.attnum) as columns,
       array_agg(format_type(a.atttypid, null) order by a.attnum) as types
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
where n.nspname in ('core', 'stage') and c.relkind = 'r'
  and a.atttypid in ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype, 'json'::regtype, 'text[]'::regtype)
  and format('%s.%s', n.nspname, c.relname) <> all(:apart)
group by 1, 2 order by 1, 2"""

#: What people's own tables hold is asked for by id; a draft belongs to its writer and is asked for with care.
APART = ("core.person", "core.person_note", "core.draft", "core.search_word")

#: Single words that a search once learnt from a record; those that the register still uses are everybody's.
LEFT_IN_SEARCH = """
core.search_word t where t.word = any(:words)
  and not exists (select from core.asset a where a.search @@ plainto_tsquery('core.plain', t.word))
  and not exists (select from core.term c where strpos(lower(unaccent(c::text)), t.word) > 0)"""

#: Columns that only quote what passed through; the words are taken out of them wherever they stand.
QUOTES = {
    "core.contribution": ("proposed", "seen", "own_words", "role_words", "before", "reason"),
    "core.issue": ("value", "message"),
    "core.import": ("report", "mapping"),
}
#: What an import replaced, needed to undo it: the words go when something in the row is surely this person's.
KEPT_FOR_UNDO = {"core.import_before": ("before",), "core.import_change": ("before",)}


@dataclass(frozen=True)
class Searched:
    """A table and its columns of words."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]

    @property
    def sql_name(self) -> str:
        """The table as SQL names it."""
        schema, table = self.name.split(".", 1)
        return f'{schema}."{table}"'

    @property
    def words(self) -> str:
        """An expression of everything a row says, in small letters."""
        return "lower(concat_ws(' ', " + ", ".join(f't."{name}"::text' for name in self.columns) + "))"


@dataclass(frozen=True)
class Mention:
    """A row in which the words of a person stand, outside people's own tables."""

    table: str
    row: dict[str, Any] = field(repr=False)


def searched(s: Session | Connection) -> list[Searched]:
    """The tables to be searched, those of waiting imports included."""
    rows = s.execute(text(COLUMNS), {"apart": list(APART)})
    return [Searched(f"{row.schema}.{row.table}", tuple(row.columns), tuple(row.types)) for row in rows]


def mentions(s: Session, traces: Traces) -> Iterator[Mention]:
    """The rows of other tables in which a word of ``traces`` stands, only the columns that hold words."""
    pattern = traces.pattern().lower()
    for table in searched(s) if pattern else ():
        shown = ", ".join(f"'{name}', t.\"{name}\"" for name in table.columns)
        found = text(f"select jsonb_build_object({shown}) from {table.sql_name} t where {table.words} ~ :pattern")
        for row in s.scalars(found, {"pattern": pattern}):
            yield Mention(table.name, {name: value for name, value in row.items() if value not in (None, "", [], {})})
    for word in s.scalars(text(f"select word from {LEFT_IN_SEARCH} order by word"), _single_words(traces)):
        yield Mention("core.search_word", {"word": word})


def take_out(connection: Connection, traces: Traces) -> tuple[str, ...]:
    """Take the words of a person out of what only passed through the store; the names of the tables that held them."""
    touched = []
    for table in searched(connection):
        is_staged = table.name.startswith("stage.")
        named = table.columns if is_staged else QUOTES.get(table.name, KEPT_FOR_UNDO.get(table.name, ()))
        sign = traces.pattern(traces.sure if table.name in KEPT_FOR_UNDO else None).lower()
        if named and sign and _blank(connection, table, named, sign, traces.pattern()):
            touched.append(table.name)
    if connection.execute(text(f"delete from {LEFT_IN_SEARCH}"), _single_words(traces)).rowcount:
        touched.append("core.search_word")
    return tuple(touched)


def _single_words(traces: Traces) -> dict[str, list[str]]:
    """The words of ``traces`` one by one, as a search keeps them: small, without accents."""
    return {"words": sorted({word for told in traces.words for word in plain(told).split()})}


def _blank(connection: Connection, table: Searched, columns: tuple[str, ...], sign: str, pattern: str) -> int:
    kinds = dict(zip(table.columns, table.types, strict=True))
    changed = ", ".join(
        f"\"{name}\" = regexp_replace(t.\"{name}\"::text, :pattern, '', 'gi')::{kinds[name]}" for name in columns
    )
    statement = text(f"update {table.sql_name} t set {changed} where {table.words} ~ :sign")
    return int(connection.execute(statement, {"pattern": pattern, "sign": sign}).rowcount)
