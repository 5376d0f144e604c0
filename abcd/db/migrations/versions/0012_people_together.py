"""People's gifts, wishes, consents and introductions: their tables, who sees a row, and what the database refuses.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATUSES = (
    "alter table core.person drop constraint ck_person_status",
    """alter table core.person add constraint ck_person_status
      check (status in ('active', 'inactive', 'anonymised', 'withdrawn'))""",
)

ASKING = "(select nullif(current_setting('abcd.organisation', true), '')::uuid)"
OF_THE_ASSOCIATION = f"organisation_id = {ASKING}"
OF_THE_PERSON = f"{OF_THE_ASSOCIATION} and exists (select from core.person p where p.id = person_id)"

#: Whoever took everything back is gone from every page at once; only what erases them says that it must see them.
PERSON = f"""{OF_THE_ASSOCIATION} and (not safety_risk or (select core.sees_safety_risk()))
  and (status <> 'withdrawn' or (select coalesce(current_setting('abcd.sees_withdrawn', true), '') = 'yes'))"""

POLICIES = {
    **dict.fromkeys(
        ("person_offer", "person_wish", "person_check", "person_avoids", "consent", "consent_withdrawn",
         "conversation", "follow_up"), OF_THE_PERSON),
    "resident_link": f"""({OF_THE_PERSON})
      or token_hash = (select nullif(current_setting('abcd.token_hash', true), ''))""",
    "wish": OF_THE_ASSOCIATION,
    "plan_action": f"""{OF_THE_ASSOCIATION}
      and (person_wish_id is null or exists (select from core.person_wish w where w.id = person_wish_id))""",
    "introduction_in": f"""{OF_THE_ASSOCIATION}
      and (person_id is null or exists (select from core.person p where p.id = person_id))""",
    "connection": f"""{OF_THE_ASSOCIATION}
      and exists (select from core.person p where p.id = a_person_id)
      and (b_person_id is null or exists (select from core.person p where p.id = b_person_id))""",
    "connection_step": f"""{OF_THE_ASSOCIATION}
      and exists (select from core.connection c where c.id = connection_id)""",
}  # fmt: skip

#: A copy of what is personal must not lie in the planner's statistics, where it outlives the row.
UNSAMPLED = {
    "person_offer": ("own_words", "conditions", "source"),
    "person_wish": ("own_words", "urgent_reason", "source"),
    "person_check": ("role", "source"),
    "conversation": ("summary", "source"),
    "follow_up": ("own_words", "gave", "source"),
    "consent": ("controllers",),
    "plan_action": ("what", "owner_words", "supporter", "blocker_words"),
    "wish": ("own_words",),
    "offer": ("own_words", "conditions"),
}

TODAY = "(now() at time zone 'Europe/London')::date"
HOLDS = f"""c.given_on <= {TODAY} and c.expires_on > {TODAY}
    and not exists (select from core.consent_withdrawn w where w.consent_id = c.id)"""
CONSENTS = f"""
create function core.consents(asked uuid, wanted text) returns boolean language sql stable as $$
  select exists (select from core.consent c where c.person_id = asked and c.purpose = wanted and {HOLDS})
$$"""

#: Nothing is done with anybody who is not in here: whose yes holds today, an adult, and seen by whoever asks.
AGREED = "\n".join((
    "create view core.{name} with (security_invoker = true) as",
    "select p.id, p.organisation_id, p.place_id, p.preferred_name, p.language, p.speaks, p.access_needs,",
    "  p.max_walk_minutes, p.wants_alike, p.confirmed_on",
    "from core.person p where p.status = 'active' and not p.safety_risk and p.adult_confirmed",
    "  and exists (select from core.consent c where c.person_id = p.id and c.purpose = '{purpose}' and {holds})",
))  # fmt: skip
VIEWS = {"introducible": "introductions", "findable": "being_found"}

ONLY_ADDED = """
create function core.keep_as_said() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    raise exception 'What was said stays as it was said: add what changed.' using errcode = 'check_violation';
  end if;
  if coalesce(current_setting('abcd.erasing', true), '') <> 'yes'
     and exists (select from core.{parent} p where p.id = old.{column}) then
    raise exception 'What was said goes with the person alone.' using errcode = 'check_violation';
  end if;
  return old;
