"""Plans of small areas: drawn, kept, adopted from a day; patches are places like any other."""

import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
import shapely
from sqlalchemy import Connection, delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from abcd.access.accounts import add_account, set_places
from abcd.core import clock
from abcd.core.language import speaking
from abcd.db import daybreak, embedded, migrate
from abcd.db.session import SYSTEM, Actor, engine, session
from abcd.db.tables import Account, AccountPlace, AuditEvent, PatchBlock, PatchGround, PatchPlan, Person, Place
from abcd.db.timeouts import LIMITS
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound
from abcd.patches.adopting import adopt, is_patch_of, take_back
from abcd.patches.areas import areas_of, neighbours
from abcd.patches.beginning import begin_in_turn
from abcd.patches.coaches import assign_coach, coaches_on
from abcd.patches.coaches_ahead import name_ahead, named_ahead
from abcd.patches.correcting import keep_corrected, moved, opened
from abcd.patches.due import begin_due, plans_ahead
from abcd.patches.growing import named_alike
from abcd.patches.locks import lock, unlock
from abcd.patches.plans import draw, own_patches_now, patches_now, plan_part, plan_record, plan_row, plans
from abcd.people.actions import add_person
from abcd.places.queries import place, places_of_kind
from tests.builders import HERE, a_place, a_small_area
from tests.conftest import as_owner, ask, emptied
from tests.people.conftest import a_draft, an_association, ask_as

SIDE = 6


