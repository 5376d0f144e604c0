"""A save happens once for its key, reads the fields as they stand, and keeps them when it is refused."""

import pytest
import streamlit as st
from sqlalchemy.orm import Session

from abcd.db.audit import once
from abcd.db.session import Actor
from abcd.errors import BadRequest, Conflict
from abcd.pages.saving import Typed, differences, save, typed_in


@pytest.fixture(autouse=True)
def _a_fresh_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})


def test_two_presses_of_one_button_do_it_once(store: str, owner: Actor) -> None:
    done: list[Typed] = []

    def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
        once(s, key, by, lambda: {"n": len(done), **{"said": done.append(typed) or ""}})

    st.session_state["form k1 name"] = "Chess"
    save("form", "k1", act, owner, "Saved.")
    save("form", "k1", act, owner, "Saved.")
    assert done == [{"name": "Chess"}]


def test_fields_are_read_when_the_button_is_pressed() -> None:
    st.session_state.update({"form k1 name": "new", "form k0 name": "of an earlier form", "other k1 name": "x"})
    assert typed_in("form", "k1") == {"name": "new"}


def test_a_refusal_keeps_the_key_and_says_why(store: str, owner: Actor) -> None:
    def refuse(_s: Session, _by: Actor, _key: str, _typed: Typed) -> None:
        raise BadRequest("Give it a name.")

    st.session_state["nonce form"] = "k1"
    save("form", "k1", refuse, owner, "Saved.")
    assert st.session_state["nonce form"] == "k1"
    assert st.session_state["trouble form"] == "Give it a name."


def test_a_clash_lets_the_next_save_be_made_from_theirs(store: str, owner: Actor) -> None:
    def clash(_s: Session, _by: Actor, _key: str, _typed: Typed) -> None:
        raise Conflict("Changed.", {"name": "theirs"}, {"name": "ours"})

    st.session_state["opened form k1"] = 3
    save("form", "k1", clash, owner, "Saved.")
    assert "opened form k1" not in st.session_state
    assert st.session_state["clash form"]["theirs"] == {"name": "theirs"}


def test_only_what_differs_is_set_side_by_side() -> None:
    found = differences({"name": "A", "cost": ""}, {"name": "B", "cost": None}, {"name": "Name"})
    assert found == [{"What": "Name", "Saved by them": "A", "Typed by you": "B"}]
