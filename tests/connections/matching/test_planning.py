"""The plan keeps as much as a dense assignment of the library would, and nobody for more than they can do."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from abcd.connections.matching.planning import plan


def dense(scores: np.ndarray, room: np.ndarray) -> float:
    """The greatest total by ``linear_sum_assignment``: a column for each time, worthless columns for nobody."""
    slots = np.repeat(scores, room, axis=1)
    whole = np.hstack([slots, np.zeros((len(scores), len(scores)))])
    return float(whole[linear_sum_assignment(whole, maximize=True)].sum())


@pytest.mark.parametrize("seed", range(12))
def test_it_is_worth_what_a_dense_assignment_is_worth(seed: int) -> None:
    draw = np.random.default_rng(seed)
    scores = np.where(draw.random((40, 25)) < 0.15, draw.uniform(0.35, 1, (40, 25)), 0.0)
    room = draw.integers(0, 3, 25)
    wishes, people = np.nonzero(scores)
    kept = plan(wishes, people, scores[wishes, people], room)
    assert scores[wishes, people][kept].sum() == pytest.approx(dense(scores, room))
    assert np.bincount(wishes[kept], minlength=40).max() <= 1
    assert (np.bincount(people[kept], minlength=25) <= room).all()


def test_the_top_of_each_list_is_not_the_best_for_all() -> None:
    wishes, people, scores = np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0.9, 0.8, 0.85])
    assert plan(wishes, people, scores, np.array([1, 1])).tolist() == [False, True, True]


def test_nothing_to_plan_is_no_plan() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert plan(none, none, np.zeros(0), none).tolist() == []
    assert plan(np.array([0]), np.array([0]), np.array([0.9]), np.array([0])).tolist() == [False]
