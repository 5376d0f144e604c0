"""Schedules of opening times, exact: their days are those that the evaluating library finds, over two whole years."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours, State

from abcd.core.hours import read_hours
from abcd.core.hours_holidays import public_holidays
from abcd.core.hours_observed import DAYS
from abcd.core.hours_schedule import MOST, Schedule, schedules

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
NOON = (time(12), time(13))


def told(text: str) -> list[str]:
    """The schedules of a text for 2026, short enough to read in a test."""
    return [
        f"{one.freq} {one.interval} {','.join(one.byday)} {one.opens_at}-{one.closes_at} "
        f"{one.valid_from}..{one.valid_to}"
        for one in schedules(text, 2026)
    ]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Mo-Fr 09:00-17:00", ["WEEKLY 1 MO,TU,WE,TH,FR 09:00:00-17:00:00 None..None"]),
        ("Mo,We 09:00-12:00,13:00-15:00",
         ["WEEKLY 1 MO,WE 09:00:00-12:00:00 None..None", "WEEKLY 1 MO,WE 13:00:00-15:00:00 None..None"]),
        ("24/7", ["WEEKLY 1 MO,TU,WE,TH,FR,SA,SU 00:00:00-00:00:00 None..None"]),
        ("Fr 22:00-02:00", ["WEEKLY 1 FR 22:00:00-02:00:00 None..None"]),
        ("Tu[2] 14:00-16:00", ["MONTHLY 1 2TU 14:00:00-16:00:00 None..None"]),
        ("Tu[2],Tu[-1] 14:00-16:00", ["MONTHLY 1 2TU,-1TU 14:00:00-16:00:00 None..None"]),
        ("Apr-Sep Tu[2] 10:00-12:00",
         ["MONTHLY 1 2TU 10:00:00-12:00:00 2026-04-14..2026-09-08",
          "MONTHLY 1 2TU 10:00:00-12:00:00 2027-04-13..2027-09-14"]),
        ("May-Sep Mo-Fr 09:00-17:00",
         ["WEEKLY 1 MO,TU,WE,TH,FR 09:00:00-17:00:00 2026-05-01..2026-09-30",
          "WEEKLY 1 MO,TU,WE,TH,FR 09:00:00-17:00:00 2027-05-03..2027-09-30"]),
        ("week 01-53/2 Mo 10:00-12:00",
         ["WEEKLY 2 MO 10:00:00-12:00:00 2026-01-12..2026-12-28",
          "WEEKLY 2 MO 10:00:00-12:00:00 2027-01-04..2027-12-20"]),
        ("2nd and 4th Tuesday 7pm", ["MONTHLY 1 2TU,4TU 19:00:00-None None..None"]),
        ("Mon-Wed 9am-5pm, Sat 10-12",
         ["WEEKLY 1 MO,TU,WE 09:00:00-17:00:00 None..None", "WEEKLY 1 SA 10:00:00-12:00:00 None..None"]),
        ("Open 24 hours", ["WEEKLY 1 MO,TU,WE,TH,FR,SA,SU 00:00:00-00:00:00 None..None"]),
        ("Thursday morning", ["WEEKLY 1 TH None-None None..None"]),
        ("alternate Saturdays 9am-12pm", ["WEEKLY 2 SA 09:00:00-12:00:00 None..None"]),
        ("Mo sunrise-sunset", ["WEEKLY 1 MO None-None None..None"]),
        ("By appointment", []),
        ("", []),
    ],
)  # fmt: skip
def test_the_rules_of_a_text(text: str, rules: list[str]) -> None:
    assert told(text) == rules


@pytest.mark.parametrize(
    ("text", "is_sure"),
    [
        ("Monday 10-12", True), ("Monday 10-12, term time only", False), ("SH off; Mo 10:00-12:00", False),
        ("May-Sep Mo 10:00-12:00", True), ("Mondays in May 10-12", False), ("Mo sunrise-sunset", False),
    ],
)  # fmt: skip
def test_what_no_rule_can_hold_is_said(text: str, is_sure: bool) -> None:
    assert {one.is_sure for one in schedules(text, 2026)} == {is_sure}


def test_every_other_week_has_no_days_until_a_first_one_is_known() -> None:
    (one,) = schedules("alternate Saturdays 9am-12pm", 2026)
    assert not one.is_dated
    known = Schedule("WEEKLY", ("SA",), *NOON, interval=2, valid_from=date(2026, 1, 3))
    assert list(known.days(date(2026, 1, 10), date(2026, 2, 1))) == [date(2026, 1, 17), date(2026, 1, 31)]


@pytest.mark.parametrize(
    "text", ["Mo-Fr 09:00-17:00; PH off", "Mon-Fri 9-5, closed bank holidays", "Mon-Fri 9-5 except public holidays"]
)
def test_closed_on_public_holidays(text: str) -> None:
    (one,) = schedules(text, 2026)
    on_weekdays = tuple(day for day in public_holidays(2026, 2027) if day.weekday() < 5)
    assert one.closed == on_weekdays
    assert date(2026, 1, 1) in on_weekdays
    assert date(2026, 4, 6) in on_weekdays
    assert not set(one.days(FIRST, LAST)) & set(on_weekdays)


def test_other_times_on_public_holidays() -> None:
    usual, *others = schedules("Mo-Fr 09:00-17:00; PH 10:00-12:00", 2026)
    assert set(usual.closed) == {day for day in public_holidays(2026, 2027) if day.weekday() < 5}
    assert {one.notes for one in others} == {"public holiday"}
    assert sorted(day for one in others for day in one.days(FIRST, LAST)) == list(public_holidays(2026, 2027))
    assert {(one.opens_at, one.closes_at) for one in others} == {(time(10), time(12))}


def test_what_takes_too_many_rules_is_told_in_words_alone() -> None:
    scattered = "; ".join(f"week {week:02}-{week:02} {DAYS[week % 7].capitalize()} 0{week % 10}:00-12:{week:02}"
                          for week in range(2, 52, 1))  # fmt: skip
    assert schedules(scattered, 2026) == ()
    assert len(scattered) < 2_000
    assert MOST < 100


def occurrences(text: str) -> set[datetime]:
    """Every minute of a quarter of an hour at which the schedules say it is open, over both years."""
    found = set()
    for one in schedules(text, 2026):
        assert one.opens_at is not None
        assert one.closes_at is not None
        for day in one.days(FIRST - timedelta(days=7), LAST):
            start, end = datetime.combine(day, one.opens_at), datetime.combine(day, one.closes_at)
            found |= quarters(start, end if end > start else end + timedelta(days=1))
    return found


def quarters(start: datetime, end: datetime) -> set[datetime]:
    """The quarters of an hour in a stretch."""
    step = timedelta(minutes=15)
    return {start + number * step for number in range((end - start) // step)}


def evaluated(text: str) -> set[datetime]:
    """The same as the evaluating library tells it."""
    found = set()
    for start, end, state, _ in OpeningHours(text).intervals(datetime(2026, 1, 1), datetime(2028, 1, 1)):
        if state == State.OPEN:
            found |= quarters(start, end or datetime(2028, 1, 1))
    return found


clocks = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
spans = st.tuples(clocks, clocks).filter(lambda two: two[0] != two[1]).map("-".join)
names = st.sampled_from([day.capitalize() for day in DAYS])
plain_days = st.lists(names, min_size=1, max_size=4, unique=True).map(",".join)
nth_days = st.tuples(names, st.sampled_from([1, 2, 3, 4, 5, -1])).map(lambda two: f"{two[0]}[{two[1]}]")
months = st.sampled_from(["", "Apr-Sep ", "Nov-Feb ", "Jun ", "Dec 20-Jan 05 ", "week 05-40/2 ", "2026 Mar-May "])
rules = st.tuples(months, st.one_of(plain_days, nth_days), spans).map(lambda three: f"{three[0]}{three[1]} {three[2]}")
texts = st.lists(rules, min_size=1, max_size=3).map("; ".join)


@settings(max_examples=120, deadline=None)
@given(texts)
def test_schedules_are_open_when_the_text_is(text: str) -> None:
    assume(schedules(text, 2026))  # not too many rules, and something within two years
    # On the first day something may be open that began on the day before, where nobody looked.
    by_rule, by_text = (
        {at for at in all_ if FIRST < at.date() <= LAST} for all_ in (occurrences(text), evaluated(text))
    )
    assert by_rule == by_text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(names, spans), min_size=1, max_size=4).map(lambda all_: ", ".join(map(" ".join, all_))))
def test_one_week_says_what_two_years_say(text: str) -> None:
    assert schedules(text, 2026) == schedules(text, 2027)
    days = {day for one in schedules(text, 2026) for day in one.byday}
    assert days <= {rule.byday for rule in read_hours(text).rules}


@given(st.text(alphabet="MonTueWdyFrSatu 0123456789:-.,;&apm/closed bank holidays\n", max_size=60))
def test_any_text_gives_schedules_of_days(text: str) -> None:
    for one in schedules(text, 2026):
        assert one.freq in ("WEEKLY", "MONTHLY")
        assert all(day[-2:] in DAYS for day in one.byday)
        if one.is_dated:
            assert all(day.weekday() in {DAYS.index(name[-2:]) for name in one.byday} for day in one.days(FIRST, LAST))
