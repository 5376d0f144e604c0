"""The cells of a release: each a sum of its own, each rounded on its own (trust.md P4)."""

from hypothesis import given
from hypothesis import strategies as st

from abcd.core.disclosure.arithmetic import rounded
from abcd.core.disclosure.cube import PLANS, TOTAL, published, summed

PARENTS = {"whole": None, "estate": "whole", "patch": "estate", "hill": "whole"}
CATEGORIES = (TOTAL, "gift", "hope")
COUNTS = {("patch", TOTAL): 12, ("estate", TOTAL): 11, ("hill", TOTAL): 3, ("patch", "gift"): 13, ("whole", TOTAL): 2}

cubes = st.dictionaries(
    st.tuples(st.sampled_from(sorted(PARENTS)), st.sampled_from(CATEGORIES)), st.integers(0, 400), max_size=12
)


def test_a_person_belongs_to_everything_that_holds_their_area() -> None:
    assert summed(COUNTS, PARENTS) == {
        ("patch", TOTAL): 12, ("estate", TOTAL): 23, ("whole", TOTAL): 28, ("hill", TOTAL): 3,
        ("patch", "gift"): 13, ("estate", "gift"): 13, ("whole", "gift"): 13,
    }  # fmt: skip


def test_wholes_are_rounded_on_their_own_and_need_not_add_up() -> None:
    cells = published(COUNTS, PARENTS, CATEGORIES, PLANS[0])
    assert cells["patch", TOTAL] == 10
    assert cells["estate", TOTAL] == 25
    assert cells["whole", TOTAL] == 30
    assert cells["hill", TOTAL] is None
    assert cells["hill", "hope"] is None
    assert len(cells) == 12


def test_each_plan_shows_what_it_says() -> None:
    shown = {plan.name: set(published(COUNTS, PARENTS, CATEGORIES, plan)) for plan in PLANS}
    levels = [{"whole"}, {"estate", "hill"}, {"patch"}]
    cells = [{(area, category) for area in level for category in CATEGORIES} for level in levels]
    totals = [{(area, TOTAL) for area in level} for level in levels]
    assert shown == {
        "everything": cells[0] | cells[1] | cells[2],
        "categories outside": cells[0] | cells[1] | totals[2],
        "two levels": cells[0] | cells[1],
        "residents of two levels": cells[0] | totals[1],
        "one level": totals[1],
        "the whole": totals[0],
    }


@given(cubes)
def test_every_cell_of_every_cube_is_masked_or_a_multiple_of_five(counts: dict[tuple[str, str], int]) -> None:
    sums = summed(counts, PARENTS)
    for plan in PLANS:
        for key, shown in published(counts, PARENTS, CATEGORIES, plan).items():
            assert shown is None or (shown >= 10 and shown % 5 == 0)
            assert shown == rounded(sums.get(key, 0))


@given(cubes)
def test_nobody_is_lost_on_the_way_up(counts: dict[tuple[str, str], int]) -> None:
    sums = summed(counts, PARENTS)
    for category in CATEGORIES:
        everybody = sum(n for (_area, of), n in counts.items() if of == category)
        assert sums.get(("whole", category), 0) == everybody
