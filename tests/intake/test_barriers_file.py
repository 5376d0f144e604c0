"""Barriers from files: understood, told again, taken back; what cannot be a barrier is said."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from shutil import make_archive
from typing import Any

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.core.geo import to_degrees
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Barrier, Crossing, Issue
from abcd.errors import BadFile, BadRequest, NotAllowed
from abcd.gaps.onfoot import on_foot
from abcd.intake import ledger, run
from abcd.intake.barrier_rows import Usual
from abcd.intake.barriers_file import import_barriers, load_barriers
from abcd.intake.barriers_shown import crossings_of, lines_of
from abcd.intake.barriers_stage import stage_barriers
from abcd.intake.barriers_undo import undo
from abcd.intake.lists import read_whole
from abcd.intake.report import ImportReport
from abcd.intake.stage import lines_of as stage_of
from abcd.places.barrier_deeds import edit_barrier, end_barrier
from abcd.places.barriers import BarrierRecord, barriers_listed
from abcd.places.crossing_deeds import CrossingDraft, add_crossing
from tests.builders import HERE
from tests.conftest import emptied

Write = Callable[..., Path]
Corners = tuple[tuple[float, float], ...]
EAST, NORTH = HERE


def degrees(*corners: tuple[float, float]) -> list[list[float]]:
    """Corners in metres from here, in degrees."""
    lon, lat = to_degrees([EAST + x for x, _ in corners], [NORTH + y for _, y in corners])
    return [[float(x), float(y)] for x, y in zip(lon, lat, strict=True)]


def line(*corners: tuple[float, float], **told: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": told,
            "geometry": {"type": "LineString", "coordinates": degrees(*corners)}}  # fmt: skip


def point(east: float, north: float, **told: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": told,
            "geometry": {"type": "Point", "coordinates": degrees((east, north))[0]}}  # fmt: skip


RAILWAY = line((-800, 0), (800, 0), name="Branch line", nature="Railway", hard="yes")
BRIDGE = point(300, 4, name="Footbridge", step_free="No", barrier="Branch line")


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes features to a GeoJSON file."""

    def write(*features: dict[str, Any], name: str = "barriers.geojson") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path

    return write


def load(s: Session, path: Path, owner: Actor, **usual: Any) -> ImportReport:
    return load_barriers(s, read_whole(path), Usual(**usual), by=owner)


def standing(s: Session) -> dict[str, BarrierRecord]:
    return {one.name: one for one in barriers_listed(s)}


def faults(s: Session, report: ImportReport) -> dict[str, list[int]]:
    rows = s.execute(select(Issue.kind, Issue.row_number).where(Issue.import_id == report.import_id)).all()
    return {kind: sorted(row for one, row in rows if one == kind) for kind, _row in rows}


def test_lines_and_points_become_barriers_that_walks_go_round(s: Session, owner: Actor, written: Write) -> None:
    report = load(s, written(RAILWAY, BRIDGE), owner)
    assert (report.rows, report.added, report.rejected, report.crs) == (2, 2, 0, "EPSG:4326")
    found = standing(s)["Branch line"]
    assert (found.nature, found.is_hard, found.source) == ("railway", True, "barriers.geojson")
    assert found.line.length == pytest.approx(1_600, abs=0.5)
    (crossing,) = found.crossings
    assert (crossing.name, crossing.step_free) == ("Footbridge", "no")
    assert (crossing.easting, crossing.northing) == (pytest.approx(EAST + 300, abs=0.1), pytest.approx(NORTH, abs=0.1))
    walks = on_foot(s, shapely.Point(EAST, NORTH - 400))
    minutes = walks.minutes(shapely.get_coordinates(shapely.Point(EAST, NORTH + 400)))[0]
    assert minutes == pytest.approx(2 * 500 * 1.3 / 66.7, rel=1e-3), "round by the footbridge"


def test_the_same_file_again_changes_nothing(s: Session, owner: Actor, written: Write) -> None:
    path = written(RAILWAY, BRIDGE, line((0, 500), (90, 500)), line((0, 600), (90, 600)))
    load(s, path, owner)
    every = text("""select md5(string_agg(told::text, '' order by id)) from (
        select id, to_jsonb(b) as told from core.barrier b union all select id, to_jsonb(c) from core.crossing c) e""")
    before = s.scalar(every)
    again = load(s, path, owner)
    assert (again.added, again.changed, again.unchanged, s.scalar(every)) == (0, 0, 4, before)
    assert undo(s, again.import_id, by=owner) == {"removed": 0, "restored": 0, "kept": 0}


