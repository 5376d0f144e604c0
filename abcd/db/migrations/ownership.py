"""Everything of ours belongs to ``abcd_owner``, as whom nobody signs in (trust.md R1).

So the app owns nothing, no function runs with a superuser's rights, and a server of others needs no superuser.
"""

OWNER = "abcd_owner"
SCHEMAS = ("core", "pub", "stage")

# On a server of others the account that migrates is no superuser: it joins the owner, so that it may hand things over,
# and the roles that read and write, so that a process that signs in with it goes on as one of them.
JOIN = f"""
do $$
declare joined text;
begin
  if current_setting('is_superuser') = 'on' then return; end if;
  foreach joined in array '{{{OWNER}, abcd_app_rw, abcd_share_ro}}'::text[] loop
    if not pg_has_role(current_user, joined, 'usage') then
      execute format('grant %I to %I', joined, current_user);
    end if;
  end loop;
end $$"""

# Earlier versions let the app be a member of the owner, so that it could set indexes aside.
LEAVE = f"""
do $$ begin
  if pg_has_role('abcd_app_rw', '{OWNER}', 'member') then revoke {OWNER} from abcd_app_rw; end if;
end $$"""

MAY_MIGRATE = f"""
do $$ begin
  if to_regrole('abcd_migrator') is not null and not pg_has_role('abcd_migrator', '{OWNER}', 'member') then
    grant {OWNER} to abcd_migrator;
  end if;
end $$"""

# What belongs to another role of ours than the one that migrates was given to it on purpose.
_OURS = "in (select oid from pg_roles where rolname = current_user or rolsuper)"
_IN = "in ({})".format(", ".join(f"'{name}'::regnamespace" for name in SCHEMAS[:2]))

HAND_OVER = f"""
do $$
declare one record;
begin
  for one in
    select format('alter schema %I owner to {OWNER}', nspname) as act from pg_namespace
      where nspname in {SCHEMAS} and nspowner {_OURS}
    union all
    select format('alter %s %s owner to {OWNER}', case relkind when 'v' then 'view' when 'm' then 'materialized view'
                  when 'S' then 'sequence' else 'table' end, c.oid::regclass)
      from pg_class c
      where relnamespace {_IN} and relkind in ('r', 'p', 'v', 'm', 'S') and relowner {_OURS}
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i', 'e')
                        and d.classid = 'pg_class'::regclass and c.relkind = 'S')
    union all
    select format('alter function %s owner to {OWNER}', p.oid::regprocedure) from pg_proc p
      where pronamespace {_IN} and prokind in ('f', 'w') and proowner {_OURS}
    union all
    select format('alter text search configuration %s owner to {OWNER}', t.oid::regconfig) from pg_ts_config t
      where cfgnamespace {_IN} and cfgowner {_OURS}
  loop
    execute one.act;
  end loop;
end $$"""

# PUBLIC may run every new function unless it is told otherwise. The functions of triggers fire without being anybody's
# to run: who may run them may lay them on a table of their own and so write into the trail. Functions of another role
# of ours (the keeper of keys) have the rights that their own migration gave them.
RUN_BY_THE_APP_ALONE = """
do $$
declare one record;
begin
  for one in
    select oid::regprocedure as named, prorettype = 'trigger'::regtype as fires from pg_proc
    where pronamespace = 'core'::regnamespace and prokind in ('f', 'w') and pg_has_role(current_user, proowner, 'usage')
  loop
    execute format('revoke all on function %s from public', one.named);
    if to_regrole('abcd_app_rw') is not null then
      execute format(case when one.fires then 'revoke all on function %s from abcd_app_rw'
                     else 'grant execute on function %s to abcd_app_rw' end, one.named);
    end if;
  end loop;
end $$"""

# Everybody may make temporary tables in a new database; only the app's imports need them.
TEMPORARY = """
do $$ begin
  execute format('revoke temporary on database %I from public', current_database());
  if to_regrole('abcd_app_rw') is not null then
    execute format('grant temporary on database %I to abcd_app_rw', current_database());
  end if;
end $$"""

# These read the statistics of any table for anybody. They belong to whoever made the extension: on a server of others
# the check says so, and where private things lie has no statistics anyway (migration 0003).
TELLERS = """
do $$
declare one regprocedure;
begin
  for one in
    select p.oid from pg_proc p
    where p.proname in ('st_estimatedextent', '_postgis_stats', '_postgis_selectivity', '_postgis_join_selectivity')
      and pg_has_role(current_user, p.proowner, 'usage')
  loop
    execute format('revoke execute on function %s from public', one);
  end loop;
end $$"""

STATEMENTS = (JOIN, LEAVE, HAND_OVER, MAY_MIGRATE, TEMPORARY, TELLERS)
