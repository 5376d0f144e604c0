"""The page of exports: a file is ordered, made, shown with what is left out of it, and written down."""

import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.db.session import SYSTEM, session
from abcd.maps.files import jobs
from abcd.pages.panels_exports import what_left
from tests.builders import an_asset
from tests.pages.conftest import Borough, words_of

Open = Callable[..., AppTest]


def plain(said: str) -> str:
    """Words without what keeps them apart from Markdown."""
    return said.replace("\\", "").replace("\u2060", "")


def made(page: AppTest) -> AppTest:
    """The page when the file that it shows is there."""
    for _each in range(3_000):
        if jobs._jobs[page.session_state["export job"]].ended:
            return page.run()
        time.sleep(0.01)
    raise AssertionError("the file was not made")


def test_a_file_is_made_and_shown(open_page: Open, borough: Borough) -> None:
    with session(SYSTEM) as s:
        an_asset(s, "library", name="For partners", visibility="partner")
    page = open_page("exports")
    assert not page.exception
    page.selectbox(key="export format").set_value("csv").run()
    page = made(page.button(key="export make").click().run())
    assert not page.exception
    said = plain(words_of(page))
    assert "The file is ready" in said
    assert "Community assets: 5 rows, 0 without a place on the map." in said
    assert "Left out: 1 (not for this audience)" in said
    job = jobs._jobs[page.session_state["export job"]]
    (link,) = page.get("link_button")
    assert link.proto.url == f"/export/files/{job.id}"
    assert job.written.sha256[:16] in page.table[0].value.to_string()
    assert page.table[0].value["What"].tolist()[0] == "Community assets · CSV"
    page = page.button(key="export stop").click().run()
    assert not job.path.exists()


def test_layers_for_an_audience_and_one_place(open_page: Open, borough: Borough) -> None:
    page = open_page("exports")
    assert "Patches" not in page.multiselect(key="export layers").options
    page.selectbox(key="export audience").set_value("partner").run()
    assert "Patches" in page.multiselect(key="export layers").options
    page.selectbox(key="export place").set_value(str(borough.estate)).run()
    page.multiselect(key="export layers").set_value(["assets", "places"]).run()
    page = made(page.button(key="export make").click().run())
    job = jobs._jobs[page.session_state["export job"]]
    assert job.order.place == str(borough.estate)
    assert set(job.written.rows) == {"assets", "places"}
    assert job.name == f"layers-{borough.estate}-partner.gpkg"


def test_what_left_is_told_in_words() -> None:
    assert what_left("assets,people") == "Community assets, People by place"
    assert what_left("site") == "A map as a site of its own"


def test_without_a_layer_nothing_can_be_made(open_page: Open) -> None:
    page = open_page("exports")
    page.multiselect(key="export layers").set_value([]).run()
    assert "Choose at least one layer." in words_of(page)
    assert "export make" not in [button.key for button in page.button]


def test_a_partner_finds_nothing_here(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    with session(SYSTEM) as s:
        cookie = open_session(s, add_account(s, "Pat Partner", "partner_viewer", by=SYSTEM))
    monkeypatch.setattr(type(st.context), "cookies", {COOKIE: cookie})
    page = open_page("exports")
    assert "This page is for others" in words_of(page)
    assert not page.button