end $$"""
ADDED_ALONE = {
    "consent": ("keep_consents", "person", "person_id"),
    "consent_withdrawn": ("keep_withdrawals", "person", "person_id"),
    "connection_step": ("keep_steps", "connection", "connection_id"),
}

#: What leads where (product.md E.3). A way out is open from everywhere it can be said; what rests may begin again.
STEPS = """
create function core.may_follow(was text, then_is text) returns boolean language sql immutable parallel safe as $$
  select (was, then_is) in (
      ('idea', 'asked_a'), ('asked_a', 'yes_a'), ('yes_a', 'asked_b'), ('asked_b', 'yes_b'), ('yes_b', 'introduced'),
      ('introduced', 'met'), ('met', 'going_at_4w'), ('going_at_4w', 'going_at_12w'), ('going_at_12w', 'settled'),
      ('met', 'settled'), ('going_at_4w', 'settled'), ('not_now', 'idea'), ('no_reply', 'idea'))
    or (then_is in ('not_now', 'not_for_me', 'no_reply')
        and was in ('idea', 'asked_a', 'yes_a', 'asked_b', 'yes_b', 'introduced'))
    or (then_is in ('stopped', 'stopped_unsafe') and was not in ('not_now', 'not_for_me', 'no_reply', 'stopped',
        'stopped_unsafe'))
$$"""
KEEP_STEPS = """
create function core.keep_connection_steps() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' and new.state <> 'idea' then
    raise exception 'An introduction begins as an idea.' using errcode = 'check_violation';
  end if;
  if tg_op = 'UPDATE' and new.state is distinct from old.state and not core.may_follow(old.state, new.state) then
    raise exception 'An introduction does not go from %% to %%.', old.state, new.state using errcode = 'check_violation';
  end if;
  if (tg_op = 'INSERT' or new.state is distinct from old.state)
     and new.state not in ('not_now', 'not_for_me', 'no_reply', 'stopped', 'stopped_unsafe')
     and not (core.consents(new.a_person_id, 'introductions')
              and (new.b_person_id is null or core.consents(new.b_person_id, 'introductions'))) then
    raise exception 'Without a yes to introductions nobody is brought together.' using errcode = 'check_violation';
  end if;
  if new.passed_on is not null and new.state in ('idea', 'asked_a', 'yes_a', 'asked_b', 'yes_b') then
    raise exception 'Contact details pass after both have said yes.' using errcode = 'check_violation';
  end if;
  return new;
end $$"""


def upgrade() -> None:
    """Tables, then the walls round them."""
    tables()
    for statement in (*STATUSES, *walls(), *words_kept(), CONSENTS, *views(), *only_added(), *steps()):
        op.get_bind().exec_driver_sql(statement)


def walls() -> list[str]:
    """Row security, forced, on every table that is about people."""
    laid = ["drop policy of_the_association on core.person",
            f"create policy of_the_association on core.person using ({PERSON})"]  # fmt: skip
    for table, seen in POLICIES.items():
        laid += [f"alter table core.{table} enable row level security",
                 f"alter table core.{table} force row level security",
                 f"create policy whose_it_is on core.{table} using ({seen})"]  # fmt: skip
    return laid


def words_kept() -> list[str]:
    """No samples of people's words for the planner."""
    return [
        f"alter table core.{table} alter {name} set statistics 0"
        for table, names in UNSAMPLED.items()
        for name in names
    ]


def views() -> list[str]:
    """The people with whom something may be done, by what they agreed to."""
    return [AGREED.format(name=name, purpose=purpose, holds=HOLDS) for name, purpose in VIEWS.items()]


def only_added() -> list[str]:
    """Triggers for what is only ever added."""
    laid = []
    for table, (name, parent, column) in ADDED_ALONE.items():
        made = ONLY_ADDED.replace("keep_as_said", name).replace("{parent}", parent).replace("{column}", column)
        laid += [made, f"""create trigger {name} before update or delete on core.{table}
          for each row execute function core.{name}()"""]  # fmt: skip
    return laid


