"""Households from census tables, long and wide."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.db.tables import Households, Import, Issue, Place
from abcd.errors import BadFile
from abcd.intake import households_file
from abcd.intake.households_file import load_households
from abcd.intake.lists import read_whole
from abcd.intake.places_file import load_places
from abcd.intake.report import ImportReport
from abcd.places.households import households_in
from abcd.places.queries import places_of_kind
from tests.builders import HERE, a_place

LONG = """area_code,period,household_tenure,unit,value
E00000001,2021-03-21,Owned: Owns outright,Households,"1,010"
E00000001,2021-03-21,Owned: Owns with a mortgage,Households,20
E00000001,2021-03-21,Social rented: Other,Households,5
E00000002,2021-03-21,Owned: Owns outright,Households,7
E00000002,2021-03-21,Owned: Owns with a mortgage,Households,c
E00000002,2021-03-21,Social rented: Other,Households,3
E00000009,2021-03-21,Owned: Owns outright,Households,99
"""


@pytest.fixture
def areas(s: Session) -> Session:
    """Two output areas in the store."""
    for code in ("E00000001", "E00000002"):
        made = a_place(s, HERE, kind="oa", size=20, name=code)
        s.get_one(Place, made).reference = code
    s.flush()
    return s


def load(s: Session, tmp_path: Path, owner: Actor, told: str, name: str = "tenure.csv", **more: Any) -> ImportReport:
    """Bring a table in."""
    path = tmp_path / name
    path.write_text(told, encoding="utf-8")
    return load_households(s, read_whole(path), "oa", by=owner, **more)


def figures(s: Session) -> dict[tuple[str, str, int], int]:
    """(area, measure, year) -> households."""
    rows = select(Place.reference, Households.measure, Households.year, Households.count)
    return {tuple(row[:3]): row[3] for row in s.execute(rows.join(Place, Place.id == Households.place_id))}  # type: ignore[misc]


def test_a_long_table_is_added_up_by_area_and_class(areas: Session, owner: Actor, tmp_path: Path) -> None:
    report = load(areas, tmp_path, owner, LONG)
    assert (report.rows, report.added, report.duplicates, report.rejected) == (7, 2, 4, 1)
    assert figures(areas) == {
        ("E00000001", "owned", 2021): 1030, ("E00000001", "social_rented", 2021): 5, ("E00000001", "all", 2021): 1035,
        ("E00000002", "owned", 2021): 7, ("E00000002", "social_rented", 2021): 3, ("E00000002", "all", 2021): 10,
    }  # fmt: skip


def test_faults_are_issues(areas: Session, owner: Actor, tmp_path: Path) -> None:
    load(areas, tmp_path, owner, LONG)
    rows = areas.execute(select(Issue.kind, Issue.row_number, Issue.value).order_by(Issue.kind)).all()
    assert [tuple(row) for row in rows] == [("not_a_number", 5, "c"), ("unknown_area", 7, "E00000009")]


def test_a_total_row_counts_as_it_stands(areas: Session, owner: Actor, tmp_path: Path) -> None:
    total = "E00000001,2021-03-21,All households,Households,1036\n"
    load(areas, tmp_path, owner, LONG + total)
    assert (figures(areas)["E00000001", "all", 2021], figures(areas)["E00000002", "all", 2021]) == (1036, 10)


@pytest.mark.parametrize(
    ("told", "total", "social"),
    [("OA21CD,All households,Owned,Social rented,% social\nE00000001,30,20,10,33.3\nE00000002,8,8,0,0.0\n", 30, 10),
     ("geography code,Owned,Social rented\nE00000001,20,10\nE00000002,8,0\n", 30, 10),
     ("code,Tenure: Total: All households,Tenure: Owned,Tenure: Owned: Outright,Tenure: Social rented\n"
      "E00000001,30,20,15,10\nE00000002,8,8,8,0\n", 30, 10)],
)  # fmt: skip
def test_a_wide_table_is_understood(
    areas: Session, owner: Actor, tmp_path: Path, told: str, total: int, social: int
) -> None:
    load(areas, tmp_path, owner, told, "tenure_2021.csv")
    found = figures(areas)
    assert (found["E00000001", "all", 2021], found["E00000001", "social_rented", 2021]) == (total, social)
    assert found["E00000002", "all", 2021] == 8


def test_the_same_table_twice_changes_nothing_and_a_correction_changes_its_area(
    areas: Session, owner: Actor, tmp_path: Path
) -> None:
    load(areas, tmp_path, owner, LONG)
    again = load(areas, tmp_path, owner, LONG)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    mended = load(areas, tmp_path, owner, LONG.replace("Households,7", "Households,8"))
    assert (mended.added, mended.changed, mended.unchanged) == (0, 1, 1)


def test_undo_brings_the_old_figures_back(areas: Session, owner: Actor, tmp_path: Path) -> None:
    load(areas, tmp_path, owner, LONG)
    before = figures(areas)
    other = ("Social rented: Other,Households,3", "Private rented: Any,Households,3")
    added = LONG.replace("Households,7", "Households,8").replace(*other)
    report = load(areas, tmp_path, owner, added)
    assert figures(areas) != before
    households_file.undo(areas, report.import_id, by=owner)
    assert figures(areas) == before
    assert areas.get_one(Import, report.import_id).status == "undone"


def test_a_census_goes_to_the_edition_of_its_time(s: Session, owner: Actor, tmp_path: Path) -> None:
    for vintage in ("2011", "2021"):
        made = a_place(s, HERE, kind="oa", size=20, vintage=vintage)
        s.get_one(Place, made).reference = "E00000001"
    s.flush()
    load(s, tmp_path, owner, "code,households\nE00000001,30\n", "census_2011.csv")
    load(s, tmp_path, owner, "code,households\nE00000001,40\n", "census_2021.csv")
    query = select(Place.vintage, Households.year, Households.count).join(Place, Place.id == Households.place_id)
    rows = s.execute(query)
    assert sorted(tuple(row) for row in rows) == [("2011", 2011, 30), ("2021", 2021, 40)]


@pytest.mark.parametrize(
    ("told", "name", "why"),
    [("area_code,sex,unit,value\nE00000001,M,Persons,3\nE00000001,F,Persons,3\n", "sex_2021.csv", "counts persons"),
     ("area_code,all_ages,0\nE00000001,3,1\n", "ages_2021.csv", "does not say what it counts"),
     ("area_code,households\nE00000001,3\n", "census.csv", "does not say its year"),
     ("area_code,households\nE01999999,3\n", "census_2021.csv", "None of the areas")],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused(
    areas: Session, owner: Actor, tmp_path: Path, told: str, name: str, why: str
) -> None:
    with pytest.raises(BadFile, match=why):
        load(areas, tmp_path, owner, told, name)


@pytest.fixture
def trafford(s: Session, owner: Actor, real_data: Path) -> Session:
    """Trafford's output areas, wards and estates with the census of 2021."""
    files = {"oa": "boundaries/trafford_oa_generalised_2021", "ward": "boundaries/trafford_ward_full_resolution",
             "estate": "estates/derived_estates_standin_trafford"}  # fmt: skip
    for kind, file in files.items():
        load_places(s, read_whole(real_data / f"{file}.geojson"), kind, by=owner)
    census = read_whole(real_data / "census/2021_household_tenure_oa_trafford.csv")
    report = load_households(s, census, "oa", by=owner)
    assert (report.rows, report.added, report.rejected) == (5904, 738, 0)
    return s


