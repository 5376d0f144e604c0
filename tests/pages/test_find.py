"""Find: words are mended and said so, filters narrow list and map alike, and nothing found is said kindly."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from abcd.core.geo import to_degrees
from tests.builders import HERE
from tests.pages.conftest import words_of

Open = Callable[..., AppTest]
(HERE_LON,), (HERE_LAT,) = to_degrees([HERE[0]], [HERE[1]])


def test_a_mistyped_word_is_mended_and_said_so(open_page: Open) -> None:
    page = open_page("find", q="libary")
    assert not page.exception
    assert "Showing results for **library**" in words_of(page)
    assert "Mill Library" in words_of(page)


def test_kind_narrows_the_list(open_page: Open) -> None:
    page = open_page("find", near="M16 7AA")
    page.button_group(key="kind").set_value(["association"]).run()
    said = words_of(page)
    assert "Friday Youth Club" in said
    assert "Weavers Hall" not in said


def test_an_unknown_postcode_is_a_sentence(open_page: Open) -> None:
    page = open_page("find", near="ZZ1 1ZZ")
    assert not page.exception
    assert "neither a postcode nor a place" in words_of(page)


def test_nothing_found_is_said(open_page: Open) -> None:
    assert "Nothing found" in words_of(open_page("find", q="zeppelin"))


def drawn_on(page: AppTest) -> dict[str, Any]:
    """The layers that the map of what was found is told of, by name."""
    (told,) = [json.loads(one.proto.json) for one in page.get("bidi_component") if '"layers"' in one.proto.json]
    return {layer["name"]: layer for layer in told["layers"]} | {"box": told["view"]["bounds"]}


@pytest.mark.parametrize(("near", "start"), [("M16 7AA", "at"), ("old mill", "place")])
def test_the_walk_from_here_is_drawn_when_it_is_asked_for(open_page: Open, near: str, start: str) -> None:
    plain = open_page("find", near=near)
    assert "ring-ring" not in drawn_on(plain)
    page = open_page("find", near=near, ring="true")
    page.selectbox(key="within").set_value(10).run()
    said, drawn = words_of(page), drawn_on(page)
    assert f"the ground within 10 minutes' walk of {near}. Walks are straight lines times 1.3" in said
    assert drawn["ring-ring"]["query"].keys() == {start, "minutes"}
    assert drawn["ring-ring"]["query"]["minutes"] == "10"
    assert drawn["ring-ring"]["title"] == "10 minutes' walk from here"
    assert [one.label for one in page.get("page_link")] == [one.label for one in plain.get("page_link")], "the list"
    west, south, east, north = drawn["box"]
    assert west < HERE_LON < east
    assert south < HERE_LAT < north


def test_a_walk_is_drawn_where_nothing_was_found_and_asked_for_nowhere_else(open_page: Open) -> None:
    page = open_page("find", q="zeppelin", near="M16 7AA", ring="true")
    assert drawn_on(page)["ring-ring"]["query"]["minutes"] == "15"
    assert "asset-asset" not in str(drawn_on(page).keys())
    assert not open_page("find", q="library").toggle
    assert "neither a postcode nor a place" in words_of(open_page("find", near="ZZ1 1ZZ", ring="true"))


def test_what_a_field_writes_into_the_address_is_left_to_it(open_page: Open) -> None:
    page = open_page("find")
    page.text_input(key="near").set_value("M16 7AA").run()
    page.query_params["near"] = "M16 7AA"  # as the browser has it by then
    page.toggle(key="ring").set_value(True).run()
    page.query_params["ring"] = "true"
    page.run()
    assert not page.exception
    assert "the ground within 15 minutes' walk of M16 7AA" in words_of(page)
