"""Functions by which a load sets the indexes and foreign keys of ``core.asset`` aside, and lays them again.

The app owns no table, so it cannot switch a trigger off or drop anything; these do the one thing that a large load
needs, with the owner's rights and nothing from outside in their statements. What is set aside must be laid again before
the transaction ends: else it cannot commit.
"""

BUILD_MEMORY = "512MB"

# Only what no other table leans on: primary keys stay, and so do unique constraints that a foreign key refers to.
SET_ASIDE = """
create or replace function core.set_indexes_aside() returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  one record;
  n int := 0;
begin
  insert into core.set_aside (name, is_constraint, definition)
  select conname, true, pg_get_constraintdef(oid)
  from pg_constraint c
  where conrelid = 'core.asset'::regclass and contype in ('f', 'u') and not exists (
      select from pg_constraint other where other.confrelid = c.conrelid and other.conindid = c.conindid
          and other.contype = 'f' and c.contype = 'u');
  insert into core.set_aside (name, definition, comment)
  select x.relname, pg_get_indexdef(indexrelid), coalesce(obj_description(indexrelid, 'pg_class'), '')
  from pg_index i join pg_class x on x.oid = i.indexrelid
  where indrelid = 'core.asset'::regclass and not exists (select from pg_constraint where conindid = i.indexrelid);
  for one in select * from core.set_aside order by is_constraint desc, left(definition, 6) desc loop
    if one.is_constraint then
      execute format('alter table core.asset drop constraint %I', one.name);
    else
      execute format('drop index core.%I', one.name);
    end if;
    n := n + 1;
  end loop;
  return n;
end $$"""

LAY_AGAIN = f"""
create or replace function core.lay_indexes_again() returns int
language plpgsql security definer
set search_path = pg_catalog, pg_temp set maintenance_work_mem = '{BUILD_MEMORY}' as $$
declare
  one record;
  n int := 0;
begin
  for one in select * from core.set_aside order by is_constraint, left(definition, 6) desc loop
    if one.is_constraint then
      execute format('alter table core.asset add constraint %I ', one.name) || one.definition;
    else
      execute one.definition;
      if one.comment <> '' then execute format('comment on index core.%I is %L', one.name, one.comment); end if;
    end if;
    n := n + 1;
  end loop;
  delete from core.set_aside;
  return n;
end $$"""

# The planner's numbers belong to the owner of the table too; a load that changes much tells them anew.
ANALYSE = """
create or replace function core.analyse_loaded(what text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  case what
    when 'asset' then
      analyze core.asset (id, category, status, point, source_id, source_ref, first_import_id);
    when 'place' then analyze core.place;
    when 'postcode' then analyze core.postcode;
    when 'property' then analyze core.property;
    when 'households' then analyze core.households;
  end case;
end $$"""

MUST_BE_LAID = """
create or replace function core.refuse_left_aside() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from core.set_aside where name = new.name) then
    raise exception 'The index % was set aside and not laid again; nothing was changed.', new.name;
  end if;
  return null;
end $$"""

FUNCTIONS = (SET_ASIDE, LAY_AGAIN, ANALYSE, MUST_BE_LAID)
TRIGGERS = (
    """
do $$ begin
  if not exists (select from pg_trigger where tgrelid = 'core.set_aside'::regclass and tgname = 'laid_again') then
    create constraint trigger laid_again after insert on core.set_aside deferrable initially deferred
      for each row execute function core.refuse_left_aside();
  end if;
end $$""",
)
