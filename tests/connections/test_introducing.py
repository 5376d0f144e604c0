"""The two-sided ask: no step without both yeses, no details before both, and neither side learns of the other's no."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from abcd.connections.contacts import contact_to_pass
from abcd.connections.follow_ups import FollowUpDraft, add_follow_up, edit_follow_up, follow_ups_of, good_time
from abcd.connections.ideas import Idea, begin
from abcd.connections.introduced import ENDED, introduction, introductions_of, over, unsafe, waiting
from abcd.connections.introducing import look_into, pass_contact, step
from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import (
    AuditEvent,
    Connection,
    ConnectionStep,
    FollowUp,
    Person,
    PersonAvoids,
    PersonOffer,
    RowChange,
)
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound, VersionMissing
from abcd.people.consents import consents_of, withdraw
from abcd.people.traces import Traces
from abcd.people.whereabouts import PEOPLE, rows_of
from tests.builders import HERE, a_group, a_place, an_asset
from tests.connections.meeting import TO_BOTH, a_neighbour, an_introduction, go, version_of
from tests.people.conftest import ask_as, manager, officer, patch, stranger

__all__ = ["manager", "officer", "patch", "stranger"]


@pytest.fixture
def two(s: Session, manager: Actor, patch: UUID) -> tuple[UUID, UUID]:
    """Ada, who would like to learn the piano, and Ben."""
    return a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, patch, "Ben", phone="07700 900456")


def states_of(s: Session, person_id: UUID) -> list[str]:
    return [one.state for one in introductions_of(s, person_id)]


def test_from_an_idea_to_settled(s: Session, manager: Actor, two: tuple[UUID, UUID]) -> None:
    made = an_introduction(s, manager, *two, *TO_BOTH)
    passing = contact_to_pass(s, made)
    assert (passing.to_a.name, passing.to_b.name) == ("Ben", "Ada")
    pass_contact(s, made, version=version_of(s, made), by=manager)
    go(s, manager, made, "met", "going_at_4w", "going_at_12w", "settled")
    one = introduction(s, made)
    assert [each.state for each in one.steps] == [
        "idea", *TO_BOTH, "introduced", "met", "going_at_4w", "going_at_12w", "settled",
    ]  # fmt: skip
    assert (one.introduced_on, one.passed_on, one.coordinator) == (today(), today(), "Mona Manager")
    assert [each.side for each in one.steps[:5]] == ["", "a", "a", "b", "b"]
    assert [each.id for each in over(s)] == [made]
    assert waiting(s) == []


@pytest.mark.parametrize("missing", [0, 1])
def test_without_a_yes_of_both_it_does_not_begin(s: Session, manager: Actor, patch: UUID, missing: int) -> None:
    two = [
        a_neighbour(s, manager, patch, "Ada", agrees=missing != 0),
        a_neighbour(s, manager, patch, "Ben", agrees=missing != 1),
    ]
    with pytest.raises(BadRequest, match="has not said yes"):
        an_introduction(s, manager, *two)


@pytest.mark.parametrize("who", [0, 1])
def test_a_yes_that_was_taken_back_ends_it_without_a_word(
    s: Session, manager: Actor, two: tuple[UUID, UUID], who: int
) -> None:
    made = an_introduction(s, manager, *two, *TO_BOTH)
    withdraw(s, consents_of(s, two[who])[0].id, "in_person", by=manager)
    for refused in (lambda: contact_to_pass(s, made), lambda: go(s, manager, made, "introduced")):
        with pytest.raises(BadRequest):
            refused()
    assert states_of(s, two[0]) == states_of(s, two[1]) == [ENDED]


def test_the_database_itself_refuses_a_step_out_of_order(s: Session, manager: Actor, two: tuple[UUID, UUID]) -> None:
    made = an_introduction(s, manager, *two)
    for deed in (
        "update core.connection set state = 'introduced' where id = :id",
        "update core.connection set passed_on = current_date where id = :id",
        "update core.connection_step set side = 'b' where connection_id = :id",
        "delete from core.connection_step where connection_id = :id",
        "insert into core.connection_step (connection_id, organisation_id, state, reason, recorded_by) "
        "select id, organisation_id, 'not_now', 'He would rather not', 'x' from core.connection where id = :id",
    ):
        with pytest.raises(DBAPIError), s.begin_nested():
            s.execute(text(deed), {"id": made})


@pytest.mark.parametrize(
    ("states", "then"),
    [((), "yes_a"), (("asked_a",), "asked_b"), (TO_BOTH[:3], "introduced"), (("not_now",), "met"),
     ((*TO_BOTH, "introduced"), "going_at_12w")],
)  # fmt: skip
def test_no_step_is_left_out(
    s: Session, manager: Actor, two: tuple[UUID, UUID], states: tuple[str, ...], then: str
) -> None:
    made = an_introduction(s, manager, *two, *states)
    with pytest.raises(BadRequest, match="cannot go from here"):
        go(s, manager, made, then)


@pytest.mark.parametrize("states", [(), TO_BOTH[:1], TO_BOTH[:2], TO_BOTH[:3], (*TO_BOTH, "not_for_me b")])
def test_no_details_before_both_said_yes(
    s: Session, manager: Actor, two: tuple[UUID, UUID], states: tuple[str, ...]
) -> None:
    made = an_introduction(s, manager, *two, *states)
    with pytest.raises(BadRequest, match="after both"):
        contact_to_pass(s, made)
    with pytest.raises(BadRequest, match="after both"):
        pass_contact(s, made, version=version_of(s, made), by=manager)


@pytest.mark.parametrize(("route", "reach"), [("phone", "07700 900456"), ("email", "ben@millfield.example"),
                                              ("in_person", ""), ("through_somebody", "")])  # fmt: skip
def test_only_the_way_that_somebody_chose_passes(
    s: Session, manager: Actor, two: tuple[UUID, UUID], route: str, reach: str
) -> None:
    s.execute(update(Person).where(Person.id == two[1]).values(contact_route=route))
    made = an_introduction(s, manager, *two, *TO_BOTH)
    told = contact_to_pass(s, made).to_a
    assert (told.route, told.reach) == (route, (reach,) if reach else ())
    assert "900456" not in repr(told)


def test_a_group_is_the_second_side(s: Session, manager: Actor, two: tuple[UUID, UUID]) -> None:
    group = a_group(s, name="Knit & natter", phone="0161 496 0000")
    made = begin(s, Idea("group", two[0], b_asset_id=group, tier=2), by=manager)
    go(s, manager, made, *TO_BOTH)
    assert contact_to_pass(s, made).to_a.reach == ("0161 496 0000",)
    assert introduction(s, made).b.name == "Knit & natter"
    (theirs,) = introductions_of(s, two[0])
    assert theirs.other == "Knit & natter"


@pytest.mark.parametrize("which", ["sensitive", "gone", "unknown"])
def test_no_refuge_and_nothing_that_is_gone(s: Session, manager: Actor, two: tuple[UUID, UUID], which: str) -> None:
    more = {"sensitive": {"is_sensitive": True}, "gone": {"status": "defunct"}}.get(which)
    at = None if which == "sensitive" else HERE
    asset = an_asset(s, at=at, **more) if more else uuid4()  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        begin(s, Idea("group", two[0], b_asset_id=asset), by=manager)


# What each side may know.


@pytest.mark.parametrize("refused", ["not_now b", "not_for_me b", "no_reply b"])
def test_the_first_learns_nothing_of_the_others_refusal(
    s: Session, manager: Actor, two: tuple[UUID, UUID], refused: str
) -> None:
    made = an_introduction(s, manager, *two, *TO_BOTH[:2])
    assert states_of(s, two[0]) == ["yes_a"]
    go(s, manager, made, "asked_b")
    assert states_of(s, two[0]) == ["yes_a"], "nor of the ask"
    go(s, manager, made, refused)
    (theirs,) = introductions_of(s, two[0])
    assert (theirs.state, theirs.other) == (ENDED, "")
    assert states_of(s, two[1]) == [refused.split(maxsplit=1)[0]]


@pytest.mark.parametrize("refused", ["not_now a", "not_for_me a", "no_reply a"])
def test_the_second_learns_nothing_of_an_ask_that_never_reached_them(
    s: Session, manager: Actor, two: tuple[UUID, UUID], refused: str
) -> None:
    made = an_introduction(s, manager, *two, "asked_a")
    assert introductions_of(s, two[1]) == []
    go(s, manager, made, refused)
    assert introductions_of(s, two[1]) == []
    assert states_of(s, two[0]) == [refused.split(maxsplit=1)[0]]


def test_what_is_taken_up_again_is_for_the_second_what_it_was(
    s: Session, manager: Actor, two: tuple[UUID, UUID]
) -> None:
    made = an_introduction(s, manager, *two, *TO_BOTH[:3], "not_now b")
    for then in ("idea", "asked_a", "yes_a"):
        go(s, manager, made, then)
        assert states_of(s, two[1]) == ["not_now"]
        assert given(s, two[1])[0] == [ENDED]
        assert given(s, two[1])[1] == ["asked_b", "not_now"]
    go(s, manager, made, "not_for_me a")
    assert (states_of(s, two[1]), given(s, two[1])[0]) == (["not_now"], [ENDED])
    with pytest.raises(BadRequest):
        go(s, manager, made, "asked_b")


def test_asked_again_the_second_knows_it(s: Session, manager: Actor, two: tuple[UUID, UUID]) -> None:
    an_introduction(s, manager, *two, *TO_BOTH[:3], "no_reply b", "idea", *TO_BOTH[:3])
    assert (states_of(s, two[1]), given(s, two[1])[0]) == (["asked_b"], ["asked_b"])
    assert states_of(s, two[0]) == ["yes_a"]


def test_names_stand_on_the_pages_of_two_who_both_said_yes(s: Session, manager: Actor, two: tuple[UUID, UUID]) -> None:
    made = an_introduction(s, manager, *two, *TO_BOTH[:3])
    assert [introductions_of(s, one)[0].other for one in two] == ["", ""]
    go(s, manager, made, "yes_b")
    assert [introductions_of(s, one)[0].other for one in two] == ["Ben", "Ada"]
    assert states_of(s, two[0]) == ["yes_b"]
    go(s, manager, made, "not_now b")
    assert [introductions_of(s, one)[0].other for one in two] == ["", ""]


def test_a_refusal_is_never_put_into_the_mouth_of_somebody_who_was_not_asked(
    s: Session, manager: Actor, two: tuple[UUID, UUID]
) -> None:
    made = an_introduction(s, manager, *two, "asked_a")
    with pytest.raises(BadRequest, match="not been asked"):
        go(s, manager, made, "not_for_me b")
    with pytest.raises(BadRequest, match="who answered"):
        go(s, manager, made, "not_for_me")


# Whom it is for.


def test_the_same_two_are_brought_together_once_at_a_time(s: Session, manager: Actor, two: tuple[UUID, UUID]) -> None:
    made = an_introduction(s, manager, *two)
    for pair in (two, two[::-1]):
        with pytest.raises(BadRequest, match="already"):
            an_introduction(s, manager, *pair)
    go(s, manager, made, "not_now")
    an_introduction(s, manager, *two)


def test_pressed_twice_it_begins_once_and_steps_once(s: Session, manager: Actor, two: tuple[UUID, UUID]) -> None:
    idea = Idea("shared_interest", two[0], b_person_id=two[1])
    made = {begin(s, idea, by=manager, key="once") for _ in range(2)}
    for _ in range(2):
        step(s, next(iter(made)), "asked_a", version=1, by=manager, key="asked")
    assert len(made) == 1
    assert [one.state for one in introduction(s, made.pop()).steps] == ["idea", "asked_a"]


@pytest.mark.parametrize("who", [0, 1])
def test_who_asked_not_to_meet_is_not_brought_together(
    s: Session, manager: Actor, two: tuple[UUID, UUID], who: int
) -> None:
    s.add(PersonAvoids(person_id=two[who], other_id=two[1 - who], organisation_id=UUID(manager.organisation_id)))
    s.flush()
    with pytest.raises(BadRequest, match="not to be brought together"):
        an_introduction(s, manager, *two)


def test_two_coordinators_at_once_are_told(s: Session, manager: Actor, two: tuple[UUID, UUID]) -> None:
    made = an_introduction(s, manager, *two, "asked_a")
    with pytest.raises(Conflict):
        step(s, made, "yes_a", version=1, by=manager)
    with pytest.raises(VersionMissing):
        step(s, made, "yes_a", version=None, by=manager)


def test_somebody_at_risk_is_in_no_introduction_and_no_list(s: Session, manager: Actor, officer: Actor, patch: UUID,
                                                            two: tuple[UUID, UUID]) -> None:  # fmt: skip
    """P12: nobody is brought together with them; what went on before is seen by the named roles alone."""
    made = an_introduction(s, manager, *two, "asked_a")
    s.execute(update(Person).where(Person.id == two[1]).values(safety_risk=True))
    with pytest.raises(BadRequest, match="has not said yes"):
        an_introduction(s, manager, a_neighbour(s, manager, patch, "Cara"), two[1])
    ask_as(s, officer)
    assert (waiting(s), introductions_of(s, two[0])) == ([], [])
    for refused in (lambda: introduction(s, made), lambda: step(s, made, "yes_a", version=2, by=officer),
                    lambda: contact_to_pass(s, made)):  # fmt: skip
        with pytest.raises(NotFound) as told:
            refused()
        assert "Ben" not in str(told.value)


def test_another_association_sees_and_touches_nothing(
    s: Session, manager: Actor, stranger: Actor, two: tuple[UUID, UUID]
) -> None:
    """P16, P17: an id that somebody guessed right is as unknown as one that nobody has."""
    made = an_introduction(s, manager, *two, *TO_BOTH)
    ask_as(s, stranger)
    assert (waiting(s), over(s), introductions_of(s, two[0])) == ([], [], [])
    told = set()
    for key in (made, uuid4()):
        for refused in (lambda key=key: introduction(s, key), lambda key=key: contact_to_pass(s, key),
                        lambda key=key: step(s, key, "introduced", version=5, by=stranger)):  # fmt: skip
            with pytest.raises(NotFound) as answer:
                refused()
            told.add(str(answer.value))
    assert len(told) == 1
    with pytest.raises(BadRequest, match="has not said yes"):
        an_introduction(s, stranger, *two)


@pytest.mark.parametrize("role", ["data_officer", "partner_viewer"])
def test_others_than_casework_see_no_introductions(
    s: Session, manager: Actor, two: tuple[UUID, UUID], role: str
) -> None:
    made = an_introduction(s, manager, *two)
    other = replace(manager, role=role)
    ask_as(s, other)
    for refused in (lambda: waiting(s), lambda: introduction(s, made), lambda: contact_to_pass(s, made),
                    lambda: begin(s, Idea("shared_interest", *two), by=other)):  # fmt: skip
        with pytest.raises(NotAllowed):
            refused()


def test_each_coach_speaks_for_the_people_of_their_own_patch(s: Session, manager: Actor, patch: UUID) -> None:
    south = a_place(s, kind="patch", name="South patch", at=(390_000, 394_000))
    ada, ben = a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, south, "Ben")
    made = an_introduction(s, manager, ada, ben, "asked_a", "yes_a")
    north_coach, south_coach, elsewhere = (
        replace(manager, name=f"Coach {place}", role="coach", places=frozenset((str(place),)))
        for place in (patch, south, a_place(s, kind="patch", at=(400_000, 394_000)))
    )
    ask_as(s, north_coach)
    one = introduction(s, made)
    assert (one.a.name, one.b.name, one.b.place_name, one.crosses_patches) == ("Ada", "", "South patch", True)
    with pytest.raises(NotAllowed, match="another coordinator"):
        go(s, north_coach, made, "asked_b")
    ask_as(s, south_coach)
    assert [(one.a.name, one.b.name) for one in waiting(s)] == [("", "Ben")]
    go(s, south_coach, made, "asked_b", "not_for_me b")
    ask_as(s, elsewhere)
    assert (waiting(s), introductions_of(s, ben)) == ([], [])
    with pytest.raises(NotFound):
        introduction(s, made)


def test_stopped_because_not_safe_is_told_to_a_manager(
    s: Session, manager: Actor, officer: Actor, two: tuple[UUID, UUID]
) -> None:
    ask_as(s, officer)
    made = an_introduction(s, officer, *two, *TO_BOTH, "introduced", "stopped_unsafe a")
    with pytest.raises(NotAllowed):
        unsafe(s)
    with pytest.raises(NotAllowed):
        look_into(s, made, version=version_of(s, made), by=officer)
    assert states_of(s, two[1]) == [ENDED]
    ask_as(s, manager)
    assert [one.id for one in unsafe(s)] == [made]
    look_into(s, made, version=version_of(s, made), by=manager)
    assert unsafe(s) == []


# How it goes.


def introduced(s: Session, by: Actor, two: tuple[UUID, UUID], weeks: int) -> UUID:
    """Two who were introduced so many weeks ago."""
    made = an_introduction(s, by, *two, *TO_BOTH, "introduced")
    s.execute(update(Connection).where(Connection.id == made).values(introduced_on=today() - timedelta(weeks=weeks)))
    return made


@pytest.mark.parametrize(("weeks", "then"), [(4, "going_at_4w"), (12, "going_at_12w")])
def test_what_they_say_takes_it_on(s: Session, manager: Actor, two: tuple[UUID, UUID], weeks: int, then: str) -> None:
    made = introduced(s, manager, two, weeks)
    said = FollowUpDraft(weeks, is_going=True, own_words=" We play on Tuesdays ", domains=("belonging", "confidence"),
                         confidence=7, would_again=True, gave="An hour a week")  # fmt: skip
    add_follow_up(s, made, two[0], said, by=manager)
    assert introduction(s, made).state == then
    (kept,) = follow_ups_of(s, made)
    assert (kept.own_words, kept.domains, kept.confidence) == ("We play on Tuesdays", ("belonging", "confidence"), 7)
    row = s.get_one(FollowUp, kept.id)
    assert (row.purpose, row.lawful_basis, row.source) == ("introductions", "consent", "the person")
    with pytest.raises(BadRequest, match="before"):
        add_follow_up(s, made, two[0], said, by=manager)
    add_follow_up(s, made, two[1], replace(said, own_words="Lovely"), by=manager)
    edit_follow_up(s, kept.id, replace(said, confidence=8), version=1, by=manager)
    assert [one.confidence for one in follow_ups_of(s, made) if one.id == kept.id] == [8]


def test_one_that_has_ended_ends_and_the_other_side_is_not_told_by_whom(
    s: Session, manager: Actor, two: tuple[UUID, UUID]
) -> None:
    made = introduced(s, manager, two, 4)
    add_follow_up(s, made, two[0], FollowUpDraft(4, is_going=False, own_words="We lost touch"), by=manager)
    assert (states_of(s, two[0]), states_of(s, two[1])) == (["stopped"], [ENDED])


def test_an_offer_waits_no_more_once_they_met(s: Session, manager: Actor, two: tuple[UUID, UUID]) -> None:
    told = {"organisation_id": UUID(manager.organisation_id), "own_words": "Piano", "said_on": today(),
            "purpose": "introductions", "lawful_basis": "consent", "consent_on": today(), "source": "x"}  # fmt: skip
    offer = PersonOffer(person_id=two[1], gift_kind="hands", **told)
    s.add(offer)
    s.flush()
    made = an_introduction(s, manager, *two, *TO_BOTH, "introduced", person_offer_id=offer.id)
    s.refresh(offer)
    assert offer.state == "waiting"
    go(s, manager, made, "met")
    s.refresh(offer)
    assert (offer.state, offer.taken_up_on, offer.version) == ("taken_up", today(), 2)
    cyn = a_neighbour(s, manager, s.get_one(Person, two[0]).place_id, "Cyn")
    with pytest.raises(BadRequest, match="somebody else"):
        an_introduction(s, manager, two[0], cyn, person_offer_id=offer.id)


@pytest.mark.parametrize(
    "draft",
    [FollowUpDraft(4), FollowUpDraft(3, True), FollowUpDraft(4, True, confidence=11),
     FollowUpDraft(4, domains=("wealth",)), FollowUpDraft(4, True, "x" * 2_001)],
)  # fmt: skip
def test_what_cannot_be_is_refused(s: Session, manager: Actor, two: tuple[UUID, UUID], draft: FollowUpDraft) -> None:
    made = introduced(s, manager, two, 4)
    with pytest.raises(BadRequest):
        add_follow_up(s, made, two[0], draft, by=manager)


def test_there_is_a_start_before_they_meet_and_no_follow_up(s: Session, manager: Actor, two: tuple[UUID, UUID]) -> None:
    made = an_introduction(s, manager, *two)
    add_follow_up(s, made, two[0], FollowUpDraft(0, confidence=3), by=manager)
    with pytest.raises(BadRequest, match="not been introduced"):
        add_follow_up(s, made, two[0], FollowUpDraft(4, is_going=True), by=manager)


@pytest.mark.parametrize(
    ("days", "told", "then"),
    [(0, set(), None), (23, set(), None), (24, set(), 4), (60, {4}, None), (60, set(), 4), (80, {4}, 12),
     (200, {4, 12}, None), (90, set(), 12)],
)  # fmt: skip
def test_a_good_time_to_ask(days: int, told: set[int], then: int | None) -> None:
    assert good_time(date(2026, 3, 1), told, date(2026, 3, 1) + timedelta(days=days)) == then


def test_the_trail_holds_no_words_of_anybody(s: Session, manager: Actor, two: tuple[UUID, UUID]) -> None:
    made = introduced(s, manager, two, 4)
    words = ("QuinceWords", "PlumGift")
    add_follow_up(s, made, two[0], FollowUpDraft(4, True, *words[:1], gave=words[1]), by=manager)
    for table in (AuditEvent, RowChange, ConnectionStep, Connection):
        told = s.scalars(text(f"select t::text from {table.__table__.fullname} t")).all()  # type: ignore[attr-defined]
        assert told
        assert not [row for row in told if any(word in row for word in (*words, "900456"))]


# What somebody is given who asks for all we hold of them.


def given(s: Session, person_id: UUID) -> tuple[list[str], list[str], str]:
    """States of introductions, states of steps, and all rows of both as text."""
    rows = {home.table: rows_of(s, home, person_id, Traces((), ())) for home in PEOPLE if "connection" in home.table}
    told = rows["core.connection"], rows["core.connection_step"]
    return [one["state"] for one in told[0]], [one["state"] for one in told[1]], str(told)


@pytest.mark.parametrize("refused", ["not_now b", "not_for_me b", "no_reply b"])
def test_all_that_is_held_of_the_first_tells_nothing_of_the_others_no(
    s: Session, manager: Actor, two: tuple[UUID, UUID], refused: str
) -> None:
    made = an_introduction(s, manager, *two, *TO_BOTH[:3])
    assert given(s, two[0])[:2] == (["yes_a"], ["idea", "asked_a", "yes_a"])
    go(s, manager, made, refused)
    states, steps, told = given(s, two[0])
    assert (states, steps) == ([ENDED], ["idea", "asked_a", "yes_a"])
    assert str(two[1]) not in told
    assert given(s, two[1])[0] == [refused.split(maxsplit=1)[0]]
    assert str(two[0]) not in given(s, two[1])[2]


def test_all_that_is_held_of_the_second_tells_nothing_of_what_never_reached_them(
    s: Session, manager: Actor, two: tuple[UUID, UUID]
) -> None:
    an_introduction(s, manager, *two, "asked_a", "not_for_me a")
    assert given(s, two[1]) == ([], [], "([], [])")
    assert given(s, two[0])[:2] == (["not_for_me"], ["idea", "asked_a", "not_for_me"])


def test_who_asked_not_to_meet_somebody_is_not_told_to_them(s: Session, manager: Actor, two: tuple[UUID, UUID]) -> None:
    s.add(PersonAvoids(person_id=two[0], other_id=two[1], organisation_id=UUID(manager.organisation_id)))
    s.flush()
    (home,) = [home for home in PEOPLE if home.table == "core.person_avoids"]
    assert [len(rows_of(s, home, one, Traces((), ()))) for one in two] == [1, 0]
