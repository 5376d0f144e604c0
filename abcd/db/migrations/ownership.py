"""Everything of ours belongs to ``abcd_owner``, as whom nobody signs in (trust.md R1).

So the app owns nothing, no function runs with a superuser's rights, and a server of others needs no superuser.
"""

OWNER = "abcd_owner"
SCHEMAS = ("core", "pub", "stage")

# On a server of others the account that migrates is no superuser: it joins the role, so that it may hand things over.
JOIN = f"""
do $$ begin
  if current_setting('is_superuser') <> 'on' and not pg_has_role(current_user, '{OWNER}', 'usage') then
    execute 'grant {OWNER} to ' || quote_ident(current_user);
  end if;
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

# PUBLIC may run every new function unless it is told otherwise.
NOBODY_ELSE = "revoke all on all functions in schema core from public"

STATEMENTS = (JOIN, LEAVE, HAND_OVER, MAY_MIGRATE)
