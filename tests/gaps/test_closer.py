"""The closer look at a place: coverage by minutes, the week's clock, and strengths, each by hand."""

from datetime import time
from math import log
from uuid import UUID

import pytest
from shapely import box
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.hours import Rule, read_hours
from abcd.core.hours_week import WEEKS_A_MONTH, parts_named, week_of
from abcd.gaps.clock import Clock, ClockCell, clock, clocks
from abcd.gaps.curve import curve, curves
from abcd.gaps.strength import Quotient, Strength, strength
from abcd.gaps.yardsticks import quantities
from tests.builders import HERE, TODAY, a_place, a_small_area, an_asset
from tests.gaps.test_measures import a_settlement, east, inside


def cell(of: Clock, day: int, part: int) -> ClockCell:
    return of.cells[3 * day + part]


def test_hours_of_a_week_by_parts() -> None:
    week = week_of(read_hours("Mon-Wed 9am-5pm; Thu 18:30-21:00").rules)
    assert (week[0:3], week[9:12], sum(week)) == ([3.0, 5.0, 0.0], [0.0, 0.0, 2.5], 26.5)


def test_rare_and_open_ended_spans() -> None:
    monthly = Rule("MONTHLY", "1SA", time(10), time(12))
    every_other = Rule("WEEKLY", "TU", time(22), time(2), interval=2)
    unended = Rule("WEEKLY", "SU", time(19), None)
    named = Rule("WEEKLY", "MO", None, None, notes="afternoon")
    week = week_of((monthly, every_other, unended, named))
    assert (week[15], week[5], sum(week)) == pytest.approx((2 / WEEKS_A_MONTH, 1.0, 2 / WEEKS_A_MONTH + 1.0))
    assert parts_named((monthly, every_other, unended, named)) == 1 << 15 | 1 << 5 | 1 << 20 | 1 << 1


def test_a_part_holds_no_more_hours_than_it_lasts() -> None:
    whole_day = Rule("WEEKLY", "MO", time(0), time(23, 59))
    assert week_of((whole_day, whole_day))[:3] == [12.0, 5.0, 7.0]


def test_the_clock_says_when_something_is_on_and_near_whose_homes(s: Session) -> None:
    place = a_settlement(s)  # 100, 50 and 150 households at -500, 0 and 500
    an_asset(s, at=east(-500), opening_hours="Tue 6pm-8pm", cost="Free", open_to_new="yes")
    an_asset(s, "cafe", at=east(500), opening_hours="Tue 7pm-10pm, Wed 9am-11am", step_free="yes")
    an_asset(s, "cafe", at=east(500))
    whole = clock(s, place, on=TODAY)
    tuesday = cell(whole, 1, 2)
    assert (tuesday.things, tuesday.hours, tuesday.share) == (2, 5.0, pytest.approx(1.0))
    assert tuesday.for_whom == {"free": 1, "step_free": 1, "open_to_new": 1}
    assert set(tuesday.themes) == {"learning-and-skills", "company-and-belonging"}
    assert (cell(whole, 2, 0).share, cell(whole, 2, 0).hours) == (pytest.approx(200 / 300), 2.0)
    assert (whole.things, whole.timed, len(whole.gaps), whole.is_question) == (3, 2, 19, False)


def test_the_clock_of_one_theme_or_category(s: Session) -> None:
    place = a_settlement(s)
    an_asset(s, at=east(0), opening_hours="Mo 10:00-12:00")
    an_asset(s, "cafe", at=east(0))
    by_theme = {one.theme: one for one in clocks(s, place, on=TODAY)}
    assert (by_theme["learning-and-skills"].things, len(by_theme["learning-and-skills"].gaps)) == (1, 20)
    assert by_theme["company-and-belonging"].is_question
    assert (by_theme["food"].things, by_theme["food"].is_question) == (0, True)
    assert (clock(s, place, category="cafe", on=TODAY).things, by_theme[""].things) == (1, 2)


def test_a_thing_out_of_reach_is_on_for_nobody_here_and_a_visiting_one_for_everybody(s: Session) -> None:
    place = a_settlement(s)
    an_asset(s, at=east(3000), opening_hours="Mo 10:00-12:00")
    assert clock(s, place, on=TODAY).things == 0
    inside(s, place, an_asset(s, at=None, opening_hours="Fr 10:00-12:00", name="Mobile library"), "serves")
    friday = cell(clock(s, place, on=TODAY), 4, 0)
    assert (friday.things, friday.share) == (1, pytest.approx(1.0))


def test_the_curve_by_minutes(s: Session) -> None:
    place = a_settlement(s)
    an_asset(s, at=east(-500))  # 0, 500 and 1,000 m from the homes: 0, 9.7 and 19.5 minutes
    found = dict(curve(s, place, "library", on=TODAY))
    assert [found[at] for at in (0, 9, 10, 19, 20, 30)] == pytest.approx([1 / 3, 1 / 3, 0.5, 0.5, 1.0, 1.0])
    assert sorted(found) == list(range(31))
    assert set(dict(curve(s, place, "library", on=TODAY, needs=["free"])).values()) == {0.0}
    assert set(curves(s, place, ["library", "allotment"], on=TODAY)) == {"library", "allotment"}


