"""The place page by theme: a picture with its table, strengths first, and every figure opens."""

from collections.abc import Callable
from xml.etree.ElementTree import fromstring

import pytest
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from abcd.assets.taxonomy import load_taxonomy
from abcd.core.clock import today
from abcd.db.session import Actor, session
from abcd.gaps.overview import ThemeLook, by_theme, left_out, would_help
from abcd.gaps.possibilities import survey
from abcd.gaps.searching import record_search
from abcd.pages.panels_themes import rows_of, seen
from abcd.places.queries import place
from tests.builders import HERE, TODAY, a_place, a_small_area, an_asset
from tests.pages.conftest import Borough, words_of


@pytest.fixture
def themes(s: Session, owner: Actor) -> dict[str, ThemeLook]:
    """100 homes: a library beside 60 of them, a fresh hall near all, and somebody who looked thrice for a food bank."""
    load_taxonomy(s)
    a_small_area(s, (HERE[0] - 700, HERE[1]), 60)
    a_small_area(s, (HERE[0] + 700, HERE[1]), 40)
    estate = a_place(s, size=2000)
    an_asset(s, "library", (HERE[0] - 700, HERE[1]))
    an_asset(s, "community-centre", HERE, kind="physical")
    for method in ("desk", "field walk", "connectors"):
        record_search(s, estate, "food-bank", method, TODAY, 0, by=owner)
    return {one.theme: one for one in by_theme(survey(s, estate, on=TODAY))}


def test_each_theme_says_what_is_here_what_may_be_missing_and_what_to_ask(themes: dict[str, ThemeLook]) -> None:
    assert [one.standard.category for one in themes["company-and-belonging"].here] == ["community-centre"]
    assert [one.category for one in themes["learning-and-skills"].partly] == ["library"]
    assert themes["learning-and-skills"].counts == (0, 1, 0, 0)
    assert [one.category for one in themes["food"].missing] == ["food-bank"]
    assert "shop" in [one.category for one in themes["food"].questions]


def test_what_nobody_looked_for_is_never_counted_as_missing(themes: dict[str, ThemeLook]) -> None:
    missing = [one for look in themes.values() for one in (*look.partly, *look.missing)]
    assert [one.state for one in missing if one.is_question] == []
    asked = [one.state for look in themes.values() for one in look.questions]
    assert set(asked) == {"not_recorded"}


def test_what_would_help_most_reaches_most_households(themes: dict[str, ThemeLook]) -> None:
    library, pantry = themes["learning-and-skills"].helps, themes["food"].helps
    assert library is not None
    assert pantry is not None
    assert (left_out(library.measure), left_out(pantry.measure)) == (40, 100)
    assert would_help(library) == "Library or hub: 40 of 100 households have none near that they can surely use."


def test_the_table_says_as_much_as_the_picture(s: Session, themes: dict[str, ThemeLook]) -> None:
    rows = rows_of(list(themes.values()))
    assert len(rows) == sum(sum(one.counts) for one in themes.values())
    library = next(row for row in rows if row["What"] == "Library or hub")
    assert (library["Homes near enough"], library["State"]) == ("60%", "Here")
    assert str(library["Judged by"]).startswith("within 15 minutes’ walk (")


def test_the_picture_has_a_bar_a_theme(s: Session, owner: Actor) -> None:
    load_taxonomy(s)
    a_small_area(s, HERE, 10)
    here = place(s, a_place(s))
    shown = seen(here, survey(s, here.id, on=TODAY))
    root = fromstring(shown.svg)
    told = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {one.name for one in shown.themes} <= told
    assert root[1].text is not None
    assert root[1].text.startswith(f"Bars of {len(shown.themes)} themes.")


def test_a_theme_opens_to_its_figures(open_page: Callable[..., AppTest], borough: Borough) -> None:
    with session(borough.owner) as s:
        reference = place(s, borough.estate).reference
    page = open_page(place=reference)
    page.session_state["theme learning-and-skills"] = True
    page.session_state["how learning-and-skills"] = True
    page.run()
    assert not page.exception
    said = words_of(page).replace("\\", "")
    assert "100% of homes are near enough" in said
    assert "Share near one: households" in said
    assert any("Old Mill by theme" in str(fold.label) for fold in page.expander)


def test_what_would_help_most_leads_to_where(open_page: Callable[..., AppTest], borough: Borough) -> None:
    with session(borough.owner) as s:
        here = place(s, borough.estate)
        for method in ("desk", "field walk", "connectors"):
            record_search(s, here.id, "food-bank", method, today(), 0, by=borough.owner)
    page = open_page(place=here.reference)
    page.session_state["theme food"] = True
    page.run()
    assert "120 of 120 households have none near" in words_of(page).replace("\\", "")
    links = [link.proto.label for link in page.page_link]
    assert "Where it would reach most homes: Pantry or food bank" in links
