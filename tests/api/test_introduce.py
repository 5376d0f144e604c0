"""A partner suggests somebody by the form of a shared map: a source and a day, and a reference back."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import delete, select
from starlette.testclient import TestClient

from abcd.access import stamps
from abcd.access.accounts import ensure_owner
from abcd.access.associations import ensure_association
from abcd.api import introduce
from abcd.api.guarding import TRAP
from abcd.db import confined
from abcd.db.confined import SHARE_ROLE, confine
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Attempt, AuditEvent, IntroductionIn, Operation
from abcd.maps.sharing.deeds import Made, make_share
from abcd.maps.sharing.wish import Wish
from tests.api.doors import the_doors
from tests.builders import a_place

PAGE = {"Accept": "text/html"}
CANARY = "QuinceOfMillfield"


@pytest.fixture(scope="module")
def association(store: str) -> Actor:
    """A coordinator of the association of this store."""
    with session(SYSTEM) as s:
        ensure_owner(s, by=SYSTEM)
        return Actor("Cara Coach", "coach", organisation_id=str(ensure_association(s, by=SYSTEM)))


@pytest.fixture(scope="module")
def places(association: Actor) -> list[UUID]:
    """Two estates."""
    with session(SYSTEM) as s:
        return [a_place(s, name="Old Mill"), a_place(s, name="Weavers", at=(390_000, 394_000))]


@pytest.fixture
def door(places: list[UUID], association: Actor, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A partner's browser; each test begins with nobody suggested and nothing counted, in a process as confined as the
    one for the public."""
    monkeypatch.setattr(stamps, "SOONEST", 0)
    with session(SYSTEM) as s:
        s.execute(delete(Attempt))
    with session(association) as s:
        s.execute(delete(IntroductionIn))
    with the_doors() as opened:
        opened.headers.update(PAGE)
        yield opened
    confined._roles.clear()


def a_map(places: list[UUID], **more: Any) -> Made:
    wish = {"kind": "link", "title": "Around here", "audience": "partner", "layers": ("assets",), "contact": "Cara"}
    with session(SYSTEM) as s:
        return make_share(s, Wish(**(wish | {"places": tuple(places)} | more)), by=SYSTEM)


def let_in(door: TestClient, made: Made) -> str:
    where = door.get(re.sub(r"^https?://[^/]+", "", made.address)).headers["location"]
    return f"{where}/introduce"


def stamp_of(page: httpx.Response) -> str:
    found = re.search(r'name="stamp" value="([^"]+)"', page.text)
    assert found
    return found[1]


def sent(door: TestClient, where: str, **typed: str) -> httpx.Response:
    return door.post(where, data={"stamp": stamp_of(door.get(where)), "source_kind": "faith_leader"} | typed)


def kept(by: Actor) -> list[IntroductionIn]:
    with session(by) as s:
        return list(s.scalars(select(IntroductionIn).order_by(IntroductionIn.received_on)))


def test_a_partner_gets_a_reference_and_the_team_a_source_and_a_day(
    door: TestClient, places: list[UUID], association: Actor
) -> None:
    made = a_map(places)
    confine(SHARE_ROLE)
    where = let_in(door, made)
    answer = sent(door, where, place=str(places[1]))
    confined._roles.clear()
    assert answer.status_code == 200
    (row,) = kept(association)
    assert row.reference in answer.text
    assert (row.source_kind, row.place_id, row.share_id) == ("faith_leader", places[1], made.share.id)
    assert (row.state, row.person_id, row.kept_apart) == ("suggested", None, False)
    assert str(row.organisation_id) == association.organisation_id


def test_the_form_has_no_field_for_anything_about_the_person(door: TestClient, places: list[UUID]) -> None:
    where = let_in(door, a_map(places))
    page = BeautifulSoup(door.get(where).text, "html.parser")
    names = {one["name"] for one in page.form.find_all(["input", "select", "textarea"])}
    assert names == {"source_kind", "place", "stamp", TRAP}
    assert page.find("script") is None


def test_what_is_typed_into_a_field_that_there_is_not_is_kept_nowhere(
    door: TestClient, places: list[UUID], association: Actor
) -> None:
    where = let_in(door, a_map(places))
    assert sent(door, where, name=CANARY, own_words=CANARY, phone=CANARY).status_code == 200
    with session(SYSTEM) as s:
        told = [str(row) for table in (AuditEvent, Operation) for row in s.execute(select(table.__table__)).all()]
    told += [str(vars(row)) for row in kept(association)]
    assert len(told) > 2
    assert CANARY not in "".join(told)


def test_an_open_map_takes_them_too_and_one_place_needs_no_choice(
    door: TestClient, places: list[UUID], association: Actor
) -> None:
    slug = a_map(places[:1], kind="open", audience="public").share.slug
    assert 'name="place"' not in door.get(f"/open/{slug}/introduce").text
    assert sent(door, f"/open/{slug}/introduce", source_kind="self").status_code == 200
    (row,) = kept(association)
    assert (row.source_kind, row.place_id) == ("self", places[0])


def test_pressed_twice_it_is_one_and_the_reference_the_same(
    door: TestClient, places: list[UUID], association: Actor
) -> None:
    where = let_in(door, a_map(places))
    typed = {"stamp": stamp_of(door.get(where)), "source_kind": "police"}
    answers = {door.post(where, data=typed).text for _ in range(3)}
    assert len(answers) == len(kept(association)) == 1


def test_the_reference_is_in_no_address(door: TestClient, places: list[UUID], association: Actor) -> None:
    answer = sent(door, let_in(door, a_map(places)))
    reference = kept(association)[0].reference
    links = [one["href"] for one in BeautifulSoup(answer.text, "html.parser").find_all("a")]
    assert links
    assert not [one for one in [*links, *answer.headers.values(), str(answer.url)] if reference in one]


def test_the_trap_is_thanked_and_kept_apart(door: TestClient, places: list[UUID], association: Actor) -> None:
    where = let_in(door, a_map(places))
    honest, caught = sent(door, where), sent(door, where, **{TRAP: "http://spam.test"})
    assert (honest.status_code, caught.status_code) == (200, 200)
    plain = {re.sub(r"<strong>.*?</strong>", "", one.text) for one in (honest, caught)}
    assert len(plain) == 1
    assert sorted(row.kept_apart for row in kept(association)) == [False, True]


@pytest.mark.parametrize("typed", [{"source_kind": ""}, {"source_kind": "fortune_teller"},
                                   {"place": "00000000-0000-4000-8000-000000000000"}])  # fmt: skip
def test_what_is_not_offered_is_refused(
    door: TestClient, places: list[UUID], association: Actor, typed: dict[str, str]
) -> None:
    answer = sent(door, let_in(door, a_map(places)), **typed)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert kept(association) == []


def test_too_often_is_told(door: TestClient, places: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(introduce, "PER_SHARE", type(introduce.PER_SHARE)(2, namespace="tried"))
    where = let_in(door, a_map(places))
    answers = [sent(door, where) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_without_having_opened_the_link_there_is_nothing(
    door: TestClient, places: list[UUID], association: Actor
) -> None:
    slug = a_map(places).share.slug
    assert door.get(f"/shared/{slug}/introduce").status_code == 404
    assert door.post(f"/shared/{slug}/introduce", data={"source_kind": "self"}).status_code == 404
    assert kept(association) == []


def test_it_speaks_welsh(door: TestClient, places: list[UUID]) -> None:
    page = door.get(let_in(door, a_map(places)) + "?lang=cy").text
    assert 'lang="cy"' in page
    assert "cyfeirnod" in page
