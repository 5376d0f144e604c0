"""How many patches fit, and why some numbers of households fit none (docs: 175 with 10 % either way)."""

from functools import cache
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from abcd.patches.design import design, misfits_of
from abcd.patches.exact import Search, Undecided, shared_out
from abcd.patches.feasible import Misfit, Room, sums_between
from abcd.patches.mending import gains
from abcd.patches.net import Net, Stock, components, net_of, stock_of
from abcd.patches.rebuild import Draft
from abcd.patches.settling import settled
from abcd.patches.split import Ground
from tests.patches.test_moves import TASTE
from tests.patches.towns import a_town, as_networkx, is_whole

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


@pytest.mark.parametrize(
    ("households", "number"),
    [(157, None), (315, None), (316, 2), (384, 2), (385, None), (631, None), (632, 4), (793, 5)],
)
def test_whole_households_leave_less_room(households: int, number: int | None) -> None:
    by_trying = [k for k in range(1, 9) if k * 158 <= households <= k * 192]
    assert ROOM.fitting(households, is_whole=True) == number
    assert (number in by_trying) == bool(by_trying)
    assert ROOM.fits([1.0] * households) == (number is not None)
    assert ROOM.fits([0.5] * (2 * households)) == (ROOM.fitting(households) is not None), (
        "workloads may be parted finer"
    )


@given(some.floats(1, 1e7), some.floats(0.001, 2000), some.floats(0.001, 0.5))
def test_the_number_that_fits_is_the_nearest_of_all(households: float, target: float, tolerance: float) -> None:
    room = Room(target, tolerance)
    count = room.fitting(households)
    for other in {max(1, int(households / target) + step) for step in range(-3, 4)}:
        if room.least <= households / other <= room.most:
            assert count is not None
            assert abs(households / count - target) <= abs(households / other - target) + 1e-9 * target


def test_from_788_on_every_number_fits() -> None:
    means = [households / (ROOM.fitting(households) or 0) for households in range(788, 3000)]
    assert all(abs(mean - 175) <= 17.5 for mean in means)


def test_what_fits_none_comes_as_near_as_it_can() -> None:
    assert [ROOM.nearest(households) for households in (20, 250, 300, 420)] == [1, 1, 2, 2]


def test_the_sums_are_told() -> None:
    assert Misfit((0,), 40).arithmetic(ROOM) == "40 households are too few for one patch (at least 158)."
    between = "250 households are too many for 1 (at most 192) and too few for 2 (at least 315)."
    assert Misfit((0,), 250).arithmetic(ROOM) == between
    weighed = "323 households are too many for 3 (at most 297) and too few for 4 (at least 324)."
    assert Misfit((0,), 323.6).arithmetic(Room(90, 0.1)) == weighed, "not 324, which would fit"
    assert Misfit((0,), 53.8).arithmetic(Room(60, 0.1)).startswith("53 households are too few")


def test_a_plan_names_every_piece_that_does_not_fit_and_no_other() -> None:
    stock, net = a_town(12, 3, gaps=0.62)
    piece = components(net)
    plan = design(stock, net, Room(60, 0.1), seed=3)
    held = [stock.weight[piece == k] for k in set(piece.tolist())]
    named = {misfit.households for misfit in plan.misfits}
    assert {each.sum() for each in held if not Room(60, 0.1).fits(each.tolist())} <= named
    assert all(one.in_pieces or not Room(60, 0.1).fits(stock.weight[list(one.blocks)].tolist()) for one in plan.misfits)
    assert {each.sum() for each in held if Room(60, 0.1).fitting(each.sum()) is None} <= named
    assert plan.misfits == misfits_of(stock, net, piece, Room(60, 0.1))


def test_blocks_that_add_up_to_nothing_between_are_a_misfit() -> None:
    tens = [10.0] * 31 + [7.0]
    assert ROOM.fitting(317) == 2
    assert not ROOM.fits(tens), "one of two patches must hold 158 or 159, and there are only tens and a seven"
    assert ROOM.fits([10.0] * 30 + [8.0, 9.0])
    told = Misfit((0,), 317).arithmetic(ROOM)
    assert "317 households would fit 2 patches if one held between 157.5 and 159.5" in told


def test_why_whole_households_or_connection_do_not_do() -> None:
    whole = (
        "631 households would fit 4 patches on average, but a patch holds 158 to 192 whole households: "
        "4 of them hold at least 632 and at most 768."
    )
    assert Misfit((0,), 631).arithmetic(ROOM) == whole
    told = Misfit((0,), 318, in_pieces=True).arithmetic(ROOM)
    assert told.startswith(
        "318 households would fit 2 patches, but no way of sharing out its blocks gives each patch 158"
    )


