"""People: their tables, who sees a row, and a key for each person.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: Nobody signs in as the keeper and nobody is a member of it: what it may do is done through its four functions alone.
KEEPER = """
do $$ begin
  if to_regrole('abcd_keeper') is null then
    create role abcd_keeper nologin nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
exception when insufficient_privilege then
  raise notice 'role abcd_keeper could not be made: ask the owner of this server';
end $$"""

KEYRING = (
    "create schema keyring",
    "revoke all on schema keyring from public",
    """create table keyring.person_key (
      person_id uuid primary key,
      secret text not null,
      made_at timestamptz not null default now()
    )""",
    "comment on table keyring.person_key is 'One secret a person: without it what the trail holds of them is noise.'",
)

#: Only a named role sees a person marked as a safety risk: the one place in the database that says which.
NAMED = """
create function core.sees_safety_risk() returns boolean language sql stable parallel safe as
$$ select coalesce(current_setting('abcd.role', true), '') in ('owner', 'manager') $$"""

ASKING = "(select nullif(current_setting('abcd.organisation', true), '')::uuid)"
ROW_SECURITY = (
    "alter table core.person enable row level security",
    "alter table core.person force row level security",
    f"""create policy of_the_association on core.person
      using (organisation_id = {ASKING} and (not safety_risk or (select core.sees_safety_risk())))""",
    "alter table core.person_note enable row level security",
    "alter table core.person_note force row level security",
    f"""create policy of_the_person on core.person_note
      using (organisation_id = {ASKING} and exists (select from core.person p where p.id = person_id))""",
)

#: A copy of what is personal must not lie in the planner's statistics, where it outlives the row; nor of what quotes the
#: rows of other people's files.
UNSAMPLED = {
    "person": ("preferred_name", "phone", "email", "comms_needs", "source"),
    "person_note": ("words", "source"),
    "issue": ("value", "message"),
    "import": ("report", "mapping"),
    "import_before": ("before",),
    "import_change": ("before",),
}
NO_SAMPLES = tuple(
    f"alter table core.{table} alter {name} set statistics 0" for table, names in UNSAMPLED.items() for name in names
)

HOME = (
    """create function core.refuse_finer_home() returns trigger language plpgsql as $$
begin
  if not exists (select from core.place where id = new.place_id and kind in ('patch', 'estate')) then
    raise exception 'A person belongs to a patch or an estate, and to nothing finer.' using errcode = 'check_violation';
  end if;
  return new;
end $$""",
    """create trigger finer_home before insert or update of place_id on core.person
      for each row execute function core.refuse_finer_home()""",
    """create function core.refuse_other_kind() returns trigger language plpgsql as $$
begin
  raise exception 'A place keeps its kind: people may belong to it.' using errcode = 'check_violation';
end $$""",
    """create trigger keeps_kind before update of kind on core.place for each row
      when (old.kind in ('patch', 'estate') and new.kind not in ('patch', 'estate'))
      execute function core.refuse_other_kind()""",
)

DEFINER = "security definer set search_path = pg_catalog, pg_temp"
#: A key of 256 random bits needs no slow derivation (s2k-mode 1); the message carries its own check against changes.
CIPHER = "cipher-algo=aes256, s2k-mode=1, compress-algo=0"
# A store restored without its keys goes on with new ones: what was sealed before stays unreadable, what comes is not.
FUNCTIONS = (
    f"""create function core.sealed(person uuid, value text) returns bytea language plpgsql volatile {DEFINER} as $$
declare held text;
begin
  if value is null then return null; end if;
  select secret into held from keyring.person_key where person_id = person;
  if held is null then
    insert into keyring.person_key (person_id, secret)
      select p.id, encode({{crypto}}.gen_random_bytes(32), 'hex') from core.person p
      where p.id = person and p.status <> 'anonymised'
      on conflict do nothing;
    select secret into held from keyring.person_key where person_id = person;
  end if;
  if held is null then raise exception 'There is no key for this person.' using errcode = 'no_data_found'; end if;
  return {{crypto}}.pgp_sym_encrypt(value, held, '{CIPHER}');
end $$""",
    f"""create function core.unsealed(person uuid, sealed bytea) returns text language plpgsql stable {DEFINER} as $$
declare held text;
begin
  select secret into held from keyring.person_key k
    where k.person_id = person and exists (select from core.person p where p.id = person);
  if held is null or sealed is null then return null; end if;
  return {{crypto}}.pgp_sym_decrypt(sealed, held);
exception when external_routine_invocation_exception then
  return null;
end $$""",
    f"""create function core.make_person_key() returns trigger language plpgsql {DEFINER} as $$
begin
  insert into keyring.person_key (person_id, secret) values (new.id, encode({{crypto}}.gen_random_bytes(32), 'hex'));
  return new;
end $$""",
    f"""create function core.drop_person_key() returns trigger language plpgsql {DEFINER} as $$
begin
  delete from keyring.person_key where person_id = old.id;
  return null;
