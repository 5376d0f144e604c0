"""Add data, Places and Data health render from a real store and say what they should."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from abcd.core.geo import to_degrees
from abcd.db.session import session
from abcd.intake import run
from abcd.places.actions import edit_place
from abcd.places.barriers import barriers_listed
from abcd.places.queries import place
from tests.builders import HERE
from tests.pages.conftest import HOSTILE, Borough, words_of

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


def press(page: AppTest, label: str) -> AppTest:
    return next(one for one in page.button if one.label == label).click().run()


def said_on(page: AppTest) -> str:
    """What is read on a page, without the marks that keep it text."""
    return words_of(page).replace("\\", "")


def upload(page: AppTest, name: str, content: object) -> AppTest:
    told = content if isinstance(content, str) else json.dumps(content)
    return page.file_uploader(key="file").upload(name, told.encode(), "text/plain").run()


def a_line(*corners: tuple[float, float], **told: str) -> dict[str, object]:
    """A line whose corners are metres from here."""
    lon, lat = to_degrees([HERE[0] + x for x, _ in corners], [HERE[1] + y for _, y in corners])
    spots = [[float(x), float(y)] for x, y in zip(lon, lat, strict=True)]
    return {"type": "Feature", "properties": told, "geometry": {"type": "LineString", "coordinates": spots}}


def test_barriers_are_looked_at_and_confirmed_and_taken_back(open_page: Open, borough: Borough) -> None:
    with session(borough.owner) as s:
        held = len(barriers_listed(s))
    drawn = {"type": "FeatureCollection", "features": [a_line((-90, 250), (90, 250), railway="rail", name=HOSTILE)]}
    page = upload(open_page("add_data"), "lines.geojson", drawn)
    assert page.radio(key="what lines").value == "barriers", "understood by its words"
    page = press(page, "Check the lines")
    assert not page.exception
    assert "Nothing has changed yet" in said_on(page)
    assert "lines.geojson" in said_on(page), "by the name that it was brought under"
    assert "<img" not in str(page.table[0].value.to_numpy()).replace("\\<img", "")
    with session(borough.owner) as s:
        assert len(barriers_listed(s)) == held
    page = press(page, "Confirm: load these rows")
    assert "Walks go round these lines" in said_on(page)
    with session(borough.owner) as s:
        assert HOSTILE in {one.name for one in barriers_listed(s)}
    page = press(page, "Undo this import")
    assert "Undone, exactly" in said_on(page)
    with session(borough.owner) as s:
        assert len(barriers_listed(s)) == held


def test_streets_are_brought_in_and_taken_back(open_page: Open, borough: Borough) -> None:
    ways = [a_line((x, -300), (x, 300)) for x in (-200, 0, 200)] + [a_line((-200, y), (200, y)) for y in (-90, 90)]
    page = upload(open_page("add_data"), "lines.geojson", {"type": "FeatureCollection", "features": ways})
    assert page.radio(key="what lines").value is None, "nothing says what they are, so nothing is taken for granted"
    page = page.radio(key="what lines").set_value("streets").run()
    page = press(page, "Bring the streets in")
    assert not page.exception
    assert "km." in said_on(page)
    page = press(page, "Undo this import")
    assert "Undone, exactly" in said_on(page)


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(open_page: Open) -> None:
    page = upload(open_page("add_data"), "map\u202e\u200b of here.osm", "<osm><way id='1'></osm>")
    assert page.session_state["brought"]["name"] == "map of here.osm", "nothing unseen is kept in a name"
    page = press(page, "Bring the streets in") if page.button else page
    assert not page.exception
    assert "This OpenStreetMap extract is damaged" in said_on(page)


def test_a_census_table_keeps_the_year_in_its_name(open_page: Open, borough: Borough) -> None:
    table = "oa21cd,Total households,Owned,Rented\nE00030981,120,70,50\nE00030982,110,60,50\nE00030983,90,40,50\n"
    page = upload(open_page("add_data"), "household_tenure.csv", table)
    page = press(page, "Bring it in")
    assert not page.exception
    assert "“household_tenure.csv” does not say its year" in said_on(page)
    page = upload(page, "household_tenure_2021.csv", table)
    page = press(page, "Bring it in")
    assert "None of the areas of “household_tenure_2021.csv” is in the store" in said_on(page)


# In the reader's language.


@pytest.fixture
def in_welsh(borough: Borough) -> Iterator[str]:
    """The reference of an estate that has a Welsh name too."""
    with session(borough.owner) as s:
        here = place(s, borough.estate)
        edit_place(s, here.id, {"name_cy": "Yr Hen Felin"}, version=here.version, by=borough.owner)
    yield here.reference
    with session(borough.owner) as s:
        edit_place(s, here.id, {"name_cy": ""}, version=here.version + 1, by=borough.owner)


@pytest.mark.parametrize(("page", "named"), [
    ("place", True), ("closer", True), ("helping", True), ("asking", True), ("places", False), ("exports", False),
    ("patches", False), ("giving", False), ("people", False), ("data_health", False), ("share", True),
])  # fmt: skip
def test_a_place_is_named_in_the_language_of_the_reader(
    open_page: Callable[..., AppTest], in_welsh: str, page: str, named: bool
) -> None:
    opened = open_page(page, lang="cy", **({"place": in_welsh} if named else {}))
    assert not opened.exception
    sent = " ".join(str(one.proto) for one in opened.main if hasattr(one, "proto"))
    assert "Yr Hen Felin" in sent
    assert "Old Mill" not in sent


def test_the_form_of_a_place_holds_both_its_names(open_page: Callable[..., AppTest], in_welsh: str) -> None:
    fields = [one.value for one in open_page("places", lang="cy", mend=in_welsh).text_input]
    assert fields[:2] == ["Old Mill", "Yr Hen Felin"]
