"""A resident's own page over HTTP: looking changes nothing, pressing does, dead links look alike, nothing of others."""

import html
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select, text
from starlette.testclient import TestClient

from abcd.access.associations import ensure_association
from abcd.core.clock import today
from abcd.db import confined, erasures
from abcd.db.confined import SHARE_ROLE, confine
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import AuditEvent, Connection, Conversation, Person, PersonOffer, RowChange
from abcd.people.actions import add_note, add_person
from abcd.people.consents import ConsentDraft, consents_of, give_consent
from abcd.people.drafts import NoteDraft
from abcd.people.gift_drafts import OfferDraft, WishDraft
from abcd.people.offers import add_person_offer, offers_of
from abcd.people.resident_links import end_resident_link, make_resident_link
from abcd.people.whereabouts import PEOPLE
from abcd.people.wishes import add_person_wish, wishes_of
from tests.api.doors import the_doors
from tests.builders import a_place
from tests.canary import a_canary, unlikely
from tests.people.conftest import a_draft, grounds


@pytest.fixture
def door(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))
    with the_doors(headers={"Accept": "text/html"}) as opened:
        yield opened


@pytest.fixture(scope="module")
def coach(store: str) -> Actor:
    with session(SYSTEM) as s:
        home = str(ensure_association(s, by=SYSTEM))
    return Actor("Cora Coach", "coach", organisation_id=home)


@pytest.fixture(scope="module")
def patch(store: str) -> UUID:
    with session(SYSTEM) as s:
        return a_place(s, kind="patch", name="North patch")


class Resident:
    """Somebody with all that can be kept of them, each in words of their own."""

    def __init__(self, coach: Actor, patch: UUID, **more: object) -> None:
        self.coach = coach
        self.words = a_canary() | {name: f"{unlikely()} {unlikely()}" for name in (
            "hope", "worry", "talk", "offer", "wish", "named")}  # fmt: skip
        own = {name: self.words[name] for name in ("preferred_name", "phone", "email", "comms_needs")}
        with session(Actor("Olga", "owner", organisation_id=coach.organisation_id)) as s:
            by = Actor("Olga", "owner", organisation_id=coach.organisation_id)
            self.id = add_person(s, a_draft(patch, **own, adult_confirmed=True, **more), by=by).id
            for kind in ("hope", "worry"):
                add_note(s, self.id, NoteDraft(kind, self.words[kind], grounds()), by=by)
            add_person_offer(s, self.id, OfferDraft(self.words["offer"], "hands", grounds=grounds()), by=by)
            add_person_wish(s, self.id, WishDraft(self.words["wish"], "learn", grounds=grounds()), by=by)
            give_consent(s, self.id, ConsentDraft("introductions", "in_person"), by=by)
            give_consent(s, self.id, ConsentDraft("sharing", "paper", None, (self.words["named"],)), by=by)
            s.add(Conversation(person_id=self.id, organisation_id=UUID(coach.organisation_id), held_on=today(),
                               minutes=40, kind="listening", mode="did_with", summary=self.words["talk"],
                               held_by="Cora", purpose="p", lawful_basis="consent", consent_on=today(),
                               source="them"))  # fmt: skip
            self.link = f"/mine/{make_resident_link(s, self.id, by=by).token}"

    def holds(self, purpose: str) -> bool:
        with session(self.coach) as s:
            return bool(s.scalar(select(func.core.consents(self.id, purpose))))


@pytest.fixture
def ada(coach: Actor, patch: UUID) -> Resident:
    return Resident(coach, patch)


@pytest.fixture(scope="module")
def ben(coach: Actor, patch: UUID) -> Resident:
    """A neighbour, of whom no word may stand on anybody else's page."""
    return Resident(coach, patch)


def read(answer: httpx.Response) -> str:
    """What an answer says, out of its wrapping."""
    return html.unescape(answer.text).replace('\\"', '"')


IN_CONFIDENCE = ("worry", "talk")
OPEN = ("preferred_name", "phone", "email", "comms_needs", "hope", "offer", "wish", "named")


def news() -> tuple[int, int]:
    """How many events and row changes the trail has."""
    with session(SYSTEM) as s:
        counts = [s.scalar(select(func.count()).select_from(table)) or 0 for table in (AuditEvent, RowChange)]
        return counts[0], counts[1]


def pressed(door: TestClient, one: Resident, deed: str, about: object = "", **more: str) -> httpx.Response:
    return door.post(one.link, data={"deed": deed, "about": str(about), **more})


def test_looking_changes_nothing_and_confidences_are_not_shown(door: TestClient, ada: Resident) -> None:
    before = news()
    for _ in range(2):
        page = door.get(ada.link)
        assert door.head(ada.link).status_code == door.get(f"{ada.link}/forget").status_code == 200
    assert news() == before
    assert [name for name in OPEN if ada.words[name] not in read(page)] == []
    assert [name for name in IN_CONFIDENCE if ada.words[name] in read(page)] == []
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert not [name for name in ada.words.values() if name in BeautifulSoup(page.text, "html.parser").title.text]  # type: ignore[union-attr]


