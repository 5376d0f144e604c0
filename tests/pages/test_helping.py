"""What would help: strengths and beginnings of a place, and where one more of a category would reach most homes."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from abcd.db.session import session
from tests.builders import HERE, a_search, a_small_area, a_venue
from tests.pages.conftest import Borough, reference_of, words_of

Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def estate(borough: Borough) -> str:
    """The estate with homes far away, a hostile hall that stands empty, and a gap that people looked for in vain."""
    with session(borough.owner) as s:
        # The far homes lie in the place, as their points decide; the hall between them belongs to us.
        s.execute(text("update core.place set geom = ST_Multi(ST_Expand(geom, 1500)) where id = :id"),
                  {"id": borough.estate})  # fmt: skip
        for metres in (-1400, 1400):
            a_small_area(s, (HERE[0] + metres, HERE[1]), 60)
        hall = a_venue(s, "common-room", (HERE[0] + 1200, HERE[1]), name="Far <b>hall</b>", is_underused=True)
        s.execute(text("update core.venue set ha_owned = true where asset_id = :id"), {"id": hall})
        for method in ("connectors", "residents' meeting", "field walk"):
            a_search(s, borough.estate, "older-peoples-group", method)
        return reference_of(s, borough.estate)


def test_without_a_place_there_are_places_to_choose(open_page: Open) -> None:
    page = open_page("helping")
    assert not page.exception
    assert "Old Mill" in words_of(page)


def test_a_place_shows_what_holds_it_together_before_what_could_be_closed(open_page: Open, estate: str) -> None:
    page = open_page("helping", place=estate)
    assert not page.exception
    assert [head.value for head in page.header] == ["What holds this place together", "What could close a gap"]
    said = words_of(page)
    assert "They are not the Community Needs Index" in said
    assert "Older people's group" in said.replace("’", "'")
    assert "more are questions that nobody has looked into" in said


def test_a_category_says_where_one_more_would_reach_most(open_page: Open, estate: str) -> None:
    page = open_page("helping", place=estate, category="older-peoples-group")
    assert not page.exception
    said = words_of(page)
    assert "Who could make a beginning" in said
    assert "0 of 240 households are" in said
    assert r"Far \<b\>hall" in said
    assert "our own room · known to stand empty at times · 60 households would be near one here" in said
    page.radio(key="pool older-peoples-group").set_value("new").run()
    assert not page.exception
    assert "With 1 site 120 more households are near one: 50% of all" in words_of(page)
    assert "This is proven" in words_of(page)


def test_a_postcode_moves_the_pin_and_nothing_is_stored(open_page: Open, estate: str, borough: Borough) -> None:
    page = open_page("helping", place=estate, category="library")
    with session(borough.owner) as s:
        before = s.scalar(text("select max(id) from core.audit_event"))
    page.text_input(key="trial postcode").set_value("M16 7AA").run()
    assert not page.exception
    assert "Nothing changes: the same homes are near one." in words_of(page)
    page.text_input(key="trial postcode").set_value("ZZ1 1ZZ").run()
    assert "Nobody here knows this postcode" in words_of(page)
    with session(borough.owner) as s:
        assert s.scalar(text("select max(id) from core.audit_event")) == before


def test_a_category_that_nobody_sites_is_a_sentence(open_page: Open, estate: str) -> None:
    page = open_page("helping", place=estate, category="doorstep-greenspace")
    assert not page.exception
    assert "A green space is judged by its size and its edge" in words_of(page)
    assert "What if it stood here?" not in words_of(page)
    page = open_page("helping", place="nowhere")
    assert not page.exception
    assert "No place has the reference" in words_of(page)
