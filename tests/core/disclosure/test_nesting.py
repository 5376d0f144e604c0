"""One nested geography: squares that lie apart, in one another, or across."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from abcd.core.disclosure.nesting import APART, NESTED, Outline, below, nested, upwards, without


def shared(shapes: dict[str, Polygon]) -> dict[frozenset[str], float]:
    """What two areas both cover, as the store works it out."""
    return {
        frozenset((one, other)): shapes[one].intersection(shapes[other]).area
        for one in shapes
        for other in shapes
        if one < other and shapes[one].intersects(shapes[other])
    }


def of(shapes: dict[str, Polygon], **ranks: int) -> tuple[dict[str, str | None], dict[str, str]]:
    found = nested([Outline(name, one.area, ranks.get(name, 0)) for name, one in shapes.items()], shared(shapes))
    return found.parents, found.crossing


def test_each_area_lies_in_the_smallest_that_holds_it() -> None:
    shapes = {
        "estate": box(0, 0, 10, 10),
        "patch": box(0, 0, 5, 5),
        "corner": box(1, 1, 2, 2),
        "far": box(20, 0, 21, 1),
    }
    parents, crossing = of(shapes)
    assert parents == {"far": None, "corner": "patch", "patch": "estate", "estate": None}
    assert crossing == {}


def test_a_patch_may_hold_estates() -> None:
    shapes = {"patch": box(0, 0, 10, 10), "one": box(0, 0, 4, 10), "two": box(5, 0, 10, 10)}
    assert of(shapes)[0] == {"one": "patch", "two": "patch", "patch": None}


def test_of_two_that_cross_the_larger_stays() -> None:
    parents, crossing = of({"small": box(0, 0, 2, 2), "large": box(1, 0, 5, 5)})
    assert parents == {"large": None}
    assert crossing == {"small": "large"}


def test_of_two_that_cross_the_one_of_lower_rank_stays() -> None:
    parents, crossing = of({"small": box(0, 0, 2, 2), "large": box(1, 0, 5, 5)}, large=1)
    assert parents == {"small": None}
    assert crossing == {"large": "small"}


def test_of_two_alike_the_first_by_name_stays() -> None:
    assert of({"b": box(0, 0, 2, 2), "a": box(1, 0, 3, 2)})[1] == {"b": "a"}


def test_what_is_twice_there_lies_in_itself_once() -> None:
    assert of({"a": box(0, 0, 2, 2), "b": box(0, 0, 2, 2)})[0] == {"a": "b", "b": None}


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, "apart"), (0.1, "apart"), (0.11, "cross"), (0.89, "cross"), (0.9, "in"), (1.0, "in")],
)
def test_slivers_are_forgiven(share: float, expected: str) -> None:
    found = nested([Outline("small", 100.0), Outline("large", 1000.0)], {frozenset(("small", "large")): share * 100})
    assert found.parents.get("small", "left out") == {"apart": None, "cross": "left out", "in": "large"}[expected]


def test_the_margins_are_what_they_are() -> None:
    assert (NESTED, APART) == (0.9, 0.1)


@given(st.lists(st.tuples(*[st.integers(0, 8)] * 4), min_size=1, max_size=9))
def test_whatever_is_drawn_what_stays_nests(corners: list[tuple[int, int, int, int]]) -> None:
    shapes = {f"a{at}": box(x, y, x + w + 1, y + h + 1) for at, (x, y, w, h) in enumerate(corners)}
    parents, crossing = of(shapes)
    assert parents.keys() | crossing.keys() == shapes.keys()
    assert not parents.keys() & crossing.keys()
    for one in parents:
        assert upwards(parents, one)[0] == one
        for other in parents:
            both = shapes[one].intersection(shapes[other]).area / min(shapes[one].area, shapes[other].area)
            assert both <= APART or both >= NESTED


FOREST = {"whole": None, "a": "whole", "b": "a", "c": "b", "d": "a"}


def test_what_holds_an_area_and_what_lies_in_it() -> None:
    assert upwards(FOREST, "c") == ["c", "b", "a", "whole"]
    assert below(FOREST, "a") == {"a", "b", "c", "d"}
    assert below(FOREST, "c") == {"c"}


def test_an_area_that_goes_leaves_what_is_in_it_to_what_holds_it() -> None:
    assert without(FOREST, ["a", "b"]) == {"whole": None, "c": "whole", "d": "whole"}
    assert without(FOREST, ["whole"]) == {"a": None, "b": "a", "c": "b", "d": "a"}
    assert without(FOREST, []) == FOREST
