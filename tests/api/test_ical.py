"""Calendars over HTTP: of a group, a venue, a place and one asset, for whoever may see them."""

import time
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from icalendar import Calendar
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from abcd.api import ical, shared_map, sharing
from abcd.api.answers import told
from abcd.assets.actions import edit_asset
from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import Actor, session
from abcd.db.tables import Activity, Asset, PlaceAsset, Setting
from abcd.errors import AbcdError
from abcd.maps.reader import PUBLIC_LAYERS
from abcd.maps.sharing.deeds import make_share, revoke_share
from abcd.maps.sharing.wish import Wish
from tests.builders import a_group, a_place, a_venue, an_asset

CANARY = "canary-at-home"


@pytest.fixture(scope="module")
def ids(store: str, owner: Actor) -> dict[str, UUID]:
    """An estate with a hall, a choir that meets there, what the choir does, and what must not be told."""
    with session(owner) as s:
        load_taxonomy(s)
        s.add(Setting(name=PUBLIC_LAYERS, value=["assets", "places"]))
        place = a_place(s, name="Old Mill")
        hall = a_venue(s, name="Mill Hall", address="1 Mill Street, Millfield", postcode="M16 7AA",
                       opening_hours="Mo-Su 08:00-22:00")  # fmt: skip
        choir = a_group(s, "arts-and-music", name="Choir", meets_at=hall, opening_hours="Th 19:00-21:00", version=3)
        class_ = an_asset(s, "adult-learning", name="Singing for beginners", opening_hours="Tu[2] 18:00-19:00",
                          address=CANARY, postcode="M16 9ZZ", kind="economic")  # fmt: skip
        s.add(Activity(asset_id=class_, group_id=choir))
        knitting = a_group(
            s, name="Knitting at home", opening_hours="We 10:00-12:00", address=CANARY, at=(380_050, 394_050)
        )
        library = an_asset(s, "library", name="Library", opening_hours="Mo 09:00-17:00")
        quiet = a_group(s, "support-and-recovery", name="Recovery", opening_hours="Mo 18:00-19:00")
        s.execute(update(Asset).where(Asset.id == quiet).values(is_sensitive=True, point=None, geom=None))
        hidden = a_group(s, name=CANARY, opening_hours="Mo 09:00-10:00", visibility="officer")
        closed = a_group(
            s, name="Closed club", opening_hours="Mo 09:00-10:00", status="defunct", end_date=date(2020, 1, 1)
        )
        here = (hall, choir, class_, knitting, library, hidden, closed)
        s.add_all(PlaceAsset(place_id=place, asset_id=one, relation="within") for one in here)
    return {"place": place, "hall": hall, "choir": choir, "class": class_, "knitting": knitting, "library": library,
            "quiet": quiet, "hidden": hidden}  # fmt: skip


@pytest.fixture(scope="module")
def web(ids: dict[str, UUID]) -> Iterator[TestClient]:
    with TestClient(
        Starlette(routes=[*ical.ROUTES, *sharing.ROUTES, *shared_map.ROUTES], exception_handlers={AbcdError: told})
    ) as client:
        yield client


def happens(web: TestClient, kind: str, asked: UUID) -> dict[str, str]:
    """What a calendar tells: the name of each event, and where it is."""
    answer = web.get(f"/ical/{kind}/{asked}.ics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    assert CANARY not in answer.text
    calendar = Calendar.from_ical(answer.content)
    assert calendar["VERSION"] == "2.0"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]
    return {str(one["SUMMARY"]): str(one.get("LOCATION", "")) for one in calendar.walk("VEVENT")}


def test_what_a_group_does(web: TestClient, ids: dict[str, UUID]) -> None:
    at_the_hall = "Mill Hall, 1 Mill Street, Millfield, M16 7AA"
    assert happens(web, "group", ids["choir"]) == {"Choir": at_the_hall, "Singing for beginners": ""}


def test_what_happens_at_a_venue(web: TestClient, ids: dict[str, UUID]) -> None:
    assert set(happens(web, "venue", ids["hall"])) == {"Choir"}


def test_what_happens_in_a_place(web: TestClient, ids: dict[str, UUID]) -> None:
    """Not what is merely open, and nothing that is over."""
    assert set(happens(web, "place", ids["place"])) == {"Choir", "Singing for beginners", "Knitting at home"}
    assert b"NAME:Old Mill" in web.get(f"/ical/place/{ids['place']}.ics").content


def test_one_asset(web: TestClient, ids: dict[str, UUID]) -> None:
    assert happens(web, "asset", ids["library"]) == {"Library": ""}
    assert happens(web, "asset", ids["knitting"]) == {"Knitting at home": ""}


