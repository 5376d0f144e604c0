"""Find measures walks again: round a barrier here, along streets in ``streets/test_loaded``."""

import shapely
from sqlalchemy.orm import Session

from abcd.assets.search import Search, find
from abcd.db.session import Actor
from abcd.gaps.finding import found_on_foot
from abcd.places.barrier_deeds import keep_barrier
from abcd.places.crossing_deeds import keep_crossing
from tests.builders import HERE, an_asset

EAST, NORTH = HERE
BROOK = {"name": "Brook", "nature": "river", "is_hard": True, "source": ""}


def test_without_streets_and_barriers_find_answers_as_it_did_and_says_so(s: Session) -> None:
    an_asset(s, "library", (EAST, NORTH + 200), name="Library")
    search = Search(near=HERE, within_minutes=10.0)
    found, plain = found_on_foot(s, search), find(s, search)
    assert found.lines == plain.lines
    assert "straight lines" in found.walks
    assert found_on_foot(s, Search(words="library")).walks == ""


def test_a_brook_lies_between(s: Session, owner: Actor) -> None:
    near = an_asset(s, "library", (EAST, NORTH - 300), name="This side")
    across = an_asset(s, "library", (EAST, NORTH + 200), name="Across")
    line = shapely.LineString([(EAST - 5_000, NORTH + 100), (EAST + 5_000, NORTH + 100)])
    brook = keep_barrier(s, BROOK, line, owner)
    within_ten = Search(near=HERE, within_minutes=10.0, order="near")
    assert [one.id for one in found_on_foot(s, within_ten).lines] == [near]
    by_name = {one.id: one.minutes for one in found_on_foot(s, Search(near=HERE, order="near")).lines}
    assert by_name[across] is None
    keep_crossing(s, brook, {"name": "Bridge", "step_free": "yes"}, (EAST + 50, NORTH + 100), owner)
    found = found_on_foot(s, within_ten)
    assert [(one.id, round(one.minutes or 0, 2)) for one in found.lines] == [
        (across, round(2 * (50**2 + 100**2) ** 0.5 * 1.3 / 66.7, 2)), (near, round(300 * 1.3 / 66.7, 2)),
    ]  # fmt: skip
    assert found.total == 2
