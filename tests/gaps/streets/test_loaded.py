"""Streets of a real county and of a junction: as their manifest says; walks of the measures follow them."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.assets.search import Search
from abcd.assets.taxonomy import load_taxonomy
from abcd.core import geo
from abcd.db.remembered import version
from abcd.db.session import Actor, session
from abcd.db.tables import AuditEvent, Street, StreetMap
from abcd.errors import BadFile, BadRequest
from abcd.gaps.finding import found_on_foot
from abcd.gaps.measures import measures
from abcd.gaps.onfoot import on_foot
from abcd.gaps.streets.loaded import Streets, folder_of, in_use, opened, streets
from abcd.gaps.streets.making import make_ready
from abcd.gaps.streets.searching import metres_between
from abcd.gaps.streets.walk import StreetWalk, walking
from abcd.gaps.walk import StraightLine
from abcd.gaps.walls import GAP
from abcd.intake import run
from abcd.intake.streets_file import import_streets
from abcd.maps.rings import ring
from abcd.places.barrier_deeds import keep_barrier
from abcd.places.barriers import streets_across
from abcd.places.crossing_deeds import keep_crossing
from tests.builders import a_place, a_small_area, an_asset

OAKHAM = (486_000, 308_800)
BOX = (485_500.0, 308_300.0, 486_500.0, 309_300.0)
ROUTES = [
    ((-0.734, 52.6723), (-0.7295, 52.67), 475.3),
    ((-0.7295, 52.67), (-0.752, 52.6915), 3_213.6),
    ((-0.722, 52.5885), (-0.728, 52.6708), 10_007.0),
]


@pytest.fixture(scope="module")
def rutland(store: str, owner: Actor, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> UUID:
    """The county's extract, brought in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ABCD_HOME", str(tmp_path_factory.mktemp("home")))
        report = import_streets(real_data / "network" / "rutland-latest.osm.pbf", actor=owner, vintage="2022-11")
        assert report.import_id
        yield report.import_id


@pytest.fixture(scope="module")
def county(rutland: UUID, owner: Actor) -> Streets:
    with session(owner) as s:
        return streets(s, rutland, "2022-11")


def test_the_network_is_the_one_of_the_manifest(county: Streets, rutland: UUID, owner: Actor) -> None:
    with session(owner) as s:
        kept = s.get_one(StreetMap, rutland)
        assert (kept.nodes, kept.edges, round(kept.metres / 1000, 2)) == (40_731, 42_624, 1_494.15)
        assert s.scalar(select(func.count()).select_from(Street)) == 42_624
    assert int(county.network.piece.max()) + 1 == 119
    assert int((county.network.piece == 0).sum()) == 39_727


@pytest.mark.parametrize(("start", "end", "metres"), ROUTES)
def test_the_shortest_walks_are_those_of_the_manifest(
    county: Streets, start: tuple[float, float], end: tuple[float, float], metres: float
) -> None:
    points = np.column_stack(geo.to_grid(*np.array([start, end]).T))
    (one, other), _away = county.nearest(points)
    found = metres_between(county.network, county.ways, np.array([one]), np.array([other]), 20_000.0)
    assert found[0, 0] == pytest.approx(metres, abs=0.1)


@pytest.mark.parametrize(
    ("name", "nodes", "edges", "km"),
    [("stretford_kingsway_junction", 352, 386, 5.48), ("manchester_levenshulme", 860, 959, 31.71)],
)
def test_extracts_as_text_are_read_too(
    store: str, owner: Actor, real_data: Path, name: str, nodes: int, edges: int, km: float
) -> None:
    report = import_streets(real_data / "network" / f"{name}.osm", actor=owner)
    with session(owner) as s:
        kept = s.get_one(StreetMap, report.import_id)
        assert (kept.nodes, kept.edges, round(kept.metres / 1000, 2)) == (nodes, edges, km)


