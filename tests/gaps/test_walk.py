import numpy as np
import pytest

from abcd.errors import BadRequest
from abcd.gaps.walk import StraightLine, walk_model


def test_minutes_are_metres_by_the_detour_over_the_speed() -> None:
    minutes = StraightLine().minutes(np.array([[0.0, 0.0]]), np.array([[300.0, 400.0], [0.0, 0.0]]))
    assert minutes == pytest.approx(np.array([[500 * 1.3 / 66.7, 0.0]]))


def test_fifteen_minutes_is_a_kilometre_walked() -> None:
    assert StraightLine(detour=1.0).reach_metres(15) == pytest.approx(1000, abs=1)


@pytest.mark.parametrize(("profile", "minutes"), [("standard", 15.59), ("brisk", 13.0), ("slower", 21.67)])
def test_profiles(profile: str, minutes: float) -> None:
    walked = walk_model(profile).minutes(np.array([[0.0, 0.0]]), np.array([[800.0, 0.0]]))
    assert walked[0, 0] == pytest.approx(minutes, abs=0.01)


def test_nothing_to_walk_to() -> None:
    assert StraightLine().minutes(np.zeros((3, 2)), np.zeros((0, 2))).shape == (3, 0)


def test_an_unknown_profile_is_told_the_choices() -> None:
    with pytest.raises(BadRequest, match="standard, brisk, slower"):
        walk_model("crawl")