def test_real_totals_agree_with_the_publishers(trafford: Session) -> None:
    query = select(Households.measure, func.sum(Households.count)).group_by(Households.measure)
    sums = {row[0]: row[1] for row in trafford.execute(query)}
    assert (sums["all"], sums["social_rented"]) == (96_243, 14_416)


WARDS = {
    "Altrincham": (5116, 468), "Bucklow-St Martins": (4307, 1520), "Gorse Hill & Cornbrook": (5203, 1174),
    "Hale Barns & Timperley South": (3791, 254), "Longford": (4362, 1003), "Manor": (4550, 1223),
    "Old Trafford": (4383, 1381), "Sale Moor": (4400, 783), "Stretford & Humphrey Park": (4772, 743),
    "Urmston": (4984, 679),
}  # fmt: skip


def test_real_wards_and_estates_are_sums_of_their_output_areas(trafford: Session) -> None:
    wards = places_of_kind(trafford, "ward")
    found = {ward.name: tuple(households_in(trafford, ward.id, measure).count for measure in ("all", "social_rented"))
             for ward in wards}  # fmt: skip
    assert {name: found[name] for name in WARDS} == WARDS
    trafford.execute(text("update core.place set households = null where kind = 'estate'"))
    estates = [households_in(trafford, estate.id) for estate in places_of_kind(trafford, "estate")]
    assert sum(estate.count or 0 for estate in estates) == 14_692
    assert {estate.small_area_kind for estate in estates} == {"oa"}


def test_real_lsoa_table(s: Session, owner: Actor, real_data: Path) -> None:
    load_places(s, read_whole(real_data / "boundaries/trafford_lsoa_generalised_2021.geojson"), "lsoa", by=owner)
    table = read_whole(real_data / "census/2021_household_tenure_lsoa_trafford.csv")
    load_households(s, table, "lsoa", by=owner)
    query = select(func.sum(Households.count)).where(Households.measure == "social_rented")
    assert s.scalar(query) == 14_419
