"""Invented residents for the benchmarks of matching: who they are, what they offer and hope for, made inside the store.

``fill_residents(url, offers, wishes)`` writes into a synthetic store, as its owner and past its triggers: offers of
gifts as ``data/gifts.csv`` has them, by residents of 600 estates of the larger towns, each with a yes to introductions.
Every draw is a hash of the row number.
"""

from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.people.skills import load_skills
from tests.bench.synthetic import WORDS

ASSOCIATION = UUID("5e0d0000-0000-4000-8000-0000000000aa")
ESTATES = 600

GROUNDS = "'introductions', 'consent', date '2026-01-01', 'the person'"
#: Days of the week by parts of a day that somebody may be free: bits of 21, or nobody asked.
FREE = "case when pg_temp.draw(i, {0}) < 0.6 then (pg_temp.draw(i, {1}) * 2097151)::int end"

STATEMENTS = (
    "insert into core.organisation (id, name) values (:association, 'Invented Homes')",
    """create temporary table home as
    select row_number() over (order by p.id) - 1 as n, p.id from (
      select p.id from core.place p where p.kind = 'estate'
      order by substr(p.name, 1, 6), p.reference limit :estates) p""",
    """create temporary table gift as
    select row_number() over (order by position) - 1 as n, slug, gift_kind, themes from core.skill
    where parent is not null""",
    f"""insert into core.person (id, organisation_id, place_id, preferred_name, adult_confirmed, confirmed_on,
      retention_review_on, language, speaks, max_walk_minutes, purpose, lawful_basis, consent_on, source)
    select md5('person' || i)::uuid, :association, h.id, 'Resident ' || i, true,
      date '2026-11-01' - (pg_temp.draw(i, 3) * 600)::int, date '2027-11-01',
      case when pg_temp.draw(i, 4) < 0.9 then 'en' else 'ur' end,
      case when pg_temp.draw(i, 5) < 0.1 then '{{ur,en}}'::text[] else '{{}}'::text[] end,
      case when pg_temp.draw(i, 6) < 0.5 then 5 + (pg_temp.draw(i, 7) * 25)::int end, {GROUNDS}
    from generate_series(1, :people) i join home h on h.n = floor(pg_temp.draw(i, 1) * :estates)::int""",
    """insert into core.consent_wording (purpose, version, told, from_on)
    values ('introductions', 1, 'Invented', date '2020-01-01') on conflict do nothing""",
    """insert into core.consent (person_id, organisation_id, purpose, wording_version, given_on, how, recorded_by,
      expires_on) select id, organisation_id, 'introductions', 1, current_date - 10, 'in_person', 'Invented',
      current_date + 700 from core.person""",
    f"""insert into core.person_offer (id, person_id, organisation_id, gift_kind, skill, own_words, will_teach,
      free_grid, said_on, purpose, lawful_basis, consent_on, source)
    select md5('offer' || i)::uuid, md5('person' || (1 + floor(pg_temp.draw(i, 20) * :people)::int))::uuid,
      :association, g.gift_kind, g.slug, 'I could do this.', pg_temp.draw(i, 21) < 0.4, {FREE.format(22, 23)},
      date '2026-11-01' - (pg_temp.draw(i, 24) * 400)::int, {GROUNDS}
    from generate_series(1, :offers) i
    join gift g on g.n = floor(pg_temp.draw(i, 25) * (select count(*) from gift))::int""",
    f"""insert into core.person_wish (id, person_id, organisation_id, wish_kind, skill, theme, own_words, free_grid,
      said_on, purpose, lawful_basis, consent_on, source)
    select md5('wish' || i)::uuid, md5('person' || (1 + floor(pg_temp.draw(i, 40) * :people)::int))::uuid, :association,
      pg_temp.pick('{{do,learn,meet}}', i, 41), case when pg_temp.draw(i, 42) < 0.9 then g.slug end, g.themes[1],
      'I would love this.', {FREE.format(43, 44)}, date '2026-11-01' - (pg_temp.draw(i, 45) * 400)::int, {GROUNDS}
    from generate_series(1, :wishes) i
    join gift g on g.n = floor(pg_temp.draw(i, 46) * (select count(*) from gift))::int""",
)  # fmt: skip


def fill_residents(url: str, offers: int, wishes: int) -> None:
    """Residents, half as many as offers, into a synthetic store at ``url`` (its owner's)."""
    values = {"association": ASSOCIATION, "estates": ESTATES, "people": offers // 2, "offers": offers, "wishes": wishes}
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("select set_config('abcd.actor', 'Invented', false)"))
        load_skills(Session(connection))
        # What the trail and the keys would add is not what is measured here, and takes longer than all of it.
        connection.execute(text("set local session_replication_role = replica"))
        connection.exec_driver_sql(WORDS)
        for statement in STATEMENTS:
            connection.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
