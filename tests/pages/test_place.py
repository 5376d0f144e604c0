"""The place page: strengths first, then possibilities, connections, context; and the twenty-second form."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from abcd.db.session import session
from abcd.db.tables import SearchEffort
from abcd.places.queries import place
from tests.pages.conftest import Borough, words_of

Open = Callable[..., AppTest]


def the_page(open_page: Open, borough: Borough) -> AppTest:
    with session(borough.owner) as s:
        return open_page(place=place(s, borough.estate).reference)


def test_panels_stand_in_order(open_page: Open, borough: Borough) -> None:
    page = the_page(open_page, borough)
    assert not page.exception
    assert page.title[0].value == "Old Mill"
    heads = [head.value for head in page.header]
    wanted = ["What is strong here", "On the map and as a list", "Possibilities", "Possible connections", "Context"]
    assert [head for head in heads if head in wanted] == wanted
    assert "Share this place" in words_of(page)


def test_strengths_are_named_and_counted(open_page: Open, borough: Borough) -> None:
    said = words_of(the_page(open_page, borough))
    assert "5 strengths of Old Mill are written down" in said
    assert "Weavers Hall" in said
    assert "Checked lately" in said


def test_somebodys_words_are_never_markup(open_page: Open, borough: Borough) -> None:
    labels = [link.proto.label for link in the_page(open_page, borough).page_link]
    hostile = next(label for label in labels if "Tea" in label)
    assert r"\!\[x\]\(http\:" in hostile
    assert r"\<img" in hostile


def test_households_say_where_they_come_from(open_page: Open, borough: Borough) -> None:
    page = the_page(open_page, borough)
    assert page.metric[0].value == "120"
    assert "added up from 1 census output area" in words_of(page)


def test_map_and_list_hold_the_same_kinds(open_page: Open, borough: Borough) -> None:
    page = the_page(open_page, borough)
    everything = page.radio(key="place list").options
    page.button_group(key="map kinds").set_value(["association"]).run()
    assert len(everything) == 5
    assert page.radio(key="place list").options == ["Friday Youth Club"]


def test_saying_that_one_looked_changes_the_state(open_page: Open, borough: Borough) -> None:
    page = the_page(open_page, borough)
    page.session_state["more"] = True
    page.session_state["looking food-bank"] = True
    page.run()
    button = next(one for one in page.button if "looked" in str(one.key) and "food-bank" in str(one.key))
    button.click().run()
    assert not page.exception
    assert "What you found is on record" in words_of(page)
    with session(borough.owner) as s:
        assert [row.category for row in s.query(SearchEffort)] == ["food-bank"]


def test_an_unknown_place_is_a_sentence_and_a_search(open_page: Open) -> None:
    page = open_page(place="NOWHERE")
    assert "No place has the reference" in words_of(page)
    assert page.title[0].value == "Start with a place"


def test_a_place_is_found_by_part_of_its_name(open_page: Open) -> None:
    page = open_page()
    page.text_input(key="place words").set_value("mil").run()
    assert {"Old Mill", "Mill Ward"} <= {part for part in ("Old Mill", "Mill Ward") if part in words_of(page)}


def test_a_visitor_without_a_session_is_told_how_to_come_in(open_page: Open, monkeypatch: object) -> None:
    import streamlit as st

    monkeypatch.setattr(type(st.context), "cookies", {})  # type: ignore[attr-defined]
    said = words_of(open_page())
    assert "You are signed out" in said
    assert "Old Mill" not in said


def test_the_page_speaks_welsh(open_page: Open) -> None:
    page = open_page(lang="cy")
    assert page.title[0].value == "Dechrau gyda lle"
