"""A small borough in a real store, a signed-in visitor, and the pages driven through the front door."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import streamlit as st
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import ensure_owner
from abcd.access.sessions import COOKIE, open_session
from abcd.assets.taxonomy import load_taxonomy
from abcd.assets.words import learn_words
from abcd.core.clock import today
from abcd.db.holding import assign
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import DuplicatePair, Postcode
from tests.builders import HERE, a_group, a_place, a_small_area, an_asset, shape

ROOT = Path(__file__).parents[2]
HOSTILE = "Tea & <img src=x onerror=alert(1)> ![x](http://evil.test/x) ${7*7} `b`"


@dataclass(frozen=True)
class Borough:
    """What the tests need to know of the store: the estate, three of its assets, and a signed-in cookie."""

    estate: UUID
    library: UUID
    hostile: UUID
    cookie: str
    owner: Actor


@pytest.fixture(scope="module")
def borough(store: str) -> Borough:
    """An estate of 120 homes with a library, a youth group, a hall, a café with a hostile name, and a look-alike."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        owner = ensure_owner(s, by=SYSTEM)
        return Borough(**_fill(s), cookie=open_session(s, owner), owner=owner)


def _fill(s: Session) -> dict[str, UUID]:
    east, north = HERE
    estate = a_place(s, name="Old Mill", size=600)
    a_place(s, name="Mill Ward", kind="ward", size=4000)
    a_small_area(s, HERE, 120)
    fresh = today() - timedelta(days=20)
    library = an_asset(
        s, "library", HERE, checked=fresh, name="Mill Library", address="1 Mill Lane", website="mill.test"
    )
    alike = an_asset(s, "library", (east + 5, north), checked=None, name="Mill Lane Library")
    hostile = an_asset(s, "cafe", (east + 60, north + 40), checked=fresh, kind="economic", name=HOSTILE)
    an_asset(s, "community-centre", (east - 80, north), checked=fresh, kind="physical", name="Weavers Hall")
    a_group(s, "youth-group", (east, north - 90), name="Friday Youth Club", needs_room=True)
    s.add(DuplicatePair(asset_id=library, other_id=alike, score=0.91, reasons="Names nearly the same, 5 m apart"))
    s.add(Postcode(postcode="M16 7AA".replace(" ", ""), point=shape_of(HERE)))
    s.flush()
    assign(s)
    learn_words(s)
    return {"estate": estate, "library": library, "hostile": hostile}


def shape_of(at: tuple[float, float]) -> object:
    """A point in metres as a value to store."""
    from shapely import Point

    return shape(Point(at))


@pytest.fixture
def open_page(borough: Borough, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Opens a page through ``app.py`` as the signed-in owner: ``open_page("find", q="library")``."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(type(st.context), "cookies", {COOKIE: borough.cookie})

    def opened(name: str = "place", **query: str) -> AppTest:
        page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        if name != "place":
            page.switch_page(f"abcd/pages/{name}.py")
        for key, value in query.items():
            page.query_params[key] = value
        return page.run()

    return opened


def words_of(page: AppTest) -> str:
    """Everything a page says, in one text."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "success", "info", "warning", "error")
    said = [str(element.value) for kind in kinds for element in getattr(page, kind)]
    links = [str(getattr(link.proto, "label", "")) for link in page.page_link]
    return "\n".join(said + links)


def reference_of(s: Session, place_id: UUID) -> str:
    """The reference of a place."""
    from abcd.places.queries import place

    return place(s, place_id).reference
