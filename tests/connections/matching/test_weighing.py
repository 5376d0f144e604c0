"""The parts of product.md E.2 with its own figures, and what is done where one is not known."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from abcd.connections.matching import others as sides
from abcd.connections.matching.others import Others, Tongues
from abcd.connections.matching.records import UNKNOWN_GRID, Sought
from abcd.connections.matching.weighing import (
    Asking,
    asking_side,
    fairness,
    nearness,
    overlap_hours,
    parts,
    scores,
    times,
    weigh,
)
from abcd.connections.weights import LETTERS, Weights

USED = Weights()
TODAY = date(2026, 6, 1)
TUESDAY_EVENING, WEDNESDAY = 1 << 5, 0b111 << 6


def a_wish(**more: Any) -> Sought:
    given: dict[str, Any] = {
        "grid": TUESDAY_EVENING,
        "hours": None,
        "confirmed_on": TODAY,
        "person_id": uuid4(),
        **more,
    }
    return Sought(uuid4(), uuid4(), "do", "piano", "", "", "", languages=frozenset({"en"}), **given)


def one_other(**columns: Any) -> Others:
    """One resident who passes everything: the same gift, ten minutes away, free when it suits."""
    found = sides.blank([SimpleNamespace(person_id=uuid4())], sides.PERSON)
    told = {"level": 1.0, "minutes": 10.0, "grid": TUESDAY_EVENING, "tongues": 1, "meets": sides.ALL_MET, "tier": 1,
            "quality": 0.8, **columns}  # fmt: skip
    for name, value in told.items():
        getattr(found, name)[:] = value
    return found


def side(**more: Any) -> Asking:
    return asking_side(a_wish(**more), Tongues({"en": 0}), TODAY)


def the_score(asking: Asking, found: Others, used: Weights = USED) -> float:
    return float(scores(parts(asking, found, used), used)[0])


def test_the_weights_are_those_of_the_product() -> None:
    assert [USED.of(letter) for letter in "TDAFBQ"] == [0.40, 0.20, 0.15, 0.10, 0.10, 0.05]
    assert USED.least == 0.35


@pytest.mark.parametrize(("minutes", "value"), [(0, 1.0), (5, 0.707), (10, 0.5), (15, 0.354), (20, 0.25)])
def test_nearness_halves_in_ten_minutes(minutes: float, value: float) -> None:
    assert nearness(np.array([minutes]), 10.0)[0] == pytest.approx(value, abs=0.0005)


@pytest.mark.parametrize(
    ("hours", "theirs", "value"),
    [(None, TUESDAY_EVENING, 1.0), (6, TUESDAY_EVENING, 0.5), (2, TUESDAY_EVENING, 1.0), (None, WEDNESDAY, 0.0)],
)
def test_times_are_the_hours_that_suit_both_of_those_needed(hours: int | None, theirs: int, value: float) -> None:
    assert times(a_wish(hours=hours), one_other(grid=theirs), USED)[0] == pytest.approx(value)


def test_three_hours_make_a_part_of_a_day_and_an_unknown_week_is_none() -> None:
    theirs = np.array([WEDNESDAY | TUESDAY_EVENING, UNKNOWN_GRID])
    found = overlap_hours(WEDNESDAY, theirs, 3.0)
    assert found[0] == 9
    assert np.isnan(found[1])
    assert np.isnan(overlap_hours(UNKNOWN_GRID, theirs, 3.0)).all()


@pytest.mark.parametrize(("ours", "theirs", "value"), [(0, 9, 1.0), (1, 1, 0.5), (3, 1, 0.5), (3, 7, 0.25)])
def test_fairness_looks_at_the_side_that_was_asked_less(ours: int, theirs: int, value: float) -> None:
    assert fairness(ours, np.array([theirs]))[0] == pytest.approx(value)


def test_all_six_parts_make_the_sum_of_the_product() -> None:
    found = one_other()
    mine, theirs = frozenset({uuid4(), uuid4()}), frozenset({uuid4()})
    found.knows[0] = theirs | set(list(mine)[:1])
    asking = asking_side(a_wish(), Tongues({"en": 0}), TODAY, knows=mine)
    expected = 0.40 * 1 + 0.20 * 0.5 + 0.15 * 1 + 0.10 * 1 + 0.10 * (1 - 1 / 3) + 0.05 * 0.8
    assert the_score(asking, found) == pytest.approx(expected)


def test_what_is_not_known_neither_helps_nor_harms() -> None:
    whole = (0.40 + 0.20 * 0.5 + 0.15 + 0.10 + 0.05 * 0.8) / 0.90
    assert the_score(side(), one_other()) == pytest.approx(whole)
    no_times = (0.40 + 0.20 * 0.5 + 0.10 + 0.05 * 0.8) / 0.75
    assert the_score(side(), one_other(grid=UNKNOWN_GRID)) == pytest.approx(no_times)


def test_people_like_me_switches_bridging_off() -> None:
    found = one_other()
    found.knows[0] = frozenset({uuid4()})
    assert the_score(side(), found) > the_score(side(wants_alike=True), found)
    assert the_score(side(wants_alike=True), found) == pytest.approx(the_score(side(), one_other()))


@pytest.mark.parametrize(
    ("what", "wish", "other"),
    [
        ("nothing in common", {}, {"level": 0.0}),
        ("no time that suits both", {}, {"grid": WEDNESDAY}),
        ("fewer hours than needed", {"hours": 4}, {}),
        ("further than the one walks", {"max_walk": 9}, {}),
        ("further than the other walks", {}, {"max_walk": 9.0}),
        ("further than anybody is taken to walk", {}, {"minutes": 31.0}),
        ("no language in common", {}, {"tongues": 2}),
        ("an access need that is not known to be met", {"needs": frozenset({"step_free"})}, {"meets": 0}),
        ("not open to new people", {}, {"is_open": False}),
        ("two introductions open", {}, {"open_now": 2}),
        ("not to be brought together", {}, {"is_wanted": False}),
        ("a check that the role needs", {}, {"is_cleared": False}),
    ],
)
def test_each_filter_alone_keeps_somebody_out(what: str, wish: dict[str, Any], other: dict[str, Any]) -> None:
    assert weigh(side(), one_other(), USED).may[0]
    assert not weigh(side(**wish), one_other(**other), USED).may[0], what


@pytest.mark.parametrize("unknown", [{"grid": UNKNOWN_GRID}, {"minutes": np.nan}, {"open_now": 1}, {"max_walk": 10.0}])
def test_what_nobody_has_asked_keeps_nobody_out(unknown: dict[str, Any]) -> None:
    assert weigh(side(), one_other(**unknown), USED).may[0]


def test_nothing_below_the_least_score_is_shown() -> None:
    poor = one_other(level=0.3, minutes=30.0, quality=0.0, recent=9)
    asking = asking_side(a_wish(grid=UNKNOWN_GRID), Tongues({"en": 0}), TODAY, recent=9)
    found = weigh(asking, poor, USED)
    assert found.scores[0] < 0.35
    assert not found.may[0]
    assert weigh(asking, poor, Weights(least=0.1)).may[0]


def test_every_letter_has_its_weight() -> None:
    assert sum(USED.of(letter) for letter in LETTERS) == pytest.approx(1)
