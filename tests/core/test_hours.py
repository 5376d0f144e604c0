from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcd.core.hours import DAYS, Rule, as_osm, grid_of, read_hours


def told(text: str) -> str:
    """The rules of a text, short enough to read in a test."""
    return "; ".join(
        f"{rule.byday} {rule.opens_at:%H:%M}-{rule.closes_at:%H:%M}" if rule.opens_at and rule.closes_at
        else f"{rule.byday} {rule.opens_at or rule.notes}"
        for rule in read_hours(text).rules
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Monday 09:00-17:00", "MO 09:00-17:00"),
        ("Sat-Sun: 8:00am-6:00pm", "SA 08:00-18:00; SU 08:00-18:00"),
        ("Tuesdays, Wednesdays and Fridays, 10am-2pm", "TU 10:00-14:00; WE 10:00-14:00; FR 10:00-14:00"),
        ("Thur 1-3pm", "TH 13:00-15:00"),
        ("Monday 11-1pm", "MO 11:00-13:00"),
        ("Wednesday 10 - 12", "WE 10:00-12:00"),
        ("Monday & Wednesday 2 - 4", "MO 14:00-16:00; WE 14:00-16:00"),
        ("Sunday 10.00 - 4.00", "SU 10:00-16:00"),
        ("Monday 9-5pm", "MO 09:00-17:00"),
        ("Wednesday 9:30am - 12noon", "WE 09:30-12:00"),
        ("Saturday 09:00-12:30,13:00-16:30", "SA 09:00-12:30; SA 13:00-16:30"),
        ("Mon: 9-5\nTue: Closed\nWed: 10am–2pm, 3pm-6pm", "MO 09:00-17:00; WE 10:00-14:00; WE 15:00-18:00"),
        ("9 - 4 Mon-Tue except Tue 9 - 2", "MO 09:00-16:00; TU 09:00-14:00"),
        ("Weekends (except Sun) 10:30am - 12pm", "SA 10:30-12:00"),
        ("9am to 5pm Mon, 10am to 1pm Sat", "MO 09:00-17:00; SA 10:00-13:00"),
        ("1st Saturday of month 10am - 12noon", "1SA 10:00-12:00"),
        ("last Monday of every month 10.30am-12noon", "-1MO 10:30-12:00"),
        ("2nd and 4th Tuesday 7pm", "2TU 19:00:00; 4TU 19:00:00"),
        ("Friday to Sunday 8pm", "FR 20:00:00; SA 20:00:00; SU 20:00:00"),
        ("Thursday morning, tinned food only", "TH morning"),
        ("Dydd Llun i Dydd Mawrth 9am-5pm", "MO 09:00-17:00; TU 09:00-17:00"),
        ("Mo-Tu 09:00-17:00; Tu off", "MO 09:00-17:00"),
        ("Fri 22:00-02:00", "FR 22:00-02:00"),
        ("Monday - Friday via referral and Saturdays 10am -2pm", "SA 10:00-14:00"),
        ("Saturday: £2 for 10 items, ring 0161 736 7644", ""),
        ("By appointment", ""),
        ("Open for ages 13 to 19 years", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_times_as_people_write_them(text: str, rules: str) -> None:
    assert told(text) == rules


def test_alternate_weeks_are_an_interval() -> None:
    assert [rule.interval for rule in read_hours("alternate Saturdays 9.15am-12.15pm").rules] == [2]


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("Mon 9am-12pm", 0b001),
        ("Mon 9am-5pm", 0b011),
        ("Mon 9am-12.15pm", 0b001),
        ("Mon 9am-6pm", 0b111),
        ("Mon 7.30pm", 0b100),
        ("Tue 1-3pm", 0b010_000),
        ("Open 24 hours", 2**21 - 1),
        ("Sunday evening", 1 << 20),
        ("1st Saturday 10am-12noon", 0),
    ],
)
def test_the_grid_says_when_in_the_week(text: str, bits: int) -> None:
    assert read_hours(text).grid == bits


def test_no_times_no_grid() -> None:
    assert read_hours("Not known").grid is None


@given(st.text(alphabet="MonTueWdyFrSatu 0123456789:-.,;&apm/closed except\n", max_size=60))
def test_any_text_gives_rules_within_a_week(text: str) -> None:
    hours = read_hours(text)
    assert all(rule.byday.lstrip("-1234") in DAYS for rule in hours.rules)
    assert hours.grid is None or 0 <= hours.grid < 2**21


@given(
    st.lists(
        st.tuples(st.sampled_from(DAYS), st.integers(0, 11), st.integers(12, 23)),
        min_size=1, max_size=7, unique_by=lambda one: one[0],
    )
)  # fmt: skip
def test_written_in_openstreetmaps_syntax_and_read_again(spans: list[tuple[str, int, int]]) -> None:
    rules = tuple(
        Rule("WEEKLY", day, time(start), time(end)) for day, start, end in sorted(spans, key=lambda s: DAYS.index(s[0]))
    )
    again = read_hours(as_osm(rules))
    assert set(again.rules) == set(rules)
    assert again.grid == grid_of(rules)
