"""Releases: make, look at what will leave and why the rest does not, publish; who may."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import streamlit as st
from sqlalchemy import func, select, update
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import add_account
from abcd.access.associations import ensure_association
from abcd.access.sessions import COOKIE, open_session
from abcd.core.clock import months_after, today
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import AuditEvent, Place
from abcd.maps.files import jobs
from abcd.maps.releases import make_release, releases
from tests.builders import a_place
from tests.maps.releases.conftest import people
from tests.pages.conftest import Borough, words_of

Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def owner(borough: Borough) -> Actor:
    """The owner, whose association knows 26 people on the estate, of whom 13 in each of two patches."""
    with session(SYSTEM) as s:
        by = replace(borough.owner, organisation_id=str(ensure_association(s, by=SYSTEM)))
    with session(by) as s:
        s.execute(update(Place).where(Place.id == borough.estate).values(households=120))
        people(s, by, borough.estate, 26, said=("gift",))
        people(s, by, a_place(s, (390_000, 394_000), name="Far Mill", households=200), 13)
        people(s, by, a_place(s, (395_000, 394_000), name="Further Mill", households=200), 13)
    return by


def press(page: AppTest, label: str) -> AppTest:
    return next(one for one in page.button if one.label == label).click().run()


def labels(page: AppTest) -> set[str]:
    return {one.label for one in page.button}


def test_make_look_publish(open_page: Open, owner: Actor) -> None:
    page = open_page("releases")
    assert "Nothing has been released yet." in words_of(page)
    page = press(page, "Make the draft of this month")
    assert not page.exception
    assert "The draft is made. Look at it." in words_of(page)
    said = " ".join(str(one.value.to_dict()) for one in page.table)
    assert "about 25" in said
    assert "Further Mill" in said
    assert "people who belong to an area or to anything" in words_of(page)
    assert "unknown numbers were attacked" in words_of(page)
    assert page.button
    page = press(page, "Publish: it never changes afterwards")
    assert "Published. Partners see these figures from now on." in words_of(page)
    assert "Publish: it never changes afterwards" not in labels(page)
    with session(owner) as s:
        assert [one.status for one in releases(s, by=owner)] == ["published"]
        assert s.scalar(select(func.count()).where(AuditEvent.verb == "publish")) == 1


def test_figures_of_an_earlier_month_can_be_taken_away(open_page: Open, owner: Actor) -> None:
    page = open_page("exports")
    assert "export release" not in [one.key for one in page.selectbox]
    page.selectbox(key="export audience").set_value("partner").run()
    page.multiselect(key="export layers").set_value(["people"]).run()
    month = page.selectbox(key="export release")
    assert (month.options, month.value) == ([f"{today():%Y-%m}"], None)
    page = month.set_value(month.options[0]).run()
    page = page.button(key="export make").click().run()
    assert jobs._jobs[page.session_state["export job"]].order.release == f"{today():%Y-%m}"


def test_too_soon_says_why(open_page: Open, owner: Actor) -> None:
    page = press(open_page("releases"), "Make the draft of this month")
    assert "This month has its release already" in words_of(page)
    assert not page.exception


def test_an_officer_looks_and_a_partner_does_not(
    open_page: Open, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role, sees in (("officer", True), ("partner_viewer", False)):
        with session(SYSTEM) as s:
            somebody = add_account(s, f"The {role}", role, by=SYSTEM, email=f"{role}@example.org",
                                   organisation_id=owner.organisation_id)  # fmt: skip
            cookie = open_session(s, somebody)
        monkeypatch.setattr(type(st.context), "cookies", {COOKIE: cookie})
        page = open_page("releases")
        assert not page.exception
        assert ("published" in "".join(words_of(page)) or bool(page.expander)) is sees
        assert "Make the draft of this month" not in labels(page)


def test_a_draft_can_be_thrown_away(open_page: Open, owner: Actor, borough: Borough) -> None:
    with session(owner) as s:
        people(s, owner, borough.estate, 20)
    with session(owner) as s:
        make_release(s, by=owner, day=months_after(today(), 1))
    page = press(open_page("releases"), "Throw the draft away")
    assert "The draft is gone. Nothing left." in words_of(page)
    with session(owner) as s:
        assert [one.status for one in releases(s, by=owner)] == ["published"]
