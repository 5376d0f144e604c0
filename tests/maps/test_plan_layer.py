"""Corrections of a plan that the map is told in an address: short, exact, and never more than the plan has."""

from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcd.errors import BadRequest
from abcd.maps.plan_layer import address, corrected
from abcd.patches.net import Places

PLAN = UUID(int=7)
SAVED = np.array([0, 0, 0, 1, 1, 2, 2, 2], dtype=np.int64)
Correction = tuple[str, int, int]


def after(part: Places, correction: Correction) -> Places:
    """``part`` with a block moved, two patches joined or one parted, numbered without gaps."""
    what, one, other = correction
    part, count = part.copy(), int(part.max()) + 1
    if what == "move":
        part[one % len(part)] = other % (count + 1)
    elif what == "join":
        part[part == one % count] = other % count
    else:
        part[np.flatnonzero(part == one % count)[1::2]] = count
    return np.unique(part, return_inverse=True)[1].astype(np.int64)


corrections = st.lists(st.tuples(st.sampled_from(["move", "join", "part"]), st.integers(0, 60), st.integers(0, 60)),
                       max_size=8)  # fmt: skip


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40), corrections)
def test_what_an_address_tells_is_what_was_corrected(saved: list[int], steps: list[Correction]) -> None:
    began = np.unique(saved, return_inverse=True)[1].astype(np.int64)
    part = began
    for step in steps:
        part = after(part, step)
    told = address(PLAN, began, part)
    assert np.array_equal(corrected(began, told["moved"], told["order"]), part)


def test_a_plan_as_it_was_saved_is_told_by_its_key_alone() -> None:
    assert address(PLAN, SAVED, SAVED) == {"plan": str(PLAN), "moved": "", "order": ""}


def test_a_move_and_a_join_are_short() -> None:
    assert address(PLAN, SAVED, after(SAVED, ("move", 2, 1)))["moved"] == "2.1"
    joined = address(PLAN, SAVED, after(SAVED, ("join", 1, 2)))
    assert (joined["moved"], joined["order"]) == ("3.1.4.1", "0.2")


@pytest.mark.parametrize(
    ("moved", "order"),
    [("8.1", ""), ("0.9", ""), ("0", ""), ("-1.0", ""), ("0.1.2", ""), ("x.1", ""), ("0.99999999", ""), ("0.4", ""),
     ("", "0.1"), ("", "0.1.3"), ("", "0.0.1"), ("", "9"), ("", "-1.0.1.2"), ("", ".".join("0" * 9)),
     ("0." * 7_000, ""), ("٣.1", "")],
)  # fmt: skip
def test_nonsense_is_refused(moved: str, order: str) -> None:
    with pytest.raises(BadRequest, match="order a saved patch"):
        corrected(SAVED, moved, order)
