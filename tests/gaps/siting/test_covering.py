"""Maximal covering: by hand, against every choice there is, and against spopt's optimum."""

from itertools import combinations

import numpy as np
import pulp
import pytest
from spopt.locate import MCLP

from abcd.gaps.siting.covering import Cover, at_once, collapsed, covered, weight_of
from abcd.gaps.siting.proving import best, curve


def a_case(seed: int, homes: int = 40, sites: int = 12) -> tuple[np.ndarray, np.ndarray, float]:
    """Costs (homes, sites), households, and a limit that a fifth of the pairs keep."""
    rng = np.random.default_rng(seed)
    home, site = rng.random((homes, 2)), rng.random((sites, 2))
    costs = np.hypot(*(home[:, None] - site[None]).T).T
    return costs, rng.integers(1, 90, homes).astype(float), float(np.quantile(costs, 0.2))


def of(costs: np.ndarray, weight: np.ndarray, limit: float) -> Cover:
    return Cover(costs <= limit, weight)


def test_a_street_of_five_by_hand() -> None:
    # Homes 10, 20, 30, 40, 50; the sites reach the first two, the middle three, and the last two.
    reach = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1]], dtype=bool)
    cover = Cover(reach, np.array([10.0, 20, 30, 40, 50]))
    layouts = curve(cover)
    assert [(one.sites, one.weight) for one in layouts] == [((1,), 90), ((1, 2), 140), ((0, 1, 2), 150)]
    assert all(one.is_proven for one in layouts)
    assert covered(cover, [1, 2]).tolist() == [False, True, True, True, True]


def test_the_best_alone_need_not_be_among_the_best_together() -> None:
    # One in the middle reaches 60; one at each end 50: greedy alone would keep the middle and reach 90 of 100.
    reach = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]], dtype=bool)
    cover = Cover(reach[:, [1, 0, 2]], np.array([20.0, 30, 30, 20]))
    assert at_once(cover, 2).sites == (1, 2)
    assert at_once(cover, 2).weight == 100


def test_the_site_that_is_wanted_first_is_taken_of_two_that_do_the_same() -> None:
    reach = np.array([[1, 1, 0, 0], [0, 0, 1, 1]], dtype=bool)
    assert best(Cover(reach, np.array([5.0, 5.0])), 2).sites == (0, 2)


def test_nobody_in_reach_is_no_site() -> None:
    assert curve(Cover(np.zeros((3, 2), dtype=bool), np.ones(3))) == []
    assert curve(Cover(np.zeros((3, 0), dtype=bool), np.ones(3))) == []
    assert curve(Cover(np.ones((3, 2), dtype=bool), np.zeros(3))) == []


def test_homes_of_the_same_sites_become_one_row_and_nothing_changes() -> None:
    costs, weight, limit = a_case(3, homes=400, sites=6)
    cover = of(costs, weight, limit)
    small = collapsed(cover)
    assert len(small.weight) < 60
    for pair in combinations(range(6), 2):
        assert weight_of(small, pair) == pytest.approx(weight_of(cover, pair))


@pytest.mark.parametrize("sites", [1, 2, 3])
def test_the_proven_choice_is_the_best_of_all_there_are(sites: int) -> None:
    for seed in range(20):
        cover = of(*a_case(seed))
        layout = best(cover, sites, seconds=30)
        every = max(weight_of(cover, chosen) for chosen in combinations(range(12), sites))
        assert layout.is_proven
        assert layout.weight == pytest.approx(every)
        assert weight_of(cover, layout.sites) == pytest.approx(every)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:pulp")
def test_as_good_as_spopts_optimum() -> None:
    for seed in range(12):
        costs, weight, limit = a_case(100 + seed, homes=60, sites=20)
        for sites in (2, 4):
            theirs = MCLP.from_cost_matrix(costs, weight, limit, sites).solve(pulp.PULP_CBC_CMD(msg=False))
            ours = best(of(costs, weight, limit), sites, seconds=30)
            assert ours.is_proven
            assert ours.weight == pytest.approx(pulp.value(theirs.problem.objective))


def test_without_time_the_answer_at_once_is_given_and_said_to_be_no_more() -> None:
    cover = of(*a_case(7, homes=120, sites=40))
    quick, sure = best(cover, 4, seconds=0), best(cover, 4, seconds=30)
    assert not quick.is_proven
    assert quick.weight <= sure.weight <= quick.bound


def test_a_gap_of_the_relaxation_is_closed_by_branching() -> None:
    # Three homes, each reached by two of three sites: half of each covers everybody, one site but two of them.
    reach = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]] * 2, dtype=bool)
    reach = np.block([[reach[:3], np.zeros((3, 3), bool)], [np.zeros((3, 3), bool), reach[3:]]])
    layout = best(Cover(reach, np.ones(6)), 3, seconds=30)
    assert (layout.weight, layout.is_proven) == (5, True)
