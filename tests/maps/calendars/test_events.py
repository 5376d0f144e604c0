"""Events are open when the text is: expanded by a library that is not ours, evaluated by another, to the second."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import recurring_ical_events
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event
from opening_hours import OpeningHours, State

from abcd.core.clock import LOCAL
from abcd.core.hours_holidays import public_holidays
from abcd.core.hours_observed import DAYS
from abcd.core.hours_schedule import schedules
from abcd.core.language import use
from abcd.maps.calendars.clock import changes, timezone
from abcd.maps.calendars.events import events

MADE = datetime(2025, 12, 1, 9, tzinfo=UTC)
FROM, TO = datetime(2026, 1, 5, tzinfo=LOCAL), datetime(2027, 12, 24, tzinfo=LOCAL)


def a_row(text: str, **more: Any) -> Any:
    """What is read of an asset for its events."""
    facts = {
        "id": UUID(int=7), "name": "Choir; or, song", "name_cy": "Côr",
        "description": "All welcome,\nno need to read music",
        "opening_hours": text, "status": "active", "start_date": None, "end_date": None, "created_at": MADE,
        "changed": MADE + timedelta(days=3), "version": 4, "term": "Arts and music", "website": "choir.example.org",
        "venue_name": "Mill Hall", "there_address": "1 Mill Street", "there_postcode": "M16 7AA", "lat": 53.5,
        "lon": -2.25,
    }  # fmt: skip
    return SimpleNamespace(**facts | more)


def a_calendar(text: str, year: int = 2026, **more: Any) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//test//")
    calendar.add("version", "2.0")
    calendar.add_component(timezone())
    for event in events(a_row(text, **more), year):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def all_events(text: str, **more: Any) -> list[Event]:
    return list(Calendar.from_ical(a_calendar(text, **more)).walk("VEVENT"))


def spans(found: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Stretches in order, those that touch made one, cut to the time that is compared."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return [(start, end) for start, end in joined if start >= FROM.astimezone(UTC) and end <= TO.astimezone(UTC)]


def expanded(text: str) -> list[tuple[datetime, datetime]]:
    """When the calendar says it is open."""
    found = recurring_ical_events.of(Calendar.from_ical(a_calendar(text))).between(FROM, TO)
    return spans([(moment(one["DTSTART"].dt), moment(one["DTEND"].dt)) for one in found])


def moment(at: date) -> datetime:
    """A moment, or the beginning of a day here, in UTC."""
    whole = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=LOCAL)
    return whole.astimezone(UTC)


def evaluated(text: str) -> list[tuple[datetime, datetime]]:
    """When the evaluating library says it is open, by the clocks here."""
    low, high = FROM - timedelta(days=3), TO + timedelta(days=3)
    told = OpeningHours(text, timezone=LOCAL, auto_country=False).intervals(low, high)
    return spans([(start.astimezone(UTC), (end or high).astimezone(UTC)) for start, end, state, _ in told
                  if state == State.OPEN])  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 09:00-17:00", "Tu[2] 14:00-16:00", "We[-1] 19:00-21:00", "Sa,Su 10:00-12:00,13:00-16:00",
        "May-Sep Sa 10:00-16:00; Oct-Apr Sa 11:00-15:00", "Sa 22:00-04:00", "Su 00:00-03:30", "Sa 23:00-00:30; Fr off",
        "Mo 18:00-24:00", "week 01-53/2 Th 10:00-12:00", "Su[-1] 00:30-05:00", "2026 Mar-May We 10:00-11:00",
    ],
)  # fmt: skip
def test_open_when_the_text_is_across_both_clock_changes(text: str) -> None:
    """Late on a Saturday and early on a Sunday, a night is an hour shorter in March and longer in October."""
    assert expanded(text) == evaluated(text)
    assert len(expanded(text)) >= 10


clocks = (
    st.integers(0, 47).filter(lambda half: half not in (2, 3)).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")
)
times = st.tuples(clocks, clocks).filter(lambda two: two[0] != two[1] != "00:00").map("-".join)
names = st.sampled_from([day.capitalize() for day in DAYS])
days = st.one_of(
    st.lists(names, min_size=1, max_size=3, unique=True).map(",".join),
    st.tuples(names, st.sampled_from([1, 2, 3, 4, -1])).map(lambda two: f"{two[0]}[{two[1]}]"),
)
seasons = st.sampled_from(["", "", "Mar-Apr ", "Sep-Nov ", "week 10-45/2 "])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(seasons, days, times), min_size=1, max_size=2))
def test_any_text_is_open_when_its_events_are(told: list[tuple[str, str, str]]) -> None:
    text = "; ".join(f"{season}{day} {span}" for season, day, span in told)
    assume(schedules(text, 2026))
    assert expanded(text) == evaluated(text)


def test_the_time_zone_is_ours_on_every_day() -> None:
    calendar = Calendar()
    calendar.add_component(timezone())
    zone = Calendar.from_ical(calendar.to_ical()).walk("VTIMEZONE")[0].to_tz()
    for number in range(0, 8 * 365 * 24, 7):
        at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=number)
        assert at.astimezone(zone).utcoffset() == at.astimezone(LOCAL).utcoffset(), at


def test_the_nights_in_which_the_clocks_change() -> None:
    assert changes(2026) == (date(2026, 3, 29), date(2026, 10, 25))
    main, *nights = all_events("Sa 22:00-04:00")
    assert main["DURATION"].dt == timedelta(hours=6)
    assert [one["RECURRENCE-ID"].dt.date() for one in nights] == [
        date(2026, 3, 28), date(2026, 10, 24), date(2027, 3, 27), date(2027, 10, 30),
    ]  # fmt: skip
    assert {str(one["UID"]) for one in nights} == {str(main["UID"])}
    lengths = [moment(one["DTEND"].dt) - moment(one["DTSTART"].dt) for one in nights]
    assert lengths == [timedelta(hours=hours) for hours in (5, 7, 5, 7)]


def test_public_holidays_are_left_out() -> None:
    (event,) = all_events("Mo-Fr 09:00-17:00; PH off")
    left_out = {one.dt.date() for one in event["EXDATE"].dts}
    holidays = {day for day in public_holidays(2026, 2027) if day.weekday() < 5 and day > date(2026, 1, 2)}
    assert left_out == holidays
    found = recurring_ical_events.of(Calendar.from_ical(a_calendar("Mo-Fr 09:00-17:00; PH off"))).between(FROM, TO)
    assert not {one["DTSTART"].dt.date() for one in found} & holidays


def test_all_that_an_event_tells() -> None:
    (event,) = all_events("Mo 10:00-12:00")
    assert event["SUMMARY"] == "Choir; or, song"
    assert event["DESCRIPTION"] == "Mo 10:00-12:00\n\nAll welcome,\nno need to read music"
    assert event["LOCATION"] == "Mill Hall, 1 Mill Street, M16 7AA"
    assert event["URL"] == "https://choir.example.org"
    assert event["DTSTAMP"].dt == MADE + timedelta(days=3)
    assert (event["SEQUENCE"], event["STATUS"], event["TRANSP"]) == (4, "CONFIRMED", "TRANSPARENT")
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert b"RRULE:FREQ=WEEKLY;BYDAY=MO\r\n" in a_calendar("Mo 10:00-12:00")
    assert b"RRULE:FREQ=MONTHLY;BYDAY=2TU,4TU\r\n" in a_calendar("2nd and 4th Tuesday 7pm")


@pytest.mark.parametrize(
    ("more", "status"),
    [({}, "CONFIRMED"), ({"status": "temporarily closed"}, "CANCELLED"), ({"status": "defunct"}, "CANCELLED"),
     ({"opening_hours": "Mondays 10-12, term time only"}, "TENTATIVE")],
)  # fmt: skip
def test_how_sure_it_is(more: dict[str, Any], status: str) -> None:
    row = a_row(**{"text": "Mo 10:00-12:00", **more}) if "opening_hours" not in more else a_row(more["opening_hours"])
    assert {str(one["STATUS"]) for one in events(row, 2026)} == {status}


def test_no_place_is_told_that_was_not_cleared() -> None:
    (event,) = all_events("Mo 10:00-12:00", venue_name=None, there_address="", lat=None, lon=None)
    assert "LOCATION" not in event
    assert "GEO" not in event


def test_it_begins_and_ends_with_the_asset() -> None:
    (event,) = all_events("Mo 10:00-12:00", start_date=date(2026, 5, 1), end_date=date(2026, 6, 30))
    assert event["DTSTART"].dt.date() == date(2026, 5, 4)
    assert event["RRULE"]["UNTIL"] == [datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC)]
    assert all_events("Mo 10:00-12:00", end_date=date(2025, 12, 31)) == []


def test_every_other_week_needs_a_first_day() -> None:
    assert all_events("alternate Saturdays 9am-12pm") == []
    (event,) = all_events("alternate Saturdays 9am-12pm", start_date=date(2026, 2, 7))
    assert event["DTSTART"].dt.date() == date(2026, 2, 7)
    assert event["RRULE"]["INTERVAL"] == [2]


def test_a_part_of_the_day_and_a_whole_day_are_days() -> None:
    for text in ("Thursday morning", "Th 00:00-24:00"):
        (event,) = all_events(text)
        assert event["DTSTART"].dt == date(2026, 1, 1)
        assert "DURATION" not in event


def test_a_start_without_an_end() -> None:
    (event,) = all_events("Monday 7pm")
    assert event["DTSTART"].dt == datetime(2026, 1, 5, 19, tzinfo=LOCAL)
    assert "DURATION" not in event
    assert "DTEND" not in event


def test_a_name_in_welsh() -> None:
    use("cy")
    try:
        assert [one["SUMMARY"] for one in all_events("Mo 10:00-12:00")] == ["Côr"]
        assert [one["SUMMARY"] for one in all_events("Mo 10:00-12:00", name_cy="")] == ["Choir; or, song"]
    finally:
        use("en")


def test_the_same_bytes_again_and_the_same_uid_after_an_edit() -> None:
    text = "Mo 10:00-12:00; Tu[2] 14:00-16:00"
    assert a_calendar(text) == a_calendar(text)
    assert Calendar.from_ical(a_calendar(text)).to_ical() == a_calendar(text)
    before, after = ({str(one["UID"]) for one in all_events(text, version=number)} for number in (4, 5))
    assert before == after
    assert len(before) == 2
