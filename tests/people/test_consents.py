"""A yes is for one purpose, in known words, until a day; a no holds from the moment it is said."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from abcd.core.clock import months_after, today
from abcd.core.language import use
from abcd.db.session import Actor
from abcd.db.tables import CONSENT_PURPOSES, Connection, ConnectionStep, ConsentWithdrawn, introducible
from abcd.errors import BadRequest, NotAllowed, NotFound
from abcd.people.actions import add_person
from abcd.people.consents import ConsentDraft, consents_of, expiring, give_consent, holding, withdraw
from abcd.people.wordings import add_wording, all_wordings, load_wordings, wordings
from tests.builders import a_place
from tests.people.conftest import a_draft, ask_as

YES = ConsentDraft("introductions", "in_person")


def a_resident(s: Session, patch: UUID, by: Actor, **more: object) -> UUID:
    """An adult of a patch."""
    return add_person(s, a_draft(patch, **{"adult_confirmed": True, **more}), by=by).id


def does_hold(s: Session, person_id: UUID, purpose: str = "introductions") -> bool:
    """What the database says."""
    return bool(s.scalar(select(func.core.consents(person_id, purpose))))


def a_connection(s: Session, by: Actor, patch: UUID, a: UUID, b: UUID, state: str = "idea") -> UUID:
    """Two residents, as far as ``state``."""
    row = Connection(organisation_id=UUID(by.organisation_id), kind="shared_interest", a_person_id=a, b_person_id=b,
                     place_id=patch, tier=1, coordinator=by.name)  # fmt: skip
    s.add(row)
    s.flush()
    for then in ("asked_a", "yes_a", "asked_b", "yes_b")[: {"idea": 0, "asked_b": 3, "yes_b": 4}[state]]:
        row.state = then
        s.flush()
    return row.id


def test_a_yes_holds_for_its_purpose_and_two_years(s: Session, manager: Actor, patch: UUID) -> None:
    someone = a_resident(s, patch, manager)
    assert not does_hold(s, someone)
    given = give_consent(s, someone, YES, by=manager)
    assert does_hold(s, someone)
    assert not does_hold(s, someone, "being_found")
    (one,) = consents_of(s, someone)
    assert (one.id, one.given_on, one.how, one.recorded_by) == (given, today(), "in_person", "Mona Manager")
    assert (one.expires_on, one.wording_version, one.holds) == (months_after(today(), 24), 1, True)
    assert [row.id for row in s.execute(select(introducible))] == [someone]


def test_pressed_twice_it_is_written_once(s: Session, manager: Actor, patch: UUID) -> None:
    someone = a_resident(s, patch, manager)
    assert give_consent(s, someone, YES, by=manager, key="k") == give_consent(s, someone, YES, by=manager, key="k")
    assert len(consents_of(s, someone)) == 1


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (ConsentDraft("everything", "paper"), "one of these"),
        (ConsentDraft("story", "telepathy"), "how they told you"),
        (ConsentDraft("story", "paper", date(2999, 1, 1)), "not one to come"),
        (ConsentDraft("story", "paper", date(2020, 1, 1)), "two years ago"),
        (ConsentDraft("sharing", "paper"), "Name each organisation"),
        (ConsentDraft("sharing", "paper", None, (" Partners ",)), "Name each organisation"),
        (ConsentDraft("story", "paper", None, ("Age Concern",)), "Only a yes to sharing"),
    ],
)
def test_what_is_no_consent_is_refused(
    s: Session, manager: Actor, patch: UUID, draft: ConsentDraft, words: str
) -> None:
    with pytest.raises(BadRequest, match=words):
        give_consent(s, a_resident(s, patch, manager), draft, by=manager)


def test_sharing_names_who_may_be_told_and_a_no_takes_back_what_names_them(
    s: Session, manager: Actor, patch: UUID
) -> None:
    someone = a_resident(s, patch, manager)
    both = give_consent(s, someone, ConsentDraft("sharing", "paper", None, ("Food Hub", "Age UK", "Age UK")),
                        by=manager)  # fmt: skip
    give_consent(s, someone, ConsentDraft("sharing", "paper", None, ("Choir",)), by=manager)
    withdraw(s, both, "phone", by=manager)
    told = {one.controllers: one.holds for one in consents_of(s, someone)}
    assert told == {("Food Hub", "Age UK"): False, ("Choir",): True}


def test_a_no_takes_back_every_yes_to_the_same(s: Session, manager: Actor, patch: UUID) -> None:
    someone = a_resident(s, patch, manager)
    first = give_consent(s, someone, replace(YES, given_on=today() - timedelta(300)), by=manager)
    give_consent(s, someone, YES, by=manager)
    give_consent(s, someone, ConsentDraft("being_found", "paper"), by=manager)
    withdraw(s, first, "phone", by=manager)
    withdraw(s, first, "phone", by=manager)
    assert not does_hold(s, someone)
    assert does_hold(s, someone, "being_found")
    assert list(holding(consents_of(s, someone))) == ["being_found"]
    assert s.scalar(select(func.count()).select_from(ConsentWithdrawn)) == 2


def test_open_introductions_end_and_nobody_is_told_why(s: Session, manager: Actor, patch: UUID) -> None:
    ada, ben, risky = (a_resident(s, patch, manager, preferred_name=name, safety_risk=name == "Cy")
                       for name in ("Ada", "Ben", "Cy"))  # fmt: skip
    for one in (ada, ben, risky):
        give_consent(s, one, YES, by=manager)
    asked = a_connection(s, manager, patch, ada, ben, "asked_b")
    unseen = a_connection(s, manager, patch, risky, ada)
    coach = replace(manager, name="Cora Coach", role="coach")
    ask_as(s, coach)
    withdraw(s, consents_of(s, ada)[0].id, "in_person", by=coach)
    assert s.get(Connection, unseen) is None
    ask_as(s, manager)
    assert {s.get_one(Connection, one).state for one in (asked, unseen)} == {"stopped"}
    steps = s.execute(select(ConnectionStep.state, ConnectionStep.side, ConnectionStep.reason,
                             ConnectionStep.recorded_by)).all()  # fmt: skip
    assert set(steps) == {("stopped", "", "", "system")}


def test_the_database_keeps_what_was_said(s: Session, manager: Actor, patch: UUID) -> None:
    someone = a_resident(s, patch, manager)
    give_consent(s, someone, YES, by=manager)
    for statement in ("update core.consent set expires_on = '2099-01-01'", "delete from core.consent"):
        with pytest.raises(DBAPIError, match="What was said"), s.begin_nested():
            s.execute(text(statement))


def test_others_neither_see_nor_touch_it(s: Session, manager: Actor, stranger: Actor, patch: UUID) -> None:
    someone = a_resident(s, patch, manager)
    given = give_consent(s, someone, YES, by=manager)
    elsewhere = replace(manager, role="coach", places=frozenset({str(a_place(s, kind="patch"))}))
    for actor in (stranger, elsewhere):
        ask_as(s, actor)
        assert expiring(s, 10_000) == []
        with pytest.raises(NotFound):
            consents_of(s, someone)
        with pytest.raises(NotFound):
            give_consent(s, someone, YES, by=actor)
        with pytest.raises(NotFound):
            withdraw(s, given, "phone", by=actor)
    keeper = replace(manager, role="data_officer")
    ask_as(s, keeper)
    with pytest.raises(NotAllowed):
        give_consent(s, someone, YES, by=keeper)
    with pytest.raises(NotAllowed):
        consents_of(s, someone)


def test_whom_to_ask_again(s: Session, manager: Actor, patch: UUID) -> None:
    def given(name: str, days_left: int, purpose: str = "introductions") -> UUID:
        someone = a_resident(s, patch, manager, preferred_name=name)
        day = months_after(today() + timedelta(days_left), -24)
        s.execute(text("insert into core.consent (person_id, organisation_id, purpose, wording_version, given_on, how, "
                       "recorded_by, expires_on) values (:who, :org, :what, 1, :given, 'paper', 'x', :ends)"),
                  {"who": someone, "org": manager.organisation_id, "what": purpose, "given": day,
                   "ends": today() + timedelta(days_left)})  # fmt: skip
        return someone

    load_wordings(s)
    over, soon, again, no, _far, _gone = (given(name, days) for name, days in (
        ("Over", -3), ("Soon", 40), ("Again", 20), ("No", 20), ("Far", 90), ("Long gone", -400)))  # fmt: skip
    give_consent(s, again, YES, by=manager)
    withdraw(s, consents_of(s, no)[0].id, "text", by=manager)
    found = expiring(s, 60)
    assert [(one.person_id, one.is_over) for one in found] == [(over, True), (soon, False)]
    assert found[0].place_name == "North patch"


def test_whoever_is_at_risk_is_on_no_list_of_a_coach(s: Session, manager: Actor, patch: UUID) -> None:
    risky = a_resident(s, patch, manager, safety_risk=True)
    give_consent(s, risky, YES, by=manager)
    assert [one.person_id for one in expiring(s, 10_000)] == [risky]
    ask_as(s, replace(manager, role="coach"))
    assert expiring(s, 10_000) == []


def test_the_words_are_there_in_both_languages_and_a_version_never_changes(s: Session, manager: Actor) -> None:
    first = wordings(s)
    assert set(first) == set(CONSENT_PURPOSES)
    assert all(one.told and one.told_cy and one.told != one.told_cy for one in first.values())
    with pytest.raises(BadRequest, match="in Welsh"):
        add_wording(s, "story", "New words.", " ", by=manager)
    keeper = replace(manager, role="data_officer")
    assert add_wording(s, "story", "New words.", "Geiriau newydd.", by=keeper) == 2
    load_wordings(s)
    assert [one.told for one in all_wordings(s) if one.purpose == "story"] == [first["story"].told, "New words."]
    assert wordings(s)["story"].version == 2
    assert wordings(s, today() - timedelta(1))["story"].version == 1
    use("cy")
    try:
        assert wordings(s)["story"].words == "Geiriau newydd."
    finally:
        use("en")


def test_a_yes_of_before_was_said_to_the_words_of_then(s: Session, manager: Actor, patch: UUID) -> None:
    someone = a_resident(s, patch, manager)
    add_wording(s, "story", "New words.", "Geiriau newydd.", by=manager)
    give_consent(s, someone, ConsentDraft("story", "paper", today() - timedelta(9)), by=manager)
    give_consent(s, someone, ConsentDraft("story", "paper"), by=manager)
    assert sorted(one.wording_version for one in consents_of(s, someone)) == [1, 2]


def test_an_unknown_consent_is_not_found(s: Session, manager: Actor) -> None:
    with pytest.raises(NotFound):
        withdraw(s, uuid4(), "phone", by=manager)