def test_a_sensitive_one_has_times_and_no_place(web: TestClient, ids: dict[str, UUID]) -> None:
    assert happens(web, "asset", ids["quiet"]) == {"Recovery": ""}
    assert b"GEO" not in web.get(f"/ical/asset/{ids['quiet']}.ics").content


def test_whatever_is_not_there_is_not_there_alike(web: TestClient, ids: dict[str, UUID]) -> None:
    paths = [f"{kind}/{one}" for kind in ("asset", "group", "venue", "place") for one in (ids["hidden"], uuid4(), "x")]
    answers = [web.get(f"/ical/{path}.ics") for path in [*paths, f"street/{ids['choir']}"]]
    assert len({(one.status_code, one.content, tuple(sorted(one.headers.items()))) for one in answers}) == 1
    assert answers[0].status_code == 404


def test_a_wrong_key_and_an_unknown_share_open_nothing(web: TestClient, ids: dict[str, UUID]) -> None:
    path = f"/ical/asset/{ids['choir']}.ics"
    assert web.get(path, headers={"X-API-Key": "abcd_wrong"}).status_code == 404
    for prefix in ("/shared/", "/open/"):
        assert web.get(f"{prefix}{'A' * 22}/ical/{ids['choir']}.ics").status_code == 404


def test_the_times_of_one_asset_of_a_shared_map(web: TestClient, ids: dict[str, UUID], owner: Actor) -> None:
    with session(owner) as s:
        link = make_share(s, Wish("link", "For the surgery", "partner", ("groups",), (ids["place"],)), by=owner)
        open_ = make_share(s, Wish("open", "For everybody", "public", ("venues",)), by=owner)
    shared, anybodys = f"/shared/{link.share.slug}/ical", f"/open/{open_.share.slug}/ical"
    assert web.get(f"{shared}/{ids['choir']}.ics").status_code == 404
    with TestClient(web.app, base_url="http://testserver", follow_redirects=False) as partner:
        assert partner.get(urlsplit(link.address).path).status_code == 303
        taken = partner.get(f"{shared}/{ids['choir']}.ics")
        assert [str(one["SUMMARY"]) for one in Calendar.from_ical(taken.content).walk("VEVENT")] == ["Choir"]
        assert taken.headers["cache-control"] == "no-store"
        assert "attachment" in taken.headers["content-disposition"]
        for other in ("library", "quiet", "hidden"):
            assert partner.get(f"{shared}/{ids[other]}.ics").status_code == 404
        with session(owner) as s:
            revoke_share(s, link.share.id, by=owner)
        assert partner.get(f"{shared}/{ids['choir']}.ics").status_code == 404
    page = web.get(f"/open/{open_.share.slug}/asset/{ids['hall']}", headers={"Accept": "text/html"})
    assert f'href="{anybodys}/{ids["hall"]}.ics"' in page.text
    hall = web.get(f"{anybodys}/{ids['hall']}.ics")
    assert [str(one["SUMMARY"]) for one in Calendar.from_ical(hall.content).walk("VEVENT")] == ["Mill Hall"]
    assert web.get(f"{anybodys}/{ids['choir']}.ics").status_code == 404


def test_nothing_is_told_that_the_owner_did_not_make_public(
    web: TestClient, ids: dict[str, UUID], owner: Actor
) -> None:
    def opened(layers: list[str]) -> None:
        with session(owner) as s:
            s.get_one(Setting, PUBLIC_LAYERS).value = layers

    try:
        opened(["places"])
        assert web.get(f"/ical/asset/{ids['choir']}.ics").status_code == 404
        assert web.get(f"/ical/place/{ids['place']}.ics").status_code == 404
        opened(["groups"])
        assert set(happens(web, "place", ids["place"])) == {"Choir", "Knitting at home"}
        assert web.get(f"/ical/asset/{ids['library']}.ics").status_code == 404
    finally:
        opened(["assets", "places"])


def test_a_copy_is_good_until_something_changes(web: TestClient, ids: dict[str, UUID], owner: Actor) -> None:
    path = f"/ical/asset/{ids['choir']}.ics"
    first = web.get(path)
    assert web.get(path).content == first.content
    time.sleep(1.1)  # a stamp has whole seconds
    assert web.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    with session(owner) as s:
        edit_asset(s, ids["choir"], {"description": "New songs"}, version=3, by=owner)
    changed = web.get(path, headers={"If-None-Match": first.headers["etag"]})
    (before,), (after,) = (Calendar.from_ical(one.content).walk("VEVENT") for one in (first, changed))
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (3, 4)
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt


def test_any_site_may_read_it(web: TestClient, ids: dict[str, UUID]) -> None:
    path = f"/ical/asset/{ids['choir']}.ics"
    assert web.options(path).status_code == 204
    assert web.get(path).headers["access-control-allow-origin"] == "*"
    assert web.head(path).status_code == 200
    assert web.post(path).status_code == 405