def test_measures_follow_the_streets_where_there_are_some_and_say_so(rutland: UUID, owner: Actor) -> None:
    with session(owner) as s:
        load_taxonomy(s)
        here = a_place(s, OAKHAM, name="Oakham", households=400)
        a_small_area(s, OAKHAM, 400)
        an_asset(s, "library", (OAKHAM[0] + 500, OAKHAM[1] + 300))
        walk = walking(s, BOX)
        assert isinstance(walk, StreetWalk)
        assert isinstance(walking(s, (1.0, 1.0, 2.0, 2.0)), StraightLine)
        library = next(one for one in measures(s, here) if one.standard.category == "library")
        straight = StraightLine().minutes(
            np.array([OAKHAM], float), np.array([[OAKHAM[0] + 500, OAKHAM[1] + 300]], float)
        )
        assert "follow streets and paths (2022-11)" in library.walk
        assert library.median_minutes is not None
        assert library.median_minutes > straight[0, 0] / 1.3, "no walk is shorter than the straight line"
        assert library.median_minutes != pytest.approx(straight[0, 0])
        with pytest.raises(BadRequest, match="no walking profile"):
            walking(s, BOX, "hopping")


def test_find_measures_along_streets(rutland: UUID, s: Session) -> None:
    spots = np.array(OAKHAM) + np.random.default_rng(11).uniform(-700, 700, (30, 2))
    load_taxonomy(s)
    ids = [an_asset(s, "cafe", (east, north), name=f"Café {k}") for k, (east, north) in enumerate(spots)]
    minutes = walking(s, BOX).minutes(np.array([OAKHAM], float), spots)[0]
    found = found_on_foot(s, Search(categories=("cafe",), near=OAKHAM, within_minutes=12.0, order="near"))
    near = np.flatnonzero(minutes <= 12)
    assert 0 < len(near) < 30
    assert [one.id for one in found.lines] == [ids[k] for k in near[np.argsort(minutes[near])]]
    assert "along streets" in found.walks


def test_a_barrier_cuts_streets_but_at_its_crossings(rutland: UUID, s: Session, owner: Actor) -> None:
    spots = np.array(OAKHAM) + np.random.default_rng(11).uniform(-700, 700, (30, 2))
    north, home = spots[:, 1] > OAKHAM[1] + 130, np.array([OAKHAM], float)
    minutes = walking(s, BOX).minutes(home, spots)[0]
    across = shapely.LineString([(OAKHAM[0] - 900, OAKHAM[1] + 120), (OAKHAM[0] + 900, OAKHAM[1] + 120)])
    wall = keep_barrier(s, {"name": "Line", "nature": "railway", "is_hard": True, "source": ""}, across, owner)
    walk = walking(s, BOX)
    assert "1 drawn barrier near here is crossed only at its crossings" in walk.words()
    walled = walk.minutes(home, spots)[0]
    assert (walled >= minutes - 1e-9).all()
    assert np.median(walled[north]) > np.median(minutes[north])
    keep_crossing(s, wall, {"name": "Gate", "step_free": "no"}, streets_across(s, wall, GAP)[0], owner)
    assert (walking(s, BOX).minutes(home, spots)[0] <= walled + 1e-9).all()
    level = walking(s, BOX, "step_free").minutes(home, spots)[0]
    assert (level[north] >= walled[north] - 1e-9).all(), "the gate has steps"


def test_who_walks_slower_walks_longer_and_steps_are_left_out(rutland: UUID, owner: Actor) -> None:
    rng = np.random.default_rng(7)
    homes, targets = (np.array(OAKHAM) + rng.uniform(-700, 700, (40, 2)) for _ in range(2))
    with session(owner) as s:
        usual, slower, level = (
            walking(s, BOX, profile).minutes(homes, targets) for profile in ("standard", "slower", "step_free")
        )
    near = np.isfinite(slower)
    np.testing.assert_allclose(slower[near] * 48.0, usual[near] * 66.7)
    assert (level >= usual - 1e-9).all()


def test_a_newer_map_takes_the_place_of_the_one_before_and_undo_gives_it_back(
    rutland: UUID, owner: Actor, real_data: Path
) -> None:
    file = real_data / "network" / "rutland-latest.osm.pbf"
    newer = import_streets(file, actor=owner, vintage="2026").import_id
    with session(owner) as s:
        assert in_use(s, BOX) == (newer, "2026")
    run.undo(newer, actor=owner)
    with session(owner) as s:
        assert in_use(s, BOX) == (rutland, "2022-11")
        assert s.scalar(select(func.count()).select_from(Street).where(Street.map_id == newer)) == 0