def test_yes_and_no_are_one_press_and_a_second_changes_nothing(door: TestClient, ada: Resident) -> None:
    assert not ada.holds("being_found")
    for _ in range(2):
        answer = pressed(door, ada, "yes", "being_found")
        assert answer.status_code == 303
        assert "you said yes" in door.get(answer.headers["location"]).text
    assert ada.holds("being_found")
    with session(ada.coach) as s:
        found = next(one for one in consents_of(s, ada.id) if one.purpose == "being_found")
        assert len(consents_of(s, ada.id)) == 3
    assert (found.how, found.recorded_by) == ("online", "the person themselves")
    for _ in range(2):
        assert pressed(door, ada, "no", found.id).status_code == 303
    assert not ada.holds("being_found")
    with session(ada.coach) as s:
        gone = next(one for one in consents_of(s, ada.id) if one.id == found.id)
    assert (gone.withdrawn_how, gone.by_self) == ("online", True)


def test_a_no_to_introductions_ends_those_that_are_open(door: TestClient, ada: Resident, patch: UUID) -> None:
    ben = Resident(ada.coach, patch, safety_risk=True)
    with session(Actor("Olga", "owner", organisation_id=ada.coach.organisation_id)) as s:
        tie = Connection(organisation_id=UUID(ada.coach.organisation_id), kind="shared_interest", a_person_id=ben.id,
                         b_person_id=ada.id, place_id=patch, tier=1, coordinator="Cora")  # fmt: skip
        s.add(tie)
        s.flush()
        key = tie.id
    with session(ada.coach) as s:
        given = next(one for one in consents_of(s, ada.id) if one.purpose == "introductions")
    assert pressed(door, ada, "no", given.id).status_code == 303
    with session(Actor("Olga", "owner", organisation_id=ada.coach.organisation_id)) as s:
        assert s.get_one(Connection, key).state == "stopped"


def test_still_right_begins_the_clock_anew(door: TestClient, ada: Resident) -> None:
    with session(ada.coach) as s:
        s.execute(text("update core.person set confirmed_on = '2025-01-01', status = 'inactive' where id = :id"),
                  {"id": ada.id})  # fmt: skip
    assert "until you say that it is right" in door.get(ada.link).text
    for _ in range(2):
        assert pressed(door, ada, "right").status_code == 303
    with session(ada.coach) as s:
        row = s.get_one(Person, ada.id)
        assert (row.confirmed_on, row.status, row.version) == (today(), "active", 2)


def test_an_offer_is_said_anew_and_taken_back(door: TestClient, ada: Resident) -> None:
    with session(ada.coach) as s:
        offer, wish = offers_of(s, ada.id)[0], wishes_of(s, ada.id)[0]
    answer = pressed(door, ada, "say_offer", offer.id, words="<b>I mend</b> bikes", version=str(offer.version))
    assert answer.status_code == 303
    assert "&lt;b&gt;I mend&lt;/b&gt; bikes" in door.get(ada.link).text
    late = pressed(door, ada, "say_offer", offer.id, words="Older words", version=str(offer.version))
    assert (late.status_code, "Somebody else changed" in late.text) == (422, True)
    assert pressed(door, ada, "say_wish", wish.id, words=" ", version=str(wish.version)).status_code == 422
    for deed, about in (("end_offer", offer.id), ("let_wish_go", wish.id)) * 2:
        assert pressed(door, ada, deed, about).status_code == 303
    with session(ada.coach) as s:
        assert [one.state for one in offers_of(s, ada.id)] == ["ended"]
        assert [one.state for one in wishes_of(s, ada.id)] == ["let_go"]
    assert "I mend" not in door.get(ada.link).text


def test_nobody_elses_things_can_be_named(door: TestClient, ada: Resident, ben: Resident) -> None:
    with session(ada.coach) as s:
        theirs = [consents_of(s, ben.id)[0].id, offers_of(s, ben.id)[0].id, wishes_of(s, ben.id)[0].id]
    before = news()
    for deed in ("", "erase", "yes", "no", "end_offer", "let_wish_go", "say_offer", "say_wish"):
        for about in (*theirs, "sharing"):
            answer = pressed(door, ada, deed, about, words="x", version="1")
            assert (answer.status_code, "Press one of the buttons." in answer.text) == (422, True)
    assert news() == before