def test_without_households_there_is_no_curve_and_no_share(s: Session) -> None:
    place = a_place(s)
    an_asset(s, opening_hours="Mo 10:00-12:00")
    assert curve(s, place, "library", on=TODAY) == []
    assert cell(clock(s, place, on=TODAY), 0, 0).share is None


def an_authority(s: Session, place: UUID) -> UUID:
    lad = a_place(s, kind="lad", size=9000, name="The borough")
    s.execute(text("insert into core.place_parent values (:p, :l, 1.0)"), {"p": place, "l": lad})
    return lad


def strong(s: Session) -> tuple[Strength, UUID]:
    place = a_settlement(s)
    lad = an_authority(s, place)
    for category, kind, metres, is_here in (
        ("library", "institution", -500, True), ("library", "institution", -500, True), ("cafe", "economic", 500, True),
        ("pub", "economic", 5000, False), ("cafe", "economic", 5000, False), ("cafe", "economic", 5100, False),
    ):  # fmt: skip
        asset = an_asset(s, category, east(metres), kind=kind)
        inside(s, lad, asset)
        if is_here:
            inside(s, place, asset)
    return strength(s, place, on=TODAY), place


def test_what_there_is_more_of_than_in_the_whole_authority(s: Session) -> None:
    found, _place = strong(s)
    # Here 2 of 3 are libraries, in the borough 2 of 6; cafés are 1 of 3 here and 3 of 6 there.
    assert found.wider == "The borough"
    assert found.by_category == (
        Quotient("library", 2, 3, 2, 6, pytest.approx(2.0)), Quotient("cafe", 1, 3, 3, 6, pytest.approx(2 / 3)),
    )  # fmt: skip
    assert [(one.slug, one.value) for one in found.by_theme] == [
        ("learning-and-skills", pytest.approx(2.0)), ("company-and-belonging", pytest.approx((1 / 3) / (4 / 6))),
    ]  # fmt: skip


def test_how_varied_it_is(s: Session) -> None:
    found, _place = strong(s)
    assert found.kinds == {"institution": 2, "economic": 1}
    assert found.diversity == pytest.approx(-(2 / 3 * log(2 / 3) + 1 / 3 * log(1 / 3)))
    assert found.diversity_most == pytest.approx(log(6))


def test_what_homes_can_choose_from_and_what_has_no_understudy(s: Session) -> None:
    found, _place = strong(s)
    by_theme = {one.theme: one for one in found.redundancy}
    libraries = by_theme["learning-and-skills"]
    # Two libraries at -500 reach 100 and 50 households; 150 have none. Half of the households have none or fewer.
    assert (libraries.things, libraries.only_one, libraries.none) == (2, 0.0, pytest.approx(0.5))
    cafes = by_theme["company-and-belonging"]
    assert (cafes.things, cafes.typical, cafes.only_one) == (1, 1, pytest.approx(200 / 300))
    assert [(one.category, one.households) for one in found.single_points] == [("cafe", 200)]


def test_a_place_in_no_authority_is_compared_with_nothing(s: Session) -> None:
    place = a_place(s)
    a_small_area(s, east(0), 10)
    inside(s, place, an_asset(s))
    found = strength(s, place, on=TODAY)
    assert (found.wider, found.by_category[0].value, found.diversity) == ("", None, 0.0)


def test_how_much_there_is_for_so_many_people(s: Session) -> None:
    e, n = HERE
    place = a_place(s, size=1000, population=4000, denominators_source="Mid-2024 estimate")
    an_asset(s, "park", geom=box(e - 100, n - 100, e + 100, n + 100), kind="physical")
    an_asset(s, "natural-greenspace", geom=box(e, n - 100, e + 200, n + 100), kind="physical")  # half of it twice
    an_asset(s, "park", geom=box(e + 450, n, e + 550, n + 100), kind="physical")  # half of it outside
    an_asset(s, "allotment", HERE, kind="physical")  # a point has no size
    inside(s, place, an_asset(s, "community-centre", HERE))
    found = quantities(s, place)
    assert (found.people, found.counted_as) == (4000, "counted: Mid-2024 estimate")
    held = {one.yardstick.slug: (one.have, one.asked) for one in found.held}
    assert held["greenspace"] == (pytest.approx(6.5), pytest.approx(12))
    assert held["allotments"] == (0, pytest.approx(0.92))
    assert held["community-buildings"] == (1, 1)


def test_people_are_reckoned_from_households_or_not_known(s: Session) -> None:
    counted = quantities(s, a_settlement(s))
    assert (counted.people, counted.held[0].asked) == (720, pytest.approx(2.16))
    assert "300 households" in counted.counted_as
    unknown = quantities(s, a_place(s, (300_000.0, 394_000.0)))
    assert (unknown.people, unknown.held[0].asked) == (None, None)
