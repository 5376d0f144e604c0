"""What may be one is proposed, what cannot be is not, and what a person called different stays so."""

from pathlib import Path
from uuid import UUID

import pandas as pd
import pytest
from sqlalchemy import text

from abcd.assets.actions import say_not_same
from abcd.db.session import Actor, session
from abcd.db.tables import Import
from abcd.intake import run
from abcd.intake.duplicates import CROWD, MOVED_M, NEAR_M, POINT_CROWD, candidates, look_alikes, propose
from tests.conftest import emptied
from tests.intake.publisher import HEADER, LIBRARIES, a_file, brought_in, kinds

CLUBS = ("ref", "name", "address", "postcode", "lon", "lat")


@pytest.fixture(autouse=True)
def _empty(store: str, owner: Actor) -> None:
    emptied(store, "core.asset, core.import, core.source, core.duplicate_pair, core.issue")


def points(*rows: tuple[str, float | None, float | None, str]) -> pd.DataFrame:
    """New assets of one category, named in small letters: (name, easting, northing, postcode)."""
    frame = pd.DataFrame(rows, columns=["name", "easting", "northing", "postcode"])
    frame[["easting", "northing"]] = frame[["easting", "northing"]].astype(float)
    return frame.assign(id=[str(at) for at in range(len(rows))], is_new=True, category="library")


def pairs(frame: pd.DataFrame) -> set[tuple[int, int]]:
    found = look_alikes(frame)
    return set(zip(found.first.tolist(), found.second.tolist(), strict=True))


@pytest.mark.parametrize(("other", "apart", "is_one"), [
    ("ashford library", NEAR_M - 1, True),
    ("ashford library", MOVED_M - 1, True),
    ("ashford library", MOVED_M + 1, False),
    ("library ashford", NEAR_M - 1, True),
    ("ashford libary", NEAR_M - 1, True),
    ("ashford libary", NEAR_M + 1, False),
    ("castle library", 0, False),
])  # fmt: skip
def test_name_and_nearness_decide_together(other: str, apart: float, is_one: bool) -> None:
    frame = points(("ashford library", 400_000, 300_000, ""), (other, 400_000 + apart, 300_000, ""))
    assert (pairs(frame) == {(0, 1)}) is is_one


def test_different_numbers_make_two_things() -> None:
    assert pairs(points(("unit 3 mill works", 0, 0, ""), ("unit 4 mill works", 0, 0, ""))) == set()


def test_one_postcode_is_near_enough_without_points() -> None:
    assert pairs(points(("elm club", None, None, "ZZ1 1AA"), ("elm club hall", None, None, "ZZ1 1AA"))) == {(0, 1)}


def test_a_name_that_a_crowd_bears_is_compared_by_nearness_alone() -> None:
    far = [("big chain", 1_000.0 * at, 0.0, "") for at in range(CROWD)]
    assert pairs(points(*far, ("big chain", 10.0, 0.0, ""))) == {(0, CROWD)}


def test_a_point_that_hundreds_share_makes_nothing_alike() -> None:
    stops = [("station road", 400_000.0, 300_000.0, "")] * POINT_CROWD
    assert pairs(points(*stops)) == set()
    assert pairs(points(*stops[:2])) == {(0, 1)}


def test_what_was_there_already_is_not_compared_with_itself() -> None:
    frame = points(("elm club", 0, 0, ""), ("elm club", 1, 0, ""), ("elm club", 2, 0, ""))
    frame.loc[:1, "is_new"] = False
    assert pairs(frame) == {(0, 2), (1, 2)}


def test_the_work_grows_with_the_rows_and_not_their_square() -> None:
    spread = [(f"club {at}", 500.0 * (at % 100), 500.0 * (at // 100), "") for at in range(10_000)]
    assert len(candidates(points(*spread))[0]) == 0


def test_a_second_file_is_proposed_once_and_an_issue_tells(tmp_path: Path, owner: Actor) -> None:
    brought_in(tmp_path, owner, LIBRARIES)
    again = tuple((f"X{row[0]}", *row[1:]) for row in LIBRARIES)
    report = brought_in(tmp_path, owner, again, HEADER, "town_libraries.csv")
    assert (report.added, report.possible_duplicates, kinds(report)["possible_duplicate"]) == (3, 3, 3)
    assert brought_in(tmp_path, owner, again, HEADER, "town_libraries.csv").possible_duplicates == 0


def test_what_a_person_called_different_is_never_proposed_again(tmp_path: Path, owner: Actor) -> None:
    brought_in(tmp_path, owner, LIBRARIES[:1])
    twin = (("X1", *LIBRARIES[0][1:]),)
    assert brought_in(tmp_path, owner, twin, HEADER, "town_libraries.csv").possible_duplicates == 1
    again = run.stage(a_file(tmp_path, twin, HEADER, "town_libraries.csv"), actor=owner)
    with session(owner) as s:
        one, other = s.execute(text("select asset_id, other_id from core.duplicate_pair")).one()
        say_not_same(s, UUID(str(one)), UUID(str(other)), by=owner)
        s.execute(text("delete from core.duplicate_pair"))
        source_id = s.get_one(Import, again.import_id).source_id
        both = points(("ashford library", 0, 0, ""), ("ashford library", 1, 0, ""))
        found = look_alikes(both.assign(id=[str(one), str(other)]))
        assert propose(s, again.import_id, source_id, found) == 0
        s.execute(text("delete from core.not_same"))
        s.execute(text(f"drop table found_{again.import_id.hex}"))
        assert propose(s, again.import_id, source_id, found) == 1


def test_a_shared_reference_with_another_name_is_proposed(tmp_path: Path, owner: Actor) -> None:
    brought_in(
        tmp_path, owner, (("900123", "Saint Anne", "Church Lane", "ZZ1 1AE", "-2.4", "53.4"),), CLUBS, "churches.csv"
    )
    report = brought_in(tmp_path, owner, (("900123", "Parish Church of Ashford", "", "", "-2.4001", "53.4"),), CLUBS,
                        "parish_churches.csv")  # fmt: skip
    assert report.possible_duplicates == 1
