"""Are people's rows behind their walls, their keys where nobody reaches them, and the erased really gone."""

from sqlalchemy import Connection, text

from abcd.db import erasures
from abcd.db.check import Answer, check, told
from abcd.db.cluster import QUIET_LOGS

APART = ("person", "person_note")
#: Higher still is as quiet; what is not named here must be exactly as the embedded store has it.
QUIET_ENOUGH = {"log_min_messages": ("log", "fatal", "panic"), "log_min_duration_statement": ("-1",)}


@check(
    "The server's log quotes nobody",
    "Run 'abcd db down', then 'abcd db up'. On a server of others ask its owner for these settings, or keep its log as "
    "closely as the data: an error can quote a name.",
    must=False,
)
def quiet(connection: Connection) -> Answer:
    wanted = {name: (value,) for name, value in QUIET_LOGS.items()} | QUIET_ENOUGH
    found = {name: str(connection.scalar(text(f"show {name}"))) for name in wanted}
    loud = [f"{name}={value}" for name, value in found.items() if value not in wanted[name]]
    return told(loud, "no statement, no value, no row")


@check("Nobody of ours goes past people's walls", "Run 'alter role ... nobypassrls', then 'abcd db migrate'.")
def walls(connection: Connection) -> Answer:
    asked = text("""
        select rolname || ' may pass row security' from pg_roles
        where rolname in ('abcd_app_rw', 'abcd_share_ro', 'abcd_keeper', 'abcd_owner') and (rolsuper or rolbypassrls)
        union all
        select 'the app may empty ' || name from unnest(cast(:apart as text[])) as name
        where has_table_privilege('abcd_app_rw', 'core.' || name, 'truncate')""")
    return told(list(connection.scalars(asked, {"apart": list(APART)})), "each association sees its own")


@check("Nobody reaches people's keys", "Run 'abcd db migrate'.")
def keys(connection: Connection) -> Answer:
    asked = text("""
        select rolname || ' reaches them' from pg_roles
        where rolname in ('abcd_app_rw', 'abcd_share_ro', 'abcd_backup')
          and (has_schema_privilege(oid, 'keyring', 'usage')
               or has_any_column_privilege(oid, 'keyring.person_key', 'select')
               or pg_has_role(oid, 'abcd_keeper', 'member'))""")
    return told(list(connection.scalars(asked)), "only two functions use them")


@check("Whoever is gone left no key", "Run 'abcd restore' again, or remove the keys of nobody from keyring.person_key.")
def no_key_of_nobody(connection: Connection) -> Answer:
    if not connection.scalar(text("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")):
        return True, "not to be asked here: nobody of ours sees everybody's rows"
    left = connection.scalar(
        text("""
        select count(*) from keyring.person_key k
        where not exists (select from core.person p where p.id = k.person_id and p.status <> 'anonymised')""")
    )
    return not left, f"{left} keys of nobody"


@check("Whoever was erased is gone from the files", "Run 'abcd person retention'.")
def swept(_connection: Connection) -> Answer:
    erased = len(erasures.forgotten())
    return not erasures.is_sweep_due(), f"{erased} erased" + (", the files not yet rewritten" * erasures.is_sweep_due())
