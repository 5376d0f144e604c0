"""Functions that chain what was written down, day by day, without holding up those who write (trust.md R5, F16).

Events are written unsealed. ``core.seal_audit`` chains the committed ones in the order of their numbers, up to a mark
below which no transaction can still be writing: the highest number taken when the mark was set, once every transaction
of that time has ended. Writers never wait for it, and of two sealers the second goes away.
"""

LOCK = 27701
"""The advisory lock of whoever seals."""

YEARS_KEPT = 6
"""No event is removed sooner."""

# Without settings of their own, so that PostgreSQL can write them into the query: a check reads a million events.
EVENT_DIGEST = """
create or replace function core.digest_of(e core.audit_event) returns bytea
language sql stable as $$
  select sha256(convert_to(jsonb_build_array(
    'event', extract(epoch from e.at), e.transaction, e.by, e.account_id, e.login, e.verb, e.thing_kind, e.thing_id,
    e.before, e.after)::text, 'UTF8'))
$$"""

CHANGE_DIGEST = """
create or replace function core.digest_of(c core.row_change) returns bytea
language sql stable as $$
  select sha256(convert_to(jsonb_build_array(
    'change', extract(epoch from c.at), c.transaction, c.by, c.account_id, c.login, c.table_name, c.op, c.thing_kind,
    c.thing_id, c.before, c.after, c.rows)::text, 'UTF8'))
$$"""

LINK = """
create or replace function core.link(last bytea, id bigint, digest bytea) returns bytea
language sql immutable as $$
  select sha256(last || int8send(id) || digest)
$$"""

WRITTEN = """
create or replace function core.written(after_id bigint, up_to bigint, most int)
returns table (id bigint, at timestamptz, digest bytea)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select * from (
    (select e.id, e.at, core.digest_of(e) from core.audit_event e
     where e.id > after_id and e.id <= up_to order by e.id limit most)
    union all
    (select c.id, c.at, core.digest_of(c) from core.row_change c
     where c.id > after_id and c.id <= up_to order by c.id limit most)
  ) as both_kinds (id, at, digest) order by id limit most
$$"""

# A day's chain begins with the last link before it, so that the days hang together too.
DAY_OF = """
create or replace function core.day_begun(on_day date, event bigint, seed_link bytea, seed_id bigint)
returns core.audit_day language plpgsql set search_path = pg_catalog, pg_temp as $$
declare d core.audit_day;
begin
  select * into d from core.audit_day a where a.day = on_day;
  if not found then
    insert into core.audit_day (day, first_id, last_id, events, seed, seed_id, head)
    values (on_day, event, event, 0, seed_link, seed_id, seed_link) returning * into d;
  end if;
  return d;
end $$"""

# The highest number is read before this transaction has a number of its own, so that whoever took a lower one has an
# older transaction. Restored into a new server, transactions count from the beginning again: such a mark is passed.
SEAL = f"""
create or replace function core.seal_audit(most int default 20000) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  mark core.audit_mark;
  d core.audit_day;
  one record;
  n int := 0;
  top bigint;
  mine bigint;
begin
  if not pg_try_advisory_xact_lock({LOCK}) then return 0; end if;
  if pg_current_xact_id_if_assigned() is null then
    select last_value into top from core.audit_event_id_seq;
    mine := pg_current_xact_id()::text::bigint;
  end if;
  select * into mark from core.audit_mark for update;
  if mark.horizon <= pg_snapshot_xmin(pg_current_snapshot())::text::bigint
     or mark.horizon >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint then
    for one in select * from core.written(mark.sealed_id, mark.up_to, most) loop
      if d.day is distinct from (one.at at time zone 'UTC')::date then
        perform core.keep_day(d);
        d := core.day_begun((one.at at time zone 'UTC')::date, one.id, mark.head, mark.sealed_id);
      end if;
      d.head := core.link(d.head, one.id, one.digest);
      d.last_id := one.id;
      d.events := d.events + 1;
      insert into core.audit_seal (id, day, digest, link) values (one.id, d.day, one.digest, d.head);
      mark.sealed_id := one.id;
      mark.head := d.head;
      n := n + 1;
    end loop;
    perform core.keep_day(d);
    if n < most and mine is not null then
      mark.up_to := top;
      mark.horizon := mine;
    end if;
    if n = 0 and top is not distinct from (select up_to from core.audit_mark) then return 0; end if;
    update core.audit_mark set sealed_id = mark.sealed_id, head = mark.head, up_to = mark.up_to,
      horizon = mark.horizon, sealed_at = now();
  end if;
  return n;
end $$"""

KEEP_DAY = """
create or replace function core.keep_day(d core.audit_day) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  update core.audit_day a set last_id = d.last_id, events = d.events, head = d.head where a.day = d.day
$$"""

NO_REWRITING = """
create or replace function core.refuse_rewriting() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' and current_setting('abcd.forgetting', true) = 'on' then return null; end if;
  raise exception 'What was done stays written: audit events are never changed or removed.';
end $$"""

ONLY_FORGOTTEN = f"""
create or replace function core.refuse_unless_forgotten() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if exists (
    select from core.audit_day d join core.audit_seal s using (day)
    where s.id = old.id and d.forgotten_at is not null and d.day < current_date - interval '{YEARS_KEPT} years') then
    return old;
  end if;
  raise exception 'What was done stays written: only whole days older than {YEARS_KEPT} years may go.';
end $$"""

# The day's row stays, with its number of events and its head, so that the chain before and after it still holds.
FORGET = f"""
create or replace function core.forget_audit(old_day date) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  n bigint;
begin
  if old_day >= current_date - interval '{YEARS_KEPT} years' then
    raise exception 'The trail is kept for {YEARS_KEPT} years; % is not that old.', old_day;
  end if;
  update core.audit_day set forgotten_at = now() where day = old_day and forgotten_at is null;
  perform set_config('abcd.forgetting', 'on', true);
  delete from core.audit_event e using core.audit_seal s where s.id = e.id and s.day = old_day;
  delete from core.row_change c using core.audit_seal s where s.id = c.id and s.day = old_day;
  delete from core.audit_seal s where s.day = old_day;
  get diagnostics n = row_count;
  perform set_config('abcd.forgetting', '', true);
  return n;
end $$"""

FUNCTIONS = (
    EVENT_DIGEST,
    CHANGE_DIGEST,
    LINK,
    WRITTEN,
    DAY_OF,
    KEEP_DAY,
    SEAL,
    NO_REWRITING,
    ONLY_FORGOTTEN,
    FORGET,
)
#: Who may not call what: these are for the role that owns the trail, by hand.
OWNER_ONLY = ("core.forget_audit(date)",)

_REFUSE = "for each statement execute function core.refuse_rewriting()"
TRIGGERS = (
    "create or replace trigger stamp before insert on core.audit_event for each row execute function core.stamp()",
    *(
        statement
        for table in ("audit_event", "row_change")
        for statement in (
            f"create or replace trigger append_only before update or delete or truncate on core.{table} {_REFUSE}",
            f"create or replace trigger kept before delete on core.{table} for each row "
            "execute function core.refuse_unless_forgotten()",
        )
    ),
)