end $$""",
)
SIGNATURES = (
    "core.sealed(uuid, text)", "core.unsealed(uuid, bytea)", "core.make_person_key()", "core.drop_person_key()",
)  # fmt: skip

#: Triggers fire in the order of their names: a row is told to the trail while its key is still there.
KEY_TRIGGERS = (
    """create trigger a_key before insert on core.person for each row execute function core.make_person_key()""",
    """create trigger z_key_gone after delete on core.person for each row execute function core.drop_person_key()""",
    """create trigger z_key_gone_too after update of status on core.person for each row
      when (new.status = 'anonymised') execute function core.drop_person_key()""",
)

#: On a server of others the role that migrates must be the keeper's equal for the moment of handing over.
HAND_OVER = (
    "grant usage on schema core, keyring to abcd_keeper",
    "grant create on schema core to abcd_keeper",
    "grant select, insert, delete on keyring.person_key to abcd_keeper",
    "grant select on core.person to abcd_keeper",
    "grant execute on function core.sees_safety_risk() to abcd_keeper",
    "do $$ begin if current_setting('is_superuser') <> 'on' then grant abcd_keeper to current_user; end if; end $$",
    *(f"alter function {name} owner to abcd_keeper" for name in SIGNATURES),
    *(f"revoke all on function {name} from public" for name in SIGNATURES),
    "do $$ begin if to_regrole('abcd_owner') is not null then grant execute on function core.sealed(uuid, text) to abcd_owner; end if; end $$",
    "revoke create on schema core from abcd_keeper",
    "do $$ begin if current_setting('is_superuser') <> 'on' then revoke abcd_keeper from current_user; end if; end $$",
)


def upgrade() -> None:
    """Tables, keys, and the walls round both."""
    tables()
    connection = op.get_bind()
    crypto = connection.scalar(
        sa.text(
            "select quote_ident(n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pgcrypto'"
        )
    )
    functions = [each.replace("{crypto}", crypto) for each in FUNCTIONS]
    for statement in (
        KEEPER, *KEYRING, NAMED, *ROW_SECURITY, *NO_SAMPLES, *HOME, *functions, *KEY_TRIGGERS, *HAND_OVER,
    ):  # fmt: skip
        connection.exec_driver_sql(statement)


def tables() -> None:
    """Residents and what they said."""
    op.create_table(
        "person",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("preferred_name", sa.String(), server_default="", nullable=False),
        sa.Column("phone", sa.String(), server_default="", nullable=False),
        sa.Column("email", sa.String(), server_default="", nullable=False),
        sa.Column("contact_route", sa.String(), server_default="in_person", nullable=False),
        sa.Column("language", sa.String(), server_default="en", nullable=False),
        sa.Column("comms_needs", sa.String(), server_default="", nullable=False),
        sa.Column("adult_confirmed", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("status", sa.String(), server_default="active", nullable=False),
        sa.Column("safety_risk", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("lawful_basis", sa.String(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("retention_review_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "contact_route in ('phone', 'text', 'email', 'in_person', 'through_somebody')",
            name=op.f("ck_person_contact_route"),
        ),
        sa.CheckConstraint(
            "lawful_basis in ('consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests')",
            name=op.f("ck_person_lawful_basis"),
        ),
        sa.CheckConstraint("purpose <> ''", name=op.f("ck_person_purpose_said")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_person_source_said")),
        sa.CheckConstraint("status in ('active', 'inactive', 'anonymised')", name=op.f("ck_person_status")),
        sa.ForeignKeyConstraint(["organisation_id"], ["core.organisation.id"], name=op.f("fk_person_organisation_id")),
        sa.ForeignKeyConstraint(["place_id"], ["core.place.id"], name=op.f("fk_person_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id", "organisation_id", name=op.f("uq_person_id_organisation_id")),
        schema="core",
    )
    op.create_index("ix_person_confirmed_on", "person", ["confirmed_on"], unique=False, schema="core")
    op.create_index("ix_person_organisation_id", "person", ["organisation_id", "place_id"], unique=False, schema="core")
    op.create_index("ix_person_place_id", "person", ["place_id"], unique=False, schema="core")
    op.create_table(
        "person_note",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("lawful_basis", sa.String(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind in ('gift', 'hope', 'interest', 'own_words', 'conversation', 'worry')",
            name=op.f("ck_person_note_kind"),
        ),
        sa.CheckConstraint(
            "lawful_basis in ('consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests')",
            name=op.f("ck_person_note_lawful_basis"),
        ),
        sa.CheckConstraint("purpose <> ''", name=op.f("ck_person_note_purpose_said")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_person_note_source_said")),
        sa.CheckConstraint("words <> ''", name=op.f("ck_person_note_words_said")),
        sa.ForeignKeyConstraint(
            ["person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_person_note_person_id"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_note")),
        schema="core",
    )
    op.create_index("ix_person_note_person_id", "person_note", ["person_id"], unique=False, schema="core")
