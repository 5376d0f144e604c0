"""A save happens once for its key, reads the fields as they stand, and keeps them when it is refused."""

import pytest
import streamlit as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import drafts
from abcd.access.accounts import ensure_owner
from abcd.access.drafts import Writing
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Operation
from abcd.errors import BadRequest, Conflict
from abcd.pages.fields import begin, nonce, split, typed_in
from abcd.pages.saving import Typed, run_job, save

ONE = "1" * 32
RECORD = "5b1d2c3e-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def _a_fresh_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})


@pytest.fixture(scope="module")
def ann(store: str) -> Actor:
    with session(SYSTEM) as s:
        return ensure_owner(s, by=SYSTEM)


def filled(form: str, key: str, **fields: object) -> None:
    st.session_state[f"nonce {form}"] = key
    for name, value in fields.items():
        st.session_state[f"{form} {key} {name}"] = value


def noting(done: list[Typed]) -> object:
    """An act that notes what it was given."""
    return lambda _s, _by, _key, typed: done.append(typed)


def test_two_presses_of_one_button_do_it_once(ann: Actor) -> None:
    done: list[Typed] = []
    filled("form", ONE, name="Chess")
    save("form", ONE, noting(done), ann, "Saved.")
    save("form", ONE, noting(done), ann, "Saved.")
    assert done == [{"name": "Chess"}]
    assert st.session_state["said"] == "Saved."
    assert nonce("form") != ONE


def test_another_window_that_says_the_same_is_a_repetition_and_one_that_says_more_is_not(ann: Actor) -> None:
    done: list[Typed] = []
    for key, name in (("2" * 32, "Chess"), ("2" * 32 + "_0000beef", "Chess"), ("2" * 32 + "_0000cafe", "Go")):
        st.session_state.clear()
        filled("form", key, name=name)
        save("form", key, noting(done), ann, "Saved.")
    assert done == [{"name": "Chess"}, {"name": "Go"}]


def test_an_act_that_knows_no_key_is_done_once_as_well(ann: Actor) -> None:
    with session(SYSTEM) as s:
        before = len(s.scalars(select(Operation.key)).all())
    for _visit in range(3):
        st.session_state.clear()
        filled("unmerge", "3" * 32)
        save("unmerge", "3" * 32, lambda *_: None, ann, "Done.")
    with session(SYSTEM) as s:
        assert len(s.scalars(select(Operation.key)).all()) == before + 1


def test_fields_are_read_when_the_button_is_pressed() -> None:
    st.session_state.update({"form k1 name": "new", "form k0 name": "of an earlier form", "other k1 name": "x"})
    assert typed_in("form", "k1") == {"name": "new"}


def test_a_refusal_keeps_the_key_and_says_why(ann: Actor) -> None:
    def refuse(_s: Session, _by: Actor, _key: str, _typed: Typed) -> None:
        raise BadRequest("Give it a name.")

    filled("form", "4" * 32, name="")
    save("form", "4" * 32, refuse, ann, "Saved.")
    assert nonce("form") == "4" * 32
    assert st.session_state["trouble form"] == "Give it a name."
    assert "said" not in st.session_state


def test_a_clash_lets_the_next_save_be_made_from_theirs(ann: Actor) -> None:
    def clash(_s: Session, _by: Actor, _key: str, _typed: Typed) -> None:
        raise Conflict("Changed.", {"name": "theirs"}, {"name": "ours"})

    key = "5" * 32
    filled("form", key, name="ours")
    st.session_state[f"opened form {key}"] = 3
    save("form", key, clash, ann, "Saved.")
    assert f"opened form {key}" not in st.session_state
    assert st.session_state["clash form"]["theirs"] == {"name": "theirs"}


def test_the_draft_goes_with_the_save_and_stays_without_it(ann: Actor) -> None:
    form, key = f"edit {RECORD}", "6" * 32
    writing = Writing("edit", RECORD, key, 1)
    with session(ann) as s:
        drafts.keep(s, writing, {"name": "Chess"}, by=ann)
    filled(form, key, name="Chess")

    def refuse(_s: Session, _by: Actor, _key: str, _typed: Typed) -> None:
        raise BadRequest("No.")

    save(form, key, refuse, ann, "Saved.")
    assert kept(ann) == {"name": "Chess"}
    save(form, key, lambda *_: None, ann, "Saved.")
    assert kept(ann) == {}


def kept(ann: Actor) -> Typed:
    with session(ann) as s:
        return dict(next((one.values for one in drafts.about(s, RECORD, by=ann)), {}))


def test_a_long_job_runs_once_and_tells_why_it_did_not(ann: Actor) -> None:
    ran: list[str] = []

    def job(_by: Actor, key: str) -> int:
        ran.append(key)
        if len(ran) == 1:
            raise BadRequest("Not now.")
        return len(ran)

    filled("stage", ONE)
    run_job("stage", ONE, job, ann, "Checked.")
    assert st.session_state["trouble stage"] == "Not now."
    run_job("stage", ONE, job, ann, "Checked.")
    run_job("stage", ONE, job, ann, "Checked.")
    assert ran == [ONE, ONE]
    assert st.session_state["saved stage"] == "2"


def test_a_new_writing_forgets_what_went_with_the_old() -> None:
    old = nonce("form")
    st.session_state.update({f"opened form {old}": 3, f"began form {old}": {}, f"kept form {old}": {}})
    begin("form")
    assert [name for name in st.session_state if old in str(name)] == []


def test_a_form_says_which_record_it_is_about() -> None:
    assert split(f"edit place {RECORD}") == ("edit place", RECORD)
    assert split(f"looked {RECORD} youth-group") == ("looked youth-group", RECORD)
    assert split("add asset") == ("add asset", "")


def test_the_second_half_of_a_slow_double_click_is_no_press(ann: Actor) -> None:
    done: list[Typed] = []
    filled("confirm", "7" * 32, method="desk")
    save("confirm", "7" * 32, noting(done), ann, "Confirmed.")
    second = nonce("confirm")
    filled("confirm", second, method="desk")
    st.session_state |= {f"blank confirm {second}": {"method": "desk"}, "said": None}
    save("confirm", second, noting(done), ann, "Confirmed.")
    assert len(done) == 1
    assert st.session_state["said"] == "Confirmed."


def test_what_is_typed_at_once_afterwards_is_saved(ann: Actor) -> None:
    done: list[Typed] = []
    filled("add", "8" * 32, name="Chess")
    save("add", "8" * 32, noting(done), ann, "Saved.")
    second = nonce("add")
    filled("add", second, name="Go")
    st.session_state[f"blank add {second}"] = {"name": ""}
    save("add", second, noting(done), ann, "Saved.")
    assert [one["name"] for one in done] == ["Chess", "Go"]