@pytest.fixture
def town(s: Session) -> UUID:
    """A town of 6 x 6 small areas of 100 m with 100 households each, and one in the corner with 140."""
    east, north = HERE
    whole = a_place(s, (east + 250, north + 250), name="Town", size=600)
    s.get_one(Place, whole).reference = "TOWN"
    for i in range(SIDE * SIDE):
        at = (east + 100 * (i % SIDE), north + 100 * (i // SIDE))
        a_small_area(s, at, 140 if i == 0 else 100, size=100)
    s.flush()
    return whole


def test_alternatives_are_drawn_and_kept(s: Session, town: UUID, owner: Actor) -> None:
    even, compact = draw(s, "TOWN", target=600, seed=3, reason="a new coach", by=owner)
    assert (even.leaning, compact.leaning, even.patches, compact.patches) == ("balance", "compact", 6, 6)
    assert even.quality.within == compact.quality.within == 1.0
    assert even.quality.worst <= 0.1
    assert [each.pieces for each in even.quality.patches] == [1] * 6
    assert sum(each.households for each in even.quality.patches) == 3640
    assert {row.id for row in plans(s, "TOWN")} == {even.id, compact.id}
    assert plan_record(s, even.id) == even


def test_the_same_seed_draws_the_same_plan(s: Session, town: UUID, owner: Actor) -> None:
    first, again = (draw(s, "TOWN", target=600, seed=3, by=owner)[1].id for _ in range(2))
    assert s.get_one(PatchPlan, first).part == s.get_one(PatchPlan, again).part


def test_an_adopted_plan_makes_places(s: Session, town: UUID, owner: Actor) -> None:
    plan = draw(s, "TOWN", target=600, seed=3, by=owner)[1]
    with speaking("cy"):
        made = adopt(s, plan.id, first_day=date(2026, 1, 5), version=plan.version, by=owner)
    patches = places_of_kind(s, "patch")
    first = patches[0]
    assert (first.name, first.name_cy) == ("Town, patch 1", "Town, clwt 1"), "whatever whoever adopts it speaks"
    assert first.denominators_source.startswith("small census areas with their households, plan of ")
    assert {each.id for each in patches} == set(made)
    assert [each.reference for each in patches] == [f"TOWN-P{k:02d}" for k in range(1, 7)]
    assert sum(each.households for each in patches) == 3640
    assert sum(each.area_km2 for each in patches) == pytest.approx(0.36)
    assert patches[0].start_date == date(2026, 1, 5)
    deeds = select(AuditEvent.verb).where(AuditEvent.thing_id == str(plan.id)).order_by(AuditEvent.id)
    assert list(s.scalars(deeds)) == ["add", "adopt"]


def test_the_next_plan_follows_the_adopted_one_and_ends_it(s: Session, town: UUID, owner: Actor) -> None:
    first = draw(s, "TOWN", target=600, seed=3, by=owner)[1]
    adopt(s, first.id, first_day=date(2026, 1, 5), version=1, by=owner)
    before = patches_now(s, areas_of(s, place(s, "TOWN")), town)
    change = draw(s, "TOWN", target=600, seed=9, by=owner)[2]
    assert change.quality.changed == 0.0
    adopt(s, change.id, first_day=date(2026, 6, 1), version=1, by=owner)
    assert np.array_equal(patches_now(s, areas_of(s, place(s, "TOWN")), town), before)
    standing = places_of_kind(s, "patch")
    ended = list(s.scalars(select(Place.end_date).where(Place.kind == "patch", Place.end_date.is_not(None))))
    assert len(standing) == 6
    assert ended == [date(2026, 6, 1)] * 6


def test_a_plan_of_neighbours_is_not_taken_for_ones_own(s: Session, town: UUID, owner: Actor) -> None:
    first = draw(s, "TOWN", target=600, seed=3, by=owner)[1]
    ours = adopt(s, first.id, first_day=date(2026, 1, 5), version=1, by=owner)
    park = a_place(s, (HERE[0] + 50, HERE[1] + 50), name="Park", size=200)
    s.get_one(Place, park).reference = "TOWN-PARK"
    s.flush()
    beside = draw(s, "TOWN-PARK", target=220, tolerance=0.3, by=owner)[0]
    theirs = adopt(s, beside.id, first_day=date(2026, 2, 2), version=1, by=owner)
    change = draw(s, "TOWN", target=600, seed=9, by=owner)[2]
    assert (change.leaning, change.quality.changed) == ("change", 0.0)
    with pytest.raises(BadRequest, match="hold from 05/01/2026"), s.begin_nested():
        adopt(s, change.id, first_day=date(2026, 1, 4), version=1, by=owner)
    new = adopt(s, change.id, first_day=date(2026, 3, 2), version=1, by=owner)
    s.expire_all()
    assert [s.get_one(Place, one).end_date for one in ours] == [date(2026, 3, 2)] * len(ours)
    assert [s.get_one(Place, one).end_date for one in theirs] == [None] * len(theirs), "TOWN-PARK-P01 is not of TOWN"
    assert [is_patch_of(place(s, town), place(s, one)) for one in (*new, *theirs)] == [True] * 6 + [False] * len(theirs)


def on_the(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Let it be noon of a day."""
    monkeypatch.setattr(clock, "now", lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def test_a_plan_from_a_day_ahead_leaves_todays_patches_until_then(
    s: Session, town: UUID, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = an_association(s, "Millfield Homes")
    leader = Actor("Lee", "owner", organisation_id=theirs)
    ask_as(s, leader)
    first = draw(s, "TOWN", target=600, seed=3, by=leader)[1]
    ours = adopt(s, first.id, first_day=date(2026, 1, 5), version=1, by=leader)
    someone = add_person(s, a_draft(ours[0]), by=leader)
    coach = UUID(add_account(s, "Cara", "coach", by=leader, organisation_id=UUID(theirs)).account_id)
    assign_coach(s, ours[0], coach, from_on=date(2026, 1, 5), by=leader)
    on_the(monkeypatch, date(2026, 11, 1))
    later = draw(s, "TOWN", target=600, seed=9, by=leader)[2]
    assert adopt(s, later.id, first_day=date(2026, 12, 7), version=1, by=leader) == []
    assert {one.id for one in places_of_kind(s, "patch")} == set(ours)
    (ahead,) = plans_ahead(s, town)
    assert (ahead.id, ahead.first_day, ahead.is_late) == (later.id, date(2026, 12, 7), False)
    assert plan_record(s, later.id).is_ahead
    homes = areas_of(s, place(s, "TOWN"))
    assert homes is not None
    before = patches_now(s, homes, town)

    ask_as(s, SYSTEM)
    on_the(monkeypatch, date(2026, 12, 6))
    assert not begin_in_turn(s, later.id, by=SYSTEM), "its day has not come"
    assert np.array_equal(patches_now(s, homes, town), before)
    on_the(monkeypatch, date(2026, 12, 7))
    assert plans_ahead(s, town)[0].is_late, "nobody has looked yet"
    assert begin_in_turn(s, later.id, by=SYSTEM)
    assert not begin_in_turn(s, later.id, by=SYSTEM), "once"
    ask_as(s, leader)
    s.expire_all()
    new = places_of_kind(s, "patch")
    assert [one.start_date for one in new] == [date(2026, 12, 7)] * 6
    assert {s.get_one(Place, one).end_date for one in ours} == {date(2026, 12, 7)}
    assert plans_ahead(s, town) == []
    goes_on = next(one.id for one in new if one.reference == s.get_one(Place, ours[0]).reference)
    assert s.get_one(Person, someone.id).place_id == goes_on, "though nobody of their association did anything"
    assert coaches_on(s, [goes_on])[goes_on].account_id == coach
    deeds = select(AuditEvent.verb).where(AuditEvent.thing_id == str(later.id)).order_by(AuditEvent.id)
    assert list(s.scalars(deeds)) == ["add", "adopt", "begin"]


def test_a_coach_is_named_for_a_patch_of_a_day_ahead(
    s: Session, town: UUID, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, eve = (UUID(add_account(s, name, "coach", by=owner).account_id) for name in ("Ann", "Ben", "Eve"))
    first, later = draw(s, "TOWN", target=600, seed=3, by=owner)
    on_the(monkeypatch, date(2026, 11, 1))
    ours = adopt(s, first.id, first_day=date(2026, 1, 5), version=1, by=owner)
    for patch in ours:
        assign_coach(s, patch, ann, from_on=date(2026, 1, 5), by=owner)
    set_places(s, ann, ours)
    set_places(s, ben, [a_place(s, (HERE[0] + 9_000, HERE[1]))])
    with pytest.raises(BadRequest, match="waits for its day"), s.begin_nested():
        name_ahead(s, later.id, 0, ben, version=1, by=owner)
    adopt(s, later.id, first_day=date(2026, 12, 7), version=1, by=owner)
    for version, (number, account) in enumerate(((0, eve), (2, ben), (5, eve), (5, None)), 2):
        name_ahead(s, later.id, number, account, version=version, by=owner)
    with pytest.raises(NotFound, match="no such patch"), s.begin_nested():
        name_ahead(s, later.id, 6, ben, version=6, by=owner)
    with pytest.raises(NotAllowed):
        name_ahead(s, later.id, 1, ben, version=6, by=Actor("O", "officer"))
    assert named_ahead(s, later.id) == {0: "Eve", 2: "Ben"}
    assert {one.account_id for one in coaches_on(s, ours).values()} == {ann}, "until the day nothing has changed"
    s.get_one(Account, eve).disabled_at = clock.now()
    _row, homes, part = plan_part(s, later.id)
    on_the(monkeypatch, date(2026, 12, 7))
    assert begin_in_turn(s, later.id, by=SYSTEM)
    new = {one.id: int(one.reference[-2:]) - 1 for one in places_of_kind(s, "patch") if one.start_date == clock.today()}
    moved_to = dict(zip(part.tolist(), patches_now(s, homes, town).tolist(), strict=True))
    held = {new[place_id]: one for place_id, one in coaches_on(s, list(new)).items()}
    assert {number: one.account_id for number, one in held.items()} == dict.fromkeys(range(6), ann) | {moved_to[2]: ben}
    bens = next(one for one, number in new.items() if number == moved_to[2])
    sees = select(AccountPlace.account_id).where(AccountPlace.place_id == bens)
    assert set(s.scalars(sees)) == {ben}, "whoever held it before sees its people no more"
    assert held[moved_to[2]].from_on == date(2026, 12, 7)
    assert named_ahead(s, later.id) == {}


def test_two_coaches_who_change_patches_see_their_own_alone(
    s: Session, town: UUID, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_the(monkeypatch, date(2026, 11, 1))
    first, later = draw(s, "TOWN", target=600, seed=3, by=owner)
    ours = adopt(s, first.id, first_day=date(2026, 1, 5), version=1, by=owner)
    held = dict(zip(("P01", "P02"), ours, strict=False))
    coach = {
        key: UUID(add_account(s, f"Of {key}", "coach", by=owner, places=[one]).account_id) for key, one in held.items()
    }
    for key, one in held.items():
        assign_coach(s, one, coach[key], from_on=date(2026, 1, 5), by=owner)
    adopt(s, later.id, first_day=date(2026, 12, 7), version=1, by=owner)
    _row, homes, part = plan_part(s, later.id)
    then = named_alike(part, own_patches_now(s, homes, town), homes.households)
    numbers = {int(now): int(drawn) for drawn, now in zip(part, then, strict=True)}
    name_ahead(s, later.id, numbers[0], coach["P02"], version=2, by=owner)
    name_ahead(s, later.id, numbers[1], coach["P01"], version=3, by=owner)
    on_the(monkeypatch, date(2026, 12, 7))
    assert begin_in_turn(s, later.id, by=SYSTEM)
    new = {one.reference[-3:]: one.id for one in places_of_kind(s, "patch")}
    for key, other in (("P01", "P02"), ("P02", "P01")):
        assert coaches_on(s, [new[key]])[new[key]].account_id == coach[other]
        sees = select(AccountPlace.place_id).where(AccountPlace.account_id == coach[key])
        assert list(s.scalars(sees)) == [new[other]]


def test_a_day_ahead_is_one_plans_and_can_be_taken_back(
    s: Session, town: UUID, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_the(monkeypatch, date(2026, 11, 1))
    one, other = draw(s, "TOWN", target=600, seed=3, by=owner)
    adopt(s, one.id, first_day=date(2026, 12, 7), version=1, by=owner)
    with pytest.raises(BadRequest, match="waits for that day"), s.begin_nested():
        adopt(s, other.id, first_day=date(2026, 12, 7), version=1, by=owner)
    with pytest.raises(NotAllowed):
        take_back(s, one.id, version=2, by=Actor("O", "officer"))
    take_back(s, one.id, version=2, by=owner)
    assert not plan_record(s, one.id).is_ahead
    adopt(s, other.id, first_day=date(2026, 12, 7), version=1, by=owner)
    on_the(monkeypatch, date(2026, 12, 8))
    assert (begin_in_turn(s, one.id, by=SYSTEM), begin_in_turn(s, other.id, by=SYSTEM)) == (False, True)
    assert {place.start_date for place in places_of_kind(s, "patch")} == {date(2026, 12, 7)}, "the day, though late"
    with pytest.raises(BadRequest, match="waits for its day"):
        take_back(s, other.id, version=3, by=owner)
    with pytest.raises(BadRequest, match="hold from 07/12/2026"):
        adopt(s, one.id, first_day=date(2026, 12, 6), version=3, by=owner)


def two_plans(s: Session, owner: Actor) -> tuple[UUID, UUID]:
    """Drawn for two towns 5 km apart, Here and There."""
    for name, at in (("Here", HERE), ("There", (HERE[0] + 5_000, HERE[1]))):
        s.get_one(Place, a_place(s, at, name=name, size=300)).reference = name
        a_small_area(s, at, 100, size=100)
        a_small_area(s, (at[0] + 100, at[1]), 100, size=100)
    s.flush()
    here, there = (draw(s, name, target=100, by=owner)[0].id for name in ("Here", "There"))
    return here, there


def test_a_plan_that_somebody_holds_keeps_neither_visitors_nor_other_plans_waiting(
    store: str, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS["abcd_app_rw"], "lock_timeout", "50ms")
    monkeypatch.setattr(daybreak, "_steps", [])  # a command that ran before in this process would begin them first
    engine().dispose()  # the next connections are that impatient
    on_the(monkeypatch, date(2026, 11, 1))
    with session(owner) as s:
        held, free = two_plans(s, owner)
        for one, day in ((held, 7), (free, 8)):
            adopt(s, one, first_day=date(2026, 12, day), version=1, by=owner)
    on_the(monkeypatch, date(2026, 12, 8))
    try:
        with as_owner(store) as elsewhere:
            elsewhere.execute(text("select from core.patch_plan where id = :id for update"), {"id": held})
            assert begin_due() == 1
            with session(owner) as s:
                assert {one.id: one.is_ahead for one in (plan_record(s, held), plan_record(s, free))} == {
                    held: True, free: False,
                }  # fmt: skip
        assert begin_due() == 1
    finally:
        engine().dispose()
        emptied(store, "core.place, core.patch_plan")


def test_a_defect_in_one_due_plan_keeps_no_other_waiting(
    store: str, owner: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(daybreak, "_steps", [])
    on_the(monkeypatch, date(2026, 11, 1))
    with session(owner) as s:
        broken, sound = two_plans(s, owner)
        for one in (broken, sound):
            adopt(s, one, first_day=date(2026, 12, 7), version=1, by=owner)
        s.get_one(PatchPlan, broken).part = [0]  # no longer as long as its ground
    on_the(monkeypatch, date(2026, 12, 8))
    try:
        assert [begin_due(), begin_due()] == [1, 0]
        with session(owner) as s:
            assert [one.id for one in places_of_kind(s, "patch")] != []
            assert [plan_row(s, one).begun_at is None for one in (broken, sound)] == [True, False]
        faults = [line for line in caplog.records if line.getMessage() == "fault"]
        assert [line.ids["door"] for line in faults] == ["patches due"], "once a day, though it is asked each minute"
        waits = [line.ids for line in caplog.records if line.getMessage() == "a plan of patches waits on"]
        assert [(told["plan"], told["number"]) for told in waits] == [(str(broken), faults[0].ids["number"])]
    finally:
        emptied(store, "core.place, core.patch_plan")


def test_two_who_adopt_for_one_place_at_once_do_so_one_after_the_other(
    store: str, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daybreak, "_steps", [])
    on_the(monkeypatch, date(2026, 11, 1))
    with session(owner) as s:
        s.get_one(Place, a_place(s, HERE, name="Here", size=300)).reference = "Here"
        for k in range(2):
            a_small_area(s, (HERE[0] + 100 * k, HERE[1]), 100, size=100)
        s.flush()
        one, other = (each.id for each in draw(s, "Here", target=100, by=owner))
    said: list[str] = []

    def second() -> None:
        with pytest.raises(BadRequest) as refused, session(owner) as s:
            adopt(s, other, first_day=date(2026, 12, 7), version=1, by=owner)
        said.append(str(refused.value))

    beside = threading.Thread(target=second)
    try:
        with session(owner) as s:
            adopt(s, one, first_day=date(2026, 12, 7), version=1, by=owner)
            s.flush()
            beside.start()
            with as_owner(store) as elsewhere:
                until_someone_waits(elsewhere)
        beside.join()
        assert "waits for that day" in said[0]
        with pytest.raises(IntegrityError, match="ix_patch_plan_one_a_day"), session(owner) as s:
            s.get_one(PatchPlan, other).adopted_from = date(2026, 12, 7)
    finally:
        emptied(store, "core.place, core.patch_plan")


def until_someone_waits(s: Connection) -> None:
    """Return when a session of this database waits for a lock."""
    waiting = text(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    )
    until = time.monotonic() + 20
    while not s.scalar(waiting):
        assert time.monotonic() < until
        s.execute(text("select pg_stat_clear_snapshot(), pg_sleep(0.01)"))  # it is else looked at once a transaction


def test_the_first_plan_of_a_place_inside_another_has_numbers_of_its_own(s: Session, town: UUID, owner: Actor) -> None:
    whole = draw(s, "TOWN", target=600, seed=3, by=owner)[1]
    adopt(s, whole.id, first_day=date(2026, 1, 5), version=1, by=owner)
    corner = a_place(s, (HERE[0] + 450, HERE[1] + 450), name="Far Corner", size=200)
    s.get_one(Place, corner).reference = "CORNER"
    s.flush()
    plan = draw(s, "CORNER", target=200, tolerance=0.3, by=owner)[0]
    adopt(s, plan.id, first_day=date(2026, 2, 2), version=1, by=owner)
    numbered = sorted(one.reference for one in places_of_kind(s, "patch") if one.reference.startswith("CORNER"))
    assert numbered == [f"CORNER-P{k:02d}" for k in range(1, plan.patches + 1)]


def test_a_plan_is_adopted_once_and_from_the_version_that_was_seen(s: Session, town: UUID, owner: Actor) -> None:
    plan = draw(s, "TOWN", target=600, by=owner)[0]
    with pytest.raises(Conflict):
        adopt(s, plan.id, first_day=date(2026, 1, 5), version=7, by=owner)
    adopt(s, plan.id, first_day=date(2026, 1, 5), version=plan.version, by=owner)
    with pytest.raises(BadRequest, match="adopted already"):
        adopt(s, plan.id, first_day=date(2026, 1, 5), version=plan.version + 1, by=owner)


@pytest.mark.parametrize(
    ("target", "tolerance", "words"),
    [(0, 0.1, "target above 0"), (175, 1.5, "tolerance between 0 and 1"), (0.1, 0.1, "more than 2,000 patches")],
)
def test_a_target_that_makes_no_sense_is_told(
    s: Session, town: UUID, owner: Actor, target: float, tolerance: float, words: str
) -> None:
    with pytest.raises(BadRequest, match=words):
        draw(s, "TOWN", target=target, tolerance=tolerance, by=owner)


def test_a_place_without_small_areas_says_what_to_import(s: Session, owner: Actor) -> None:
    bare = a_place(s, (300_000.0, 300_000.0))
    with pytest.raises(BadRequest, match="abcd import households"):
        draw(s, bare, target=175, by=owner)


def test_a_coach_does_not_draw_patches_and_an_officer_does_not_adopt_them(s: Session, town: UUID, owner: Actor) -> None:
    with pytest.raises(NotAllowed):
        draw(s, "TOWN", target=600, by=Actor("C", "coach"))
    plan = draw(s, "TOWN", target=600, by=Actor("O", "officer"))[0]
    with pytest.raises(NotAllowed):
        adopt(s, plan.id, first_day=date(2026, 1, 5), version=1, by=Actor("O", "officer"))


def test_whoever_has_places_shares_out_homes_there_alone(s: Session, town: UUID, owner: Actor) -> None:
    elsewhere = a_place(s, (HERE[0] + 5_000, HERE[1]), name="Elsewhere")
    theirs, others = (Actor("Mo", "manager", places=frozenset({str(one)})) for one in (town, elsewhere))
    with pytest.raises(NotAllowed, match="outside your places"):
        draw(s, "TOWN", target=600, by=others)
    plan = draw(s, "TOWN", target=600, by=theirs)[0]
    with pytest.raises(NotAllowed, match="outside your places"):
        keep_corrected(s, moved(opened(s, plan.id), 0, 6), "A court", by=others)
    with pytest.raises(NotAllowed, match="outside your places"):
        lock(s, town, "Court", ["a", "b"], by=others)
    held = lock(s, town, "Court", ["a", "b"], by=theirs)
    with pytest.raises(NotAllowed, match="outside your places"), s.begin_nested():
        unlock(s, held, version=1, by=others)
    with pytest.raises(NotAllowed, match="outside your places"):
        adopt(s, plan.id, first_day=date(2026, 1, 5), version=1, by=others)
    assert len(adopt(s, plan.id, first_day=date(2026, 1, 5), version=1, by=theirs)) == 6


def test_a_plan_that_is_not_there(s: Session, store: str) -> None:
    with pytest.raises(NotFound, match="abcd patches list"):
        plan_row(s, UUID(int=1))


def test_corners_do_not_make_neighbours() -> None:
    cells = np.array([shapely.box(x, y, x + 1e2, y + 1e2) for x in (0, 100) for y in (0, 100)])
    assert sorted(neighbours(cells).tolist()) == [[0, 1], [0, 2], [1, 3], [2, 3]]


def test_plans_of_before_are_brought_over(cluster: Path) -> None:
    """Their blocks were small areas and nothing else was kept of them."""
    ask(cluster, "create database older_plans template template0")
    url = embedded.url(cluster, database="older_plans")
    try:
        migrate.upgrade(url, to="0021")
        with as_owner(url) as older:
            for k in range(4):
                square = f"ST_Multi(ST_MakeEnvelope({100 * k}, 0, {100 * k + 100}, 100, 27700))"
                older.execute(
                    text(f"""insert into core.place (id, kind, reference, name, geom, point) values
                    ('00000000-0000-0000-0000-00000000000{k}', 'oa', 'E{k}', '', {square}, ST_Centroid({square}))""")
                )
            older.execute(
                text("""insert into core.patch_plan (id, place_id, leaning, target, tolerance, seed, made_by)
                values (gen_random_uuid(), '00000000-0000-0000-0000-000000000000', 'balance', 20, 0.1, 0, 'Ann')""")
            )
            older.execute(
                text("""insert into core.patch_block (plan_id, place_id, patch, households)
                select plan.id, place.id, (place.reference > 'E1')::int, 10 from core.patch_plan plan, core.place""")
            )
        migrate.upgrade(url, to="0024")
        with as_owner(url) as older:
            older.execute(text("update core.patch_plan set adopted_from = '2027-01-04'"))
            older.execute(
                text("""with ground as (
                  insert into core.patch_ground (id, place_id, finest, tail, head, bond, made_by)
                  select gen_random_uuid(), place_id, 'dwellings', '{}', '{}', '{}', 'Ann' from core.patch_plan
                  returning id)
                insert into core.patch_block (ground_id, number, name, households, load, point, cell, members)
                select ground.id, said.nth - 1, said.name, 1, 1, place.point, place.geom, array[said.name]
                from ground, unnest(array['Mill Lane, part 2', 'Bloc, rhan 3', 'Elder Court']) with ordinality
                  said(name, nth), (select * from core.place limit 1) place""")
            )
        migrate.upgrade(url, to="0025")
        with as_owner(url) as older:
            older.execute(
                text("""insert into core.patch_plan
                (place_id, ground_id, part, leaning, target, tolerance, seed, made_by, made_at, adopted_from)
                select place_id, ground_id, part, said, 20, 0.1, 0, 'Ann', made_at + nth * interval '1 day',
                  '2027-02-01'
                from core.patch_plan, unnest(array['earlier', 'later']) with ordinality as told(said, nth)""")
            )
        migrate.upgrade(url)
        with as_owner(url) as newer, Session(newer) as now:
            waiting = select(PatchPlan.leaning).where(PatchPlan.begun_at.is_(None), PatchPlan.adopted_from.is_not(None))
            assert list(now.scalars(waiting)) == ["later"], "the earlier one would not have held in the end"
            now.execute(delete(PatchPlan).where(PatchPlan.leaning.in_(("earlier", "later"))))
            called = select(PatchBlock.name).join(PatchGround).where(PatchGround.finest == "dwellings")
            assert list(now.scalars(called.order_by(PatchBlock.number))) == ["Mill Lane", "", "Elder Court"]
            assert now.scalars(select(PatchPlan.begun_at)).one() is not None, "it held at once, whatever its day"
            row, homes, part = plan_part(now, now.scalars(select(PatchPlan.id)).one())
            assert (part.tolist(), homes.finest, homes.names) == ([0, 0, 1, 1], "areas", ("E0", "E1", "E2", "E3"))
            assert homes.households.tolist() == [10, 10, 10, 10]
            assert homes.net.to.tolist() == [1, 0, 2, 1, 3, 2]
            assert row.ground_id == row.id
            assert homes.members[3] == (str(UUID(int=3)),)
    finally:
        ask(cluster, "drop database older_plans with (force)")