def test_blocks_that_add_up_but_not_in_one_piece_are_a_misfit() -> None:
    stock = stock_of(np.array([79.0, 160, 79, 170]), np.arange(4) * 50.0, np.zeros(4))
    lane, ring = (net_of(stock, np.array(links)) for links in ([[0, 1], [1, 2]], [[0, 1], [1, 2], [2, 0]]))
    assert ROOM.fits([79, 160, 79])
    assert [(one.households, one.in_pieces) for one in design(stock, lane, ROOM).misfits] == [(318, True)]
    plan = design(stock, ring, ROOM)
    assert (sorted(np.bincount(plan.part, stock.weight)), plan.misfits) == ([158, 160, 170], ())


def by_brute_force(stock: Stock, net: Net, room: Room) -> bool:
    """Whether any of all ways to share out the blocks is right, judged by networkx."""
    graph, n = as_networkx(net), len(stock.weight)

    def is_patch(some_: frozenset[int]) -> bool:
        held = stock.weight[sorted(some_)].sum()
        return room.least - 1e-9 <= held <= room.most + 1e-9 and nx.is_connected(graph.subgraph(some_))

    @cache
    def can(free: frozenset[int]) -> bool:
        if not free:
            return True
        first, *others = sorted(free)
        ways = (frozenset((first, *chosen)) for k in range(n) for chosen in combinations(others, k))
        return any(is_patch(patch) and can(free - patch) for patch in ways)

    return can(frozenset(range(n)))


@given(some.lists(some.integers(1, 9), min_size=2, max_size=9), some.floats(0.9, 4.1), some.sampled_from([0.1, 0.2]),
       some.data())  # fmt: skip
@settings(max_examples=120, deadline=None)
def test_every_way_is_tried(weights: list[int], count: float, tolerance: float, drawn: some.DataObject) -> None:
    n, room = len(weights), Room(sum(weights) / count, tolerance)
    tree = [(drawn.draw(some.integers(0, v - 1)), v) for v in range(1, n)]
    more = drawn.draw(some.lists(some.tuples(some.integers(0, n - 1), some.integers(0, n - 1)), max_size=5))
    stock = stock_of(np.array(weights, float), np.arange(n) * 1.0, np.zeros(n))
    net = net_of(stock, np.array(tree + more))
    part = shared_out(stock, net, room)
    assert (part is not None) == by_brute_force(stock, net, room)
    if part is not None:
        assert is_whole(net, part)
        assert all(room.least - 1e-9 <= held <= room.most + 1e-9 for held in np.bincount(part, stock.weight))


def test_a_search_that_would_take_long_says_so() -> None:
    stock, net = a_town(14, gaps=0.0)
    with pytest.raises(Undecided):
        shared_out(stock, net, Room(stock.weight.sum() / 4, 0.1))
    ring = tuple(1 << (u + 1) % 60 | 1 << (u - 1) % 60 for u in range(60))
    assert [held.bit_count() for held in Search((1.0,) * 60, ring, 20, 20).shared((1 << 60) - 1) or ()] == [20] * 3
    with pytest.raises(Undecided):
        Search((1.0,) * 60, ring, 20, 20, left=5).shared((1 << 60) - 1)


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_with_hardly_any_room_is_settled(seed: int) -> None:
    stock, net = a_town(8, seed, gaps=0.0)
    target = round(stock.weight.sum() / 4)
    room = Room(target, 1.5 / target)
    columns = (np.arange(64) % 8) // 2
    draft = Draft.of(Ground(stock, net), columns, np.full(64, -1))
    part = settled(draft, TASTE._replace(target=room.target), room)
    assert room.fits(stock.weight.tolist())
    assert is_whole(net, part)
    assert np.abs(np.bincount(part, stock.weight) - room.target).max() <= 1.5


@given(some.lists(some.integers(1, 12), min_size=1, max_size=9), some.integers(0, 60), some.integers(0, 12))
def test_sums_that_can_be_had_are_those_of_all_subsets(weights: list[int], least: int, more: int) -> None:
    sums = {sum(chosen) for k in range(len(weights) + 1) for chosen in combinations(weights, k)}
    wanted = any(least <= one <= least + more for one in sums)
    assert sums_between([float(w) for w in weights], least, least + more) == wanted


def test_how_far_parts_are_from_whole_patches() -> None:
    assert [ROOM.excess(each) for each in (20, 158, 192, 200, 350)] == pytest.approx([137.5, 0, 0, 7.5, 0])
    assert gains(ROOM, 20, 150)
    assert not gains(ROOM, 175, 175)
