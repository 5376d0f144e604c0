"""A landlord's homes and households by postcode, from rows to the points that measures and patches stand on."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from abcd.db.session import Actor, session
from abcd.db.tables import Dwelling, Import, Postcode, Property, Source
from abcd.errors import BadFile, BadRequest, NotAllowed
from abcd.intake import run
from abcd.intake.dwellings_file import import_dwellings, undo
from abcd.intake.read import ReadChoice
from tests.builders import shape
from tests.conftest import emptied

HEAD = "Property reference,Street,X (easting),Y (northing),Homes,Weight\n"
ROWS = HEAD + "A1,Bobbin Lane,313393,440929,4,\nA2,Bobbin  Lane,313417,440928,,1.5\n"


@pytest.fixture(autouse=True)
def _empty(store: str, owner: Actor) -> None:
    emptied(store, "core.dwelling, core.property, core.postcode, core.import, core.source, core.issue")


def a_list(folder: Path, content: str, name: str = "stock.csv") -> Path:
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return file


def known(owner: Actor) -> dict[str, tuple[Any, ...]]:
    """Every home: kind, street, easting, households, workload."""
    columns = Dwelling.kind, Dwelling.street, func.ST_X(Dwelling.point), Dwelling.households, Dwelling.workload
    with session(owner) as s:
        return {row[0]: tuple(row[1:]) for row in s.execute(select(Dwelling.reference, *columns))}


def test_a_list_comes_in_once(tmp_path: Path, owner: Actor) -> None:
    file = a_list(tmp_path, ROWS)
    first, second = (import_dwellings(file, actor=owner) for _time in range(2))
    assert (first.added, second.added, second.changed, second.unchanged) == (2, 0, 0, 2)
    assert first.notes == ("5 households at 2 points.",)
    assert known(owner) == {
        "A1": ("dwelling", "Bobbin Lane", 313393.0, 4, 1.0), "A2": ("dwelling", "Bobbin Lane", 313417.0, 1, 1.5),
    }  # fmt: skip


def test_a_home_is_placed_by_its_uprn_or_its_postcode(tmp_path: Path, owner: Actor) -> None:
    from shapely import Point

    with session(owner) as s:
        s.add(Property(uprn=77, point=shape(Point(377600, 395600))))
        s.add(Postcode(postcode="M167AA", point=shape(Point(381000, 395000))))
    content = (
        'UPRN,Postcode,Address\n0077,,"Flat 2, 14 Mill Street, Sale"\n88,m16 7aa,9a Elm Road\n99,M99 9ZZ,1 Oak Row\n'
    )
    report = import_dwellings(a_list(tmp_path, content), actor=owner)
    assert known(owner) == {
        "77": ("dwelling", "Mill Street", 377600.0, 1, 1.0), "88": ("dwelling", "Elm Road", 381000.0, 1, 1.0),
    }  # fmt: skip
    assert (report.added, report.rejected) == (2, 1)
    assert [(one["kind"], one["rows"]) for one in report.issues] == [("no_position", 1)]


def test_households_by_postcode_given_or_counted(tmp_path: Path, owner: Actor) -> None:
    given = "Postcode,Households,Easting,Northing\nM16 7AA,31,381000,395000\n"
    import_dwellings(a_list(tmp_path, given), actor=owner)
    counted = "Postcode,Easting,Northing\nM16 7AB,381100,395000\nM16 7AB,381100,395000\nM16 7AC,381200,395000\n"
    import_dwellings(a_list(tmp_path, counted, "addresses.csv"), actor=owner)
    assert {key: (row[0], row[3]) for key, row in known(owner).items()} == {
        "M167AA": ("postcode", 31), "M167AB": ("postcode", 2), "M167AC": ("postcode", 1),
    }  # fmt: skip


def test_a_row_that_cannot_be_is_an_issue_and_a_repeat_counts_once(tmp_path: Path, owner: Actor) -> None:
    wrong = (",Loom Road,313393,440929,4,\nA3,Loom Road,313393,440929,many,\n"
             "A4,,313393,440929,1.5,\nA5,,313393,440929,1,0\n")  # fmt: skip
    report = import_dwellings(a_list(tmp_path, ROWS + wrong + "A1,Bobbin Lane,313393,440929,4,\n"), actor=owner)
    assert (report.rows, report.added, report.rejected, report.duplicates) == (7, 2, 4, 1)
    assert {one["kind"]: one["rows"] for one in report.issues} == {"no_reference": 1, "not_a_number": 3}


def test_a_newer_list_is_taken_back_exactly(tmp_path: Path, owner: Actor) -> None:
    import_dwellings(a_list(tmp_path, ROWS), actor=owner)
    before = known(owner)
    newer = import_dwellings(
        a_list(tmp_path, HEAD + "A2,Bobbin Lane,313500,440928,9,\nA9,Loom Road,313000,440000,2,\n", "new.csv"),
        actor=owner,
    )
    assert (newer.added, newer.changed) == (1, 1)
    assert known(owner)["A2"] == ("dwelling", "Bobbin Lane", 313500.0, 9, 1.0)
    assert run.undo(newer.import_id, actor=owner) == {"removed": 1, "restored": 1, "kept": 0}
    assert known(owner) == before


def test_a_whole_list_takes_away_what_it_does_not_hold_and_brings_it_back(tmp_path: Path, owner: Actor) -> None:
    import_dwellings(a_list(tmp_path, ROWS), actor=owner)
    before = known(owner)
    whole = import_dwellings(a_list(tmp_path, HEAD + "A1,Bobbin Lane,313393,440929,4,\n"), actor=owner, is_whole=True)
    assert set(known(owner)) == {"A1"}
    assert whole.notes[1] == "1 of an earlier list were taken away."
    with session(owner) as s:
        assert undo(s, whole.import_id, by=owner) == {"removed": 0, "restored": 1, "kept": 0}
    assert known(owner) == before


def test_a_list_that_a_newer_one_stands_on_is_taken_back_after_it(tmp_path: Path, owner: Actor) -> None:
    first = import_dwellings(a_list(tmp_path, ROWS), actor=owner)
    moved = a_list(tmp_path, HEAD + "A2,Bobbin Lane,313500,440928,9,\n", "new.csv")
    newer = import_dwellings(moved, actor=owner)
    shorter = import_dwellings(moved, actor=owner, is_whole=True)
    third = import_dwellings(a_list(tmp_path, ROWS), actor=owner, is_whole=True)
    now = known(owner)
    with pytest.raises(BadRequest, match=r"“stock.csv” changed or took away .* Undo that import first"):
        run.undo(newer.import_id, actor=owner)
    with pytest.raises(BadRequest, match=r"“new.csv” changed or took away"):
        run.undo(first.import_id, actor=owner)
    assert known(owner) == now, "a sentence, and nothing else"
    for one in (third, shorter, newer, first):
        run.undo(one.import_id, actor=owner)
    assert known(owner) == {}


def test_a_list_that_brought_homes_back_goes_before_the_one_that_took_them_away(tmp_path: Path, owner: Actor) -> None:
    import_dwellings(a_list(tmp_path, ROWS), actor=owner)
    before = known(owner)
    whole = import_dwellings(a_list(tmp_path, HEAD + "A1,Bobbin Lane,313393,440929,4,\n"), actor=owner, is_whole=True)
    again = import_dwellings(a_list(tmp_path, ROWS, "again.csv"), actor=owner)
    with pytest.raises(BadRequest, match=r"“again.csv” brought homes back"):
        run.undo(whole.import_id, actor=owner)
    run.undo(again.import_id, actor=owner)
    run.undo(whole.import_id, actor=owner)
    assert known(owner) == before


def test_what_a_list_told_that_was_taken_back_long_ago_stays_away(tmp_path: Path, owner: Actor) -> None:
    """A store may hold lists that were taken back out of order, before that was refused."""
    first = import_dwellings(a_list(tmp_path, ROWS), actor=owner)
    moved = a_list(tmp_path, HEAD + "A2,Bobbin Lane,313500,440928,9,\n", "new.csv")
    newer = import_dwellings(moved, actor=owner, is_whole=True)
    with session(owner) as s:
        s.get_one(Import, first.import_id).status = "undone"
    assert run.undo(newer.import_id, actor=owner) == {"removed": 1, "restored": 0, "kept": 0}
    assert "A2" not in known(owner)


def test_the_sheet_that_was_chosen_is_read_under_the_name_that_was_given(tmp_path: Path, owner: Actor) -> None:
    book, stock = Workbook(), "Stock 2026"
    told = {"Notes": [["Read me", "first"], ["of", "all"]], stock: [row.split(",") for row in ROWS.splitlines()]}
    for title, rows in told.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "0f3a.xlsx")
    choice = ReadChoice(layer=stock)
    report = import_dwellings(tmp_path / "0f3a.xlsx", actor=owner, choice=choice, file_name="stock.xlsx")
    assert report.added == 2
    with session(owner) as s:
        assert s.execute(select(Import.file_name, Source.slug).join(Source)).one() == ("stock.xlsx", "stock")


def test_names_of_tenants_are_never_read(tmp_path: Path, owner: Actor) -> None:
    content = "UPRN,Tenant,Phone,Easting,Northing\n5,Maud Tennyson,01600 900111,313393,440929\n"
    report = import_dwellings(a_list(tmp_path, content), actor=owner)
    assert report.columns == {"uprn": "UPRN", "x": "Easting", "y": "Northing"}
    with session(owner) as s:
        held = str(s.execute(select(*Dwelling.__table__.columns)).all())
    assert "Tennyson" not in held


@pytest.mark.parametrize(
    ("content", "said"),
    [("name,x,y\nElm,377500,395500\n", "property reference or postcode"), ("ref,homes\nA1,3\n", "says nowhere")],
)
def test_a_list_that_says_too_little_is_refused(tmp_path: Path, owner: Actor, content: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        import_dwellings(a_list(tmp_path, content), actor=owner)


def test_only_those_who_bring_files_in(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        import_dwellings(a_list(tmp_path, ROWS), actor=Actor("Kit Coach", "coach"))
