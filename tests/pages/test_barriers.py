"""The page of barriers: a list equal to the map, forms to draw one, to cross it, to end it."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from abcd.core.geo import to_degrees
from abcd.db.session import Actor, session
from abcd.pages import visit
from abcd.places.barrier_deeds import BarrierDraft, add_barrier
from abcd.places.barriers import barrier, barriers_listed
from abcd.places.crossing_deeds import CrossingDraft, add_crossing
from tests.builders import HERE
from tests.pages.conftest import HOSTILE, Borough, words_of

EAST, NORTH = HERE
Open = Callable[..., AppTest]


def degrees(x: float, y: float) -> list[float]:
    lon, lat = to_degrees([EAST + x], [NORTH + y])
    return [float(lon[0]), float(lat[0])]


@pytest.fixture
def railway(borough: Borough) -> UUID:
    """A railway with a footbridge, and a name that would like to be more than text."""
    with session(borough.owner) as s:
        s.execute(text("update core.barrier set ended_on = current_date where ended_on is null"))
        line = {"type": "LineString", "coordinates": [degrees(-400, 60), degrees(400, 60)]}
        made = add_barrier(s, BarrierDraft(HOSTILE, line, "railway", True, "Walked it"), by=borough.owner)
        lon, lat = degrees(100, 60)
        add_crossing(s, made, CrossingDraft("Footbridge", lon, lat, "no"), by=borough.owner)
    return made


def plain(said: str) -> str:
    """What is read on a page, without the marks that keep it text."""
    return said.replace("\\", "").replace("\u2060", "")


def press(page: AppTest, label: str) -> AppTest:
    next(one for one in page.button if one.label == label).click()
    return page.run()


def fill(page: AppTest, **by_end: object) -> AppTest:
    """Type into the fields whose keys end so."""
    for end, value in by_end.items():
        kinds = [*page.text_input, *page.radio, *page.selectbox]
        next(one for one in kinds if str(one.key).endswith(f" {end}")).set_value(value)
    return page.run()


def test_the_list_says_what_the_map_shows(open_page: Open, railway: UUID) -> None:
    said = words_of(open_page("barriers"))
    assert "Railway · nobody walks across · 1 crossing, 0 step-free" in plain(said)
    assert "<img" not in said.replace("\\<img", ""), "a name is text"


def test_a_barrier_tells_what_follows_and_what_crosses_it(open_page: Open, railway: UUID) -> None:
    page = open_page("barriers", barrier=str(railway))
    said = plain(words_of(page))
    assert "known from: Walked it" in said
    assert "only within 30 metres of a crossing" in said
    assert "**Footbridge** · 500 metres along the line · with steps" in said
    assert not page.exception


def test_it_is_ended_with_a_reason(open_page: Open, railway: UUID, borough: Borough) -> None:
    page = open_page("barriers", barrier=str(railway))
    page.session_state[f"fold end barrier {railway}"] = True
    page = fill(page.run(), reason="The line was lifted")
    page = press(page, "End this barrier")
    with session(borough.owner) as s:
        assert barriers_listed(s) == []


def test_facts_change_and_the_version_with_them(open_page: Open, railway: UUID, borough: Borough) -> None:
    page = open_page("barriers", barrier=str(railway))
    page.session_state[f"doing {railway}"] = "line"
    page = fill(page.run(), name="Old line", is_hard=False)
    page = press(page, "Save the barrier")
    assert "The barrier is changed." in words_of(page)
    with session(borough.owner) as s:
        found = barrier(s, railway)
    assert (found.name, found.is_hard, found.version, len(found.crossings)) == ("Old line", False, 2, 1)


def test_an_address_of_none_is_told_in_a_sentence(open_page: Open, borough: Borough) -> None:
    assert "names no barrier" in words_of(open_page("barriers", barrier="nonsense"))


def test_a_partner_reads_of_no_barrier_as_their_layer_is_for_councils(
    open_page: Open, railway: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = Actor("Pat Partner", "partner_viewer")
    monkeypatch.setattr(visit, "visitor", lambda: partner)
    for page in (open_page("barriers", barrier=str(railway)), open_page("barriers")):
        said = plain(words_of(page))
        assert "Your role" in said
        assert "Footbridge" not in said
        assert "Walked it" not in said
        assert plain(HOSTILE) not in said
        assert "map" not in " ".join(one.key for one in page.get("bidi_component"))
