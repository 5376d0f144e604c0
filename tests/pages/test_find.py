"""Find: words are mended and said so, filters narrow list and map alike, and nothing found is said kindly."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import words_of

Open = Callable[..., AppTest]


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
