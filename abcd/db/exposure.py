"""Every way by which the public role could read what is private, asked of the catalogue itself (trust.md P2).

It is a list of questions, each of which must have no answer: a schema, table, column, sequence, function, large object,
membership, attribute or default right that ``abcd_share_ro`` has and that nobody allowed. A right given to PUBLIC is
found too, since the question is what the role *may*, not what it was given.
"""

from sqlalchemy import Connection, text

from abcd.db.migrations import opening
from abcd.db.tables.pub import CLEARED

SHARE_ROLE = "abcd_share_ro"
BACKUP_ROLE = "abcd_backup"

#: Functions that run with their owner's rights and that the public role may call: which live share a secret opens.
CLEARED_FUNCTIONS = (opening.SIGNATURE,)

#: Functions of PostGIS that tell the spread of any table's shapes to whoever asks, without asking for its rights.
TELLERS = "st_estimatedextent", "_postgis_stats", "_postgis_selectivity", "_postgis_join_selectivity"

# What extensions brought is about themselves, and what PostgreSQL shows everybody holds no row of ours.
_OURS = "n.nspname !~ '^pg_(catalog|toast|temp)' and n.nspname <> 'information_schema'"
_NO_EXTENSION = """not exists (select from pg_depend e
  where e.objid = {0}.oid and e.classid = '{1}'::regclass and e.deptype = 'e')"""

SCHEMAS = f"""
select 'schema ' || n.nspname from pg_namespace n
where {_OURS} and n.nspname not in ('pub', 'public') and has_schema_privilege(:role, n.oid, 'usage')
union all
select 'making things in schema ' || n.nspname from pg_namespace n
where {_OURS} and has_schema_privilege(:role, n.oid, 'create')"""

TABLES = f"""
select 'table ' || n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where {_OURS} and {_NO_EXTENSION.format("c", "pg_class")} and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and not (n.nspname = 'pub' and c.relname = any(:cleared))
  and (has_table_privilege(:role, c.oid, 'select, insert, update, delete, truncate, references, trigger')
       or has_any_column_privilege(:role, c.oid, 'select, insert, update, references'))"""

WRITES = f"""
select 'writing in ' || n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where {_OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and (has_table_privilege(:role, c.oid, 'insert, update, delete, truncate, references, trigger')
       or has_any_column_privilege(:role, c.oid, 'insert, update, references'))"""

SEQUENCES = f"""
select 'sequence ' || n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where {_OURS} and case when c.relkind = 'S' then has_sequence_privilege(:role, c.oid, 'usage, select, update') end"""

FUNCTIONS = f"""
select 'function ' || p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where {_OURS} and {_NO_EXTENSION.format("p", "pg_proc")} and has_function_privilege(:role, p.oid, 'execute')
  and p.oid::regprocedure::text <> all(:functions) and n.nspname <> 'pub'
union all
select 'function with its owner''s rights ' || p.oid::regprocedure
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where {_OURS} and p.prosecdef and has_function_privilege(:role, p.oid, 'execute')
  and p.oid::regprocedure::text <> all(:functions) and p.proname <> all(:tellers)"""

# A view reads with its owner's rights: one that belongs to a superuser, or to whom row security does not hold, leaks.
VIEWS = """
select 'view ' || c.oid::regclass || ' of ' || r.rolname from pg_class c join pg_roles r on r.oid = c.relowner
where c.relnamespace = to_regnamespace('pub') and (r.rolsuper or r.rolbypassrls)"""

MEMBERSHIPS = """
select 'membership of ' || r.rolname from pg_roles r
where r.rolname <> :role and pg_has_role(:role, r.oid, 'member')"""

ATTRIBUTES = """
select 'being ' || what from pg_roles r
cross join lateral (values
  ('a superuser', rolsuper), ('a maker of roles', rolcreaterole), ('a maker of databases', rolcreatedb),
  ('past row security', rolbypassrls), ('a replica', rolreplication)) a(what, has)
where r.rolname = :role and has and not (:role = 'abcd_backup' and what = 'past row security')"""

DEFAULTS = """
select 'what is made in future by ' || coalesce(r.rolname, '?')
from pg_default_acl d left join pg_roles r on r.oid = d.defaclrole cross join lateral aclexplode(d.defaclacl) a
where d.defaclobjtype in ('r', 'S', 'n') and a.grantee in (0, :role_oid)"""

LARGE_OBJECTS = "select 'large object ' || oid from pg_largeobject_metadata"

STATISTICS = """
select 'statistics of all columns' where has_table_privilege(:role, 'pg_catalog.pg_statistic', 'select')
union all
select 'statistics of ' || c.oid::regclass from pg_class c
where c.relnamespace = to_regnamespace('core') and c.relkind in ('r', 'm')
  and has_any_column_privilege(:role, c.oid, 'select')"""

TOLD = """
select p.oid::regprocedure::text from pg_proc p
where p.proname = any(:tellers) and has_function_privilege(:role, p.oid, 'execute')"""

FOREIGN = """
select 'another server, ' || srvname from pg_foreign_server s where has_server_privilege(:role, s.oid, 'usage')
union all
select 'a language for anything, ' || lanname from pg_language l
where not lanpltrusted and lanname not in ('internal', 'c') and has_language_privilege(:role, l.oid, 'usage')"""

TEMPORARY = "select 'temporary tables' where has_database_privilege(:role, current_database(), 'temporary, create')"

#: What the public role must not be able to do, by any route.
PUBLIC_ROUTES = (
    SCHEMAS, TABLES, SEQUENCES, FUNCTIONS, VIEWS, MEMBERSHIPS, ATTRIBUTES, DEFAULTS, LARGE_OBJECTS, STATISTICS, FOREIGN,
    TEMPORARY,
)  # fmt: skip
#: What the role that reads for backups must not be able to do.
BACKUP_ROUTES = (WRITES, MEMBERSHIPS, ATTRIBUTES)


def reached(connection: Connection, role: str = SHARE_ROLE) -> list[str]:
    """Everything that ``role`` may and should not, in words; none when the line holds."""
    given = {"role": role, "cleared": list(CLEARED), "functions": list(CLEARED_FUNCTIONS), "tellers": list(TELLERS),
             "role_oid": connection.scalar(text("select to_regrole(:role)::oid"), {"role": role})}  # fmt: skip
    routes = BACKUP_ROUTES if role == BACKUP_ROLE else PUBLIC_ROUTES
    return [found for route in routes for found in connection.scalars(text(route), _named(route, given))]


def told(connection: Connection) -> list[str]:
    """The functions of PostGIS by which the public role learns the spread of shapes it may not read."""
    return list(connection.scalars(text(TOLD), {"role": SHARE_ROLE, "tellers": list(TELLERS)}))


def _named(route: str, given: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if f":{name}" in route}
