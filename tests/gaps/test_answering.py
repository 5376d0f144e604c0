"""A sheet is printed, walked and typed in: what stood on paper finds its record, and nobody's later word is lost."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.assets.actions import confirm_asset, edit_asset
from abcd.assets.queries import asset
from abcd.core.clock import today
from abcd.db.holding import assign
from abcd.db.session import Actor
from abcd.db.tables import AskingSheet, AuditEvent, Contribution, SearchEffort, Verification
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound
from abcd.gaps.answering import Answers, Found, answer_sheet
from abcd.gaps.asking import go_and_ask
from abcd.gaps.possibilities import possibilities
from abcd.gaps.searching import Look, record_searches
from abcd.gaps.sheets import Sheet, end_sheet, make_sheet, open_sheets, sheet
from tests.builders import HERE, a_place, a_small_area, an_asset
from tests.people.conftest import ask_as

EAST, NORTH = HERE
WALKED = today() - timedelta(2)
OLD = today() - timedelta(500)
NAMES = ("Library", "Café", "Hall")


@pytest.fixture
def printed(s: Session, owner: Actor) -> Sheet:
    """An estate with three old records, and the sheet of its first round."""
    a_small_area(s, HERE, 100)
    place = a_place(s)
    for at, (category, name) in enumerate(zip(("library", "cafe", "community-centre"), NAMES, strict=True)):
        an_asset(s, category, (EAST + 50 * at, NORTH), name=name, checked=OLD)
    assign(s)
    questions = [one for one in go_and_ask(s, place) if one.round == 1]
    return sheet(s, make_sheet(s, place, questions, by=owner))


def stop(printed: Sheet, name: str) -> UUID:
    key = next(one.asset_id for one in printed.stops if one.name == name)
    assert key is not None
    return key


def answers(printed: Sheet, said: dict[str, Found], *looks: Look, on: date = WALKED) -> Answers:
    return Answers(on, "field walk", {stop(printed, name): found for name, found in said.items()}, looks)


def test_a_sheet_keeps_what_was_printed(s: Session, printed: Sheet) -> None:
    assert sorted(one.name for one in printed.stops) == sorted(NAMES)
    assert len(printed.looks) == 8
    assert 0 < printed.minutes < 5
    assert [key for key, _by, _day in open_sheets(s, printed.place.id)] == [printed.id]
    confirm_asset(s, stop(printed, "Café"), version=1, by=Actor("Other", "owner"))
    assert sorted(one.name for one in sheet(s, printed.id).stops) == sorted(NAMES), "though it is fresh by now"


def test_its_answers_are_done_in_one_go(s: Session, printed: Sheet, owner: Actor) -> None:
    said = {"Library": Found("right"), "Café": Found("gone", "Shutters down"), "Hall": Found("changed", "New hours")}
    looked = printed.looks[0].category
    found = answer_sheet(s, printed.id, answers(printed, said, Look(looked, 0)), version=1, by=owner, key="one")
    assert found == {"checked": 1, "told": 2, "looked": 1, "passed_by": []}
    library = asset(s, stop(printed, "Library"))
    assert (library.line.assured_on, library.assured_by) == (WALKED, "staff visit")
    waiting = {row.kind: (row.came_by, row.own_words, row.state) for row in s.scalars(select(Contribution))}
    assert waiting == {"closing": ("walk", "Shutters down", "waiting"), "correction": ("walk", "New hours", "waiting")}
    effort = s.scalars(select(SearchEffort)).one()
    assert (effort.category, effort.method, effort.looked_on, effort.found_n) == (looked, "field walk", WALKED, 0)
    state = next(one for one in possibilities(s, printed.place.id) if one.category == looked)
    assert state.shown == "Not enough looking yet"
    assert open_sheets(s, printed.place.id) == []


def test_pressed_twice_it_is_done_once_and_typed_twice_it_is_refused(s: Session, printed: Sheet, owner: Actor) -> None:
    given = answers(printed, {"Library": Found("right")})
    first = answer_sheet(s, printed.id, given, version=1, by=owner, key="one")
    assert answer_sheet(s, printed.id, given, version=1, by=owner, key="one") == first
    assert len(s.scalars(select(Verification)).all()) == 1
    with pytest.raises(Conflict):
        answer_sheet(s, printed.id, given, version=1, by=owner, key="two")
    with pytest.raises(BadRequest, match="already"):
        answer_sheet(s, printed.id, given, version=2, by=owner, key="three")


def test_what_somebody_changed_since_is_passed_by_and_named(s: Session, printed: Sheet, owner: Actor) -> None:
    edit_asset(s, stop(printed, "Library"), {"opening_hours": "Mo-Fr 10:00-17:00"}, version=1, by=owner)
    said = {"Library": Found("right"), "Café": Found("right")}
    found = answer_sheet(s, printed.id, answers(printed, said), version=1, by=owner)
    assert (found["checked"], found["passed_by"]) == (1, ["Library"])
    assert asset(s, stop(printed, "Library")).line.assured_on == OLD


def test_a_later_check_stands(s: Session, printed: Sheet, owner: Actor) -> None:
    later = confirm_asset(s, stop(printed, "Library"), version=1, by=owner)
    confirm_asset(s, stop(printed, "Library"), version=later.version, by=owner, on=WALKED)
    assert asset(s, stop(printed, "Library")).line.assured_on == today()
    with pytest.raises(BadRequest):
        confirm_asset(s, stop(printed, "Café"), version=1, by=owner, on=today() + timedelta(1))


@pytest.mark.parametrize(
    ("said", "looks", "on"),
    [
        ({}, (), WALKED),
        ({"Library": Found("perhaps")}, (), WALKED),
        ({"Library": Found("right")}, (), today() + timedelta(2)),
        ({}, (Look("library", 1, 2),), WALKED),
        ({}, (Look("library", -1),), WALKED),
    ],
    ids=["nothing", "an unknown answer", "a day to come", "more known than found", "fewer than none"],
)
def test_what_cannot_be_is_refused(
    s: Session, printed: Sheet, owner: Actor, said: dict[str, Found], looks: tuple[Look, ...], on: date
) -> None:
    with pytest.raises(BadRequest):
        answer_sheet(s, printed.id, answers(printed, said, *looks, on=on), version=1, by=owner)


def test_only_those_who_note_searches_here_open_a_sheet(s: Session, printed: Sheet, owner: Actor) -> None:
    with pytest.raises(NotFound):
        sheet(s, UUID(int=7))
    with pytest.raises(BadRequest):
        make_sheet(s, printed.place.id, [], by=owner)
    partner = Actor("Pat Partner", "partner_viewer")
    elsewhere = Actor("Cara Coach", "coach", places=frozenset({str(UUID(int=9))}))
    for actor in (partner, elsewhere):
        ask_as(s, actor)
        with pytest.raises(NotAllowed):
            sheet(s, printed.id)
        with pytest.raises(NotAllowed):
            answer_sheet(s, printed.id, answers(printed, {"Library": Found("right")}), version=1, by=actor)


def test_what_lies_beyond_ones_own_places_waits_for_others(s: Session, printed: Sheet) -> None:
    """The nearest of a kind may stand outside a coach's patch: the rest of the sheet is not lost for it."""
    edge = stop(printed, "Hall")
    s.execute(text("delete from core.place_asset where asset_id = :edge"), {"edge": edge})
    coach = Actor("Cara Coach", "coach", places=frozenset({str(printed.place.id)}))
    said = {"Library": Found("right"), "Hall": Found("right")}
    found = answer_sheet(s, printed.id, answers(printed, said), version=1, by=coach)
    assert (found["checked"], found["told"], found["passed_by"]) == (1, 1, [])
    assert asset(s, edge).line.assured_on == OLD
    assert [row.asset_id for row in s.scalars(select(Contribution))] == [edge]


