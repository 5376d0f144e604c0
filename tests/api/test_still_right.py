"""A group's link over HTTP: looking changes nothing, pressing does, dead links look alike."""

import re
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, func, select
from starlette.testclient import TestClient

from abcd.access import stamps
from abcd.assets.actions import retire_asset
from abcd.assets.check_links import end_check_link, make_check_link
from abcd.assets.suggested import suggestions
from abcd.assets.taxonomy import load_taxonomy
from abcd.core.clock import today
from abcd.db import confined
from abcd.db.confined import SHARE_ROLE, confine
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Asset, AuditEvent, CheckLink, Contribution, RowChange, Verification
from tests.api.doors import the_doors
from tests.builders import a_group

OLD = date(2024, 1, 1)


@pytest.fixture
def door(store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(stamps, "SOONEST", 0)
    with the_doors(headers={"Accept": "text/html"}) as opened:
        yield opened


@pytest.fixture
def group(store: str) -> UUID:
    with session(SYSTEM) as s:
        load_taxonomy(s)
        s.execute(delete(Contribution))
        return a_group(s, name="Knit & natter", phone="07700 900123", checked=OLD, opening_hours="Mo 10:00-12:00")


@pytest.fixture
def link(group: UUID) -> str:
    with session(SYSTEM) as s:
        return f"/still-right/{make_check_link(s, group, by=SYSTEM).token}"


def stands(group: UUID) -> tuple[date | None, str, bool, int]:
    with session(SYSTEM) as s:
        one = s.get_one(Asset, group)
        return one.assured_on, one.status, one.contact_public, one.version


def news() -> tuple[int, int]:
    """How many events and row changes the trail has."""
    with session(SYSTEM) as s:
        counts = [s.scalar(select(func.count()).select_from(table)) or 0 for table in (AuditEvent, RowChange)]
        return counts[0], counts[1]


def test_looking_changes_nothing_however_often_a_scanner_looks(door: TestClient, link: str, group: UUID) -> None:
    before = news(), stands(group)
    for _ in range(3):
        page = door.get(link)
        assert door.head(link).status_code == door.get(f"{link}/changed").status_code == 200
    assert (news(), stands(group)) == before
    for words in (
        "Knit &amp; natter",
        "07700 900123",
        "Mo 10:00-12:00",
        "Still right",
        "Something changed",
        "It has closed",
    ):
        assert words in page.text


def test_still_right_is_one_press_and_a_second_changes_nothing(door: TestClient, link: str, group: UUID) -> None:
    for _ in range(3):
        answer = door.post(link, data={"answer": "right"})
        assert answer.status_code == 303
        assert "written down that it is right" in door.get(answer.headers["location"]).text
    assert stands(group) == (today(), "active", False, 2)
    with session(SYSTEM) as s:
        checks = s.scalars(select(Verification.method).where(Verification.asset_id == group)).all()
    assert list(checks) == ["group"]


def test_what_changed_waits_for_an_officer(door: TestClient, link: str, group: UUID) -> None:
    page = door.get(f"{link}/changed")
    stamp = re.search(r'name="stamp" value="([^"]+)"', page.text)
    assert stamp
    typed = {"stamp": stamp[1], "opening_hours": "Tu 14:00-16:00", "phone": "07700 900999"}
    assert door.post(f"{link}/changed", data=typed | {"postcode": "M16"}).status_code == 422
    assert door.post(f"{link}/changed", data=typed).status_code == 303
    assert "Somebody looks at your changes" in door.get(link).text
    with session(SYSTEM) as s:
        (one,) = suggestions(s, by=SYSTEM)
        assert (one.came_by, one.name) == ("group", "Knit & natter")
        assert s.get_one(Asset, group).opening_hours == "Mo 10:00-12:00"


def test_closed_sets_nothing_live(door: TestClient, link: str, group: UUID) -> None:
    for _ in range(2):
        assert door.post(link, data={"answer": "closed"}).status_code == 303
    assert stands(group) == (OLD, "active", False, 1)
    with session(SYSTEM) as s:
        assert [one.kind for one in suggestions(s, by=SYSTEM)] == ["closing"]


def test_consent_is_given_and_taken_back_with_one_press_each(door: TestClient, link: str, group: UUID) -> None:
    assert "Yes, show them" in door.get(link).text
    door.post(link, data={"answer": "agree"})
    assert "Show them no longer" in door.get(link).text
    assert stands(group)[2]
    door.post(link, data={"answer": "withdraw"})
    assert "no longer shown" in door.get(link).text
    assert not stands(group)[2]


@pytest.mark.parametrize("how", ["unknown", "malformed", "ended", "replaced", "retired"])
def test_dead_links_look_alike_to_the_byte(door: TestClient, link: str, group: UUID, how: str) -> None:
    with session(SYSTEM) as s:
        if how == "ended":
            end_check_link(s, group, by=SYSTEM)
        elif how == "replaced":
            make_check_link(s, group, by=SYSTEM)
        elif how == "retired":
            retire_asset(s, group, "Gone", version=1, by=SYSTEM)
    where = {"unknown": "/still-right/" + "B" * 43, "malformed": "/still-right/%27%20or%20true"}.get(how, link)
    known = door.get("/still-right/" + "A" * 43)
    before = stands(group)
    for answer in (door.get(where), door.post(where, data={"answer": "right"}), door.get(f"{where}/changed"),
                   door.post(f"{where}/changed", data={"cost": "x"})):  # fmt: skip
        assert told(answer) == told(known)
    assert known.status_code == 404
    assert stands(group) == before


def told(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    return answer.status_code, answer.content, sorted(answer.headers.items())


def test_a_button_that_is_not_there_does_nothing(door: TestClient, link: str, group: UUID) -> None:
    before = stands(group)
    assert door.post(link, data={"answer": "erase"}).status_code == 400
    assert door.post(link, data={}).status_code == 400
    assert stands(group) == before


def test_the_token_is_in_no_answer_but_its_own_links(door: TestClient, link: str) -> None:
    page = door.get(link)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex"
    token = link.rsplit("/", 1)[1]
    assert page.text.count(token) == page.text.count(f'href="{link}/changed')
    with session(SYSTEM) as s:
        assert token not in str(s.execute(select(RowChange.after, RowChange.before)).all())
        assert token not in str(s.execute(select(AuditEvent.after, AuditEvent.before)).all())
        assert s.scalar(select(CheckLink.token_hash).where(CheckLink.token_hash == token)) is None


def test_a_process_for_strangers_alone_takes_the_answer(door: TestClient, link: str, group: UUID) -> None:
    confine(SHARE_ROLE)
    try:
        assert door.get(link).status_code == 200
        assert door.post(link, data={"answer": "right"}).status_code == 303
    finally:
        confined._roles.clear()
    assert stands(group)[0] == today()


def test_another_site_presses_no_button(door: TestClient, link: str, group: UUID) -> None:
    answer = door.post(link, data={"answer": "closed"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    with session(SYSTEM) as s:
        assert suggestions(s, by=SYSTEM) == []
