"""Does the database draw the line: roles, owners, rights, row security."""

from sqlalchemy import Connection, text

from abcd.db.check import Answer, check, told
from abcd.db.exposure import BACKUP_ROLE, reached
from abcd.db.exposure import told as spread_told
from abcd.db.migrations.ground import ROLES
from abcd.db.migrations.ownership import OWNER
from abcd.db.session import APP_ROLE, SHARE_ROLE
from abcd.db.tables.audited import PEOPLES

MIGRATE = "Run 'abcd db migrate' as the owner of the database."


# A role may give itself settings: then a write that does not say who makes it would pass.
_SAID_BEFOREHAND = """
select coalesce(r.rolname, 'everybody'), said from pg_db_role_setting s
left join pg_roles r on r.oid = s.setrole cross join lateral unnest(s.setconfig) said
where said like 'abcd.%' or said like 'role=%' or said like 'search\\_path=%'"""


@check("The roles are there and no stronger than they should be", f"{MIGRATE} It says what a provider must do by hand.")
def roles(connection: Connection) -> Answer:
    asked = text("""
        select rolname, rolsuper or rolcreaterole or rolcreatedb or rolreplication as is_strong
        from pg_roles where rolname = any(:names)""")
    found = {row.rolname: row.is_strong for row in connection.execute(asked, {"names": list(ROLES)})}
    faults = [f"{name} is missing" for name in ROLES if name not in found]
    faults += [f"{name} may administer the server" for name, is_strong in found.items() if is_strong]
    faults += [f"{role} always says {said}" for role, said in connection.execute(text(_SAID_BEFOREHAND))]
    return told(faults, ", ".join(ROLES))


@check("The app owns nothing", f"Run 'revoke {OWNER} from {APP_ROLE}', then 'abcd db migrate'.")
def owns_nothing(connection: Connection) -> Answer:
    asked = text("""
        select 'it is ' || r.rolname from pg_roles r
        where r.rolname not in (:app, :share) and pg_has_role(:app, r.oid, 'member')
        union all
        select c.oid::regclass::text from pg_class c join pg_roles r on r.oid = c.relowner
        where c.relnamespace in (select oid from pg_namespace where nspname in ('core', 'pub', 'keyring'))
          and r.rolname = :app""")
    return told(list(connection.scalars(asked, {"app": APP_ROLE, "share": SHARE_ROLE})), "neither tables nor functions")


@check("No superuser owns what runs with its owner's rights", MIGRATE)
def no_superuser(connection: Connection) -> Answer:
    asked = text("""
        select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        join pg_roles r on r.oid = p.proowner
        where n.nspname in ('core', 'pub', 'stage', 'keyring') and r.rolsuper and p.prosecdef
        union all
        select c.oid::regclass::text from pg_class c join pg_roles r on r.oid = c.relowner
        where c.relnamespace in (select oid from pg_namespace where nspname in ('core', 'pub')) and r.rolsuper
          and c.relkind in ('r', 'v', 'm', 'p')""")
    return told(list(connection.scalars(asked)), f"all of it belongs to {OWNER}, as whom nobody signs in")


@check("The public role cannot read what is private", f"Revoke what is named from {SHARE_ROLE} and from PUBLIC.")
def private(connection: Connection) -> Answer:
    found = reached(connection)
    is_right, detail = told(found, "core is closed to it, by every route in the catalogue")
    return is_right, detail if is_right else f"it can reach {detail}"


@check(
    "Nobody learns the spread of shapes they may not read",
    "As a superuser, run 'revoke execute on function ... from public' for each of them; a provider's support can.",
    must=False,
)
def spread(connection: Connection) -> Answer:
    return told(spread_told(connection), "PostGIS's functions about statistics are closed")


@check("The backup reads everything and writes nothing", "Run 'alter role abcd_backup bypassrls' as a superuser.")
def backup(connection: Connection) -> Answer:
    asked = text("""
        select c.oid::regclass::text from pg_class c
        where c.relnamespace = to_regnamespace('core') and c.relkind in ('r', 'p')
          and not has_table_privilege(:role, c.oid, 'select')""")
    faults = [f"it cannot read {name}" for name in connection.scalars(asked, {"role": BACKUP_ROLE})]
    passes = connection.scalar(text("select rolbypassrls from pg_roles where rolname = :role"), {"role": BACKUP_ROLE})
    faults += [] if passes else ["it is held up by row security, and would miss people"]
    return told(faults + reached(connection, BACKUP_ROLE), "it may read every table")


@check("Row security is forced on everything about people", MIGRATE)
def row_security(connection: Connection) -> Answer:
    asked = text("""
        select name from unnest(cast(:names as text[])) name
        left join pg_class c on c.oid = to_regclass('core.' || quote_ident(name))
        where not coalesce(c.relrowsecurity and c.relforcerowsecurity, false)
           or not exists (select from pg_policy p where p.polrelid = c.oid)""")
    faults = list(connection.scalars(asked, {"names": list(PEOPLES)}))
    return told([f"not on {name}" for name in faults], ", ".join(PEOPLES))