def test_names_that_look_like_the_second_of_another_are_told_apart(s: Session, owner: Actor, written: Write) -> None:
    lines = [line((0, north), (90, north), name=name) for north, name in enumerate(("Wall", "Wall/2", "Wall"))]
    points = [point(east, 1, name=name) for east, name in ((10, "Gate"), (20, "Gate"), (30, "Gate/2"))]
    assert load(s, written(*lines, *points), owner).added == 6
    again = load(s, written(*lines, *points), owner)
    assert (again.added, again.changed, again.unchanged, again.notes) == (0, 0, 6, ("3 lines and 3 crossings.",))


def test_the_words_of_openstreetmap_are_known_and_what_is_gone_is_left_out(
    s: Session, owner: Actor, written: Write
) -> None:
    path = written(
        line((0, 0), (90, 0), railway="rail", name="Rail"), line((0, 10), (90, 10), waterway="canal", name="Canal"),
        line((0, 20), (90, 20), highway="trunk", name="Bypass"), line((0, 30), (90, 30), barrier="fence", name="Fence"),
        line((0, 40), (90, 40), highway="residential", name="Lane"),
        line((0, 50), (90, 50), railway="abandoned", name="Old"),
        line((0, 60), (90, 60), waterway="stream", tunnel="culvert", name="Culvert"),
        line((0, 70), (90, 70), nature="felt unsafe", name="Alley"),
        line((0, 80), (90, 80), nature="dragon", name="Lair", hard="no"),
    )  # fmt: skip
    report = load(s, path, owner, nature="wall")
    told = {name: (one.nature, one.is_hard) for name, one in standing(s).items()}
    assert told == {
        "Rail": ("railway", True), "Canal": ("river", True), "Bypass": ("main_road", True), "Fence": ("wall", True),
        "Lane": ("wall", True), "Alley": ("felt_unsafe", False), "Lair": ("wall", False),
    }  # fmt: skip
    assert (report.added, report.rejected) == (7, 2)
    assert faults(s, report) == {"not_in_the_way": [6, 7], "unknown_nature": [9]}


def test_what_cannot_be_a_barrier_is_an_issue_with_its_row(s: Session, owner: Actor, written: Write) -> None:
    ring = [degrees((0, 0), (50, 0), (50, 50), (0, 0))]
    area = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": ring}}
    nothing = {"type": "Feature", "properties": {}, "geometry": None}
    report = load(s, written(RAILWAY, area, nothing, line((0, 0), (1, 0)), point(0, 900)), owner)
    assert faults(s, report) == {"no_line": [2], "no_geometry": [3], "not_a_barrier": [4], "no_barrier": [5]}
    assert (report.added, report.rejected) == (1, 4)


def test_a_line_in_pieces_is_one_where_they_meet_and_several_where_not(
    s: Session, owner: Actor, written: Write
) -> None:
    pieces = [degrees((0, 0), (90, 0)), degrees((90, 0), (180, 0)), degrees((400, 0), (500, 0))]
    many = {"type": "MultiLineString", "coordinates": pieces}
    load(s, written({"type": "Feature", "properties": {"name": "Brook"}, "geometry": many}), owner)
    assert sorted(round(one.line.length) for one in barriers_listed(s)) == [100, 180]


def test_a_corrected_file_changes_what_differs_and_each_is_taken_back_in_turn(
    s: Session, owner: Actor, written: Write
) -> None:
    first = load(s, written(RAILWAY, BRIDGE), owner)
    moved = line((-800, 0), (900, 0), name="Branch line", nature="Railway", hard="no")
    second = load(s, written(moved, point(250, 0, name="Footbridge", step_free="yes")), owner)
    assert (second.added, second.changed, second.unchanged) == (0, 2, 0)
    (now,) = barriers_listed(s)
    assert (now.is_hard, round(now.line.length), now.crossings[0].step_free) == (False, 1_700, "yes")
    assert now.crossings[0].easting == pytest.approx(EAST + 250, abs=0.1)
    with pytest.raises(BadRequest, match="Undo that import first"):
        undo(s, first.import_id, by=owner)
    assert undo(s, second.import_id, by=owner) == {"removed": 0, "restored": 2, "kept": 0}
    (was,) = barriers_listed(s)
    assert (was.is_hard, round(was.line.length), was.crossings[0].step_free) == (True, 1_600, "no")
    assert was.crossings[0].easting == pytest.approx(EAST + 300, abs=0.1)
    assert undo(s, first.import_id, by=owner) == {"removed": 2, "restored": 0, "kept": 0}
    assert not barriers_listed(s)
    third = load(s, written(RAILWAY, BRIDGE), owner)
    assert third.added == 2, "what was taken back can come in again"


