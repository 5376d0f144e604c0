"""Releases together: what one tells of another when nobody moved, and when somebody did."""

from dataclasses import replace
from random import Random

import pytest

from abcd.core.disclosure.arithmetic import possible, rounded
from abcd.core.disclosure.attack import Attacker, Contradiction
from abcd.core.disclosure.cube import TOTAL, Dimension
from abcd.core.disclosure.differencing import (
    ENOUGH_CHANGES,
    MOST_TOLD,
    Finding,
    Published,
    attack,
    is_enough,
    quiet_categories,
)
from abcd.core.disclosure.unknowns import Share, Unknown, system
from tests.core.disclosure.towns import DIMENSIONS, a_town, released

TWO = {"whole": None, "a": "whole", "b": "whole"}
WHOLE = Published({("whole", TOTAL): 25})
PARTS = Published({("a", TOTAL): 15, ("b", TOTAL): 15})
GIFT = (Dimension("said", ("gift",)),)


def pinned(found: Finding) -> set[Unknown]:
    return {one.unknown for one in found.pinned}


def test_two_releases_that_withstand_alone_are_found_out_together() -> None:
    assert attack(TWO, (), [WHOLE]).withstood
    assert attack(TWO, (), [PARTS]).withstood
    found = attack(TWO, (), [WHOLE, PARTS])
    assert pinned(found) >= {Unknown("a", TOTAL), Unknown("b", TOTAL)}
    assert found.guesses == 1
    assert attack(TWO, (), [PARTS, WHOLE]).pinned


def test_a_guess_that_contradicts_gives_nothing_away() -> None:
    later = Published({("a", TOTAL): 25, ("b", TOTAL): 30})
    assert attack(TWO, (), [WHOLE, later]).withstood


def test_somebody_moved_in_one_area_and_not_in_another() -> None:
    before = Published({("a", TOTAL): 25, ("a", "gift"): 10, ("b", TOTAL): 15})
    after = Published({("a", TOTAL): 40, ("b", TOTAL): 15, ("b", "gift"): 15, ("whole", TOTAL): 55})
    found = attack(TWO, GIFT, [before, after])
    assert found.withstood
    assert found.guesses > 1


def test_one_category_may_stand_still_while_another_moves() -> None:
    before = Published({("whole", "gift"): 25, ("whole", TOTAL): 25})
    after = Published({("a", "gift"): 15, ("b", "gift"): 15, ("whole", TOTAL): 60, ("a", TOTAL): 30, ("b", TOTAL): 30})
    found = attack(TWO, GIFT, [before, after])
    assert Unknown("a", "gift") in pinned(found)


def test_all_of_one_category_may_stand_still_in_an_area() -> None:
    """Neither figure by itself, nor all of the area with its residents, who were more the second time."""
    parents = {"whole": None, "a": "whole", "b": "whole", "c": "whole"}
    before = Published({("a", "gift"): 10, ("b", "gift"): 15, ("whole", TOTAL): 50})
    after = Published({("c", "gift"): 15, ("whole", "gift"): 35, ("whole", TOTAL): 90})
    found = attack(parents, GIFT, [before, after])
    assert Unknown("b", "gift") in pinned(found)
    assert attack(parents, GIFT, [after]).withstood


def test_a_finding_says_what_was_looked_at() -> None:
    attacker = Attacker(system(TWO, (), {key: possible(shown) for key, shown in PARTS.cells.items()}))
    found = attack(TWO, (), [PARTS])
    assert found.unknowns == len(attacker.known.unknowns) == 4
    assert found.programs >= attacker.programs == 4


def test_what_is_the_same_in_both_brings_nothing() -> None:
    assert attack(TWO, (), [PARTS, PARTS]).guesses == 0


def test_a_figure_that_is_the_same_in_both_may_meet_one_that_is_not() -> None:
    before = Published({("a", TOTAL): 15, ("b", TOTAL): 15, ("whole", TOTAL): 30})
    after = Published({("b", TOTAL): 15, ("whole", TOTAL): 25})
    assert attack(TWO, (), [before]).withstood
    assert attack(TWO, (), [after]).withstood
    found = attack(TWO, (), [before, after])
    assert Unknown("a", TOTAL) in pinned(found)


