"""A line of plain words is understood as far as it says something, and no further."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcd.connections.asking import LONGEST, understand

MORNING, AFTERNOON, EVENING = range(3)
ALL_DAY = (MORNING, AFTERNOON, EVENING)


def cells(days: tuple[int, ...], parts: tuple[int, ...] = ALL_DAY) -> int:
    return sum(1 << 3 * day + part for day in days for part in parts)


def test_the_line_of_the_product_is_understood_whole() -> None:
    asked = understand("piano Tuesday evening step-free within 15 minutes")
    assert (asked.about, asked.grid, asked.access, asked.minutes) == ("piano", cells((1,), (2,)), ("step_free",), 15)
    assert (asked.near, asked.languages, asked.is_free) == ("", (), False)


def test_it_is_understood_in_welsh_too() -> None:
    asked = understand("piano nos Fawrth heb risiau o fewn 15 munud")
    assert (asked.about, asked.grid, asked.access, asked.minutes) == ("piano", cells((1,), (2,)), ("step_free",), 15)


@pytest.mark.parametrize(
    ("line", "grid"),
    [
        ("chess on Sunday afternoons", cells((6,), (AFTERNOON,))),
        ("chess at the weekend", cells((5, 6))),
        ("chess Monday and Wednesday mornings", cells((0, 2), (MORNING,))),
        ("chess after work on weekdays", cells((0, 1, 2, 3, 4), (EVENING,))),
        ("chess in the evening", cells(tuple(range(7)), (EVENING,))),
        ("chess any Thursday", cells((3,))),
        ("gwyddbwyll dydd Sul", cells((6,))),
        ("gwyddbwyll bore Gwener", cells((4,), (MORNING,))),
        ("chess", 0),
        ("coffee morning", 0),
        ("bore coffi", 0),
        ("a walk in March", 0),
        ("tynnu llun", 0),
    ],
)
def test_days_and_parts_of_days(line: str, grid: int) -> None:
    assert understand(line).grid == grid


@pytest.mark.parametrize(
    ("line", "minutes"),
    [
        ("chess within 15 minutes", 15),
        ("chess, no more than 10 mins walk", 10),
        ("chess half an hour's walk", 30),
        ("chess quarter of an hour away", 15),
        ("gwyddbwyll dim mwy na 20 munud", 20),
        ("chess within 2 hours", 60),
        ("a room for 40", None),
    ],
)
def test_walks(line: str, minutes: int | None) -> None:
    asked = understand(line)
    assert asked.minutes == minutes
    assert asked.about in ("chess", "gwyddbwyll", "a room for 40")


@pytest.mark.parametrize(
    ("line", "about", "near"),
    [
        ("somebody for chess near Tenter Row", "somebody for chess", "Tenter Row"),
        ("gardening M16 7AA", "gardening", "M16 7AA"),
        ("quarter of an hour from MF2 4JD: gardening", "gardening", "MF2 4JD"),
        ("gwnïo ger Tenter Row", "gwnïo", "Tenter Row"),
        ("a cuppa near me", "a cuppa", ""),
    ],
)
def test_from_where(line: str, about: str, near: str) -> None:
    asked = understand(line)
    assert (asked.about, asked.near) == (about, near)


@pytest.mark.parametrize(
    ("line", "about", "is_free"),
    [
        ("free yoga", "yoga", True),
        ("yoga am ddim", "yoga", True),
        ("I am free on Tuesday", "I am free", False),
        ("sugar free baking", "sugar free baking", False),
        ("step free yoga", "yoga", False),
    ],
)
def test_free_is_a_price_only_where_it_is_one(line: str, about: str, is_free: bool) -> None:
    asked = understand(line)
    assert (asked.about, asked.is_free) == (about, is_free)


@pytest.mark.parametrize(
    ("line", "about", "languages"),
    [
        ("choir in Welsh", "choir", ("cy",)),
        ("côr yn Gymraeg", "côr", ("cy",)),
        ("Polish-speaking group", "group", ("pl",)),
        ("story time in BSL", "story time", ("bfi",)),
        ("learn Spanish", "learn Spanish", ()),
    ],
)
def test_a_language_is_a_condition_only_where_it_is_spoken(line: str, about: str, languages: tuple[str, ...]) -> None:
    asked = understand(line)
    assert (asked.about, asked.languages) == (about, languages)


def test_access_needs() -> None:
    asked = understand("hall with hearing loop and accessible toilet, wheelchair accessible, with parking")
    assert set(asked.access) == {"hearing_loop", "accessible_toilet", "step_free", "parking"}
    assert asked.about == "hall"


def test_a_line_without_end_is_cut_and_nothing_is_printed_of_one() -> None:
    assert len(understand("word " * 10_000).about) <= LONGEST
    assert "piano" not in repr(understand("piano"))


PIECES = st.sampled_from(
    "piano nos Fawrth dydd Sul within 15 minutes munud half an hour free am ddim step-free near ger Tenter M16 7AA in "
    "Welsh yn Gymraeg weekend 999 ٣ ? , : ' \u2019 \u0000 \U0001f3b9".split(" ")
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map(" ".join))
def test_any_line_is_understood_somehow(line: str) -> None:
    asked = understand(line)
    assert 0 <= asked.grid < 1 << 21
    assert asked.minutes is None or 1 <= asked.minutes <= 60
    assert len(asked.about) <= LONGEST