def test_a_sheet_that_nobody_walked_is_thrown_away(s: Session, printed: Sheet, owner: Actor) -> None:
    with pytest.raises(Conflict):
        end_sheet(s, printed.id, version=7, by=owner)
    end_sheet(s, printed.id, version=1, by=owner, key="away")
    end_sheet(s, printed.id, version=1, by=owner, key="away")
    assert open_sheets(s, printed.place.id) == []
    with pytest.raises(NotFound):
        sheet(s, printed.id)


def test_a_walk_is_one_event_for_many_categories(s: Session, printed: Sheet, owner: Actor) -> None:
    record_searches(s, printed.place.id, [Look("pub"), Look("youth-group", 2)], "field walk", WALKED, by=owner)
    event = s.scalars(select(AuditEvent).where(AuditEvent.verb == "record search")).one()
    assert event.after is not None
    assert event.after["found"] == {"pub": 0, "youth-group": 2}
    with pytest.raises(NotFound):
        record_searches(s, printed.place.id, [Look("pub"), Look("dragons")], "desk", WALKED, by=owner)
    with pytest.raises(BadRequest):
        record_searches(s, printed.place.id, [], "desk", WALKED, by=owner)


def test_a_sheet_goes_with_its_place(s: Session, printed: Sheet) -> None:
    kept = s.get_one(AskingSheet, printed.id)
    assert kept.looks == [one.category for one in printed.looks]
    assert {UUID(one["asset"]) for one in kept.stops} == {one.asset_id for one in printed.stops}
