"""A closer look: the week, coverage by minutes, what is not for everybody, strengths, the only ones, what is shared."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from abcd.core.clock import today
from abcd.db.holding import assign
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Asset
from abcd.gaps.closer import CloserLook, closer_look
from abcd.gaps.standards import standards
from abcd.pages.panels_reach import (
    curve_rows,
    curve_said,
    filter_picture,
    filter_rows,
    need_names,
    surely,
    together_picture,
    together_rows,
)
from abcd.pages.panels_richness import choice_row, quotient_row
from abcd.pages.panels_week import rows_of, said, week
from abcd.places.queries import place
from tests.builders import HERE, an_asset
from tests.pages.conftest import Borough, words_of

Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def look(borough: Borough) -> CloserLook:
    """The estate of the pages; its hall is open on Monday mornings, free and step-free; of others nobody said so."""
    with session(SYSTEM) as s:
        hall = s.query(Asset).filter(Asset.name == "Weavers Hall").one()
        hall.opening_hours, hall.open_grid = "Mo 09:00-12:00", 1
        hall.step_free, hall.cost = "yes", "Free"
        an_asset(s, "pharmacy", HERE, checked=today() - timedelta(days=20), name="Mill Pharmacy")
        assign(s)
    with session(borough.owner) as s:
        return closer_look(s, borough.estate)


def test_the_week_shows_when_something_is_on_and_when_nothing_is(look: CloserLook) -> None:
    clock = look.clocks[0]
    rows = rows_of(clock)
    assert len(rows) == 21
    monday = rows[0]
    assert (monday["Day"], monday["Part"], monday["On then"], monday["Hours in all"]) == ("Monday", "Morning", 1, "3")
    assert (monday["Surely free"], monday["Surely step-free"], monday["Homes with one near"]) == (1, 1, "100%")
    assert said(clock).startswith("Most is on on Monday, morning: 1. Nothing is known to be on: Monday, afternoon,")
    assert week(clock, "t").count("nothing is known to be on") == 1


def test_the_curve_reaches_everybody_where_they_stand_beside_it(look: CloserLook) -> None:
    library = next(one for one in look.reached if one.standard.category == "library")
    assert curve_said(library) == "Within 5 minutes 100% of homes reach one, within 10 minutes 100%, within 20 100%."
    rows = curve_rows(library)
    assert [row["Minutes on foot"] for row in rows] == [0, 5, 10, 15, 20, 25, 30]
    assert (rows[-1]["any that is known"], rows[-1]["surely step-free"]) == ("100%", "0%")


def test_everything_near_stands_side_by_side(look: CloserLook) -> None:
    near = [one for one in look.reached if one.near and dict(one.curves["any"])[30]]
    assert {"library", "community-centre", "pharmacy"} <= {one.standard.category for one in near}
    row = next(row for row in together_rows(near) if row["What"] == "Library or hub")
    assert (row["Homes near enough"], row["30 minutes"]) == ("100%", "100%")
    assert together_picture(near, "t").count("stroke: #12395b") == len(near)


def test_what_is_there_but_not_surely_for_everybody(look: CloserLook) -> None:
    lost = [one for one in look.reached if one.near["any"] > one.near["step_free"]]
    assert "library" in {one.standard.category for one in lost}
    assert "community-centre" not in {one.standard.category for one in lost}
    row = next(row for row in filter_rows(lost, "step_free") if row["What"] == "Library or hub")
    assert (row["any that is known"], row["surely step-free"]) == ("100%", "0%")
    assert "100% → 0%" in filter_picture(lost, "step_free", "t")
    assert need_names(lost)["evening"] == "surely open in the evening"
    assert surely(lost[0], "weekend") == 0.0


def test_strengths_tell_what_they_are_made_of(look: CloserLook) -> None:
    strong = look.strength
    assert sum(strong.kinds.values()) == 6
    learning = next(one for one in strong.by_theme if one.slug == "learning-and-skills")
    assert quotient_row(learning)["Here"] == "2 of 6"
    company = next(one for one in strong.redundancy if one.theme == "learning-and-skills")
    assert choice_row(company)["several near"] == "100%"
    assert ("Mill Pharmacy", 120) in {(one.name, one.households) for one in strong.single_points}


def test_the_page_shows_every_panel(open_page: Open, borough: Borough, look: CloserLook) -> None:
    with session(borough.owner) as s:
        reference = place(s, borough.estate).reference
    page = open_page("closer", place=reference)
    assert not page.exception
    assert page.title[0].value == "A closer look at Old Mill"
    heads = [head.value for head in page.header]
    assert heads == ["The week", "How many homes each minute reaches", "What is strong, in figures",
                     "The only one of its kind", "Shared with everybody round about",
                     "How much there is for so many people", "What counts as near here"]  # fmt: skip
    page.selectbox(key="closer theme").set_value("health-and-moving").run()
    assert "Of nothing near is it known when it is open" in words_of(page)


def test_without_a_place_one_is_chosen(open_page: Open, borough: Borough) -> None:
    page = open_page("closer")
    assert page.title[0].value == "A closer look"
    assert any("Old Mill" in option for option in page.selectbox(key="closer place").options)
    assert "No place has the reference" in words_of(open_page("closer", place="NOWHERE"))


def test_a_threshold_of_the_places_own_is_set_and_taken_back(open_page: Open, borough: Borough) -> None:
    with session(borough.owner) as s:
        reference = place(s, borough.estate).reference
    page = open_page("closer", place=reference)
    page.session_state["threshold fold"] = True
    page.run().selectbox(key="threshold category").set_value("library").run()
    page.number_input[0].set_value(6.0)
    next(box for box in page.text_input if box.label.startswith("Who wants it so?")).set_value("Residents’ meeting")
    next(button for button in page.button if button.label == "Save this threshold").click().run()
    assert not page.exception
    with session(borough.owner) as s:
        own = next(one for one in standards(s, place_id=borough.estate) if one.category == "library")
    assert (own.minutes, own.source, own.version) == (6.0, "Residents’ meeting", 1)
    assert "has thresholds of its own: Library or hub, within 6 minutes’ walk" in words_of(page)
    next(button for button in page.button if button.label == "Back to what counts everywhere").click().run()
    assert "Old Mill is judged as every place is." in words_of(page)
