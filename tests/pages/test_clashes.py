"""Two people change one record: what each touched is told apart, shown side by side, and nothing is undone unseen."""

from datetime import date
from itertools import product

import pytest
import streamlit as st

from abcd.pages.clashes import choose, compare, differences, merged
from abcd.pages.fields import changed, same

FORM, KEY = "edit x", "a" * 32


@pytest.fixture(autouse=True)
def _a_fresh_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {f"nonce {FORM}": KEY})


def field_now(name: str) -> object:
    return st.session_state[f"{FORM} {KEY} {name}"]


def compared(began: dict[str, object] | None, mine: dict[str, object], now: dict[str, object]) -> dict[str, object]:
    if began is not None:
        st.session_state[f"began {FORM} {KEY}"] = began
    st.session_state |= {f"{FORM} {KEY} {name}": value for name, value in mine.items()}
    compare(FORM, 7, now)
    clash: dict[str, object] = st.session_state[f"clash {FORM}"]
    return clash


def test_each_touched_another_field() -> None:
    clash = compared({"a": "0", "b": "0"}, {"a": "mine", "b": "0"}, {"a": "0", "b": "theirs"})
    assert clash == {"theirs": {}, "ours": {}, "taken": {"b": "theirs"}}
    assert (field_now("a"), field_now("b")) == ("mine", "theirs")


def test_both_touched_one_field() -> None:
    clash = compared({"a": "0"}, {"a": "mine"}, {"a": "theirs"})
    assert clash == {"theirs": {"a": "theirs"}, "ours": {"a": "mine"}, "taken": {}}
    assert field_now("a") == "mine"


@pytest.mark.parametrize(("began", "mine", "theirs"), list(product((None, "0"), ("0", "1", "2"), ("0", "1", "2"))))
def test_no_value_of_theirs_is_overwritten_unseen(began: str | None, mine: str, theirs: str) -> None:
    clash = compared(None if began is None else {"a": began}, {"a": mine}, {"a": theirs})
    theirs_is_news = began is None or theirs != began
    if theirs_is_news and field_now("a") != theirs:
        assert clash["theirs"] == {"a": theirs}
        assert clash["ours"] == {"a": mine}


@pytest.mark.parametrize(("mine", "theirs"), list(product("012", "012")))
def test_nothing_that_was_typed_is_dropped(mine: str, theirs: str) -> None:
    compared({"a": "0"}, {"a": mine}, {"a": theirs})
    if mine != "0":
        assert field_now("a") == mine


def test_a_form_whose_beginning_is_forgotten_still_knows_which_fields_were_touched() -> None:
    st.session_state |= {f"{FORM} {KEY} a": "mine", f"{FORM} {KEY} b": "0"}
    compare(FORM, 7, {"a": "theirs", "b": "theirs"}, {"a"})
    clash = st.session_state[f"clash {FORM}"]
    assert clash == {"theirs": {"a": "theirs"}, "ours": {"a": "mine"}, "taken": {"b": "theirs"}}
    assert field_now("b") == "theirs"


def test_the_next_save_is_made_from_theirs() -> None:
    compared({"a": "0", "b": "0"}, {"a": "mine", "b": "0"}, {"a": "theirs", "b": "theirs"})
    assert st.session_state[f"opened {FORM} {KEY}"] == 7
    typed = {"a": field_now("a"), "b": field_now("b")}
    assert changed(typed, st.session_state[f"began {FORM} {KEY}"]) == {"a": "mine"}


@pytest.mark.parametrize(("way", "put"), [("mine", "ours"), ("theirs", "theirs"), ("both", "theirs; ours")])
def test_a_side_is_chosen(way: str, put: str) -> None:
    compared({"a": "0"}, {"a": "ours"}, {"a": "theirs"})
    st.session_state[f"choice {FORM} {KEY} a"] = way
    choose(FORM, "a")
    assert field_now("a") == put


def test_two_texts_of_several_lines_stay_apart() -> None:
    assert merged("one\ntwo", "three") == "one\ntwo\nthree"
    assert merged("", "three") == "three"


def test_only_what_differs_is_set_side_by_side_in_words() -> None:
    theirs = {"name": "A", "cost": "", "category": "cafe", "day": date(2026, 11, 22), "open": True, "take": ["x"]}
    ours = {"name": "B", "cost": None, "category": "library", "day": None, "open": False, "take": ["x", "y"]}
    said = {"category": {"cafe": "Café", "library": "Library"}, "take": {"x": "Ex", "y": "Why"}}
    found = differences(theirs, ours, {"name": "Name", "category": "What it is"}, said)
    assert [tuple(row.values()) for row in found] == [
        ("Name", "A", "B"), ("What it is", "Café", "Library"), ("day", "22/11/2026", "–"), ("open", "Yes", "No"),
        ("take", "Ex", "Ex, Why"),
    ]  # fmt: skip


def test_marks_in_somebodys_words_stay_marks() -> None:
    (row,) = differences({"name": "**A**"}, {"name": "<b>"}, {})
    assert list(row.values())[1:] == [r"\*\*A\*\*", r"\<b\>"]


def test_an_order_of_choices_and_an_empty_text_are_no_change() -> None:
    assert same([1, 2], (2, 1))
    assert same("", None)
    assert not same(0, None)
    assert not same("a", "b")
