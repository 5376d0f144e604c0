"""A store in which every text that a person could have typed is hostile, put there past all cleaning.

Sound rows are made first; then every text column of every table is set to the next string, row by row, where the
store's own constraints let it. Columns that a later version adds are met without a word here.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import String, Text, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from abcd.access.accounts import add_account, ensure_owner
from abcd.access.sessions import open_session
from abcd.assets.taxonomy import load_taxonomy
from abcd.core.clock import today
from abcd.db.holding import assign
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import DuplicatePair, Venue
from abcd.intake import run
from abcd.places.queries import place
from tests.builders import HERE, a_group, a_place, a_small_area, an_asset
from tests.hostile.strings import EACH, strings

#: Tables that hold no words of people's, or by which one comes in.
LEFT = frozenset(
    "alembic_version app_session sign_in_link term asset_cell import postcode property search_word audit_event "
    "row_change account column_mapping households".split()
)
#: Columns that hold codes, which the product itself writes.
CODES = frozenset(
    "reference status visibility kind asset_kind category source_kind state freq byday measure relation vintage slug "
    "located_by step_free open_to_new constituted referral_needed opening_hours sensitivity file_sha256 op thing_kind "
    "thing_key form token_hash role".split()
)
COUNT = len(EACH)


@dataclass(frozen=True)
class Crowd:
    """Where to look: the estate's reference and id, some assets, an import that waits, and a way in."""

    estate: UUID
    reference: str
    assets: list[UUID]
    waiting: UUID
    cookie: str
    owner: Actor
    names: list[str]


def fill(folder: Path) -> Crowd:
    """Fill the store that the environment names."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        owner = ensure_owner(s, by=SYSTEM)
        estate, assets = sound(s)
        cookie = open_session(s, owner)
    made = run.stage(hostile_file(folder), actor=SYSTEM, file_name=strings(5)[3] + ".csv")
    with session(SYSTEM) as s:
        spoil(s)
        for n, one in enumerate(strings(12)[1:]):
            add_account(s, one, "officer", by=SYSTEM, email=f"z{n}@evil.test")
        assign(s)
        names = list(s.scalars(text("select name from core.asset order by name")))
        reference = place(s, estate).reference
    return Crowd(estate, reference, assets, made.import_id, cookie, owner, names)


def sound(s: Session) -> tuple[UUID, list[UUID]]:
    """An estate full of assets of every kind, as an honest borough has them."""
    east, north = HERE
    estate = a_place(s, name="Old Mill", size=900)
    a_place(s, name="Mill Ward", kind="ward", size=4_000)
    a_small_area(s, HERE, 120)
    fresh, assets = today() - timedelta(days=20), []
    for n in range(COUNT - 20):
        at = (east - 300 + 60 * (n % 10), north - 300 + 60 * (n // 10))
        category = ("library", "cafe", "community-centre", "park")[n % 4]
        assets.append(an_asset(s, category, at, checked=fresh, contact_public=True, extra={"how_to_reach": "x"}))
    for n in range(20):
        at = (east + 20 * n - 200, north + 310)
        assets.append(a_group(s, "youth-group", at, name=f"Club {n}", needs_room=n % 2 == 0, room_need="x"))
    s.add(Venue(asset_id=assets[2], owner="x", hire_terms="x", spare_grid=7, is_underused=True))
    s.add_all(DuplicatePair(asset_id=assets[n], other_id=assets[n + 4], score=0.9, reasons="x") for n in (0, 8))
    s.flush()
    return estate, assets


def hostile_file(folder: Path) -> Path:
    """A table whose headings and cells are hostile."""
    path, words = folder / "crowd.csv", strings(COUNT)
    lines = [["name", "category", "lat", "lon", *words[:40]]]
    lines += [[word, words[n - 1], "53.42" if n % 3 else word, "-2.32", *words[:40]] for n, word in enumerate(words)]
    path.write_text("\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines))
    return path


def spoil(s: Session) -> None:
    """Set every text of every row to a string, where the store lets it."""
    words = [word.replace("\0", "") for word in strings(COUNT)]
    inspector = inspect(s.connection())
    shift = 0
    for table in sorted(set(inspector.get_table_names(schema="core")) - LEFT):
        for column in inspector.get_columns(table, schema="core"):
            if isinstance(column["type"], (Text, String)) and column["name"] not in CODES:
                shift += 1
                _spoil_column(s, table, column["name"], words, shift)


def _spoil_column(s: Session, table: str, column: str, words: list[str], shift: int) -> None:
    set_all = f"""update core."{table}" t set "{column}" = (cast(:words as text[]))[1 + (r.n + :shift) % :count]
                  from (select ctid as at, row_number() over (order by ctid) as n from core."{table}") r
                  where t.ctid = r.at"""
    with suppress(DBAPIError), s.begin_nested():  # a constraint of the store says that it can be no such text
        s.execute(text(set_all), {"words": words, "shift": shift, "count": len(words)})