def test_a_page_and_its_files_hold_nothing_of_others_nor_of_what_was_said_in_confidence(
    door: TestClient, ada: Resident, ben: Resident, patch: UUID
) -> None:
    by = Actor("Olga", "owner", organisation_id=ada.coach.organisation_id)
    with session(by) as s:
        s.add(Connection(organisation_id=UUID(by.organisation_id), kind="shared_interest", a_person_id=ada.id,
                         b_person_id=ben.id, place_id=patch, tier=1, coordinator="Cora"))  # fmt: skip
        s.execute(text("insert into core.person_avoids (person_id, organisation_id, other_id) values (:b, :o, :a)"),
                  {"a": ada.id, "b": ben.id, "o": by.organisation_id})  # fmt: skip
        add_note(s, ben.id, NoteDraft("hope", f"To see {ada.words['phone']}", grounds()), by=by)
    answers = [door.get(f"{ada.link}{rest}") for rest in ("", "/forget", "/everything.html", "/everything.json")]
    assert [answer.status_code for answer in answers] == [200] * 4
    for answer in answers:
        assert [word for word in (*ben.words.values(), str(ben.id)) if word in read(answer)] == []
        assert [name for name in IN_CONFIDENCE if ada.words[name] in read(answer)] == []
        assert "safety" not in answer.text
    for answer in answers[2:]:
        assert [name for name in OPEN if ada.words[name] not in read(answer)] == []
        assert re.fullmatch(r'attachment; filename="everything\.(html|json)"', answer.headers["content-disposition"])
    told = json.loads(answers[3].text)
    assert told["tables"]["core.person_avoids"] == []
    assert "in confidence" in told["left_out"]
    assert "token_hash" not in answers[3].text
    with session(SYSTEM) as s:
        taken = select(func.count()).where(AuditEvent.verb == "take_own_data", AuditEvent.thing_id == str(ada.id))
        assert s.scalar(taken) == 2


def test_whoever_is_at_risk_has_the_same_page(door: TestClient, coach: Actor, patch: UUID) -> None:
    risky = Resident(coach, patch, safety_risk=True)
    page, file = door.get(risky.link), door.get(f"{risky.link}/everything.json")
    assert (page.status_code, file.status_code) == (200, 200)
    assert risky.words["preferred_name"] in page.text
    assert "safety" not in page.text + file.text
    assert "risk" not in file.text.replace("safety", "").lower()


def test_forget_me_is_at_once_and_the_link_is_dead(door: TestClient, ada: Resident) -> None:
    asked = door.get(f"{ada.link}/forget")
    assert "nobody is told why" in asked.text
    answer = door.post(f"{ada.link}/forget")
    assert (answer.status_code, "You are forgotten" in answer.text) == (200, True)
    with session(Actor("Olga", "owner", organisation_id=ada.coach.organisation_id)) as s:
        assert s.get(Person, ada.id) is None
        assert s.scalar(select(func.count()).where(PersonOffer.person_id == ada.id)) == 0
    assert erasures.fingerprint(ada.id) in [each.hash for each in erasures.forgotten()]
    unknown = door.get(f"/mine/{'A' * 43}")
    for rest in ("", "/forget", "/card", "/everything.json", "/everything.html"):
        gone = door.get(f"{ada.link}{rest}")
        assert (gone.status_code, gone.text) == (404, unknown.text)
    for path in (ada.link, f"{ada.link}/forget"):
        assert (door.post(path, data={"deed": "right"}).status_code) == 404


def test_the_card_to_print_names_nobody(door: TestClient, ada: Resident) -> None:
    before, card = news(), door.get(f"{ada.link}/card?lang=cy")
    assert (card.status_code, "<svg" in card.text) == (200, True)
    assert f"{ada.link}?lang=cy" in read(card)
    assert [word for word in ada.words.values() if word in read(card)] == []
    assert news() == before


def test_dead_links_look_alike(door: TestClient, ada: Resident, coach: Actor) -> None:
    with session(coach) as s:
        end_resident_link(s, ada.id, by=coach)
    answers = [door.get(path) for path in (ada.link, f"/mine/{'A' * 43}", "/mine/x", "/mine/%00")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[1].text)}
    assert "Ask" in answers[0].text


def test_in_welsh_it_speaks_welsh(door: TestClient, ada: Resident) -> None:
    page = door.get(f"{ada.link}?lang=cy").text
    assert "Eich tudalen" in page
    assert "mor hawdd ag y'i rhoesoch" in page.replace("&#39;", "'")
    assert "Take everything back" not in page


def test_the_process_for_the_public_answers_too_and_logs_nothing(
    door: TestClient, ada: Resident, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(confined, "_roles", [])
    confine(SHARE_ROLE)
    with caplog.at_level(logging.DEBUG, "abcd"):
        assert door.get(ada.link).status_code == 200
        assert pressed(door, ada, "right").status_code == 303
        assert pressed(door, ada, "say_offer", "x", words=ada.words["offer"]).status_code == 422
    said = " ".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records if one.name.startswith("abcd"))
    assert [word for word in (*ada.words.values(), ada.link) if word in said] == []


def test_another_site_cannot_press(door: TestClient, ada: Resident) -> None:
    answer = door.post(f"{ada.link}/forget", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert ada.holds("introductions")


def test_each_table_of_people_is_thought_of() -> None:
    from abcd.people.own_file import HERE, NOT_HERE

    assert sorted((*HERE, *NOT_HERE)) == sorted(home.table for home in PEOPLE)
