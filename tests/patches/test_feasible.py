"""How many patches fit, and why some numbers of households fit none (docs: 175 with 10 % either way)."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from abcd.patches.design import design, misfits_of
from abcd.patches.feasible import Misfit, Room, sums_between
from abcd.patches.mending import gains
from abcd.patches.net import components
from tests.patches.towns import a_town

ROOM = Room(175, 0.1)


@pytest.mark.parametrize(
    ("households", "number"),
    [
        (157, None), (158, 1), (192, 1), (193, None), (314, None), (315, 2), (385, 2), (386, None), (472, None),
        (473, 3), (577, 3), (578, None), (630, 4), (771, None), (788, 5), (2430, 14),
    ],
)  # fmt: skip
def test_the_number_that_fits(households: int, number: int | None) -> None:
    assert ROOM.fitting(households) == number


def test_from_788_on_every_number_fits() -> None:
    means = [households / (ROOM.fitting(households) or 0) for households in range(788, 3000)]
    assert all(abs(mean - 175) <= 17.5 for mean in means)


def test_what_fits_none_comes_as_near_as_it_can() -> None:
    assert [ROOM.nearest(households) for households in (20, 250, 300, 420)] == [1, 1, 2, 2]


def test_the_sums_are_told() -> None:
    assert Misfit((0,), 40).arithmetic(ROOM) == "40 households are too few for one patch (at least 158)."
    between = "250 households are too many for 1 (at most 192) and too few for 2 (at least 315)."
    assert Misfit((0,), 250).arithmetic(ROOM) == between


def test_a_plan_names_every_piece_that_does_not_fit_and_no_other() -> None:
    stock, net = a_town(12, 3, gaps=0.62)
    piece = components(net)
    plan = design(stock, net, Room(60, 0.1), seed=3)
    held = [stock.weight[piece == k] for k in set(piece.tolist())]
    named = {misfit.households for misfit in plan.misfits}
    assert named == {each.sum() for each in held if not Room(60, 0.1).fits(each.tolist())}
    assert {each.sum() for each in held if Room(60, 0.1).fitting(each.sum()) is None} <= named
    assert plan.misfits == misfits_of(stock, piece, Room(60, 0.1))


def test_blocks_that_add_up_to_nothing_between_are_a_misfit() -> None:
    tens = [10.0] * 31 + [7.0]
    assert ROOM.fitting(317) == 2
    assert not ROOM.fits(tens), "one of two patches must hold 158 or 159, and there are only tens and a seven"
    assert ROOM.fits([10.0] * 30 + [8.0, 9.0])
    told = Misfit((0,), 317).arithmetic(ROOM)
    assert "317 households would fit 2 patches if one held between 157.5 and 159.5" in told


@given(some.lists(some.integers(1, 12), min_size=1, max_size=9), some.integers(0, 60), some.integers(0, 12))
def test_sums_that_can_be_had_are_those_of_all_subsets(weights: list[int], least: int, more: int) -> None:
    sums = {sum(chosen) for k in range(len(weights) + 1) for chosen in combinations(weights, k)}
    wanted = any(least <= one <= least + more for one in sums)
    assert sums_between([float(w) for w in weights], least, least + more) == wanted


def test_how_far_parts_are_from_whole_patches() -> None:
    assert [ROOM.excess(each) for each in (20, 158, 192, 200, 350)] == pytest.approx([137.5, 0, 0, 7.5, 0])
    assert gains(ROOM, 20, 150)
    assert not gains(ROOM, 175, 175)