def steps() -> list[str]:
    """The order of an introduction's steps."""
    return [STEPS, KEEP_STEPS, """create trigger keep_connection_steps before insert or update on core.connection
      for each row execute function core.keep_connection_steps()"""]  # fmt: skip


def tables() -> None:
    """Residents' gifts and wishes, everybody else's, consents, introductions and the public network."""
    op.create_table(
        "consent_wording",
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("told_cy", sa.String(), server_default="", nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", "version", name=op.f("pk_consent_wording")),
        schema="core",
    )
    op.create_table(
        "skill",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_cy", sa.String(), server_default="", nullable=False),
        sa.Column("gift_kind", sa.String(), server_default="", nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("synonyms", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("regulated_hint", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["core.skill.slug"], name=op.f("fk_skill_parent")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_skill")),
        schema="core",
    )
    op.create_table(
        "edge",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("a_id", sa.UUID(), nullable=False),
        sa.Column("b_id", sa.UUID(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("last_seen", sa.Date(), nullable=False),
        sa.Column("weight", sa.Double(), server_default="1", nullable=False),
        sa.Column("source_kind", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "relation in ('shares_venue', 'shares_members', 'joint_activity', 'refers', 'funds', 'supports', 'learned_from')",
            name=op.f("ck_edge_relation"),
        ),
        sa.CheckConstraint(
            "source_kind in ('resident', 'group', 'staff visit', 'connector', 'partner list', 'open data', 'desk', 'import')",
            name=op.f("ck_edge_source_kind"),
        ),
        sa.CheckConstraint("a_id <> b_id", name=op.f("ck_edge_two_ends")),
        sa.CheckConstraint("weight > 0", name=op.f("ck_edge_weight")),
        sa.ForeignKeyConstraint(["a_id"], ["core.asset.id"], name=op.f("fk_edge_a_id"), ondelete="cascade"),
        sa.ForeignKeyConstraint(["b_id"], ["core.asset.id"], name=op.f("fk_edge_b_id"), ondelete="cascade"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edge")),
        schema="core",
    )
    op.create_index("ix_edge_a_id", "edge", ["a_id", "relation"], unique=False, schema="core")
    op.create_index("ix_edge_b_id", "edge", ["b_id", "relation"], unique=False, schema="core")
    op.create_table(
        "offer",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("owner_kind", sa.String(), nullable=False),
        sa.Column("asset_id", sa.UUID(), nullable=True),
        sa.Column("owner_id", sa.UUID(), nullable=True),
        sa.Column("place_id", sa.UUID(), nullable=True),
        sa.Column("gift_kind", sa.String(), nullable=False),
        sa.Column("skill", sa.String(), nullable=True),
        sa.Column("theme", sa.String(), server_default="", nullable=False),
        sa.Column("own_words", sa.String(), nullable=False),
        sa.Column("how_much", sa.String(), server_default="", nullable=False),
        sa.Column("free_grid", sa.Integer(), nullable=True),
        sa.Column("max_walk_minutes", sa.Integer(), nullable=True),
        sa.Column("conditions", sa.String(), server_default="", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("visibility", sa.String(), server_default="partner", nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("taken_up_on", sa.Date(), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "gift_kind in ('head', 'heart', 'hands', 'space', 'thing', 'time', 'money')",
            name=op.f("ck_offer_gift_kind"),
        ),
        sa.CheckConstraint("own_words <> ''", name=op.f("ck_offer_own_words_said")),
        sa.CheckConstraint(
            "owner_kind in ('group', 'venue', 'partner', 'supplier', 'landlord')", name=op.f("ck_offer_owner_kind")
        ),
        sa.CheckConstraint("state in ('waiting', 'taken_up', 'resting', 'ended')", name=op.f("ck_offer_state")),
        sa.CheckConstraint("visibility in ('public', 'partner', 'officer')", name=op.f("ck_offer_visibility")),
        sa.CheckConstraint("asset_id is not null or owner_id is not null", name=op.f("ck_offer_has_an_owner")),
        sa.CheckConstraint("free_grid between 0 and 2097151", name=op.f("ck_offer_free_grid")),
        sa.ForeignKeyConstraint(["asset_id"], ["core.asset.id"], name=op.f("fk_offer_asset_id"), ondelete="cascade"),
        sa.ForeignKeyConstraint(["owner_id"], ["core.organisation.id"], name=op.f("fk_offer_owner_id")),
        sa.ForeignKeyConstraint(["place_id"], ["core.place.id"], name=op.f("fk_offer_place_id")),
        sa.ForeignKeyConstraint(["skill"], ["core.skill.slug"], name=op.f("fk_offer_skill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        schema="core",
    )
    op.create_index("ix_offer_asset_id", "offer", ["asset_id"], unique=False, schema="core")
    op.create_index("ix_offer_place_id", "offer", ["place_id"], unique=False, schema="core")
    op.create_index("ix_offer_skill", "offer", ["skill"], unique=False, schema="core")
    op.create_table(
        "wish",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("voiced_by", sa.String(), nullable=False),
        sa.Column("asset_id", sa.UUID(), nullable=True),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("wish_kind", sa.String(), nullable=False),
        sa.Column("own_words", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), server_default="", nullable=False),
        sa.Column("skill", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("free_grid", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("voices", sa.Integer(), server_default="1", nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("told_residents_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(voiced_by = 'group') = (asset_id is not null)", name=op.f("ck_wish_group_is_named")),
        sa.CheckConstraint("own_words <> ''", name=op.f("ck_wish_own_words_said")),
        sa.CheckConstraint("state in ('open', 'planned', 'met', 'let_go')", name=op.f("ck_wish_state")),
        sa.CheckConstraint(
            "voiced_by in ('group', 'meeting', 'survey', 'prospective_resident')", name=op.f("ck_wish_voiced_by")
        ),
        sa.CheckConstraint(
            "wish_kind in ('do', 'learn', 'meet', 'change', 'fix', 'have_nearby')", name=op.f("ck_wish_wish_kind")
        ),
        sa.CheckConstraint("free_grid between 0 and 2097151", name=op.f("ck_wish_free_grid")),
        sa.CheckConstraint("voices > 0", name=op.f("ck_wish_voices")),
        sa.ForeignKeyConstraint(["asset_id"], ["core.asset.id"], name=op.f("fk_wish_asset_id"), ondelete="cascade"),
        sa.ForeignKeyConstraint(["category"], ["core.term.slug"], name=op.f("fk_wish_category")),
        sa.ForeignKeyConstraint(["organisation_id"], ["core.organisation.id"], name=op.f("fk_wish_organisation_id")),
        sa.ForeignKeyConstraint(["place_id"], ["core.place.id"], name=op.f("fk_wish_place_id")),
        sa.ForeignKeyConstraint(["skill"], ["core.skill.slug"], name=op.f("fk_wish_skill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        schema="core",
    )
    op.create_index("ix_wish_asset_id", "wish", ["asset_id"], unique=False, schema="core")
    op.create_index("ix_wish_organisation_id", "wish", ["organisation_id"], unique=False, schema="core")
    op.create_index("ix_wish_place_id", "wish", ["place_id"], unique=False, schema="core")
    op.create_table(
        "consent",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("controllers", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("wording_version", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("how in ('in_person', 'phone', 'paper', 'online', 'text')", name=op.f("ck_consent_how")),
        sa.CheckConstraint(
            "purpose <> 'sharing' or cardinality(controllers) > 0", name=op.f("ck_consent_names_controllers")
        ),
        sa.CheckConstraint(
            "purpose in ('introductions', 'being_found', 'sharing', 'story', 'photo')", name=op.f("ck_consent_purpose")
        ),
        sa.CheckConstraint("recorded_by <> ''", name=op.f("ck_consent_recorded_by_said")),
        sa.CheckConstraint("expires_on > given_on", name=op.f("ck_consent_has_an_end")),
        sa.ForeignKeyConstraint(
            ["person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_consent_person_id"),
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(
            ["purpose", "wording_version"],
            ["core.consent_wording.purpose", "core.consent_wording.version"],
            name=op.f("fk_consent_purpose"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("id", "person_id", name=op.f("uq_consent_id_person_id")),
        schema="core",
    )
    op.create_index("ix_consent_expires_on", "consent", ["organisation_id", "expires_on"], unique=False, schema="core")
    op.create_index("ix_consent_person_id", "consent", ["person_id", "purpose"], unique=False, schema="core")
    op.create_table(
        "conversation",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("proactive", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("summary", sa.String(), server_default="", nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("held_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("lawful_basis", sa.String(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("kind in ('listening', 'coaching', 'practical')", name=op.f("ck_conversation_kind")),
        sa.CheckConstraint(
            "lawful_basis in ('consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests')",
            name=op.f("ck_conversation_lawful_basis"),
        ),
        sa.CheckConstraint("mode in ('did_with', 'did_for', 'stood_back')", name=op.f("ck_conversation_mode")),
        sa.CheckConstraint("purpose <> ''", name=op.f("ck_conversation_purpose_said")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_conversation_source_said")),
        sa.CheckConstraint("minutes between 1 and 1440", name=op.f("ck_conversation_minutes")),
        sa.ForeignKeyConstraint(
            ["person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_conversation_person_id"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        schema="core",
    )
    op.create_index(
        "ix_conversation_next_on", "conversation", ["organisation_id", "next_on"], unique=False, schema="core"
    )
    op.create_index("ix_conversation_person_id", "conversation", ["person_id", "held_on"], unique=False, schema="core")
    op.create_table(
        "introduction_in",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("source_kind", sa.String(), nullable=False),
        sa.Column("share_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.UUID(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), server_default="suggested", nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("coordinator", sa.String(), server_default="", nullable=False),
        sa.Column("accompaniment", sa.String(), server_default="", nullable=False),
        sa.Column("first_met_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(state = 'suggested') = (settled_on is null)", name=op.f("ck_introduction_in_settled")),
        sa.CheckConstraint("accompaniment in ('', 'short', 'long')", name=op.f("ck_introduction_in_accompaniment")),
        sa.CheckConstraint(
            "source_kind in ('self', 'family_or_friend', 'neighbour', 'community_group', 'faith_leader', 'councillor', 'gp_or_link_worker', 'other_health', 'adult_social_care', 'childrens_services', 'school', 'police', 'fire', 'jobcentre', 'housing_staff', 'voluntary_organisation', 'other')",
            name=op.f("ck_introduction_in_source_kind"),
        ),
        sa.CheckConstraint(
            "state = 'said_yes' or person_id is null", name=op.f("ck_introduction_in_nobody_before_yes")
        ),
        sa.CheckConstraint(
            "state in ('suggested', 'said_yes', 'said_no', 'expired')", name=op.f("ck_introduction_in_state")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["core.organisation.id"], name=op.f("fk_introduction_in_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_introduction_in_person_id"),
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(["place_id"], ["core.place.id"], name=op.f("fk_introduction_in_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_in")),
        sa.UniqueConstraint("reference", name=op.f("uq_introduction_in_reference")),
        schema="core",
    )
    op.create_index(
        "ix_introduction_in_organisation_id",
        "introduction_in",
        ["organisation_id", "state", "expires_on"],
        unique=False,
        schema="core",
    )
    op.create_index("ix_introduction_in_person_id", "introduction_in", ["person_id"], unique=False, schema="core")
    op.create_table(
        "person_avoids",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(other_id is null) <> (asset_id is null)", name=op.f("ck_person_avoids_avoids_one")),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["core.asset.id"], name=op.f("fk_person_avoids_asset_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(
            ["other_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_person_avoids_other_id"),
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_person_avoids_person_id"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_avoids")),
        schema="core",
    )
    op.create_index("ix_person_avoids_other_id", "person_avoids", ["other_id"], unique=False, schema="core")
    op.create_index("ix_person_avoids_person_id", "person_avoids", ["person_id"], unique=False, schema="core")
    op.create_table(
        "person_check",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("is_required", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("cleared_until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("lawful_basis", sa.String(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint(
            "lawful_basis in ('consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests')",
            name=op.f("ck_person_check_lawful_basis"),
        ),
        sa.CheckConstraint("purpose <> ''", name=op.f("ck_person_check_purpose_said")),
        sa.CheckConstraint("role <> ''", name=op.f("ck_person_check_role_said")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_person_check_source_said")),
        sa.ForeignKeyConstraint(
            ["person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_person_check_person_id"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_check")),
        schema="core",
    )
    op.create_index("ix_person_check_person_id", "person_check", ["person_id"], unique=False, schema="core")
    op.create_table(
        "person_offer",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("gift_kind", sa.String(), nullable=False),
        sa.Column("skill", sa.String(), nullable=True),
        sa.Column("own_words", sa.String(), nullable=False),
        sa.Column("will_teach", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("free_grid", sa.Integer(), nullable=True),
        sa.Column("max_walk_minutes", sa.Integer(), nullable=True),
        sa.Column("conditions", sa.String(), server_default="", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("taken_up_on", sa.Date(), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("lawful_basis", sa.String(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint(
            "gift_kind in ('head', 'heart', 'hands', 'space', 'thing', 'time', 'money')",
            name=op.f("ck_person_offer_gift_kind"),
        ),
        sa.CheckConstraint(
            "lawful_basis in ('consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests')",
            name=op.f("ck_person_offer_lawful_basis"),
        ),
        sa.CheckConstraint("own_words <> ''", name=op.f("ck_person_offer_own_words_said")),
        sa.CheckConstraint("purpose <> ''", name=op.f("ck_person_offer_purpose_said")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_person_offer_source_said")),
        sa.CheckConstraint("state in ('waiting', 'taken_up', 'resting', 'ended')", name=op.f("ck_person_offer_state")),
        sa.CheckConstraint("free_grid between 0 and 2097151", name=op.f("ck_person_offer_free_grid")),
        sa.ForeignKeyConstraint(
            ["person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_person_offer_person_id"),
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(["skill"], ["core.skill.slug"], name=op.f("fk_person_offer_skill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_offer")),
        sa.UniqueConstraint("id", "person_id", name=op.f("uq_person_offer_id_person_id")),
        schema="core",
    )
    op.create_index("ix_person_offer_person_id", "person_offer", ["person_id"], unique=False, schema="core")
    op.create_index("ix_person_offer_skill", "person_offer", ["organisation_id", "skill"], unique=False, schema="core")
    op.create_table(
        "person_wish",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wish_kind", sa.String(), nullable=False),
        sa.Column("own_words", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), server_default="", nullable=False),
        sa.Column("skill", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("free_grid", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("urgent_reason", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("lawful_basis", sa.String(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint(
            "lawful_basis in ('consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests')",
            name=op.f("ck_person_wish_lawful_basis"),
        ),
        sa.CheckConstraint("own_words <> ''", name=op.f("ck_person_wish_own_words_said")),
        sa.CheckConstraint("purpose <> ''", name=op.f("ck_person_wish_purpose_said")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_person_wish_source_said")),
        sa.CheckConstraint("state in ('open', 'planned', 'met', 'let_go')", name=op.f("ck_person_wish_state")),
        sa.CheckConstraint(
            "wish_kind in ('do', 'learn', 'meet', 'change', 'fix', 'have_nearby')",
            name=op.f("ck_person_wish_wish_kind"),
        ),
        sa.CheckConstraint("free_grid between 0 and 2097151", name=op.f("ck_person_wish_free_grid")),
        sa.ForeignKeyConstraint(["category"], ["core.term.slug"], name=op.f("fk_person_wish_category")),
        sa.ForeignKeyConstraint(
            ["person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_person_wish_person_id"),
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(["skill"], ["core.skill.slug"], name=op.f("fk_person_wish_skill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_wish")),
        sa.UniqueConstraint("id", "person_id", name=op.f("uq_person_wish_id_person_id")),
        schema="core",
    )
    op.create_index("ix_person_wish_person_id", "person_wish", ["person_id"], unique=False, schema="core")
    op.create_index("ix_person_wish_skill", "person_wish", ["organisation_id", "skill"], unique=False, schema="core")
    op.create_table(
        "resident_link",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_resident_link_person_id"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_resident_link")),
        schema="core",
    )
    op.create_index("ix_resident_link_person_id", "resident_link", ["person_id"], unique=False, schema="core")
    op.create_table(
        "connection",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("a_person_id", sa.Uuid(), nullable=False),
        sa.Column("b_person_id", sa.Uuid(), nullable=True),
        sa.Column("b_asset_id", sa.UUID(), nullable=True),
        sa.Column("person_wish_id", sa.UUID(), nullable=True),
        sa.Column("person_offer_id", sa.UUID(), nullable=True),
        sa.Column("offer_id", sa.UUID(), nullable=True),
        sa.Column("wish_id", sa.UUID(), nullable=True),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column(
            "parts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("crosses_patches", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_urgent", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("state", sa.String(), server_default="idea", nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("introduced_on", sa.Date(), nullable=True),
        sa.Column("passed_on", sa.Date(), nullable=True),
        sa.Column("coordinator", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind in ('group', 'shared_interest', 'lived_experience', 'teach_learn', 'volunteer', 'space')",
            name=op.f("ck_connection_kind"),
        ),
        sa.CheckConstraint(
            "state in ('idea', 'asked_a', 'yes_a', 'asked_b', 'yes_b', 'introduced', 'met', 'going_at_4w', 'going_at_12w', 'settled', 'not_now', 'not_for_me', 'no_reply', 'stopped', 'stopped_unsafe')",
            name=op.f("ck_connection_state"),
        ),
        sa.CheckConstraint("(b_person_id is null) <> (b_asset_id is null)", name=op.f("ck_connection_two_sides")),
        sa.CheckConstraint("a_person_id <> b_person_id", name=op.f("ck_connection_two_people")),
        sa.CheckConstraint("tier between 1 and 5", name=op.f("ck_connection_tier")),
        sa.ForeignKeyConstraint(
            ["a_person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_connection_a_person_id"),
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(
            ["b_asset_id"], ["core.asset.id"], name=op.f("fk_connection_b_asset_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(
            ["b_person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_connection_b_person_id"),
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["core.offer.id"], name=op.f("fk_connection_offer_id"), ondelete="set null"
        ),
        sa.ForeignKeyConstraint(
            ["person_offer_id"],
            ["core.person_offer.id"],
            name=op.f("fk_connection_person_offer_id"),
            ondelete="set null",
        ),
        sa.ForeignKeyConstraint(
            ["person_wish_id"], ["core.person_wish.id"], name=op.f("fk_connection_person_wish_id"), ondelete="set null"
        ),
        sa.ForeignKeyConstraint(["place_id"], ["core.place.id"], name=op.f("fk_connection_place_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["core.wish.id"], name=op.f("fk_connection_wish_id"), ondelete="set null"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
        sa.UniqueConstraint("id", "organisation_id", name=op.f("uq_connection_id_organisation_id")),
        schema="core",
    )
    op.create_index("ix_connection_a_person_id", "connection", ["a_person_id"], unique=False, schema="core")
    op.create_index("ix_connection_b_person_id", "connection", ["b_person_id"], unique=False, schema="core")
    op.create_index("ix_connection_place_id", "connection", ["place_id"], unique=False, schema="core")
    op.create_index(
        "ix_connection_state", "connection", ["organisation_id", "state", "state_at"], unique=False, schema="core"
    )
    op.create_table(
        "consent_withdrawn",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("by_self", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "how in ('in_person', 'phone', 'paper', 'online', 'text')", name=op.f("ck_consent_withdrawn_how")
        ),
        sa.ForeignKeyConstraint(
            ["consent_id", "person_id"],
            ["core.consent.id", "core.consent.person_id"],
            name=op.f("fk_consent_withdrawn_consent_id"),
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_consent_withdrawn_person_id"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_consent_withdrawn")),
        schema="core",
    )
    op.create_index("ix_consent_withdrawn_person_id", "consent_withdrawn", ["person_id"], unique=False, schema="core")
    op.create_table(
        "plan_action",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("wish_id", sa.UUID(), nullable=True),
        sa.Column("person_wish_id", sa.UUID(), nullable=True),
        sa.Column("who_does", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("owner_kind", sa.String(), server_default="resident", nullable=False),
        sa.Column("owner_asset_id", sa.UUID(), nullable=True),
        sa.Column("owner_words", sa.String(), server_default="", nullable=False),
        sa.Column("supporter", sa.String(), server_default="", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("blocker", sa.String(), server_default="", nullable=False),
        sa.Column("blocker_words", sa.String(), server_default="", nullable=False),
        sa.Column("blocked_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "blocker in ('', 'insurance', 'keys', 'licence', 'money', 'fear_of_losing_benefits', 'landlord_policy', 'space', 'people', 'other')",
            name=op.f("ck_plan_action_blocker"),
        ),
        sa.CheckConstraint(
            "owner_kind in ('resident', 'group', 'staff', 'agency')", name=op.f("ck_plan_action_owner_kind")
        ),
        sa.CheckConstraint("what <> ''", name=op.f("ck_plan_action_what_said")),
        sa.CheckConstraint(
            "who_does in ('residents_alone', 'with_help', 'agencies')", name=op.f("ck_plan_action_who_does")
        ),
        sa.CheckConstraint("(wish_id is null) <> (person_wish_id is null)", name=op.f("ck_plan_action_of_one_wish")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["core.organisation.id"], name=op.f("fk_plan_action_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_asset_id"], ["core.asset.id"], name=op.f("fk_plan_action_owner_asset_id"), ondelete="set null"
        ),
        sa.ForeignKeyConstraint(
            ["person_wish_id"], ["core.person_wish.id"], name=op.f("fk_plan_action_person_wish_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(["wish_id"], ["core.wish.id"], name=op.f("fk_plan_action_wish_id"), ondelete="cascade"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
        schema="core",
    )
    op.create_index("ix_plan_action_person_wish_id", "plan_action", ["person_wish_id"], unique=False, schema="core")
    op.create_index("ix_plan_action_wish_id", "plan_action", ["wish_id"], unique=False, schema="core")
    op.create_table(
        "connection_step",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("side", sa.String(), server_default="", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("side in ('', 'a', 'b')", name=op.f("ck_connection_step_side")),
        sa.CheckConstraint(
            "state in ('idea', 'asked_a', 'yes_a', 'asked_b', 'yes_b', 'introduced', 'met', 'going_at_4w', 'going_at_12w', 'settled', 'not_now', 'not_for_me', 'no_reply', 'stopped', 'stopped_unsafe')",
            name=op.f("ck_connection_step_state"),
        ),
        sa.ForeignKeyConstraint(
            ["connection_id", "organisation_id"],
            ["core.connection.id", "core.connection.organisation_id"],
            name=op.f("fk_connection_step_connection_id"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection_step")),
        schema="core",
    )
    op.create_index(
        "ix_connection_step_connection_id", "connection_step", ["connection_id", "at"], unique=False, schema="core"
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("connection_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("is_going", sa.Boolean(), nullable=True),
        sa.Column("own_words", sa.String(), server_default="", nullable=False),
        sa.Column("domains", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("would_again", sa.Boolean(), nullable=True),
        sa.Column("gave", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("lawful_basis", sa.String(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint(
            "lawful_basis in ('consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests')",
            name=op.f("ck_follow_up_lawful_basis"),
        ),
        sa.CheckConstraint("purpose <> ''", name=op.f("ck_follow_up_purpose_said")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_follow_up_source_said")),
        sa.CheckConstraint("confidence between 0 and 10", name=op.f("ck_follow_up_confidence")),
        sa.CheckConstraint("weeks in (0, 4, 12)", name=op.f("ck_follow_up_weeks")),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["core.connection.id"], name=op.f("fk_follow_up_connection_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_follow_up_person_id"),
            ondelete="cascade",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint(
            "connection_id", "person_id", "weeks", name=op.f("uq_follow_up_connection_id_person_id_weeks")
        ),
        schema="core",
    )
    op.create_index("ix_follow_up_person_id", "follow_up", ["person_id"], unique=False, schema="core")
    op.add_column(
        "person",
        sa.Column("roles", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        schema="core",
    )
    op.add_column(
        "person",
        sa.Column("speaks", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        schema="core",
    )
    op.add_column(
        "person",
        sa.Column("access_needs", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        schema="core",
    )
    op.add_column("person", sa.Column("max_walk_minutes", sa.Integer(), nullable=True), schema="core")
    op.add_column(
        "person", sa.Column("wants_alike", sa.Boolean(), server_default="false", nullable=False), schema="core"
    )
