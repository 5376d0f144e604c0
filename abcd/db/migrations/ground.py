"""What the tables stand on, and what is laid over them: schemas, roles, words, triggers, grants, comments.

Statements of the first migration, a later change of which is a migration of its own; and what ``migrate.upgrade`` lays
anew over all tables each time.
"""

from collections.abc import Iterator

from abcd.db import timeouts
from abcd.db.migrations import aside, auditing, opening, ownership, sealing
from abcd.db.tables import Base, pub
from abcd.db.tables.cells import TRIGGERS
from abcd.db.tables.places import FOLLOWERS
from abcd.db.tables.register import SHELF

#: Roles that sign in, and what each may be; nobody signs in as the owner (trust.md R1).
ROLES = {
    "abcd_owner": "nologin",
    "abcd_migrator": "login",
    "abcd_app_rw": "login",
    "abcd_share_ro": "login",
    "abcd_backup": "login",
}

MAKE_ROLE = """
do $$ begin
  if to_regrole('{name}') is null then create role {name} {right} nosuperuser nocreatedb nocreaterole; end if;
exception when insufficient_privilege then
  raise notice 'role {name} could not be made: ask the owner of this server';
end $$"""

#: Only a superuser may let a role past row security, which a backup needs (trust.md R15).
MAY_BACK_UP = """
do $$ begin
  if current_setting('is_superuser') = 'on' then alter role abcd_backup bypassrls; end if;
end $$"""

BEFORE = (
    *(MAKE_ROLE.format(name=name, right=right) for name, right in ROLES.items()),
    MAY_BACK_UP,
    "create schema if not exists core",
    "create schema if not exists pub",
    "create schema if not exists stage",
    "revoke all on schema public from public",
    "grant usage on schema public to public",
    "create text search configuration core.plain (copy = english)",
    "alter text search configuration core.plain alter mapping for hword, hword_part, word with unaccent, english_stem",
    SHELF,
)

NO_REWRITING = """
create function core.refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'What was done stays written: audit events are never changed or removed.';
end $$"""

AUDIT_IS_APPEND_ONLY = """
create trigger append_only before update or delete or truncate on core.audit_event
  for each statement execute function core.refuse_rewriting()"""

#: What the app may never do with the trail, and with what was there before an import.
KEPT_FROM_THE_APP = (
    "revoke insert, update, delete on core.row_change, core.audit_seal, core.audit_day, core.audit_mark, "
    "core.set_aside from {role}",
    "revoke update, delete on core.audit_event from {role}",
    "revoke update, delete on core.import_before, core.import_change from {role}",
    "grant update (version_after) on core.import_change to {role}",
    # What a group agreed to stays as it was written down: it can be withdrawn, and not made otherwise.
    "revoke update, delete on core.contact_consent from {role}",
    "grant update (withdrawn_on, withdrawn_how) on core.contact_consent to {role}",
    "revoke all on sequence core.audit_event_id_seq from {role}",
    *(f"revoke execute on function {name} from {{role}}" for name in sealing.OWNER_ONLY),
)

GRANTS = {
    "abcd_app_rw": (
        "revoke all on all tables in schema core from {role}",
        "revoke all on all sequences in schema core from {role}",
        "grant usage on schema core, pub to {role}",
        "grant usage, create on schema stage to {role}",
        "grant select, insert, update, delete on all tables in schema core to {role}",
        "grant usage, select on all sequences in schema core to {role}",
        "grant select on all tables in schema pub to {role}",
        *KEPT_FROM_THE_APP,
    ),
    "abcd_share_ro": (
        "revoke all on schema core, stage from {role}",
        # Behind one address the app's own connection steps down to what is public.
        "grant {role} to abcd_app_rw",
        "grant usage on schema pub to {role}",
        "grant select on all tables in schema pub to {role}",
    ),
    "abcd_backup": (
        "grant usage on schema core, pub to {role}",
        "grant select on all tables in schema core, pub to {role}",
        "grant select on all sequences in schema core to {role}",
    ),
}

WHEN_THERE = """
do $$ begin
  if to_regrole('{role}') is not null then
    {statements};
  end if;
end $$"""


def grants() -> Iterator[str]:
    """The rights of each role that is there, and of nobody else."""
    yield ownership.RUN_BY_THE_APP_ALONE
    for role, statements in GRANTS.items():
        yield WHEN_THERE.format(role=role, statements=";\n    ".join(each.format(role=role) for each in statements))


def comments() -> Iterator[str]:
    """The query that each index serves, as a comment in the database."""
    for table in Base.metadata.sorted_tables:
        for index in table.indexes:
            if words := index.info.get("comment"):
                yield f"comment on index core.{index.name} is '{words.replace(chr(39), chr(39) * 2)}'"


def after() -> Iterator[str]:
    """What the first migration lays over its tables, in order."""
    yield from (*TRIGGERS, *FOLLOWERS, NO_REWRITING, AUDIT_IS_APPEND_ONLY)


def trail() -> Iterator[str]:
    """The functions and triggers of the audit trail, as this version has them."""
    yield from (*auditing.laid(), *sealing.FUNCTIONS, *sealing.TRIGGERS, *aside.FUNCTIONS, *aside.TRIGGERS)


def over_all() -> Iterator[str]:
    """What is laid anew over every table after each upgrade, so that a new table has it too: comments, the public
    views, the trail's triggers, the owner and rights."""
    yield from comments()
    yield from pub.laid()
    yield from opening.laid()
    yield from trail()
    yield from ownership.STATEMENTS
    yield from grants()
    yield from timeouts.on_roles()
