"""How long anything may take, by role: no statement, lock or idle transaction holds the store up for ever (F10)."""

from collections.abc import Iterator

STATEMENT, LOCK, IDLE = "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"

#: Laid on the role in the database, and on each of our connections, because a server of others may not let us.
LIMITS = {
    "abcd_app_rw": {STATEMENT: "15s", LOCK: "4s", IDLE: "60s"},
    "abcd_share_ro": {STATEMENT: "5s", LOCK: "2s", IDLE: "20s"},
    "abcd_backup": {LOCK: "60s"},
}
#: Somebody at a screen is told "busy" after so long (trust.md F10).
FOR_A_PERSON = {STATEMENT: "5s"}
#: Imports, exports and backups take the time they need; between two statements they may read a file.
PATIENT = {STATEMENT: "0", IDLE: "600s"}

SET_WHEN_MAY = """
do $$ begin
  if to_regrole('{role}') is not null then
    execute 'alter role {role} in database ' || quote_ident(current_database()) || ' set {name} = ''{value}''';
  end if;
exception when insufficient_privilege then
  raise notice 'the limits of role {role} are set on each connection: only the owner of this server may set them here';
end $$"""


def on_roles() -> Iterator[str]:
    """Statements that lay the limits on each role that is there, in this database."""
    for role, limits in LIMITS.items():
        for name, value in limits.items():
            yield SET_WHEN_MAY.format(role=role, name=name, value=value)
