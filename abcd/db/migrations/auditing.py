"""Functions and triggers that write down what really changed, whoever changed it and by whatever way (trust.md R5).

They belong to ``abcd_owner`` and run with its rights: the app can neither write into the trail by itself nor switch the
triggers off. ``ground.over_all`` lays them anew after each upgrade.
"""

from collections.abc import Iterator

from abcd.db.tables.audited import AUDITED, Audited

FEW = 1_000
"""Changed or removed rows of one statement that are each written down; of more, their number."""

FEW_NEW = 100
"""New rows of one statement that are each written down: of more, their number, since what they say is in the rows
themselves, and what becomes of each is written down when it changes."""

ACTOR = """
create or replace function core.actor() returns text language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare name text := current_setting('abcd.actor', true);
begin
  if coalesce(name, '') = '' then
    raise exception 'This write does not say who makes it. Nothing was changed.'
      using hint = 'Set abcd.actor to the name of whoever acts, in the same transaction.';
  end if;
  return name;
end $$"""

# The number of a transaction is taken before that of an event, so that whoever sees no older transaction at work has
# seen every lower number (abcd.db.migrations.sealing).
STAMP = """
create or replace function core.stamp() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform core.actor();
  new.transaction := pg_current_xact_id()::text::bigint;
  new.id := nextval('core.audit_event_id_seq');
  new.at := now();
  new.login := session_user;
  return new;
end $$"""

# What the trail shows of one value. Of what is personal nothing is written when the row goes: its key goes with it.
SHOWN = """
create or replace function core.shown(thing text, name text, value jsonb, personal text[], secret text[])
returns jsonb language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if value is null or value = 'null' then return value; end if;
  if name = any(secret) then return '{"hidden": true}'; end if;
  if name = any(personal) then
    return jsonb_build_object(
      'sealed', translate(encode(core.sealed(thing::uuid, value #>> '{}'), 'base64'), E'\\n', ''));
  end if;
  return value;
end $$"""

NAMED = """
create or replace function core.named(said text) returns text[]
language sql immutable as $$
  select coalesce(string_to_array(nullif(said, ''), ','), '{}')
$$"""

KEY_OF = """
create or replace function core.key_of(told jsonb, key text[]) returns text
language sql immutable as $$
  select string_agg(told ->> name, '/' order by at) from unnest(key) with ordinality as part(name, at)
$$"""

# Columns that differ, as they were and as they are; of a new row what it says, of a removed one all it said.
CHANGED = """
create or replace function core.changed(
  was jsonb, is_now jsonb, thing text, personal text[], secret text[], unwatched text[],
  out before jsonb, out after jsonb)
language sql as $$
  select
    jsonb_object_agg(name, case when name = any(secret || personal)
      then core.shown(thing, name, was -> name, personal, secret) else was -> name end) filter (where was is not null),
    jsonb_object_agg(name, case when name = any(secret || personal)
      then core.shown(thing, name, is_now -> name, personal, secret) else is_now -> name end)
      filter (where is_now is not null)
  from jsonb_object_keys(coalesce(is_now, was)) as name
  where name <> all(unwatched) and (is_now is not null or name <> all(personal))
    and coalesce(was -> name, 'null') is distinct from coalesce(is_now -> name, 'null')
$$"""

# ``said`` is TG_ARGV, which counts from 0: kind, key, personal, secret, unwatched.
WRITE_DOWN = """
create or replace function core.write_down(
  said text[], on_table name, did text, was jsonb, is_now jsonb) returns void
language plpgsql as $$
declare
  thing text := core.key_of(coalesce(is_now, was), core.named(said[1]));
  told record;
begin
  select * into told from core.changed(
    was, is_now, thing, core.named(said[2]), core.named(said[3]), core.named(said[4]));
  if told.before is null and told.after is null and did = 'update' then return; end if;
  insert into core.row_change (by, account_id, table_name, op, thing_kind, thing_id, before, after)
  values (core.actor(), coalesce(current_setting('abcd.actor_id', true), ''), on_table, did, said[0], thing,
          told.before, told.after);
end $$"""

AUDIT_ROW = """
create or replace function core.audit_row() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform core.write_down(
    tg_argv, tg_table_name, lower(tg_op),
    case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end);
  return null;
end $$"""

