"""Loading: the same rows once, newer releases, what vanished, what people changed, bad rows, refusals."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event, text

from abcd.assets.actions import edit_asset, retire_asset
from abcd.db.session import Actor, engine, session
from abcd.errors import BadRequest, NotAllowed, NotFound
from abcd.intake import run
from abcd.intake.columns import understand
from abcd.intake.ledger import imports
from abcd.intake.preview import preview
from abcd.intake.read import look
from abcd.intake.report import issues_csv
from tests.conftest import emptied
from tests.intake.publisher import HEADER, LIBRARIES, a_file, brought_in, kinds

SNAPSHOT = "select md5(string_agg(a::text, e'\n' order by id)) from core.asset a"


def column(name: str, ref: str) -> object:
    """A column of the asset with this reference."""
    with session(Actor("reader")) as s:
        return s.scalar(text(f"select {name} from core.asset where source_ref = :ref"), {"ref": ref})


@pytest.fixture(autouse=True)
def _empty(store: str, owner: Actor) -> None:
    emptied(store, "core.asset, core.import, core.source, core.duplicate_pair, core.issue, core.column_mapping")


def test_the_same_file_twice_changes_nothing(tmp_path: Path, owner: Actor) -> None:
    first = brought_in(tmp_path, owner, LIBRARIES)
    with session(owner) as s:
        before = s.scalar(text(SNAPSHOT))
    again = brought_in(tmp_path, owner, LIBRARIES[::-1])
    with session(owner) as s:
        assert s.scalar(text(SNAPSHOT)) == before
    assert (first.added, again.added, again.changed, again.unchanged) == (3, 0, 0, 3)


def test_rows_without_a_reference_are_known_again_by_name_and_place(tmp_path: Path, owner: Actor) -> None:
    rows = tuple(row[1:] for row in LIBRARIES)
    assert brought_in(tmp_path, owner, rows, HEADER[1:]).added == 3
    told = (rows[0], (*rows[1][:3], "0161 496 9999", *rows[1][4:]), rows[2])
    again = brought_in(tmp_path, owner, told, HEADER[1:])
    assert (again.added, again.changed, again.unchanged) == (0, 1, 2)


def test_a_newer_release_updates_and_marks_what_vanished(tmp_path: Path, owner: Actor) -> None:
    brought_in(tmp_path, owner, LIBRARIES)
    newer = (LIBRARIES[0], (*LIBRARIES[1][:4], "0161 496 7777", *LIBRARIES[1][5:]))
    report = brought_in(tmp_path, owner, newer, name="libraries_2027.csv")
    assert (report.added, report.changed, report.unchanged, report.vanished) == (0, 1, 1, 1)
    assert kinds(report)["vanished"] == 1
    assert (column("phone", "L2"), column("version", "L2")) == ("0161 496 7777", 2)
    assert (column("status", "L3"), column("name", "L3")) == ("inactive", "Castle Library")


def test_what_vanished_comes_back(tmp_path: Path, owner: Actor) -> None:
    brought_in(tmp_path, owner, LIBRARIES)
    brought_in(tmp_path, owner, LIBRARIES[:2])
    assert column("status", "L3") == "inactive"
    assert brought_in(tmp_path, owner, LIBRARIES).changed == 1
    assert column("status", "L3") == "active"


def test_what_somebody_edited_is_never_overwritten(tmp_path: Path, owner: Actor) -> None:
    brought_in(tmp_path, owner, LIBRARIES)
    with session(owner) as s:
        edit_asset(s, UUID(str(column("id", "L1"))), {"phone": "0161 496 5555"}, version=1, by=owner)
    newer = (("L1", "Ashford Library and Hub", *LIBRARIES[0][2:4], "0161 496 8888", *LIBRARIES[0][5:]), *LIBRARIES[1:])
    report = brought_in(tmp_path, owner, newer)
    assert (column("name", "L1"), column("phone", "L1")) == ("Ashford Library and Hub", "0161 496 5555")
    assert kinds(report)["edited_here"] == 1


def test_an_edit_that_is_saved_while_a_file_is_loaded_is_kept(tmp_path: Path, owner: Actor) -> None:
    brought_in(tmp_path, owner, LIBRARIES)
    asset_id = UUID(str(column("id", "L1")))
    newer = (("L1", "Ashford Library and Hub", *LIBRARIES[0][2:4], "0161 496 8888", *LIBRARIES[0][5:]), *LIBRARIES[1:])
    saved = []

    def edit_first(_c: object, _k: object, statement: str, *_: object) -> None:
        if "for update of a" in statement and not saved:
            saved.append(True)
            with session(Actor("Ed", "owner")) as s:
                edit_asset(s, asset_id, {"phone": "0161 496 5555"}, version=1, by=Actor("Ed", "owner"))

    event.listen(engine(), "before_cursor_execute", edit_first)
    try:
        report = brought_in(tmp_path, owner, newer)
    finally:
        event.remove(engine(), "before_cursor_execute", edit_first)
    assert saved
    assert (column("name", "L1"), column("phone", "L1")) == ("Ashford Library and Hub", "0161 496 5555")
    assert kinds(report)["edited_here"] == 1


def test_a_retired_asset_stays_retired(tmp_path: Path, owner: Actor) -> None:
    brought_in(tmp_path, owner, LIBRARIES)
    with session(owner) as s:
        retire_asset(s, UUID(str(column("id", "L1"))), "It closed", version=1, by=owner)
    report = brought_in(tmp_path, owner, LIBRARIES)
    assert (column("status", "L1"), kinds(report)["edited_here"], report.changed) == ("defunct", 1, 0)


def test_a_row_without_a_place_is_kept_without_a_point(tmp_path: Path, owner: Actor) -> None:
    lost = ("L4", "Lost Library", "Somewhere", "", "", "", "")
    nought = ("L5", "Nought Library", "Nowhere", "", "", "0", "0")
    report = brought_in(tmp_path, owner, (*LIBRARIES, lost, nought))
    assert (report.unlocated, report.added, kinds(report)["unlocated"]) == (2, 5, 2)
    assert (column("point", "L4"), column("point", "L5")) == (None, None)


def test_a_row_far_from_its_postcode_is_told_and_kept(tmp_path: Path, owner: Actor) -> None:
    with session(owner) as s:
        here = "ST_SetSRID(ST_MakePoint(381000, 394500), 27700)"
        s.execute(text(f"insert into core.postcode (postcode, point) values ('ZZ11AA', {here}) on conflict do nothing"))
    report = brought_in(tmp_path, owner, (*LIBRARIES, ("L9", "Ninth Library", "9 High Street", "ZZ1 1AA", "", "", "")))
    assert kinds(report)["far_from_postcode"] == 1
    assert (column("located_by", "L1"), column("located_by", "L9")) == ("coordinates", "postcode")
    assert column("ST_X(point)", "L9") == 381000


def test_a_row_for_each_weekday_is_one_asset_with_its_times(tmp_path: Path, owner: Actor) -> None:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    rows = tuple(("Ashford Library", "1 High Street", "ZZ1 1AA", day, f"{hour}:00-17:00", "-2.3", "53.45")
                 for hour, day in enumerate(days, start=8))  # fmt: skip
    header = ("name", "address", "postcode", "day", "opening hours", "lon", "lat")
    report = brought_in(tmp_path, owner, rows, header)
    assert (report.rows, report.added, report.duplicates, kinds(report)["one_row_per_weekday"]) == (7, 1, 6, 6)
    with session(owner) as s:
        told = s.scalar(text("select opening_hours from core.asset"))
    assert [f"{hour:02}:00" in told or f"{hour}:00" in told for hour in range(8, 15)] == [True] * 7


def test_an_exact_repeat_is_one_asset(tmp_path: Path, owner: Actor) -> None:
    report = brought_in(tmp_path, owner, (*LIBRARIES, LIBRARIES[0]))
    assert (report.rows, report.added, report.duplicates, kinds(report)["repeated_row"]) == (4, 3, 1, 1)


def test_a_stage_shows_itself_and_touches_nothing(tmp_path: Path, owner: Actor) -> None:
    staged = run.stage(a_file(tmp_path, LIBRARIES), actor=owner)
    with session(owner) as s:
        shown = preview(s, staged.import_id)
        assert s.scalar(text("select count(*) from core.asset")) == 0
    assert list(shown.rows["name"]) == ["Ashford Library", "Burnley Road Library", "Castle Library"]
    lon, lat = json.loads(shown.points_json())["features"][0]["geometry"]["coordinates"]
    assert -2.33 < lon < -2.29
    assert lat == pytest.approx(53.45, abs=1e-5)
    assert staged.added == 3


def test_a_discarded_stage_leaves_no_table(tmp_path: Path, owner: Actor) -> None:
    staged = run.stage(a_file(tmp_path, LIBRARIES), actor=owner)
    run.discard(staged.import_id, actor=owner)
    with session(owner) as s:
        left = text("select count(*) from pg_tables where tablename like '%' || :code")
        assert s.scalar(left, {"code": staged.import_id.hex}) == 0
    with pytest.raises(BadRequest, match="discarded"):
        run.confirm(staged.import_id, actor=owner)


def test_a_stage_that_a_crash_emptied_is_lost_and_says_so(tmp_path: Path, owner: Actor) -> None:
    staged = run.stage(a_file(tmp_path, LIBRARIES), actor=owner)
    with session(owner) as s:
        s.execute(text(f"truncate stage.rows_{staged.import_id.hex}"))
    assert imports(actor=owner)[0].state == "lost"
    with pytest.raises(BadRequest, match="Nothing was changed"):
        run.confirm(staged.import_id, actor=owner)
    run.discard(staged.import_id, actor=owner)


def test_a_report_prints_exactly_its_keys(tmp_path: Path, owner: Actor) -> None:
    told = brought_in(tmp_path, owner, LIBRARIES).to_json()
    assert list(told) == ["rows", "added", "changed", "unchanged", "duplicates", "rejected", "unlocated", "located_by",
                          "columns", "encoding", "crs", "issues", "import_id"]  # fmt: skip
    assert (told["located_by"], told["crs"], told["encoding"]) == ({"coordinates": 3}, "EPSG:4326", "utf-8")
    json.dumps(told)


def test_the_list_of_faults_cannot_start_a_formula(tmp_path: Path, owner: Actor) -> None:
    report = brought_in(tmp_path, owner, (*LIBRARIES, ("L6", "=cmd|' /C calc'!A0", "x", "", "", "", "")))
    with session(owner) as s:
        told = issues_csv(s, report.import_id)
    assert "'=cmd" in told
    assert ",=cmd" not in told


def test_the_confirmed_mapping_is_remembered_for_the_next_file(tmp_path: Path, owner: Actor) -> None:
    file = a_file(tmp_path, LIBRARIES)
    mapping = understand(look(file), file.name).with_column("description", "address")
    run.run(file, actor=owner, mapping=mapping)
    assert run.run(file, actor=owner).columns["description"] == "address"


def test_who_may_not_import_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        run.run(a_file(tmp_path, LIBRARIES), actor=Actor("Val", "partner_viewer"))


def test_a_wrong_category_and_a_missing_file_are_sentences(tmp_path: Path, owner: Actor) -> None:
    with pytest.raises(BadRequest, match="no category"):
        run.run(a_file(tmp_path, LIBRARIES), actor=owner, category="dragons")
    with pytest.raises(NotFound, match="no file"):
        run.run(tmp_path / "none.csv", actor=owner)
