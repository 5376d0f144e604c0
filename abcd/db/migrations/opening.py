"""The one question that the public role may ask of what it cannot read: which live share this name or secret opens.

The function runs with its owner's rights, because ``abcd_share_ro`` may not enter ``core``. It gives back one row in
any case, so that nothing tells apart what is unknown, revoked or over, and never a hash. It notes the day of the last
use, once a day, and passes over that when the row is being edited or the store may not be written.
"""

from collections.abc import Iterator

SIGNATURE = "pub.opened_share(text,text,text,timestamp with time zone)"
LOCAL = "Europe/London"

#: Columns of the answer after the time: as in ``core.share``.
ANSWER = {
    "id": "uuid", "slug": "text", "kind": "text", "title": "text", "words": "text", "partner": "text",
    "audience": "text", "layers": "text[]", "places": "uuid[]", "expires_at": "timestamptz", "language": "text",
    "embed_hosts": "text[]", "contact": "text", "made_by": "text", "made_at": "timestamptz",
    "revoked_at": "timestamptz", "last_used_day": "date", "version": "integer",
}  # fmt: skip

# The time never runs backwards: not before what the caller knows, nor before any session's last sign of life.
OPENED_SHARE = f"""
create function pub.opened_share(of_kind text, by_slug text, by_hash text, at_least timestamptz)
returns table (told_at timestamptz, {", ".join(f"{name} {kind}" for name, kind in ANSWER.items())})
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  one core.share;
  moment timestamptz := greatest(clock_timestamp(), at_least, (select max(a.seen_at) from core.app_session a));
  today date := (moment at time zone '{LOCAL}')::date;
begin
  if by_hash is not null then
    select * into one from core.share s
    where s.token_hash = by_hash and s.kind = of_kind and s.revoked_at is null and s.expires_at > moment;
  else
    select * into one from core.share s
    where s.slug = by_slug and s.kind = of_kind and s.revoked_at is null and s.expires_at > moment;
  end if;
  if one.id is not null and one.last_used_day is distinct from today then
    begin
      update core.share s set last_used_day = today
      where s.id = (select f.id from core.share f where f.id = one.id for update skip locked);
    exception when read_only_sql_transaction or disk_full or lock_not_available then null;
    end;
  end if;
  return query select moment, {", ".join(f"one.{name}::{kind}" for name, kind in ANSWER.items())};
end $$"""

MAY_ASK = """
do $$ begin
  if to_regrole('abcd_share_ro') is not null then
    grant execute on function pub.opened_share to abcd_share_ro;
  end if;
end $$"""


def laid() -> Iterator[str]:
    """The function as this version has it, for the public role and nobody else."""
    yield "drop function if exists pub.opened_share"
    yield OPENED_SHARE
    yield "revoke all on function pub.opened_share from public"
    yield MAY_ASK
