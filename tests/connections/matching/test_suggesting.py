"""Suggestions for a wish, on the real store: who is in the list, who never is, and in which order."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.connections.matching import Match, spoken, suggestions_for_group_wish, suggestions_for_wish
from abcd.connections.matching.rehearsing import rehearse
from abcd.connections.matching.urgency import mark_urgent
from abcd.core.clock import today
from abcd.db.session import SYSTEM, Actor
from abcd.db.tables import Asset, AuditEvent, PersonAvoids, PersonCheck, Wish
from abcd.errors import BadRequest, NotAllowed, NotFound
from tests.builders import HERE, a_group, a_place, a_venue, an_asset
from tests.connections.wishing import (
    GROUNDS,
    a_neighbour,
    brought_together,
    gives,
    group_hopes,
    hopes,
    is_offered,
    says_yes,
)
from tests.people.conftest import an_association, ask_as

FAR = (HERE[0] + 4_000, HERE[1])
TUESDAY, WEDNESDAY = 1 << 5, 1 << 8


@pytest.fixture
def wish(s: Session, patch: UUID) -> UUID:
    """Ada hopes to play the piano."""
    return hopes(s, a_neighbour(s, patch, preferred_name="Ada"))


def names(found: list[Match]) -> list[str]:
    return [one.name for one in found]


def beth(s: Session, patch: UUID, skill: str = "piano", offer: dict[str, Any] | None = None, **more: Any) -> UUID:
    """A neighbour who plays the piano."""
    person = a_neighbour(s, patch, **{"preferred_name": "Beth", **more})
    gives(s, person, **({"skill": skill} | (offer or {})))
    return person


def test_a_wish_that_nobody_has_is_answered_by_nobody_and_writes_nothing(s: Session, patch: UUID, wish: UUID) -> None:
    beth(s, patch)
    ask_as(s, SYSTEM)
    before = s.scalars(select(AuditEvent.id)).all()
    assert rehearse(s) == 1, "no map of streets is there, so one patch stands for all"
    assert s.scalars(select(AuditEvent.id)).all() == before
    assert not s.new
    assert spoken._gifts.cache_info().currsize, "the gifts are read"


def test_a_neighbour_with_the_gift_is_suggested_with_reasons(s: Session, patch: UUID, wish: UUID) -> None:
    person = beth(s, patch)
    found = suggestions_for_wish(s, wish)
    assert [(one.b_person_id, one.tier) for one in found] == [(person, 1)]
    assert {part.letter: round(part.value, 2) for part in found[0].parts} == {"T": 1, "D": 0.81, "F": 1, "Q": 1}
    assert found[0].score == pytest.approx((0.40 + 0.20 * found[0].values["D"] + 0.10 + 0.05) / 0.75, abs=1e-4)
    assert found[0].minutes_band == "less than 5 minutes’ walk"
    assert any("Piano" in reason for reason in found[0].reasons)
    assert "Which times suit both." in found[0].not_checked
    assert "Beth" not in repr(found[0])


@pytest.mark.parametrize(
    "somebody",
    [
        {"agreed": False}, {"adult_confirmed": False}, {"status": "inactive"}, {"language": "so"},
        {"max_walk_minutes": 1},
    ],
    ids=lambda one: next(iter(one)) + str(next(iter(one.values()))),
)  # fmt: skip
def test_somebody_who_may_not_be_suggested_never_is(
    s: Session, patch: UUID, wish: UUID, somebody: dict[str, Any]
) -> None:
    beth(s, patch, **somebody)
    assert suggestions_for_wish(s, wish) == []


@pytest.mark.parametrize("change", ["safety_risk = true", "status = 'withdrawn'"])
@pytest.mark.parametrize("role", ["owner", "coach"])
def test_somebody_marked_or_gone_is_in_no_list_of_anybody(
    s: Session, patch: UUID, wish: UUID, coach: Actor, role: str, change: str
) -> None:
    person = beth(s, patch)
    ask_as(s, replace(coach, role="owner"))
    s.execute(text("select set_config('abcd.sees_withdrawn', 'yes', true)"))
    s.execute(text(f"update core.person set {change} where id = :id"), {"id": person})
    s.execute(text("select set_config('abcd.sees_withdrawn', '', true)"))
    ask_as(s, replace(coach, role=role))
    assert suggestions_for_wish(s, wish) == []


@pytest.mark.parametrize(
    "offer",
    [
        {"state": "ended"}, {"state": "resting"}, {"starts_on": date(2090, 1, 1)}, {"expires_on": date(2020, 1, 1)},
        {"skill": "first-aid"}, {"skill": None}, {"max_walk_minutes": 1}, {"free_grid": WEDNESDAY},
    ],
    ids=str,
)  # fmt: skip
def test_an_offer_that_does_not_fit_is_left_out(s: Session, patch: UUID, offer: dict[str, Any]) -> None:
    wish = hopes(s, a_neighbour(s, patch), free_grid=TUESDAY)
    gives(s, a_neighbour(s, patch), **{"skill": "piano", "free_grid": TUESDAY, **offer})
    assert suggestions_for_wish(s, wish) == []


def test_a_yes_taken_back_or_over_holds_no_more(s: Session, patch: UUID) -> None:
    wish = hopes(s, a_neighbour(s, patch))
    person = a_neighbour(s, patch, agreed=False)
    gives(s, person)
    says_yes(s, person, on=today() - timedelta(731))
    says_yes(s, person, purpose="being_found")
    assert suggestions_for_wish(s, wish) == []
    yes = says_yes(s, person)
    assert len(suggestions_for_wish(s, wish)) == 1
    s.execute(
        text("""insert into core.consent_withdrawn (consent_id, person_id, organisation_id, withdrawn_on, how,
        recorded_by) select id, person_id, organisation_id, current_date, 'phone', 'Test' from core.consent
        where id = :yes"""), {"yes": yes},
    )  # fmt: skip
    assert suggestions_for_wish(s, wish) == []


def test_without_a_yes_of_their_own_nothing_is_looked_for(s: Session, patch: UUID) -> None:
    beth(s, patch)
    assert suggestions_for_wish(s, hopes(s, a_neighbour(s, patch, agreed=False))) == []


def test_neither_of_two_who_avoid_each_other_sees_the_other(s: Session, patch: UUID, coach: Actor) -> None:
    ada, ours = a_neighbour(s, patch), UUID(coach.organisation_id)
    wish, person = hopes(s, ada), beth(s, patch)
    theirs = hopes(s, person, skill="guitar")
    gives(s, ada, "guitar")
    assert suggestions_for_wish(s, wish)
    assert suggestions_for_wish(s, theirs)
    s.add(PersonAvoids(person_id=person, organisation_id=ours, other_id=ada))
    s.flush()
    assert suggestions_for_wish(s, wish) == []
    assert suggestions_for_wish(s, theirs) == []


def test_a_group_that_somebody_avoids_is_left_out(s: Session, patch: UUID, coach: Actor) -> None:
    ada = a_neighbour(s, patch)
    wish, group = hopes(s, ada, None, category="gardening-group"), a_group(s)
    assert [one.b_asset_id for one in suggestions_for_wish(s, wish)] == [group]
    s.add(PersonAvoids(person_id=ada, organisation_id=UUID(coach.organisation_id), asset_id=group))
    s.flush()
    assert suggestions_for_wish(s, wish) == []


def test_two_open_introductions_are_enough_for_anybody(s: Session, patch: UUID, wish: UUID) -> None:
    person = beth(s, patch)
    brought_together(s, a_neighbour(s, patch), person, patch)
    assert suggestions_for_wish(s, wish)[0].values["F"] == 1, "Ada was not asked lately"
    brought_together(s, a_neighbour(s, patch), person, patch)
    assert suggestions_for_wish(s, wish) == []


def test_two_who_are_being_introduced_are_not_suggested_again(s: Session, patch: UUID) -> None:
    ada = a_neighbour(s, patch)
    wish, person = hopes(s, ada), beth(s, patch)
    brought_together(s, ada, person, patch)
    assert suggestions_for_wish(s, wish) == []


@pytest.mark.parametrize(("role", "until", "is_there"), [
    ("children-s-groups", None, False), ("Playing with children", date(2020, 1, 1), False),
    ("Playing with children", date(2090, 1, 1), True), ("piano", None, True),
])  # fmt: skip
def test_a_role_that_needs_a_check_waits_for_it(
    s: Session, patch: UUID, coach: Actor, role: str, until: date | None, is_there: bool
) -> None:
    wish = hopes(s, a_neighbour(s, patch), "caring-for-children")
    person = beth(s, patch, "caring-for-children")
    s.add(PersonCheck(person_id=person, organisation_id=UUID(coach.organisation_id), role=role, cleared_until=until,
                      **GROUNDS))  # fmt: skip
    s.flush()
    found = suggestions_for_wish(s, wish)
    assert bool(found) is is_there
    assert not found or any("regulated activity" in line for line in found[0].not_checked)


def test_an_access_need_is_met_by_a_known_yes_alone(s: Session, patch: UUID) -> None:
    wish = hopes(s, a_neighbour(s, patch, access_needs=["step_free"]), None, category="gardening-group")
    for known in ("unknown", "no", "partly"):
        a_group(s, step_free=known)
    yes = a_group(s, step_free="yes")
    assert [one.b_asset_id for one in suggestions_for_wish(s, wish)] == [yes]


def test_other_needs_are_read_from_what_a_venue_says_it_has(s: Session, patch: UUID) -> None:
    wish = hopes(s, a_neighbour(s, patch, access_needs=["hearing_loop"]), None, category="gardening-group")
    a_group(s, facilities={"Hearing loop": False})
    yes = a_group(s, facilities={"Hearing loop": True})
    assert [one.b_asset_id for one in suggestions_for_wish(s, wish)] == [yes]


def test_who_speaks_no_english_needs_a_shared_language_or_an_interpreter(s: Session, patch: UUID) -> None:
    wish = hopes(s, a_neighbour(s, patch, language="so"), None, category="gardening-group")
    a_group(s)
    somali, helped = a_group(s, languages=["so"]), a_group(s, facilities={"interpreter": "yes"})
    assert {one.b_asset_id for one in suggestions_for_wish(s, wish)} == {somali, helped}


def test_closed_children_s_sensitive_and_defunct_groups_are_left_out(s: Session, patch: UUID) -> None:
    wish = hopes(s, a_neighbour(s, patch), None, category="gardening-group")
    a_group(s, open_to_new="no")
    a_group(s, status="defunct")
    hidden = s.get_one(Asset, a_group(s))
    hidden.geom = hidden.point = None
    hidden.is_sensitive = True
    s.flush()
    assert suggestions_for_wish(s, wish) == []


def test_community_first_services_last(s: Session, patch: UUID) -> None:
    ada = a_neighbour(s, patch)
    wish = hopes(s, ada, None, theme="health-and-moving", wish_kind="meet")
    an_asset(s, "gp", name="Surgery")
    a_group(s, "walking-group", name="Walkers", run_by="members")
    beth(s, patch, "first-aid")
    found = suggestions_for_wish(s, wish)
    assert [one.tier for one in found] == sorted(one.tier for one in found)
    assert names(found)[0] == "Beth"
    assert names(found)[-1] == "Surgery"
    assert found[-1].tier == 5


def test_only_a_reason_on_record_puts_services_first(s: Session, patch: UUID, coach: Actor) -> None:
    wish = hopes(s, a_neighbour(s, patch), None, theme="health-and-moving", wish_kind="meet")
    an_asset(s, "gp", name="Surgery")
    beth(s, patch, "first-aid")
    with pytest.raises(BadRequest):
        suggestions_for_wish(s, wish, urgent=True)
    mark_urgent(s, wish, "Unwell since Monday", version=1, by=coach)
    found = suggestions_for_wish(s, wish, urgent=True)
    assert names(found) == ["Surgery", "Beth"]
    assert all(one.is_urgent for one in found)
    event = s.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (event.verb, event.thing_kind, event.by) == ("mark_urgent", "person", "Cara Coach")
    assert "Monday" not in f"{event.before}{event.after}"
    mark_urgent(s, wish, "", version=2, by=coach)
    assert names(suggestions_for_wish(s, wish)) == ["Beth", "Surgery"]


def test_a_neighbour_far_away_is_nobody_s_neighbour(s: Session, patch: UUID, wish: UUID) -> None:
    beth(s, a_place(s, FAR, kind="patch", name="Far patch"))
    assert suggestions_for_wish(s, wish) == []


def test_the_next_patch_is_near_and_said_to_be_another(s: Session, patch: UUID, wish: UUID) -> None:
    beth(s, a_place(s, (HERE[0] + 400, HERE[1]), kind="patch", name="South patch", size=300))
    found = suggestions_for_wish(s, wish)
    assert [(one.place_name, one.crosses_patches) for one in found] == [("South patch", True)]
    assert found[0].minutes_band == "about 5 to 10 minutes’ walk"


def test_a_coach_of_one_patch_is_suggested_its_people_alone(s: Session, patch: UUID, coach: Actor, wish: UUID) -> None:
    beth(s, a_place(s, (HERE[0] + 400, HERE[1]), kind="patch", name="South patch", size=300))
    ask_as(s, replace(coach, places=frozenset([str(patch)])))
    assert suggestions_for_wish(s, wish) == []


def test_a_crowd_of_neighbours_leaves_room_for_a_group(s: Session, patch: UUID) -> None:
    wish = hopes(s, a_neighbour(s, patch), "first-aid", category="gardening-group")
    for _each in range(6):
        beth(s, patch, "first-aid")
    group = a_group(s)
    found = suggestions_for_wish(s, wish)
    assert len(found) == 5
    assert [one.b_asset_id for one in found].count(group) == 1
    assert found[-1].b_asset_id == group


def test_who_teaches_who_shares_and_who_has_been_through_it(s: Session, patch: UUID) -> None:
    learns = hopes(s, a_neighbour(s, patch), wish_kind="learn")
    gives(s, a_neighbour(s, patch, preferred_name="Teacher"), will_teach=True)
    hopes(s, a_neighbour(s, patch, preferred_name="Learner too"), wish_kind="learn")
    assert {one.name: one.kind for one in suggestions_for_wish(s, learns)} == {
        "Teacher": "teach_learn", "Learner too": "shared_interest",
    }  # fmt: skip
    meets = hopes(s, a_neighbour(s, patch), "bereavement", wish_kind="meet")
    beth(s, patch, "bereavement", {"gift_kind": "heart"})
    assert [one.kind for one in suggestions_for_wish(s, meets)] == ["lived_experience"]


def test_rooms_and_partners_offers_answer_too(s: Session, patch: UUID) -> None:
    wish = hopes(s, a_neighbour(s, patch))
    hall = a_venue(s)
    is_offered(s, hall)
    offer = is_offered(s, None, owner_kind="partner", owner_id=UUID(an_association(s, "Piano Trust")), gift_kind="time")
    found = suggestions_for_wish(s, wish)
    assert [(one.kind, one.tier, one.b_asset_id) for one in found][0] == ("space", 3, hall)
    assert [(one.name, one.tier, one.offer_id, one.minutes_band) for one in found][1] == ("Piano Trust", 4, offer, "")


def test_a_group_s_wish_finds_a_volunteer_who_comes_first(s: Session, patch: UUID) -> None:
    group = a_group(s, name="Choir")
    wish = group_hopes(s, group, patch)
    person = beth(s, patch)
    found = suggestions_for_group_wish(s, wish)
    assert [(one.kind, one.a_person_id, one.b_person_id, one.b_asset_id, one.wish_id) for one in found] == [
        ("volunteer", person, None, group, wish)
    ]
    assert found[0].name == "Beth"


def test_another_association_s_people_are_nobody(s: Session, patch: UUID, wish: UUID, coach: Actor) -> None:
    ask_as(s, Actor("Stan", "owner", organisation_id=an_association(s, "Elsewhere Homes")))
    beth(s, patch)
    with pytest.raises(NotFound):
        suggestions_for_wish(s, wish)
    ask_as(s, coach)
    assert suggestions_for_wish(s, wish) == []


def test_whoever_does_no_casework_is_told_nothing(s: Session, wish: UUID, coach: Actor) -> None:
    ask_as(s, replace(coach, role="data_officer"))
    with pytest.raises(NotAllowed):
        suggestions_for_wish(s, wish)


@pytest.mark.parametrize(("wished", "offered"), [
    ("I would love to learn the piano", {"skill": "piano"}),
    ("Piano lessons for my girl", {"skill": None, "own_words": "I used to give piano lessons"}),
    ("Hoffwn ddysgu canu'r piano", {"skill": "piano"}),
])  # fmt: skip
def test_words_are_read_where_nobody_ticked_a_gift(
    s: Session, patch: UUID, wished: str, offered: dict[str, Any]
) -> None:
    wish = hopes(s, a_neighbour(s, patch), None, own_words=wished)
    person = beth(s, patch, offer=offered)
    beth(s, patch, "first-aid")
    found = suggestions_for_wish(s, wish)
    assert found[0].b_person_id == person
    assert "Whether the words mean this: nobody ticked a gift." in found[0].not_checked


def test_a_meeting_s_wish_for_a_ward_finds_those_who_live_there(s: Session, patch: UUID, coach: Actor) -> None:
    ward = a_place(s, kind="ward", name="Mill Ward", size=2_000)
    person = beth(s, patch)
    row = Wish(organisation_id=UUID(coach.organisation_id), voiced_by="meeting", place_id=ward, wish_kind="do",
               own_words="Somebody at the piano", skill="piano", said_on=today())  # fmt: skip
    s.add(row)
    s.flush()
    found = suggestions_for_group_wish(s, row.id)
    assert [(one.a_person_id, one.b_person_id, one.b_asset_id) for one in found if one.a_person_id] == [
        (person, None, None)
    ]


def test_a_group_that_meets_where_nobody_known_meets_is_newer(s: Session, patch: UUID, coach: Actor) -> None:
    ada, hall = a_neighbour(s, patch), a_venue(s)
    known, beside = (a_group(s, "walking-group", meets_at=hall) for _each in range(2))
    apart = a_group(s, "walking-group")
    wish = hopes(s, ada, None, category="walking-group")
    joined = brought_together(s, ada, None, patch, b_asset_id=known)
    for state in ("asked_a", "yes_a", "asked_b", "yes_b", "introduced", "met"):
        s.execute(text("update core.connection set state = :state where id = :id"), {"state": state, "id": joined})
    found = {one.b_asset_id: one.values["B"] for one in suggestions_for_wish(s, wish)}
    assert found == {beside: 0.0, apart: 1.0}
