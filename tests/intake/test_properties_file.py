"""Property references with their points, and rows of assets that are located by them."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from abcd.db.session import Actor, session
from abcd.db.tables import Asset, Property
from abcd.errors import BadFile
from abcd.intake.properties_file import import_properties, undo
from abcd.intake.run import run
from tests.conftest import emptied

OPEN_UPRN = "UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\n"
ROWS = OPEN_UPRN + "10009420042,377500.00,395500.00,53.45,-2.34\n77,377600.00,395600.00,53.46,-2.33\n"


@pytest.fixture(autouse=True)
def _empty(store: str, owner: Actor) -> None:
    emptied(store, "core.property, core.asset, core.import, core.source, core.issue")


def a_list(folder: Path, content: str, name: str = "osopenuprn.csv") -> Path:
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return file


def eastings(owner: Actor) -> dict[int, float]:
    with session(owner) as s:
        return dict(s.execute(select(Property.uprn, func.ST_X(Property.point))).all())


def test_a_list_comes_in_once(tmp_path: Path, owner: Actor) -> None:
    file = a_list(tmp_path, ROWS)
    first, second = (import_properties(file, actor=owner) for _time in range(2))
    assert (first.added, second.added, second.unchanged) == (2, 0, 2)
    assert eastings(owner) == {10009420042: 377500.0, 77: 377600.0}


def test_a_row_that_cannot_be_is_an_issue(tmp_path: Path, owner: Actor) -> None:
    report = import_properties(
        a_list(tmp_path, ROWS + "0,1,1,,\nA12,377500,395500,,\n77,377600,395600,,\n"), actor=owner
    )
    assert (report.rows, report.added, report.rejected, report.duplicates) == (5, 2, 2, 1)
    assert [(one["kind"], one["rows"]) for one in report.issues] == [("not_a_property", 2)]


def test_a_newer_list_is_taken_back_exactly(tmp_path: Path, owner: Actor) -> None:
    import_properties(a_list(tmp_path, ROWS), actor=owner)
    newer = import_properties(
        a_list(tmp_path, OPEN_UPRN + "77,377900,395600,,\n78,1000,2000,,\n", "newer.csv"), actor=owner
    )
    assert (newer.added, newer.changed) == (1, 1)
    with session(owner) as s:
        assert undo(s, newer.import_id, by=owner) == {"removed": 1, "restored": 1, "kept": 0}
    assert eastings(owner) == {10009420042: 377500.0, 77: 377600.0}


def test_a_list_without_references_is_refused(tmp_path: Path, owner: Actor) -> None:
    with pytest.raises(BadFile, match="called UPRN"):
        import_properties(a_list(tmp_path, "id,x,y\n1,377500,395500\n"), actor=owner)


def test_an_asset_without_coordinates_is_located_by_its_reference(tmp_path: Path, owner: Actor) -> None:
    import_properties(a_list(tmp_path, ROWS), actor=owner)
    halls = a_list(
        tmp_path, "name,type,uprn\nMill Hall,Community hall,10009420042\nElm Hall,Community hall,5\n", "halls.csv"
    )
    report = run(halls, actor=owner)
    assert (report.located_by, report.unlocated) == ({"uprn": 1}, 1)
    with session(owner) as s:
        assert s.scalar(select(func.ST_X(Asset.point)).where(Asset.name == "Mill Hall")) == 377500.0