def test_what_people_changed_or_ended_stays_as_they_left_it(s: Session, owner: Actor, written: Write) -> None:
    brook = line((0, 500), (400, 500), name="Brook", nature="river")
    first = load(s, written(RAILWAY, brook), owner)
    found = standing(s)
    edit_barrier(s, found["Branch line"].id, {"name": "Old line"}, version=1, by=owner)
    end_barrier(s, found["Brook"].id, "Filled in", version=1, by=owner)
    again = load(s, written(RAILWAY, brook), owner)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert "2 were changed by people since" in " ".join(again.notes)
    assert list(standing(s)) == ["Old line"]
    assert undo(s, first.import_id, by=owner) == {"removed": 0, "restored": 0, "kept": 2}


def test_a_barrier_on_which_people_put_a_crossing_stays(s: Session, owner: Actor, written: Write) -> None:
    report = load(s, written(RAILWAY), owner)
    lon, lat = degrees((0, 0))[0]
    add_crossing(s, standing(s)["Branch line"].id, CrossingDraft("Subway", lon, lat), by=owner)
    assert undo(s, report.import_id, by=owner) == {"removed": 0, "restored": 0, "kept": 1}
    assert standing(s)["Branch line"].crossings


def test_a_point_belongs_to_the_barrier_it_names_else_to_the_nearest(s: Session, owner: Actor, written: Write) -> None:
    load(s, written(RAILWAY, line((-800, 40), (800, 40), name="Canal", nature="canal")), owner)
    crossings = written(
        point(0, 12, name="Nearest"), point(100, 12, name="Named", barrier="canal"), name="crossings.geojson"
    )  # fmt: skip
    assert load(s, crossings, owner).added == 2
    assert {name: [at.name for at in one.crossings] for name, one in standing(s).items()} == {
        "Branch line": ["Nearest"], "Canal": ["Named"],
    }  # fmt: skip


def nameless() -> list[dict[str, Any]]:
    """Two brooks and a ford of each, to which nobody gave a name."""
    brooks = [line((-300, north), (300, north), waterway="stream") for north in (0, 400)]
    return [*brooks, point(20, 12, highway="crossing"), point(20, 395, highway="crossing")]


def test_a_row_put_in_the_middle_moves_nothing_that_has_no_name(s: Session, owner: Actor, written: Write) -> None:
    one, two, *fords = nameless()
    first = load(s, written(one, two, *fords), owner)
    before = {row.id: (row.name, [at.id for at in row.crossings]) for row in barriers_listed(s)}
    more = load(s, written(line((-300, 200), (300, 200), waterway="stream"), one, point(90, 200), two, *fords), owner)
    assert (first.added, more.added, more.changed, more.unchanged) == (4, 2, 0, 4)
    after = {row.id: (row.name, [at.id for at in row.crossings]) for row in barriers_listed(s)}
    assert before.items() <= after.items()
    again = load(s, written(two, fords[1], one, fords[0]), owner)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 4), "nor does their order count"
    east, north = (f"{int(one) % 100_000 // 100:03d}" for one in (EAST, NORTH + 200))
    told = [row.name for row in barriers_listed(s) if row.name.endswith(f" {east} {north}")]
    assert len(told) == 1, "each is called after where it lies"
    assert re.fullmatch(r"River at [HNST][A-HJ-Z] \d{3} \d{3}", told[0])


def test_a_line_without_a_name_that_was_mended_is_the_same_line(s: Session, owner: Actor, written: Write) -> None:
    one, two, *fords = nameless()
    load(s, written(one, two, *fords), owner)
    before = {row.id: row.name for row in barriers_listed(s)}
    longer = line((-300, 0), (280, 3), (420, 60), waterway="stream")
    report = load(s, written(longer, two, point(32, 0, highway="crossing"), fords[1]), owner)
    assert (report.added, report.changed, report.unchanged) == (0, 2, 2)
    assert {row.id: row.name for row in barriers_listed(s)} == before
    assert undo(s, report.import_id, by=owner) == {"removed": 0, "restored": 2, "kept": 0}
    elsewhere = load(s, written(line((-300, 60), (300, 60), waterway="stream")), owner)
    assert elsewhere.added == 1, "a line beside it is another line"


