"""A reader suggests over HTTP: what is typed stays, machines are met quietly, and nothing is live before approval."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, func, select, update
from starlette.testclient import TestClient

from abcd.access import stamps
from abcd.api import guarding
from abcd.api.guarding import PER_ADDRESS, TRAP
from abcd.assets.moderating import approve_contribution
from abcd.assets.suggested import suggested, suggestions
from abcd.assets.taxonomy import load_taxonomy
from abcd.db import confined
from abcd.db.confined import SHARE_ROLE, confine
from abcd.db.holding import assign
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Asset, Attempt, Contribution
from abcd.maps.sharing.deeds import Made, make_share
from abcd.maps.sharing.wish import Wish
from tests.api.doors import the_doors
from tests.builders import HERE, a_group, a_place, an_asset

EAST, NORTH = HERE
PAGE = {"Accept": "text/html"}
HOURS = "Mo 10:00-12:00"


@pytest.fixture(scope="module")
def here(store: str) -> dict[str, UUID]:
    """An estate with a library and a group, and another library far away."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        made = {
            "estate": a_place(s, name="Old Mill", size=600),
            "library": an_asset(s, name="Mill Library", opening_hours=HOURS, address="1 Mill Lane", cost="free"),
            "group": a_group(s, name="Knitters", phone="07700900123", contact_public=True, address="2 Home Road"),
            "far": an_asset(s, at=(EAST + 9_000, NORTH), name="Far Library"),
            "officers": an_asset(s, name="Inside", visibility="officer"),
        }
        assign(s)
        return made


def a_map(here: dict[str, UUID], **more: Any) -> Made:
    """A shared map of the estate."""
    wish = {"kind": "link", "title": "Old Mill", "audience": "partner", "layers": ("assets",)}
    with session(SYSTEM) as s:
        return make_share(s, Wish(**(wish | {"places": (here["estate"],)} | more)), by=SYSTEM)


