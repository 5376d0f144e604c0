import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcd.core import text


@pytest.mark.parametrize(
    ("given_text", "found"),
    [
        ("M16 7AA", "M16 7AA"),
        ("m167aa", "M16 7AA"),
        ("1 High St, Sale M33  7zf, Cheshire", "M33 7ZF"),
        ("Flat 2, M1 1AA moved to SK10 5XY", "SK10 5XY"),
        ("M41 oaa", "M41 0AA"),
        ("M41 9EH", "M41 9EH"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("GIR 0AA", "GIR 0AA"),
        ("M41", ""),
        ("M32 09Q", ""),
        ("WA154 1HF", ""),
        ("none", ""),
    ],
)
def test_a_postcode_is_found_wherever_it_stands(given_text: str, found: str) -> None:
    assert text.postcode_in(given_text) == found


@given(st.text())
def test_tidying_never_fails_and_twice_is_once(given_text: str) -> None:
    assert text.tidy(text.tidy(given_text)) == text.tidy(given_text)
    assert text.tidy(text.tidy(given_text, lines=True), lines=True) == text.tidy(given_text, lines=True)


@given(st.text())
def test_keys_and_slugs_never_fail(given_text: str) -> None:
    assert text.slug(text.slug(given_text)) == text.slug(given_text)
    assert text.postcode_in(text.postcode_in(given_text)) == text.postcode_in(given_text)
    assert text.name_key(given_text) == text.name_key(given_text.upper().lower()) or not given_text.isascii()


def test_unseen_characters_and_stacked_marks_go() -> None:
    assert text.tidy("St\u200b Mary\u202e’s \x00 Café\u0301\u0301").startswith("St Mary ’s Café")
    assert len(text.tidy("Z" + "\u0301" * 10_000)) < 6
    assert text.tidy("a \r\n\n  b\tc", lines=True) == "a\nb c"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Mary’s Church", "Saint Marys Church"),
        ("G-Force", "G Force"),
        ("Friends of Longford Park", "friends longford park"),
        ("Arts & Crafts", "Arts and Crafts Ltd"),
    ],
)
def test_two_spellings_of_a_name_have_one_key(one: str, other: str) -> None:
    assert text.name_key(one) == text.name_key(other) != ""


def test_a_name_of_little_words_keeps_them() -> None:
    assert text.name_key("The And") == "the and"


def test_shouting_becomes_mixed_case() -> None:
    assert text.in_mixed_case("THE FRIENDS OF ST ANNE'S (SALE) CIC") == "The Friends of St Anne's (Sale) CIC"
    assert text.in_mixed_case("BME YMCA AND YOUTH CLUB") == "BME YMCA and Youth Club"
