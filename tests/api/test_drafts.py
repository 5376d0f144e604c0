"""``POST /draft`` takes what a form sends, keeps it for its writer, and says no to anything else."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from abcd.access import drafts
from abcd.access.accounts import ensure_owner
from abcd.access.drafts import Writing
from abcd.api.answers import told
from abcd.api.drafts import MOST_BYTES, ROUTES, understood
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Draft
from abcd.errors import AbcdError, BadRequest

ONE = "a" * 32
SENT: dict[str, Any] = {"form": "edit", "record": "r-1", "sitting": ONE, "version": 3, "values": {"name": "Go", "n": 4}}


@pytest.fixture(scope="module")
def ann(store: str) -> Actor:
    with session(SYSTEM) as s:
        return ensure_owner(s, by=SYSTEM)


@pytest.fixture
def page(ann: Actor) -> Iterator[TestClient]:
    """Ann's page, past the gate."""
    app = Starlette(routes=ROUTES, exception_handlers={AbcdError: told})

    async def let_in(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": {"actor": ann}}, receive, send)

    yield TestClient(let_in)
    with session(ann) as s:
        s.execute(delete(Draft))


def kept(ann: Actor) -> list[dict[str, Any]]:
    with session(ann) as s:
        return [one.values for one in drafts.about(s, "r-1", by=ann)]


def test_it_is_kept(page: TestClient, ann: Actor) -> None:
    assert page.post("/draft", json=SENT).status_code == 204
    assert kept(ann) == [{"name": "Go", "n": 4}]


def test_what_was_saved_is_not_kept_again(page: TestClient, ann: Actor) -> None:
    with session(ann) as s:
        drafts.close(s, Writing("edit", "r-1", ONE, 3), by=ann)
    assert page.post("/draft", json=SENT).status_code == 409
    assert kept(ann) == []


@pytest.mark.parametrize(
    "change",
    [
        {"form": 1}, {"form": ""}, {"form": "<script>"}, {"form": "x" * 161}, {"record": None}, {"sitting": "short"},
        {"sitting": ONE + "\n"}, {"version": "3"}, {"version": True}, {"version": -1}, {"version": 2**31},
        {"values": []}, {"values": {"name": {"deep": 1}}}, {"values": {"name": ["a"]}}, {"values": {"Bad name": "x"}},
        {"values": {"": "x"}}, {"values": {"n": 1e300}},
    ],
    ids=str,
)  # fmt: skip
def test_what_no_form_sends_is_refused(page: TestClient, ann: Actor, change: dict[str, Any]) -> None:
    answer = page.post("/draft", json=SENT | change)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert kept(ann) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"nul\x00", b"\xff\xfe", b"[" * 100_000, b"NaN", b'"text"'])
def test_what_is_no_draft_is_refused(page: TestClient, body: bytes) -> None:
    assert page.post("/draft", content=body, headers={"Content-Type": "application/json"}).status_code == 400


def test_a_form_of_another_site_cannot_send_one(page: TestClient) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = page.post("/draft", content=json.dumps(SENT), headers={"Content-Type": kind})
        assert answer.status_code == 400


def test_it_is_read_no_further_than_a_draft_may_be_long(page: TestClient) -> None:
    long = SENT | {"values": {"name": "x" * MOST_BYTES}}
    assert page.post("/draft", json=long).status_code == 400


def test_odd_characters_are_kept_as_far_as_they_can_be(page: TestClient, ann: Actor) -> None:
    odd = json.dumps(SENT | {"values": {"name": "a\0b\ud800c \u202e"}})
    assert "\\ud800" in odd
    answer = page.post("/draft", content=odd, headers={"Content-Type": "application/json"})
    assert answer.status_code == 204
    assert kept(ann) == [{"name": "ab?c \u202e"}]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["form", "record", "sitting", "version", "values"]), JSON) | JSON)
def test_anything_is_understood_or_refused(told_us: Any) -> None:
    with suppress(BadRequest):
        writing, values = understood(told_us)
        assert writing.checked() == writing
        assert all(not isinstance(value, (dict, list)) for value in values.values())
