"""The checks of product.md D.3, exactly: what was looked for, how well, and how long ago."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from abcd.gaps.knowing import absence_probability, asked_again, prior_of, searches_in, shown
from abcd.gaps.records import Search
from tests.builders import TODAY, a_place, a_search


def months_ago(months: float) -> date:
    return date.fromordinal(TODAY.toordinal() - round(months * 365.25 / 12))


def looks(*methods: tuple[str, float]) -> list[Search]:
    return [Search(method, months_ago(age), 0) for method, age in methods]


@pytest.mark.parametrize(
    ("searches", "probability"),
    [
        ([], 0.40),
        ([("desk", 0)], 0.526),
        ([("desk", 0), ("connectors", 2), ("field walk", 2)], 0.842),
        ([("desk", 18), ("connectors", 18), ("field walk", 18)], 0.556),
    ],
)
def test_worked_checks(searches: list[tuple[str, float]], probability: float) -> None:
    assert absence_probability(looks(*searches), TODAY) == pytest.approx(probability, abs=0.001)


def test_a_search_that_found_something_is_no_sign_of_absence() -> None:
    assert absence_probability([Search("connectors", TODAY, 3)], TODAY) == pytest.approx(0.4)


def test_a_search_dated_tomorrow_is_as_good_as_today() -> None:
    assert absence_probability(looks(("desk", -1)), TODAY) == absence_probability(looks(("desk", 0)), TODAY)


def test_the_prior_is_six_in_ten_until_somebody_knows() -> None:
    assert prior_of(0, 0) == pytest.approx(0.6)
    assert prior_of(10, 10) == pytest.approx(0.8)
    assert prior_of(0, 10) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("state", "is_searched", "words"),
    [
        ("present", False, "Here"),
        ("present_stale", False, "Was here – check"),
        ("present_barrier", False, "Here, but not for everyone"),
        ("absent_confirmed", True, "We looked; not found"),
        ("absent_likely", True, "Probably not here"),
        ("not_recorded", False, "Nobody has looked yet"),
        ("not_recorded", True, "Not enough looking yet"),
    ],
)
def test_words_on_screen(state: str, is_searched: bool, words: str) -> None:
    assert shown(state, is_searched) == words


def test_searches_of_a_place_newest_first_and_none_from_later(s: Session) -> None:
    place = a_place(s)
    for day in (date(2026, 1, 5), date(2026, 3, 5), date(2026, 9, 5)):
        a_search(s, place, "library", on=day)
    assert [look.looked_on for look in searches_in(s, place, TODAY)["library"]] == [date(2026, 3, 5), date(2026, 1, 5)]


def test_a_finding_turns_into_a_question_on_a_day_that_can_be_named() -> None:
    searches = looks(("desk", 0), ("connectors", 2), ("field walk", 2))
    day = asked_again(searches, TODAY)
    assert day == date(2027, 6, 22)
    assert absence_probability(searches, day) < 0.6 <= absence_probability(searches, day - timedelta(1))
    assert asked_again(looks(("desk", 18), ("connectors", 18), ("field walk", 18)), TODAY) is None, "it is one already"
    assert asked_again(searches, TODAY, prior=0.3) is None, "where few have one it stays a likely no"


def test_one_walk_noted_twice_is_one_look_and_what_was_found_is_believed(s: Session) -> None:
    place = a_place(s)
    for found in (0, 2, 0):
        a_search(s, place, "library", "field walk", found=found)
    a_search(s, place, "library", "field walk", on=TODAY - timedelta(1))
    a_search(s, place, "library", "connectors")
    told = [(look.method, look.looked_on, look.found) for look in searches_in(s, place, TODAY)["library"]]
    walks = [("field walk", TODAY, 2), ("field walk", TODAY - timedelta(1), 0)]
    assert sorted(told) == sorted([*walks, ("connectors", TODAY, 0)])