def test_what_withstood_is_not_attacked_again() -> None:
    alone, both = attack(TWO, (), [PARTS]), attack(TWO, (), [PARTS, PARTS], held=1)
    assert both.programs == alone.programs
    assert attack(TWO, (), [WHOLE, PARTS], held=2) == Finding()
    assert attack(TWO, (), [WHOLE, PARTS], held=1).pinned


def test_shares_are_attacked_too() -> None:
    assert attack(TWO, GIFT, [Published({("a", TOTAL): 30}, (Share("a", "gift", 37),))]).pinned


def test_figures_that_cannot_be_true_are_met_as_that() -> None:
    with pytest.raises(Contradiction):
        attack(TWO, (), [Published({("a", TOTAL): 50, ("whole", TOTAL): 20})])


def test_so_many_are_named_and_no_more() -> None:
    parents = {"whole": None, **{f"a{n}": "whole" for n in range(9)}}
    cells = {(f"a{n}", TOTAL): 15 for n in range(9)} | {("whole", TOTAL): 115}
    found = attack(parents, (), [Published(cells), Published(cells)])
    assert len(found.pinned) == MOST_TOLD == 5


def test_findings_add_up() -> None:
    assert Finding((), 3, 4, 1).and_also(Finding((), 2, 5, 2)) == Finding((), 5, 9, 3)
    assert Finding().withstood


def test_a_release_follows_when_ten_changed() -> None:
    assert [is_enough(n) for n in (0, 1, 9, 10, 11)] == [False, False, False, True, True]
    assert ENOUGH_CHANGES == 10


@pytest.mark.parametrize("seed", range(2))
def test_a_year_of_releases_withstands_together(seed: int) -> None:
    """People come and go between releases; each is made as the store makes it, then all are attacked anew."""
    random = Random(seed)
    parents, counts = a_town(seed, estates=2, patches=1, mean=15)
    told: list[Published] = []
    for _month in range(4):
        made, _findings = released(parents, counts, *told)
        told += [made] if made else []
        for _change in range(12):
            key = random.choice([key for key in sorted(counts) if key[1] == TOTAL])
            counts[key] += 1
    assert told
    assert attack(parents, DIMENSIONS, told).withstood


def test_a_plan_that_shows_more_than_before_is_attacked_with_what_it_adds() -> None:
    parents, counts = a_town(0, estates=3, patches=0)
    fullest, _findings = released(parents, counts)
    assert fullest is not None
    barest = Published({key: shown for key, shown in fullest.cells.items() if key[1] == TOTAL})
    assert barest.cells.keys() < fullest.cells.keys()
    assert attack(parents, DIMENSIONS, [barest, fullest]).guesses == 1


@pytest.mark.parametrize("seed", range(40))
def test_a_category_of_which_nothing_was_shown_needs_no_attack(seed: int) -> None:
    """The same is told of everybody with it and without, and never anything of it alone."""
    random = Random(seed)
    a, b, rest = (random.randint(0, 14) for _each in range(3))
    cells = {("a", TOTAL): rounded(a), ("b", TOTAL): rounded(b), ("whole", TOTAL): rounded(a + b + rest)}
    cells = {key: shown for key, shown in cells.items() if random.random() > 0.2} | {("whole", "gift"): None}
    cells |= {(area, "gift"): None for area in ("a", "b") if random.random() > 0.2}
    known = {key: possible(shown) for key, shown in cells.items()}
    whole = {one.unknown for one in Attacker(system(TWO, GIFT, known)).pinned(99)}
    assert quiet_categories(GIFT, [Published(cells)]) == {"gift"}
    assert attack(TWO, GIFT, [Published(cells)]).withstood == (not whole)


def test_what_was_shown_once_is_attacked_ever_after() -> None:
    quiet, loud = Published({("a", "gift"): None}), Published({("a", "gift"): 10})
    assert quiet_categories(GIFT, [quiet, loud]) == frozenset()
    assert quiet_categories((Dimension("said", ("gift",), exclusive=True),), [quiet]) == frozenset()
    assert quiet_categories(GIFT, [replace(quiet, shares=(Share("a", "gift", 50),))]) == frozenset()
