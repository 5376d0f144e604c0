"""One line answered among many residents' offers: milliseconds of Find for a coach, near a patch and everywhere.

The copy of Millfield gets so many offers of gifts of all sorts, by residents of 400 patches, half of whom said yes to
being found. The peer is PostgreSQL reading every offer that may be found, ordered by the trigrams of its words.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import create_engine, text

from abcd.connections.find import find
from abcd.core.language import use
from abcd.db.session import SYSTEM, Actor, session
from abcd.people.skills import load_skills
from abcd.people.wordings import load_wordings
from tests.bench.stores import a_copy_of_millfield, drop

SIZES = [10_000, 100_000]
LINES = ("piano Tuesday evening step-free within 15 minutes", "somebody to mend my bike", "cuppa and a natter",
         "help with forms", "gwnïo yn Gymraeg")  # fmt: skip
PLACES = 400
FILL = [
    """insert into core.organisation (id, name) values ('00000000-0000-4000-8000-000000000001', 'Bench Homes')""",
    """insert into core.place (id, kind, reference, name, geom, point)
    select gen_random_uuid(), 'patch', 'bench-' || n, 'Bench patch ' || n, ST_Multi(ST_Expand(at, 200)), at
    from (select n, ST_SetSRID(ST_MakePoint(312000 + 400 * (n % 20), 440000 + 400 * (n / 20)), 27700) as at
          from generate_series(0, :places - 1) n) p""",
    """insert into core.person (id, organisation_id, place_id, preferred_name, adult_confirmed, purpose, lawful_basis,
      consent_on, source, confirmed_on, retention_review_on)
    select gen_random_uuid(), '00000000-0000-4000-8000-000000000001', p.id, 'Bench ' || n, true, 'introductions',
      'consent', current_date, 'bench', current_date, current_date + 700
    from generate_series(1, :people) n join core.place p on p.reference = 'bench-' || n % :places""",
    """insert into core.consent (person_id, organisation_id, purpose, wording_version, given_on, how, recorded_by,
      expires_on)
    select id, organisation_id, 'being_found', 1, current_date, 'paper', 'bench', current_date + 700
    from core.person where source = 'bench' and preferred_name ~ '[02468]$'""",
    """insert into core.person_offer (person_id, organisation_id, gift_kind, skill, own_words, free_grid, said_on,
      purpose, lawful_basis, consent_on, source)
    select p.id, p.organisation_id, 'hands', k.slug, 'I could: ' || lower(k.name) || ', ' || k.synonyms[1 + n % 3],
      case when n % 2 = 0 then 1 << (n % 21)::int end, current_date, 'introductions', 'consent', current_date, 'bench'
    from (select row_number() over (order by id) as n, id, organisation_id from core.person where source = 'bench') p
    cross join generate_series(0, 1) g
    join (select row_number() over (order by position) - 1 as m, * from core.skill where parent is not null) k
      on k.m = (p.n * 7 + g * 31) % (select count(*) from core.skill where parent is not null)""",
]
PEER = text("""
select o.id from core.findable p join core.person_offer o on o.person_id = p.id
where o.state = 'waiting' order by word_similarity(:line, o.own_words) desc limit 20""")


def rows(size: int) -> Iterator[dict[str, Any]]:
    """Near a patch, and everywhere."""
    url = a_copy_of_millfield()
    os.environ["ABCD_DATABASE_URL"] = url
    try:
        fill(url, size)
        use("en")
        coach = Actor("Bench", "coach", organisation_id="00000000-0000-4000-8000-000000000001")
        peer = timed(coach, lambda s, line: s.execute(PEER, {"line": line}).all())
        for near in ("Bench patch 210", ""):
            ours = timed(coach, lambda s, line, near=near: find(s, line, near))  # type: ignore[misc]
            yield {"offers": size, "from": near or "everywhere", "ours_s": ours[0], "ours_worst_s": ours[1],
                   "peer": "word_similarity of every offer", "peer_s": peer[0]}  # fmt: skip
    finally:
        drop(url)


def fill(url: str, offers: int) -> None:
    """So many offers, two a resident."""
    with session(SYSTEM) as s:
        load_skills(s)
        load_wordings(s)
    made = create_engine(url)
    with made.begin() as connection:
        connection.execute(text("set session_replication_role = replica"))
        for statement in FILL:
            given = {"places": PLACES, "people": offers // 2}
            connection.execute(text(statement), {name: given[name] for name in given if f":{name}" in statement})
    with made.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    made.dispose()


def timed(actor: Actor, ask: Callable[[Any, str], Any], times: int = 4) -> tuple[float, float]:
    """Median and worst seconds, after one of each that nobody counts."""
    taken = []
    for turn in range(times + 1):
        for line in LINES:
            start = time.perf_counter()
            with session(actor) as s:
                ask(s, line)
            taken += [time.perf_counter() - start] if turn else []
    return round(statistics.median(taken), 4), round(max(taken), 4)