COUNT_DOWN = """
create or replace function core.count_down(said text[], on_table name, did text, n bigint) returns void
language sql as $$
  insert into core.row_change (by, account_id, table_name, op, thing_kind, thing_id, rows)
  values (core.actor(), coalesce(current_setting('abcd.actor_id', true), ''), on_table, did, said[0], '', n)
$$"""

AUDIT_ROWS = f"""
create or replace function core.audit_rows() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  said text[] := tg_argv;
  key text[];
  n bigint;
begin
  if tg_op = 'DELETE' then select count(*) into n from gone; else select count(*) into n from come; end if;
  if n > (case tg_op when 'INSERT' then {FEW_NEW} else {FEW} end) then
    perform core.count_down(said, tg_table_name, lower(tg_op), n);
  elsif n > 0 and tg_op = 'INSERT' then
    perform core.write_down(said, tg_table_name, 'insert', null, to_jsonb(c)) from come c;
  elsif n > 0 and tg_op = 'DELETE' then
    perform core.write_down(said, tg_table_name, 'delete', to_jsonb(g), null) from gone g;
  elsif n > 0 then
    {{pairs}}
  end if;
  return null;
end $$"""

# Rows of an update are told apart by the primary key, which is read from the catalogue.
_PAIRS = """key := core.primary_key(tg_relid);
    perform core.write_down(said, tg_table_name, 'update', was, is_now)
    from (select to_jsonb(g) as was, core.key_of(to_jsonb(g), key) as row_key from gone g) g
    full join (select to_jsonb(c) as is_now, core.key_of(to_jsonb(c), key) as row_key from come c) c using (row_key);"""

PRIMARY_KEY = """
create or replace function core.primary_key(of_table oid) returns text[]
language sql stable set search_path = pg_catalog, pg_temp as $$
  select array_agg(a.attname::text order by a.attnum)
  from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
  where i.indrelid = of_table and i.indisprimary
$$"""

AUDIT_TRUNCATE = """
create or replace function core.audit_truncate() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare n bigint;
begin
  execute format('select count(*) from %s', tg_relid::regclass) into n;
  if n > 0 then
    perform core.count_down(tg_argv, tg_table_name, 'truncate', n);
  end if;
  return null;
end $$"""

FUNCTIONS = (
    ACTOR,
    STAMP,
    NAMED,
    KEY_OF,
    SHOWN,
    CHANGED,
    WRITE_DOWN,
    AUDIT_ROW,
    COUNT_DOWN,
    PRIMARY_KEY,
    AUDIT_ROWS.format(pairs=_PAIRS),
    AUDIT_TRUNCATE,
)

#: Triggers of a table whose rows are written down one by one, and of one that loads fill: name, event, function.
BY_ROW = (
    ("audit_row", "after insert or update or delete", "for each row execute function core.audit_row"),
    ("audit_truncate", "before truncate", "for each statement execute function core.audit_truncate"),
)
_NEW, _OLD = "new table as come", "old table as gone"
_EACH = "for each statement execute function core.audit_rows"
BY_STATEMENT = (
    ("audit_insert", "after insert", f"referencing {_NEW} {_EACH}"),
    ("audit_update", "after update", f"referencing {_OLD} {_NEW} {_EACH}"),
    ("audit_delete", "after delete", f"referencing {_OLD} {_EACH}"),
    BY_ROW[1],
)

LAY = """
do $$ begin
  if to_regclass('core."{table}"') is not null then
    {statements};
  end if;
end $$"""


def triggers_of(audited: Audited) -> tuple[tuple[str, str, str], ...]:
    """The triggers that a table must have: name, event, and what is done."""
    return BY_STATEMENT if audited.in_bulk else BY_ROW


def triggers() -> Iterator[str]:
    """Statements that lay the triggers of every audited table that is there."""
    for table, audited in AUDITED.items():
        said = ", ".join(f"'{argument}'" for argument in audited.arguments)
        statements = [
            f'create or replace trigger {name} {event} on core."{table}" {act}({said})'
            for name, event, act in triggers_of(audited)
        ]
        yield LAY.format(table=table, statements=";\n    ".join(statements))


def laid() -> Iterator[str]:
    """All of it, in order."""
    yield from FUNCTIONS
    yield from triggers()
