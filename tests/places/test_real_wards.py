"""What each ward of the real borough holds, against the publisher's counts."""

from pathlib import Path

import pytest
from sqlalchemy import text

from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import Actor, session
from abcd.intake.places_file import import_places
from abcd.intake.run import run

# libraries, general practices, community hubs, parks, leisure centres, polling stations, defibrillators, schools
FILES = ("trafford_libraries", "trafford_general_practices", "trafford_community_hubs", "parks",
         "trafford_leisure_centres", "trafford_polling_stations", "trafford_defibrillators",
         "trafford_schools_and_colleges")  # fmt: skip
WARDS = {
    "Altrincham": (1, 4, 1, 2, 1, 5, 20, 6), "Ashton upon Mersey": (0, 0, 0, 1, 0, 3, 3, 5),
    "Bowdon": (0, 0, 0, 1, 0, 5, 7, 6), "Broadheath": (0, 1, 0, 3, 0, 4, 5, 4), "Brooklands": (0, 1, 0, 2, 0, 5, 2, 2),
    "Bucklow-St Martins": (1, 3, 1, 3, 1, 4, 12, 7), "Davyhulme": (1, 2, 0, 2, 0, 6, 3, 4),
    "Flixton": (0, 0, 0, 2, 1, 4, 7, 7), "Gorse Hill & Cornbrook": (1, 1, 0, 2, 2, 3, 25, 3),
    "Hale": (1, 0, 0, 1, 1, 4, 7, 3), "Hale Barns & Timperley South": (0, 2, 0, 1, 0, 3, 8, 6),
    "Longford": (0, 0, 0, 1, 0, 3, 7, 6), "Lostock & Barton": (1, 1, 0, 1, 1, 3, 23, 6),
    "Manor": (1, 1, 1, 1, 0, 2, 4, 7),
    "Old Trafford": (1, 1, 1, 2, 1, 3, 6, 3), "Sale Central": (2, 1, 0, 2, 1, 4, 12, 3),
    "Sale Moor": (0, 1, 0, 0, 0, 3, 5, 6), "Stretford & Humphrey Park": (1, 1, 1, 2, 0, 5, 6, 7),
    "Timperley Central": (1, 3, 0, 0, 0, 3, 11, 5), "Timperley North": (0, 1, 0, 1, 0, 5, 4, 3),
    "Urmston": (1, 2, 1, 2, 0, 4, 8, 4),
}  # fmt: skip

HELD = """
select p.name, count(*) from core.place_asset held
join core.place p on p.id = held.place_id and p.kind = 'ward'
join core.asset a on a.id = held.asset_id
where held.relation = 'within' and a.first_import_id = :import_id group by 1"""


@pytest.fixture(scope="module")
def borough(store: str, owner: Actor, real_data: Path) -> str:
    """A store with the real wards."""
    with session(owner) as s:
        load_taxonomy(s)
    import_places(real_data / "boundaries/trafford_ward_full_resolution.geojson", "ward", actor=owner)
    return store


@pytest.mark.parametrize(("column", "file"), list(enumerate(FILES)))
def test_each_ward_holds_what_the_publisher_counts(
    borough: str, owner: Actor, real_data: Path, column: int, file: str
) -> None:
    report = run(real_data / f"assets/{file}.csv", actor=owner)
    with session(owner) as s:
        rows = s.execute(text(HELD), {"import_id": report.import_id}).all()
    found: dict[str, int] = dict(map(tuple, rows))
    assert {ward: found.get(ward, 0) for ward in WARDS} == {ward: counts[column] for ward, counts in WARDS.items()}
