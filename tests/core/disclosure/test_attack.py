"""The attack is exact: it finds what trying every world finds, and what must be found out is found out."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcd.core.disclosure.arithmetic import Interval, percentage, rounded
from abcd.core.disclosure.attack import Attacker, Contradiction
from abcd.core.disclosure.cube import PLANS, TOTAL, Dimension, published, summed
from abcd.core.disclosure.unknowns import Share, Unknown, system
from tests.core.disclosure.towns import CATEGORIES, DIMENSIONS, a_town, by_hand, intervals, released

TWO = {"whole": None, "a": "whole", "b": "whole"}
PARTS = {("whole", TOTAL): ("a", "b", "rest"), ("a", TOTAL): ("a",), ("b", TOTAL): ("b",)}
NAMES = {"a": Unknown("a", TOTAL), "b": Unknown("b", TOTAL), "rest": Unknown("whole", TOTAL, rest=True)}
GIFT = Dimension("said", ("gift",))


def bounds(attacker: Attacker) -> dict[Unknown, Interval]:
    return dict(attacker.all_bounds())


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 14), st.integers(0, 14), st.integers(0, 6))
def test_bounds_of_areas_are_those_of_trying_every_world(a: int, b: int, rest: int) -> None:
    cells = intervals({("a", TOTAL): rounded(a), ("b", TOTAL): rounded(b), ("whole", TOTAL): rounded(a + b + rest)})
    found = bounds(Attacker(system(TWO, (), cells)))
    expected = by_hand(cells, 37, ("a", "b", "rest"), PARTS)
    assert {name: found[one] for name, one in NAMES.items()} == expected


CATEGORISED = {
    ("here", TOTAL): ("cy", "pl", "neither"), ("here", "cy"): ("cy",), ("here", "pl"): ("pl",),
}  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 16), st.integers(0, 16), st.integers(0, 6))
def test_bounds_of_categories_are_those_of_trying_every_world(cy: int, pl: int, neither: int) -> None:
    counts = {("here", TOTAL): cy + pl + neither, ("here", "cy"): cy, ("here", "pl"): pl}
    cells = intervals({key: rounded(count) for key, count in counts.items()})
    language = Dimension("language", ("cy", "pl"), exclusive=True)
    found = bounds(Attacker(system({"here": None}, (language,), cells)))
    expected = by_hand(cells, 41, ("cy", "pl", "neither"), CATEGORISED)
    named = {
        "cy": Unknown("here", "cy"),
        "pl": Unknown("here", "pl"),
        "neither": Unknown("here", "language", other=True),
    }
    assert {name: found[one] for name, one in named.items()} == expected


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 4), st.integers(0, 4))
def test_bounds_of_both_are_those_of_trying_every_world(gift: int, none: int, far: int, far_none: int) -> None:
    counts = {("a", TOTAL): gift + none, ("a", "gift"): gift, ("whole", TOTAL): gift + none + far + far_none,
              ("whole", "gift"): gift + far}  # fmt: skip
    cells = intervals({key: rounded(count) for key, count in counts.items()})
    holds = {("a", TOTAL): ("g", "n"), ("a", "gift"): ("g",), ("whole", "gift"): ("g", "f"),
             ("whole", TOTAL): ("g", "n", "f", "m")}  # fmt: skip
    named = {"g": Unknown("a", "gift"), "n": Unknown("a", "gift", other=True),
             "f": Unknown("whole", "gift", rest=True),
             "m": Unknown("whole", "gift", rest=True, other=True)}  # fmt: skip
    most = min(18, cells["whole", TOTAL].high)
    known = system({"whole": None, "a": "whole"}, (GIFT,), cells)
    within = np.minimum(known.high, [most if one in named.values() else 99 for one in known.unknowns])
    found = bounds(Attacker(replace(known, high=within)))
    assert {name: found[one] for name, one in named.items()} == by_hand(cells, most, ("g", "n", "f", "m"), holds)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_called_pinned_is_what_has_fewer_than_three_choices(seed: int) -> None:
    parents, counts = a_town(seed, estates=2, patches=1, mean=12)
    cells = intervals(published(counts, parents, CATEGORIES, PLANS[0]))
    attacker = Attacker(system(parents, DIMENSIONS, cells))
    narrow = {(one.unknown, one.interval) for one in attacker.pinned()}
    assert narrow == {(one, found) for one, found in bounds(attacker).items() if found.choice < 3}


@pytest.mark.parametrize("seed", range(2))
def test_what_saves_programs_does_not_change_the_answer(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    parents, counts = a_town(seed, estates=2, patches=1, mean=12)
    known = system(parents, DIMENSIONS, intervals(published(counts, parents, CATEGORIES, PLANS[0])))
    quick = Attacker(known)
    told = {one.unknown for one in quick.pinned()}
    monkeypatch.setattr(Attacker, "_sweep", lambda self: None)
    monkeypatch.setattr(Attacker, "_look_around", lambda self, world, step: None)
    slow = Attacker(known)
    assert {one.unknown for one in slow.pinned()} == told
    assert quick.programs < slow.programs


def test_so_many_are_named_as_are_asked_for() -> None:
    cells = {("a", TOTAL): Interval(4, 4), ("b", TOTAL): Interval(0, 1), ("whole", TOTAL): Interval(5, 5)}
    attacker = Attacker(system(TWO, (), cells))
    assert [len(attacker.pinned(most)) for most in (0, 1, 2, 3, None)] == [0, 1, 2, 3, 4]
    assert "interval" not in repr(attacker.pinned(1))


def test_the_truth_is_always_possible() -> None:
    parents, counts = a_town(3, estates=2, patches=1)
    sums = summed(counts, parents)
    cells = intervals(published(counts, parents, CATEGORIES, PLANS[0]))
    found = bounds(Attacker(system(parents, DIMENSIONS, cells)))
    for (area, category), (low, high) in ((key, found[Unknown(*key)]) for key in cells):
        assert low <= sums.get((area, category), 0) <= high


def test_figures_that_contradict_each_other_are_met_as_that() -> None:
    with pytest.raises(Contradiction):
        Attacker(system(TWO, (), {("a", TOTAL): Interval(20, 22), ("whole", TOTAL): Interval(10, 12)}))


def test_a_program_that_fails_is_no_answer() -> None:
    known = system({"a": None}, (), {("a", TOTAL): Interval(0, 9)})
    with pytest.raises(RuntimeError, match=r"."):
        Attacker(replace(known, high=np.full(len(known.unknowns), np.inf)))


def test_categories_without_a_figure_say_nothing() -> None:
    cells = {("a", TOTAL): Interval(13, 17)}
    assert system(TWO, DIMENSIONS, cells).unknowns == system(TWO, (), cells).unknowns


def test_what_has_no_figure_is_bounded_by_nothing_but_reason() -> None:
    known = system(TWO, (), {("a", TOTAL): Interval(13, 17)})
    found = bounds(Attacker(known))
    assert found[Unknown("b", TOTAL)].low == 0
    assert found[Unknown("b", TOTAL)].choice > 100
    assert found[Unknown("whole", TOTAL)].low == 13


@pytest.mark.parametrize("seed", range(3))
def test_a_move_leaves_all_sums_as_they_are(seed: int) -> None:
    parents, counts = a_town(seed)
    known = system(parents, DIMENSIONS, intervals(published(counts, parents, CATEGORIES, PLANS[0])))
    assert known.moves.shape[0] > 100
    assert np.abs((known.matrix @ known.moves.T).toarray()).max() == 0
    assert np.diff(known.moves.indptr).min() > 0


# What must be found out. Were one of these to pass unseen, the attack would be worth nothing.


def test_masking_beside_true_totals_is_found_out() -> None:
    random, told = Random(1), 0
    for _table in range(30):
        counts = {("a", TOTAL): random.randint(0, 30), ("b", TOTAL): random.randint(0, 30)}
        cells = {key: Interval(0, 9) if count < 10 else Interval(count, count) for key, count in counts.items()}
        cells["whole", TOTAL] = Interval(sum(counts.values()), sum(counts.values()))
        cells["rest", TOTAL] = Interval(0, 0)
        parents = {**TWO, "rest": "whole"}
        attacker = Attacker(system(parents, (), cells | {("whole", TOTAL): cells["whole", TOTAL]}))
        hidden = {Unknown(*key) for key, count in counts.items() if count < 10}
        told += bool(hidden & {one.unknown for one in attacker.pinned()})
    assert told >= 5


@pytest.mark.parametrize(("a", "b"), [(13, 13), (13, 14), (18, 18), (13, 19), (23, 43)])
def test_rounding_alone_is_found_out(a: int, b: int) -> None:
    cells = intervals({("a", TOTAL): rounded(a), ("b", TOTAL): rounded(b), ("whole", TOTAL): rounded(a + b)})
    assert Attacker(system(TWO, (), cells)).pinned()


def test_a_percentage_beside_its_total_is_found_out() -> None:
    known = system({"a": None}, (GIFT,), {("a", TOTAL): Interval(28, 32)}, (Share("a", "gift", 37),))
    found = {one.unknown: one.interval for one in Attacker(known).pinned()}
    assert found[Unknown("a", "gift")] == (11, 11)
    assert found[Unknown("a", TOTAL)] == (30, 30)


@pytest.mark.parametrize(("whole", "percent"), [(30, 37), (40, 13), (11, 0), (11, 100), (25, 50), (200, 1), (200, 0)])
def test_a_percentage_stands_for_the_parts_that_round_to_it(whole: int, percent: int) -> None:
    parts = [part for part in range(whole + 1) if percentage(part, whole) == percent]
    known = system({"a": None}, (GIFT,), {("a", TOTAL): Interval(whole, whole)}, (Share("a", "gift", percent),))
    if not parts:
        with pytest.raises(Contradiction):
            Attacker(known)
    else:
        assert bounds(Attacker(known))[Unknown("a", "gift")] == (min(parts), max(parts))


def test_a_percentage_of_many_is_not() -> None:
    known = system({"a": None}, (GIFT,), {("a", TOTAL): Interval(2_998, 3_002)}, (Share("a", "gift", 37),))
    assert Attacker(known).pinned() == []


def test_nobody_among_the_rest_is_found_out() -> None:
    cells = {("whole", TOTAL): Interval(13, 13), ("a", TOTAL): Interval(13, 17)}
    found = {one.unknown for one in Attacker(system({"whole": None, "a": "whole"}, (), cells)).pinned()}
    assert Unknown("whole", TOTAL, rest=True) in found


# What the product does withstands.


@pytest.mark.parametrize("seed", range(4))
def test_what_is_released_leaves_three_choices_everywhere(seed: int) -> None:
    parents, counts = a_town(seed, estates=2, patches=1, mean=15)
    told, findings = released(parents, counts)
    assert told is not None
    assert findings[-1].withstood
    narrowest = min(
        found.choice for _one, found in Attacker(system(parents, DIMENSIONS, intervals(told.cells))).all_bounds()
    )
    assert narrowest >= 3
