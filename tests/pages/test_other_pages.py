"""Add data, Places and Data health render from a real store and say what they should."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from abcd.db.session import session
from abcd.intake import run
from abcd.places.queries import place
from tests.pages.conftest import Borough, words_of

Open = Callable[..., AppTest]
ROWS = "name,category,postcode,phone\nTea Club,cafe,M16 7AA,0161 000 0000\nNo Place,cafe,,\n"


@pytest.fixture
def staged(borough: Borough, tmp_path: Path) -> str:
    file = tmp_path / "clubs.csv"
    file.write_text(ROWS)
    return str(run.stage(file, actor=borough.owner).import_id)


def test_health_counts_what_to_look_at(open_page: Open) -> None:
    page = open_page("data_health")
    assert not page.exception
    assert page.metric[0].label == "Assets"
    assert int(page.metric[0].value) >= 5


def test_health_names_whom_to_ask_in_an_estate(open_page: Open, borough: Borough) -> None:
    page = open_page("data_health")
    page.selectbox(key="estate").set_value(str(borough.estate)).run()
    assert "Mill Lane Library" in words_of(page)


def test_places_are_listed_by_kind(open_page: Open) -> None:
    page = open_page("places")
    assert not page.exception
    page.selectbox(key="kind of place").set_value("ward").run()
    assert "Mill Ward" in words_of(page)


def test_a_place_is_mended(open_page: Open, borough: Borough) -> None:
    page = open_page("places", mend=str(borough.estate))
    assert not page.exception
    homes = next(one for one in page.number_input if str(one.key).endswith(" households"))
    homes.set_value(131)
    page = next(one for one in page.button if one.label == "Save the changes").click().run()
    with session(borough.owner) as s:
        assert place(s, borough.estate).households == 131


def test_a_stage_is_shown_and_confirmed(open_page: Open, staged: str) -> None:
    page = open_page("add_data", **{"import": staged})
    assert not page.exception
    assert [metric.value for metric in page.metric][:2] == ["2", "2"]
    page = next(one for one in page.button if one.label == "Confirm: load these rows").click().run()
    assert not page.exception
    assert "Undo this import" in [one.label for one in page.button]
    page = next(one for one in page.button if one.label == "Undo this import").click().run()
    assert "Undone, exactly" in words_of(page)


def test_an_uploaded_file_is_understood(open_page: Open) -> None:
    page = open_page("add_data")
    page.file_uploader(key="file").upload("clubs.csv", ROWS.encode(), "text/csv").run()
    assert not page.exception
    understood = page.table[0].value.to_numpy().ravel().tolist()
    assert {"name", "postcode"} <= set(understood)
    page = next(one for one in page.button if one.label == "Check the rows").click().run()
    assert not page.exception
    assert "Confirm: load these rows" in [one.label for one in page.button]