def test_lines_of_two_layers_meet_where_they_cross_and_where_one_nearly_ends_on_another(
    store: str, owner: Actor, tmp_path: Path
) -> None:
    road, crossing, path = [(0, 100), (400, 100)], [(200, 0), (200, 200)], [(300, 104), (300, 300)]
    file = tmp_path / "lines.geojson"
    file.write_text(json.dumps(collection(road, crossing, path)))
    report = import_streets(file, actor=owner)
    with session(owner) as s:
        found = streets(s, report.import_id, "")
    assert int(found.network.piece.max()) == 0, "all of it is one piece"
    ends = np.array([[450_000, 300_100], [450_300, 300_300], [450_200, 300_200]], float)
    nodes, away = found.nearest(ends)
    assert away.max() < 0.1
    metres = metres_between(found.network, found.ways, nodes[:1], nodes[1:], 10_000.0)
    assert metres[0] == pytest.approx([300 + 200, 200 + 100], abs=0.5)


def collection(*lines: list[tuple[int, int]]) -> dict[str, object]:
    """Lines of small numbers, somewhere on the British grid."""
    moved = [[[450_000 + x, 300_000 + y] for x, y in line] for line in lines]
    shapes = [{"type": "LineString", "coordinates": line} for line in moved]
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    crs = {"type": "name", "properties": {"name": "EPSG:27700"}}
    return {"type": "FeatureCollection", "crs": crs, "features": features}


def test_an_extract_is_no_list_of_assets_and_a_list_is_no_map_of_streets(
    store: str, owner: Actor, real_data: Path, tmp_path: Path
) -> None:
    with pytest.raises(BadFile, match="brought in as streets"):
        run.run(real_data / "network" / "rutland-latest.osm.pbf", actor=owner)
    points = tmp_path / "points.geojson"
    points.write_text('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"a"},'
                      '"geometry":{"type":"Point","coordinates":[-2,53]}}]}')  # fmt: skip
    with pytest.raises(BadFile, match="no lines"):
        import_streets(points, actor=owner)
    cut = tmp_path / "cut.osm.pbf"
    whole = (real_data / "network" / "rutland-latest.osm.pbf").read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadFile, match="damaged|safely"):
        import_streets(cut, actor=owner)
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_the_ring_of_a_place_follows_the_streets(rutland: UUID, owner: Actor) -> None:
    with session(owner) as s:
        here = a_place(s, OAKHAM, name="Ring", size=120)
        found = shapely.from_geojson(ring(s, str(here), 10)).geoms[0]
        straight = shapely.Point(*np.ravel(geo.to_degrees(np.array([OAKHAM[0]]), np.array([OAKHAM[1]])))).buffer(0.02)
        assert found.contains(shapely.Point(*np.ravel(geo.to_degrees(*map(np.array, ([OAKHAM[0]], [OAKHAM[1]]))))))
        assert found.within(straight)
        wider = shapely.from_geojson(ring(s, str(here), 20)).geoms[0]
        assert wider.area > 1.5 * found.area


def test_on_another_machine_the_network_is_made_from_the_store(county: Streets, rutland: UUID, owner: Actor) -> None:
    shutil.rmtree(folder_of(rutland))
    opened.cache_clear()
    with session(owner) as s:
        again = streets(s, rutland, "2022-11").network
    assert folder_of(rutland).is_dir()
    np.testing.assert_allclose(np.sort(again.metres), np.sort(county.network.metres))
    np.testing.assert_allclose(again.xy[np.lexsort(again.xy.T)], county.network.xy[np.lexsort(county.network.xy.T)],
                               atol=1e-6)  # fmt: skip


def test_a_person_walks_by_straight_lines_until_the_network_is_made_and_is_told_so(rutland: UUID, owner: Actor) -> None:
    make_ready()
    somebody = replace(owner, account_id=str(uuid4()))
    (folder_of(rutland) / "metres.npy").unlink()
    opened.cache_clear()
    with session(somebody) as s:
        assert "being made ready" in walking(s, BOX).words()
        assert "until the map of streets is ready" in on_foot(s, shapely.box(*BOX)).words()
        assert "being made ready" in walking(s, BOX, ready_only=True).words()
        before = version(s)
    assert make_ready() == 1, "half of a network is none"
    assert make_ready() == 0
    with session(somebody) as s:
        assert isinstance(walking(s, BOX), StreetWalk)
        assert version(s) > before, "what was remembered of straight lines ends"
        made = select(AuditEvent.verb).where(AuditEvent.thing_id == str(rutland)).order_by(AuditEvent.id.desc())
        assert s.scalars(made.limit(1)).one() == "make_ready"
