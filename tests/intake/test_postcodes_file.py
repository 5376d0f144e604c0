"""Postcodes in every shape they are published in."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Float, cast, func, select
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.geo import to_degrees
from abcd.db.session import Actor
from abcd.db.tables import Issue, Postcode
from abcd.errors import BadFile
from abcd.intake import postcodes_file
from abcd.intake.lists import read_whole
from abcd.intake.postcodes_file import load_postcodes
from abcd.intake.report import ImportReport

M16 = (381_800.0, 396_100.0)

CODE_POINT = """"M16 7AA",10,381800,396100,"E92000001","E19000001","E18000001","","E08000003","E05011376"
"M16 7AB",10,381900,396150,"E92000001","E19000001","E18000001","","E08000003","E05011376"
"M 1  1AA",90,0,0,"E92000001","E19000001","E18000001","","E08000003","E05011376"
"""


def load(s: Session, tmp_path: Path, owner: Actor, told: str, name: str = "postcodes.csv", **more: Any) -> ImportReport:
    """Bring a list in."""
    path = tmp_path / name
    path.write_text(told, encoding="utf-8")
    return load_postcodes(s, read_whole(path), by=owner, **more)


def stored(s: Session) -> dict[str, tuple[float, float]]:
    """Postcode -> (easting, northing)."""
    rows = select(Postcode.postcode, cast(func.ST_X(Postcode.point), Float), cast(func.ST_Y(Postcode.point), Float))
    return {code: (x, y) for code, x, y in s.execute(rows)}


@pytest.mark.parametrize(
    "told",
    ["postcode,lon,lat\nM16 7AA,{lon},{lat}\n", "postcode,lat,long\nm167aa,{lat},{lon}\n",
     "pcds;latitude;longitude\nM16 7AA;{lat};{lon}\n", "Postcode,Longitude,Latitude\n\"M16  7AA\",{lat},{lon}\n",
     "a,b,c\nM16 7AA,{lat},{lon}\n", "a,b,c\nM16 7AA,{lon},{lat}\n"],
)  # fmt: skip
def test_degrees_in_either_order_with_or_without_headings(s: Session, owner: Actor, tmp_path: Path, told: str) -> None:
    lon, lat = (round(float(axis[0]), 6) for axis in to_degrees([M16[0]], [M16[1]]))
    load(s, tmp_path, owner, told.format(lon=lon, lat=lat))
    assert stored(s)["M167AA"] == (pytest.approx(M16[0], abs=1.0), pytest.approx(M16[1], abs=1.0))


METRES = ("Postcode,Eastings,Northings\nM16 7AA,381800,396100\n", "pc,y,x\nM16 7AA,396100,381800\n")


@pytest.mark.parametrize("told", METRES)
def test_metres_are_kept_exactly(s: Session, owner: Actor, tmp_path: Path, told: str) -> None:
    load(s, tmp_path, owner, told)
    assert stored(s) == {"M167AA": M16}


def test_code_point_open_has_no_headings(s: Session, owner: Actor, tmp_path: Path) -> None:
    report = load(s, tmp_path, owner, CODE_POINT)
    assert (report.rows, report.added, report.rejected) == (3, 2, 1)
    assert stored(s) == {"M167AA": M16, "M167AB": (381_900.0, 396_150.0)}


def test_onspd_takes_metres_but_degrees_for_northern_ireland(s: Session, owner: Actor, tmp_path: Path) -> None:
    told = ("pcd,pcd2,pcds,dointr,doterm,oseast1m,osnrth1m,lat,long\n"
            "M16 7AA,M16  7AA,M16 7AA,198001,,381800,396100,53.461300,-2.275700\n"
            "BT1 1AA,BT1  1AA,BT1 1AA,198001,,333700,374300,54.602670,-5.928470\n"
            "GY1 1AA,GY1  1AA,GY1 1AA,198001,,,,99.999999,0.000000\n")  # fmt: skip
    report = load(s, tmp_path, owner, told, "ONSPD_FEB_2024_UK.csv")
    assert (report.added, report.rejected, report.notes) == (2, 1, ("2 postcodes, edition 2024-02.",))
    assert stored(s)["M167AA"] == M16
    assert stored(s)["BT11AA"][0] < 200_000
    assert s.scalars(select(Issue.kind)).all() == ["no_position"]


def test_what_is_no_postcode_is_an_issue_and_a_repeat_is_counted(s: Session, owner: Actor, tmp_path: Path) -> None:
    told = "postcode,easting,northing\n" + "M16 7AA,381800,396100\n" * 2 + "M16,381800,396100\nM16 7AB,381800,396100\n"
    report = load(s, tmp_path, owner, told)
    assert (report.rows, report.added, report.duplicates, report.rejected) == (4, 2, 1, 1)
    assert s.execute(select(Issue.kind, Issue.row_number, Issue.value)).all() == [("not_a_postcode", 3, "M16")]


OLD = "postcode,easting,northing\nM16 7AA,381800,396100\nM16 7AB,1000,2000\n"
NEW = "postcode,easting,northing\nM16 7AA,381850,396100\n"


def test_a_newer_edition_moves_a_postcode_and_an_older_one_does_not(s: Session, owner: Actor, tmp_path: Path) -> None:
    load(s, tmp_path, owner, OLD, "codes_2018-08.csv")
    report = load(s, tmp_path, owner, NEW, "codes_2024-02.csv")
    assert (report.added, report.changed, stored(s)["M167AA"][0]) == (0, 1, 381_850.0)
    again = load(s, tmp_path, owner, OLD, "codes_2018-08.csv")
    assert (again.added, again.changed, again.unchanged, stored(s)["M167AA"][0]) == (0, 0, 2, 381_850.0)


def test_undo_puts_postcodes_back_where_they_were(s: Session, owner: Actor, tmp_path: Path) -> None:
    load(s, tmp_path, owner, OLD, "codes_2018-08.csv")
    before = s.execute(select(Postcode.postcode, Postcode.vintage, func.ST_AsEWKT(Postcode.point))).all()
    report = load(s, tmp_path, owner, NEW + "M16 7AD,381000,396000\n", "codes_2024-02.csv")
    assert postcodes_file.undo(s, report.import_id, by=owner) == {"removed": 1, "restored": 1, "kept": 0}
    after = s.execute(select(Postcode.postcode, Postcode.vintage, func.ST_AsEWKT(Postcode.point))).all()
    assert sorted(after) == sorted(before)


@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("GM_postcodes_2018-08.csv", "2018-08"),
        ("ONSPD_NOV_2023_UK.csv", "2023-11"),
        ("codepo_gb_2025.csv", "2025"),
        ("postcodes.csv", None),
    ],
)
def test_the_edition_is_in_the_name(s: Session, owner: Actor, tmp_path: Path, name: str, edition: str | None) -> None:
    load(s, tmp_path, owner, NEW, name)
    assert s.scalars(select(Postcode.vintage)).all() == [edition or today().strftime("%Y-%m")]


@pytest.mark.parametrize(
    ("told", "why"),
    [("name,lon,lat\nMill,-2.2,53.4\n", "holds full postcodes"),
     ("postcode,name\nM16 7AA,Mill\nM16 7AB,Hall\n", "no coordinates"),
     ("postcode,a,b\nM16 7AA,1,2\n", "no coordinates")],
)  # fmt: skip
def test_what_is_no_list_is_refused(s: Session, owner: Actor, tmp_path: Path, told: str, why: str) -> None:
    with pytest.raises(BadFile, match=why):
        load(s, tmp_path, owner, told)


def test_real_lists_whichever_comes_first(s: Session, owner: Actor, real_data: Path) -> None:
    current = read_whole(real_data / "postcodes/trafford_postcodes.csv")
    report = load_postcodes(s, current, by=owner)
    assert (report.rows, report.added, report.rejected) == (11_264, 11_264, 0)
    m154ab = stored(s)["M154AB"]
    report = load_postcodes(s, read_whole(real_data / "postcodes/GM_postcodes_2018-08.csv"), by=owner)
    assert (report.rows, report.added, report.changed, report.rejected) == (111_757, 100_838, 0, 0)
    assert stored(s)["M154AB"] == m154ab
    assert len(stored(s)) == 112_102
