"""Find for a coordinator: what the register, others and residents who agreed answer a line with, and to whom."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from shapely import LineString, Point
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from abcd.assets.words import learn_words
from abcd.connections.find import find
from abcd.connections.findings import Answer, Finding
from abcd.core.clock import today
from abcd.db.session import SYSTEM, Actor
from abcd.db.tables import ConsentWithdrawn, Person, PlaceParent, Postcode
from abcd.errors import BadRequest
from abcd.gaps import onfoot
from abcd.gaps.streets.lean import reached
from abcd.people.skills import load_skills
from abcd.places.barrier_deeds import keep_barrier
from abcd.places.crossing_deeds import keep_crossing
from tests.builders import HERE, a_group, a_place, a_venue, shape
from tests.connections.matching.test_nightly import streets_and_a_railway
from tests.connections.wishing import a_neighbour, gives, is_offered, says_yes
from tests.people.conftest import an_association, ask_as

TUESDAY_EVENING, MONDAY_MORNING = 1 << 3 * 1 + 2, 1
LINE = "piano Tuesday evening step-free within 15 minutes"
MINUTE = 66.7 / 1.3


@pytest.fixture
def coach(s: Session, taxonomy: None) -> Actor:
    """A coach of an association, who has opened the session."""
    load_skills(s)
    made = Actor("Cara Coach", "coach", organisation_id=an_association(s, "Millfield Homes"))
    ask_as(s, made)
    return made


@pytest.fixture
def patch(s: Session, coach: Actor) -> UUID:
    """A patch of 300 by 300 metres."""
    return a_place(s, kind="patch", name="North patch", size=300)


def a_pianist(s: Session, place: UUID, *, found: bool = True, **more: object) -> UUID:
    """A resident who plays the piano on Tuesday evenings and, unless told otherwise, agreed to be found."""
    person = a_neighbour(s, place, agreed=False)
    gives(s, person, own_words="I play the piano", free_grid=TUESDAY_EVENING, **more)
    if found:
        says_yes(s, person, "being_found")
    return person


def names(found: tuple[Finding, ...] | None) -> list[str]:
    return [one.name for one in found or ()]


def people(answer: Answer) -> list[UUID | None]:
    return [one.person_id for one in answer.people or ()]


def test_a_coach_finds_the_hall_what_is_offered_and_who_agreed_to_be_found(s: Session, patch: UUID) -> None:
    hall = a_venue(s, name="Mill Hall", description="There is a piano.", open_grid=TUESDAY_EVENING, step_free="yes")
    is_offered(s, hall, own_words="Our piano stands there unused", free_grid=TUESDAY_EVENING)
    ada = a_pianist(s, patch)
    answer = find(s, LINE, "North patch")
    assert names(answer.assets) == ["Mill Hall"]
    assert names(answer.offers) == ["Mill Hall"]
    assert people(answer) == [ada]
    assert answer.gifts[0] == "Piano and keyboard"
    assert answer.stands_at == "North patch"


def test_each_finding_says_why_how_far_and_what_nobody_has_checked(s: Session, patch: UUID) -> None:
    a_venue(s, name="Mill Hall", description="There is a piano.", open_grid=TUESDAY_EVENING)
    a_pianist(s, patch)
    answer = find(s, LINE, "North patch")
    (hall,), (ada,) = answer.assets, answer.people or ()
    assert "It is there: Tuesday evening." in hall.reasons
    assert "Whether it is step-free." in hall.not_checked
    assert hall.walk
    assert ada.reasons == ("It is about what you ask for: Piano and keyboard.", "They have time: Tuesday evening.")
    assert set(ada.not_checked) == {
        "Whether they want this: nobody has asked them.",
        "Where to meet, so that there is what is needed: A way without steps.",
    }
    assert ada.walk in ("less than 5 minutes’ walk", "about 5 to 10 minutes’ walk")
    assert (ada.where, ada.said) == ("North patch", "I play the piano")


@pytest.mark.parametrize(("near", "searched"), [("M31 4AA", 1), ("North patch", 2)])
def test_the_streets_are_searched_once_from_where_one_stands(
    s: Session, patch: UUID, coach: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, near: str, searched: int
) -> None:
    there = (HERE[0] + 350.0, HERE[1])
    hall = a_venue(s, name="Mill Hall", at=there, description="There is a piano.", open_grid=TUESDAY_EVENING)
    is_offered(s, hall, own_words="Our piano stands there unused", free_grid=TUESDAY_EVENING)
    ada = a_pianist(s, a_place(s, there, kind="patch", name="Far patch", size=300))
    s.add(Postcode(postcode="M314AA", point=shape(Point(HERE))))
    ask_as(s, SYSTEM)
    streets_and_a_railway(s, tmp_path)
    ask_as(s, coach)
    starts: list[object] = []
    monkeypatch.setattr(onfoot, "reached", lambda *given: starts.append(given[2]) or reached(*given))
    answer = find(s, "piano", near)
    assert (names(answer.assets), names(answer.offers), people(answer)) == (["Mill Hall"], ["Mill Hall"], [ada])
    assert len(starts) == searched, "a patch has an edge for things and a middle for people"
    walks = [one.minutes for one in (*answer.assets, *answer.offers)]
    assert walks[0] == walks[1] > 15, "the hall and what it offers lie over the bridge"


@pytest.mark.parametrize("known", [{"open_grid": MONDAY_MORNING}, {"step_free": "no"}, {"open_to_new": "no"}])
def test_a_known_no_drops_out(s: Session, patch: UUID, known: dict[str, object]) -> None:
    a_venue(s, name="Other Hall", description="There is a piano.", **known)
    assert names(find(s, LINE, "North patch").assets) == []


def test_what_is_known_to_fit_stands_before_what_nobody_wrote_down(s: Session, patch: UUID) -> None:
    a_venue(s, name="A Hall", description="There is a piano.")
    a_venue(s, name="B Hall", description="There is a piano.", open_grid=TUESDAY_EVENING, step_free="yes")
    assert names(find(s, LINE, "North patch").assets) == ["B Hall", "A Hall"]


def test_where_the_gift_is_at_home_is_a_place_to_ask(s: Session, patch: UUID) -> None:
    a_group(s, "arts-and-music", name="Thursday Makers")
    (one,) = find(s, "piano").assets
    assert one.reasons[0] == "Piano and keyboard is often at home in such a place: ask there."


def test_nobody_is_within_a_walk_who_lives_across_a_brook_without_a_bridge(s: Session, patch: UUID) -> None:
    across = (HERE[0] + 400, HERE[1])
    hall = a_venue(s, name="Far Hall", at=across, description="There is a piano.", open_grid=TUESDAY_EVENING)
    is_offered(s, hall, own_words="Our piano stands there unused", free_grid=TUESDAY_EVENING)
    ada = a_pianist(s, a_place(s, across, kind="patch", name="Far patch", size=300))
    answer = find(s, LINE, "North patch")
    assert (names(answer.assets), names(answer.offers), people(answer)) == (["Far Hall"], ["Far Hall"], [ada])
    brook = {"name": "Brook", "nature": "river", "is_hard": True, "source": ""}
    line = LineString([(HERE[0] + 200, HERE[1] - 4_000), (HERE[0] + 200, HERE[1] + 4_000)])
    drawn = keep_barrier(s, brook, line, SYSTEM)
    answer = find(s, LINE, "North patch")
    assert (names(answer.assets), names(answer.offers), people(answer)) == ([], [], [])
    keep_crossing(s, drawn, {"name": "Bridge", "step_free": "yes"}, (HERE[0] + 200, HERE[1]), SYSTEM)
    answer = find(s, LINE, "North patch")
    assert (names(answer.assets), names(answer.offers), people(answer)) == (["Far Hall"], ["Far Hall"], [ada])


def test_the_walk_is_kept(s: Session, patch: UUID) -> None:
    far = (HERE[0] + 40 * MINUTE, HERE[1])
    a_venue(s, name="Far Hall", at=far, description="There is a piano.")
    a_pianist(s, a_place(s, far, kind="patch", name="Far patch", size=300))
    answer = find(s, LINE, "North patch")
    assert (names(answer.assets), people(answer)) == ([], [])
    anywhere = find(s, "piano", "North patch")
    assert names(anywhere.assets) == ["Far Hall"]
    assert len(people(anywhere)) == 1


def test_somebody_who_walks_no_further_is_not_sent_further(s: Session, patch: UUID) -> None:
    a_pianist(s, a_place(s, (HERE[0] + 14 * MINUTE, HERE[1]), kind="patch", name="Next patch", size=100),
              max_walk_minutes=5)  # fmt: skip
    assert people(find(s, LINE, "North patch")) == []


def test_from_a_postcode_in_the_line(s: Session, patch: UUID) -> None:
    from shapely import Point

    s.add(Postcode(postcode="M167AA", point=shape(Point(HERE))))
    ada = a_pianist(s, patch)
    answer = find(s, "piano within 15 minutes of M16 7AA")
    assert (answer.stands_at, people(answer)) == ("M16 7AA", [ada])


def test_a_place_that_nobody_knows_is_said_and_its_name_is_looked_for(s: Session, patch: UUID) -> None:
    a_venue(s, name="Piano room near Zeppelin")
    learn_words(s)
    answer = find(s, "piano near Zeppelin")
    assert answer.unknown_near == "Zeppelin"
    assert names(answer.assets) == ["Piano room near Zeppelin"]


@pytest.mark.parametrize("without", ["any", "the same purpose", "no", "days left", "activity", "years"])
def test_nobody_is_found_without_a_yes_that_holds(s: Session, patch: UUID, without: str) -> None:
    ada = a_pianist(s, patch, found=False)
    if without == "the same purpose":
        says_yes(s, ada)
    if without == "days left":
        says_yes(s, ada, "being_found", today() - timedelta(800))
    if without in ("no", "activity", "years"):
        yes = says_yes(s, ada, "being_found")
        assert people(find(s, "piano")) == [ada]
    if without == "no":
        s.add(ConsentWithdrawn(consent_id=yes, person_id=ada, organisation_id=UUID(_org(s)), withdrawn_on=today(),
                               how="in_person", recorded_by="Test"))  # fmt: skip
    changes = {"activity": {"status": "inactive"}, "years": {"adult_confirmed": False}}
    if without in changes:
        s.execute(update(Person).where(Person.id == ada).values(**changes[without]))
    s.flush()
    assert people(find(s, "piano")) == []


def _org(s: Session) -> str:
    actor: Actor = s.info["actor"]
    return actor.organisation_id


@pytest.mark.parametrize("role", ["owner", "manager", "officer", "coach"])
def test_the_casework_roles_look_for_people(s: Session, coach: Actor, patch: UUID, role: str) -> None:
    ada = a_pianist(s, patch)
    ask_as(s, replace(coach, role=role))
    assert people(find(s, "piano")) == [ada]


def test_a_safety_risk_is_found_by_nobody_not_even_by_those_who_see_them(s: Session, coach: Actor, patch: UUID) -> None:
    ada = a_pianist(s, patch)
    ask_as(s, replace(coach, role="owner"))
    s.execute(update(Person).where(Person.id == ada).values(safety_risk=True))
    assert people(find(s, "piano")) == []


def test_others_get_no_people_and_partners_no_offers(s: Session, coach: Actor, patch: UUID) -> None:
    a_pianist(s, patch)
    hall = a_venue(s, name="Mill Hall", description="There is a piano.")
    is_offered(s, hall, own_words="A piano")
    ask_as(s, replace(coach, role="data_officer"))
    answer = find(s, "piano")
    assert answer.people is None
    assert names(answer.offers) == ["Mill Hall"]
    ask_as(s, replace(coach, role="partner_viewer"))
    answer = find(s, "piano")
    assert (answer.people, answer.offers, names(answer.assets)) == (None, (), ["Mill Hall"])


def test_another_association_finds_nobody_of_ours(s: Session, coach: Actor, patch: UUID) -> None:
    a_pianist(s, patch)
    ask_as(s, replace(coach, organisation_id=an_association(s, "Elsewhere Homes")))
    assert people(find(s, "piano")) == []


def test_a_coach_of_a_patch_finds_people_of_that_patch(s: Session, coach: Actor, patch: UUID) -> None:
    ada = a_pianist(s, patch)
    next_door = a_place(s, (HERE[0] + 300, HERE[1]), kind="patch", name="Next patch", size=300)
    a_pianist(s, next_door)
    ask_as(s, replace(coach, places=frozenset({str(patch)})))
    assert people(find(s, "piano")) == [ada]
    estate = a_place(s, size=2000, name="The estate")
    s.add_all(PlaceParent(place_id=one, parent_id=estate, share=1.0) for one in (patch, next_door))
    ask_as(s, replace(coach, places=frozenset({str(estate)})))
    assert len(people(find(s, "piano"))) == 2


def test_an_offer_that_rests_or_is_over_or_not_yet_is_not_found(s: Session, patch: UUID) -> None:
    a_pianist(s, patch, state="resting")
    a_pianist(s, patch, expires_on=today() - timedelta(1))
    a_pianist(s, patch, starts_on=today() + timedelta(1))
    assert people(find(s, "piano")) == []


def test_own_words_count_where_nobody_ticked_a_gift(s: Session, patch: UUID) -> None:
    ada = a_neighbour(s, patch, agreed=False)
    says_yes(s, ada, "being_found")
    gives(s, ada, None, own_words="I'd sit down at the keyboard with anybody")
    assert people(find(s, "piano lessons")) == [ada]


def test_words_that_name_no_gift_find_whoever_said_them(s: Session, patch: UUID) -> None:
    ada = a_neighbour(s, patch, agreed=False)
    says_yes(s, ada, "being_found")
    gives(s, ada, None, own_words="I keep a zorblatt")
    assert people(find(s, "zorblatt")) == [ada]


def test_somebody_with_two_offers_is_found_once(s: Session, patch: UUID) -> None:
    ada = a_pianist(s, patch)
    gives(s, ada, "making-music", own_words="Music of any sort")
    (one,) = find(s, "piano").people or ()
    assert (one.person_id, one.said) == (ada, "I play the piano")


def test_a_language_is_asked_of_people_too(s: Session, patch: UUID) -> None:
    ada = a_pianist(s, patch)
    s.execute(update(Person).where(Person.id == ada).values(speaks=["cy"]))
    a_pianist(s, patch)
    assert people(find(s, "piano in Welsh")) == [ada]


@pytest.mark.parametrize("line", ["", "   ", "on Tuesday evening", "the of and"])
def test_a_line_about_nothing_is_a_sentence(s: Session, patch: UUID, line: str) -> None:
    with pytest.raises(BadRequest, match="in a few words"):
        find(s, line)


def test_neither_an_answer_nor_a_finding_prints_anybody(s: Session, patch: UUID) -> None:
    a_pianist(s, patch)
    answer = find(s, "piano")
    assert "Ada" not in repr((answer, *(answer.people or ())))


def test_what_was_typed_is_in_no_statement_about_people(s: Session, patch: UUID) -> None:
    a_pianist(s, patch)
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        if "findable" in statement:
            said.append(f"{statement} {values}")

    event.listen(s.get_bind(), "before_cursor_execute", note)
    try:
        find(s, "zorblatt piano")
    finally:
        event.remove(s.get_bind(), "before_cursor_execute", note)
    assert said
    assert not any("zorblatt" in one for one in said)