@pytest.fixture
def door(here: dict[str, UUID], monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A partner's browser that opened a link; each test begins with nothing suggested and nothing counted."""
    monkeypatch.setattr(stamps, "SOONEST", 0)
    with session(SYSTEM) as s:
        s.execute(delete(Contribution))
        s.execute(delete(Attempt))
    with the_doors() as opened:
        opened.headers.update(PAGE)
        yield opened


@pytest.fixture
def base(door: TestClient, here: dict[str, UUID]) -> str:
    """The address of a map that the browser was let into."""
    return str(door.get(made_path(a_map(here))).headers["location"])


def made_path(made: Made) -> str:
    return re.sub(r"^https?://[^/]+", "", made.address)


def stamp_of(page: httpx.Response) -> str:
    found = re.search(r'name="stamp" value="([^"]+)"', page.text)
    assert found
    return found[1]


def sent(door: TestClient, where: str, **typed: str) -> httpx.Response:
    """A form that was opened, filled in and sent."""
    return door.post(where, data={"stamp": stamp_of(door.get(where))} | typed)


def waiting() -> list[Any]:
    with session(SYSTEM) as s:
        return [suggested(s, one.id, by=SYSTEM) for one in suggestions(s, by=SYSTEM)]


def test_a_correction_shows_what_stands_there_and_lands_with_an_officer(
    door: TestClient, base: str, here: dict[str, UUID]
) -> None:
    where = f"{base}/suggest?asset={here['library']}"
    page = door.get(where)
    assert page.status_code == 200
    assert HOURS in page.text
    assert "1 Mill Lane" in page.text
    answer = sent(door, where, opening_hours="Tu 14:00-16:00", role_words="link worker", told_by="pat@example.org")
    assert answer.status_code == 303
    assert "has arrived" in door.get(answer.headers["location"]).text
    (one,) = waiting()
    assert (one.kind, one.came_by, one.asset_id) == ("correction", "shared map", here["library"])
    assert (one.proposed, one.seen) == ({"opening_hours": "Tu 14:00-16:00"}, {"opening_hours": HOURS})
    assert (one.role_words, one.told_by) == ("link worker", "pat@example.org")
    with session(SYSTEM) as s:
        assert s.get_one(Asset, here["library"]).opening_hours == HOURS
        approve_contribution(s, one.id, one.proposed, version=1, asset_version=1, by=SYSTEM)
    with session(SYSTEM) as s:
        assert s.get_one(Asset, here["library"]).opening_hours == "Tu 14:00-16:00"
        s.execute(update(Asset).where(Asset.id == here["library"]).values(opening_hours=HOURS))


def test_something_missing_lands_with_the_places_of_the_map(door: TestClient, base: str, here: dict[str, UUID]) -> None:
    where = f"{base}/suggest"
    assert sent(door, where, name="Chess club", address="Weavers Hall", reach="ask Ali").status_code == 303
    (one,) = waiting()
    assert (one.kind, one.asset_id, one.place_ids) == ("addition", None, (here["estate"],))
    assert one.proposed == {"name": "Chess club", "address": "Weavers Hall", "reach": "ask Ali"}


def test_an_open_map_takes_suggestions_too(door: TestClient, here: dict[str, UUID]) -> None:
    slug = a_map(here, kind="open", audience="public").share.slug
    answer = sent(door, f"/open/{slug}/suggest?asset={here['library']}", cost="£1")
    assert answer.status_code == 303
    assert waiting()[0].came_by == "open map"


@pytest.mark.parametrize("which", ["far", "officers", "unknown", "malformed"])
def test_what_the_reader_does_not_see_cannot_be_asked_about(
    door: TestClient, base: str, here: dict[str, UUID], which: str
) -> None:
    asked = {"unknown": "00000000-0000-4000-8000-000000000000", "malformed": "x' or true"}.get(which) or here[which]
    where = f"{base}/suggest?asset={asked}"
    assert door.get(where).status_code == 404
    assert door.post(where, data={"cost": "£1"}).status_code == 404
    assert waiting() == []


def test_a_contact_without_consent_and_a_home_stay_inside(door: TestClient, base: str, here: dict[str, UUID]) -> None:
    page = door.get(f"{base}/suggest?asset={here['group']}")
    assert page.status_code == 200
    assert "07700" not in page.text
    assert "Home Road" not in page.text


def test_without_having_opened_the_link_there_is_nothing(door: TestClient, here: dict[str, UUID]) -> None:
    slug = a_map(here).share.slug
    assert door.get(f"/shared/{slug}/suggest").status_code == 404
    assert door.post(f"/shared/{slug}/suggest", data={"name": "x", "address": "y"}).status_code == 404


HOSTILE = '"><script>alert(1)</script>${7*7}{{7*7}}'


def test_what_was_typed_stays_when_something_is_to_be_mended(door: TestClient, base: str) -> None:
    answer = sent(door, f"{base}/suggest", name=HOSTILE, own_words="Every Tuesday", told_by="pat@example.org")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "roughly where" in answer.text
    assert HOSTILE not in answer.text
    for kept in (HOSTILE, "Every Tuesday", "pat@example.org"):
        assert kept in html.unescape(answer.text)
    assert waiting() == []
    again = door.post(f"{base}/suggest", data={"stamp": stamp_of(answer), "name": "Chess", "address": "Here"})
    assert again.status_code == 303


def test_pressing_twice_is_one_suggestion(door: TestClient, base: str, here: dict[str, UUID]) -> None:
    where = f"{base}/suggest?asset={here['library']}"
    typed = {"stamp": stamp_of(door.get(where)), "cost": "£2"}
    assert [door.post(where, data=typed).status_code for _ in range(3)] == [303, 303, 303]
    assert len(waiting()) == 1


def test_the_trap_is_thanked_and_kept_apart(door: TestClient, base: str, here: dict[str, UUID]) -> None:
    where = f"{base}/suggest?asset={here['library']}"
    honest, caught = sent(door, where, cost="£2"), sent(door, where, cost="£3", **{TRAP: "http://spam.test"})
    assert (honest.status_code, caught.status_code) == (303, 303)
    assert honest.headers["location"] == caught.headers["location"]
    assert [one.proposed for one in waiting()] == [{"cost": "£2"}]
    with session(SYSTEM) as s:
        assert [one.name for one in suggestions(s, by=SYSTEM, state="apart")] == ["Mill Library"]


def test_the_trap_is_out_of_the_way_of_people(door: TestClient, base: str) -> None:
    page = door.get(f"{base}/suggest").text
    trap = re.search(r'<div class="trap" aria-hidden="true">.*?</div>', page, re.DOTALL)
    assert trap
    assert 'tabindex="-1"' in trap[0]
    assert "Leave this empty" in trap[0]


def test_haste_is_told_and_the_words_are_kept(door: TestClient, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "SOONEST", 2)
    answer = sent(door, f"{base}/suggest", name="Chess", address="Here")
    assert answer.status_code == 422
    assert "very quick" in answer.text
    assert 'value="Chess"' in answer.text
    assert waiting() == []


@pytest.mark.parametrize("stamp", ["", "x", "0" * 32 + ".00000000." + "0" * 64])
def test_a_form_that_is_not_ours_or_too_old_is_shown_again(door: TestClient, base: str, stamp: str) -> None:
    answer = door.post(f"{base}/suggest", data={"stamp": stamp, "name": "Chess", "address": "Here"})
    assert answer.status_code == 422
    assert stamp_of(answer) != stamp
    assert waiting() == []


def test_a_stamp_is_for_one_form_alone(door: TestClient, base: str, here: dict[str, UUID]) -> None:
    other = stamp_of(door.get(f"{base}/suggest"))
    where = f"{base}/suggest?asset={here['library']}"
    assert door.post(where, data={"stamp": other, "cost": "£2"}).status_code == 422


def test_many_web_addresses_are_asked_away(door: TestClient, base: str) -> None:
    words = "see http://a.test and www.b.test"
    answer = sent(door, f"{base}/suggest", name="Chess", address="Here", own_words=words)
    assert answer.status_code == 422
    assert words in html.unescape(answer.text)


def test_too_often_is_told_with_when_to_come_again(door: TestClient, base: str) -> None:
    where = f"{base}/suggest"
    typed = {"stamp": stamp_of(door.get(where)), "name": "Chess"}
    for _ in range(PER_ADDRESS.amount):
        assert door.post(where, data=typed).status_code == 422
    answer = door.post(where, data=typed | {"address": "Here"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 3_600
    assert 'value="Chess"' in answer.text
    with session(SYSTEM) as s:
        keys = s.scalars(select(Attempt.key)).all()
    assert keys
    assert [key for key in keys if "testclient" in key] == []


def test_a_share_takes_so_many_whoever_sends_them(
    door: TestClient, base: str, here: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    callers = iter(f"192.0.2.{n % 250}" for n in range(1_000))
    monkeypatch.setattr(guarding, "address_of", lambda _request: next(callers))
    monkeypatch.setattr(guarding.PER_SHARE, "amount", 5)
    where = f"{base}/suggest?asset={here['library']}"
    codes = [sent(door, where, cost=f"£{n}").status_code for n in range(6)]
    assert codes == [303] * 5 + [429]


def test_what_is_longer_than_a_field_is_a_sentence_in_any_script(door: TestClient, base: str) -> None:
    fits = sent(door, f"{base}/suggest", name="Chess", address="Here", own_words="漢" * 2_000)
    assert fits.status_code == 303
    answer = sent(door, f"{base}/suggest", name="Chess", address="Here", own_words="漢" * 2_001)
    assert answer.status_code == 422
    assert "2000 letters" in answer.text
    assert door.post(f"{base}/suggest", data={"own_words": "x" * 70_000}).status_code == 400


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_another_site_sends_nothing(door: TestClient, base: str, headers: dict[str, str]) -> None:
    stamp = stamp_of(door.get(f"{base}/suggest"))
    typed = {"stamp": stamp, "name": "Chess", "address": "Here"}
    assert door.post(f"{base}/suggest", data=typed, headers=headers).status_code == 403
    assert waiting() == []


def test_in_welsh_the_form_stays_about_the_same_asset(door: TestClient, base: str, here: dict[str, UUID]) -> None:
    page = door.get(f"{base}/suggest?asset={here['library']}&lang=cy")
    assert "Awgrymu cywiriad" in page.text
    assert f"?asset={here['library']}&amp;lang=en" in page.text


def test_a_process_that_only_strangers_reach_writes_here_and_nowhere_else(
    door: TestClient, base: str, here: dict[str, UUID]
) -> None:
    confine(SHARE_ROLE)
    try:
        assert sent(door, f"{base}/suggest?asset={here['library']}", cost="£2").status_code == 303
        with pytest.raises(PermissionError), session(SYSTEM):
            pass
    finally:
        confined._roles.clear()
    assert len(waiting()) == 1


def test_the_pages_are_kept_by_nobody_and_tell_nobody(door: TestClient, base: str) -> None:
    headers = door.get(f"{base}/suggest").headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_the_attempts_do_not_pile_up(door: TestClient, base: str) -> None:
    sent(door, f"{base}/suggest", name="x")
    with session(SYSTEM) as s:
        s.execute(update(Attempt).values(expires_at=func.now() - timedelta(hours=1)))
    sent(door, f"{base}/suggest", name="x")
    with session(SYSTEM) as s:
        assert s.scalar(select(func.count()).where(Attempt.expires_at < func.now())) == 0