def test_a_line_that_was_given_a_name_is_the_line_that_lay_there(s: Session, owner: Actor, written: Write) -> None:
    load(s, written(*nameless()), owner)
    named = line((-300, 0), (300, 0), waterway="stream", name="Mill Brook")
    report = load(s, written(named, *nameless()[1:]), owner)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 3)
    assert "Mill Brook" in standing(s)
    assert len(barriers_listed(s)) == 2


def test_lines_are_looked_at_before_they_count(owner: Actor, written: Write, store: str) -> None:
    emptied(store, "core.crossing, core.barrier, core.import_before, core.import, core.issue")
    path = written(RAILWAY, BRIDGE, point(0, 900, name="Far away"))
    staged = stage_barriers(path, Usual(), actor=owner, source="Town hall")
    assert (staged.status, staged.rows, staged.added, staged.rejected) == ("staged", 3, 2, 1)
    with session(owner) as s:
        assert not barriers_listed(s)
        assert [one["properties"]["name"] for one in lines_of(s, staged.import_id)["features"]] == ["Branch line"]
        lon, lat = crossings_of(s, staged.import_id)["features"][0]["geometry"]["coordinates"]
        assert [lon, lat] == pytest.approx(degrees((300, 4))[0], abs=2e-6)
        assert faults(s, staged) == {"no_barrier": [3]}
    done = run.confirm(staged.import_id, actor=owner)
    assert (done.status, done.added, done.rejected, done.issues) == ("loaded", 2, 1, staged.issues)
    with session(owner) as s:
        assert [at.name for at in standing(s)["Branch line"].crossings] == ["Footbridge"]
        assert faults(s, staged) == {"no_barrier": [3]}, "told once"
    lost = stage_barriers(path, Usual(), actor=owner, source="Town hall")
    with session(SYSTEM) as s:
        s.execute(text(f"truncate {stage_of(lost.import_id)}"))
    assert ledger.imports(actor=owner)[0].state == ledger.LOST
    with pytest.raises(BadRequest, match="were lost when the database stopped"):
        run.confirm(lost.import_id, actor=owner)
    run.discard(lost.import_id, actor=owner)
    with pytest.raises(BadRequest, match="loaded already"):
        run.confirm(staged.import_id, actor=owner)
    other = stage_barriers(written(RAILWAY, name="corrected.geojson"), Usual(), actor=owner, source="Town hall")
    assert (other.added, other.unchanged) == (0, 1), "of one publisher, whatever the file is called"
    run.discard(other.import_id, actor=owner)
    assert run.undo(staged.import_id, actor=owner) == {"removed": 2, "restored": 0, "kept": 0}
    emptied(store, "core.crossing, core.barrier, core.import_before, core.import, core.issue")


@pytest.mark.parametrize("ending", ["gpkg", "shp"])
def test_files_of_geographers_are_read(s: Session, owner: Actor, tmp_path: Path, ending: str) -> None:
    shape = shapely.LineString([(EAST - 100, NORTH), (EAST + 100, NORTH)])
    frame = gpd.GeoDataFrame({"name": ["Line"], "kind": ["river"], "geometry": [shape]}, crs=27700)
    folder = tmp_path / "files"
    folder.mkdir()
    path = folder / f"lines.{ending}"
    frame.to_file(path)
    if ending == "shp":
        path = Path(make_archive(str(tmp_path / "lines"), "zip", folder))
    load(s, path, owner)
    assert standing(s)["Line"].line.equals_exact(shape, 1e-6)


def test_bad_input_is_one_sentence(s: Session, owner: Actor, written: Write, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("name,nature\nBranch line,railway\n")
    with pytest.raises(BadFile, match="holds no lines"):
        load(s, table, owner)
    with pytest.raises(BadRequest, match="A barrier is one of: railway"):
        import_barriers(written(RAILWAY), actor=owner, nature="dragon")
    with pytest.raises(NotAllowed):
        load(s, written(RAILWAY), Actor("Pat", "partner_viewer"))
    assert not s.scalars(select(Barrier)).all()
    assert not s.scalars(select(Crossing)).all()
