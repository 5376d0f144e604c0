"""What needs care soon: each signal by its own days, with its reason and a step from what is strong; nobody ranked."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.connections.caring import CareSoon, care_soon
from abcd.core.clock import today
from abcd.core.language import use
from abcd.db.holding import assign
from abcd.db.session import Actor
from abcd.db.tables import Group, Venue
from abcd.errors import NotAllowed
from tests.builders import HERE, TODAY, a_group, a_place, a_venue, an_asset
from tests.people.conftest import ask_as

EAST, NORTH = HERE
DAY = TODAY


@pytest.fixture
def patch(s: Session) -> UUID:
    """A patch."""
    return a_place(s, kind="patch", name="North patch")


def fresh() -> date:
    """Checked so lately that nothing is due, whatever day it is."""
    return today()


def signals(found: CareSoon) -> dict[str, list[str]]:
    """The kinds of signals by what they are about, in the order of the list."""
    return {one.name: [signal.kind for signal in one.signals] for one in found.things}


def looked(s: Session, patch: UUID) -> CareSoon:
    """What the patch's page says, with every asset in its place, on the day of the builders."""
    s.flush()
    assign(s)
    return care_soon(s, patch, DAY)


def ends(s: Session, group: UUID, **values: object) -> None:
    """Write down of a group when something ends."""
    for name, value in values.items():
        setattr(s.get_one(Group, group), name, value)


def test_a_place_where_all_is_well_says_nothing(s: Session, patch: UUID) -> None:
    an_asset(s, "library", name="Mill Library", checked=fresh())
    ends(s, a_group(s, name="Diggers", checked=fresh()), key_holder_count=2, funded_until=DAY + timedelta(183))
    assert looked(s, patch) == CareSoon((), 0, ())


def test_one_persons_own_trade_is_no_worry(s: Session, patch: UUID) -> None:
    """Care is about groups, houses and a place, and never about a person (product.md 002-6)."""
    for name, kind in (("Pat the plumber", "individual"), ("The choir", "association")):
        an_asset(s, name=name, kind=kind, end_date=DAY + timedelta(30), checked=fresh())
    assert signals(looked(s, patch)) == {"The choir": ["closing"]}


@pytest.mark.parametrize(("holders", "told"), [(None, False), (2, False), (1, True), (0, True)])
def test_a_group_that_rests_on_one_person(s: Session, patch: UUID, holders: int | None, told: bool) -> None:
    """Unknown is not one: nobody has asked yet."""
    ends(s, a_group(s, name="Diggers", checked=fresh()), key_holder_count=holders)
    assert signals(looked(s, patch)) == ({"Diggers": ["few_hands"]} if told else {})


@pytest.mark.parametrize(("days", "told"), [(-92, False), (-91, True), (0, True), (182, True), (183, False)])
def test_money_is_told_half_a_year_before_it_ends(s: Session, patch: UUID, days: int, told: bool) -> None:
    ends(s, a_group(s, name="Diggers", checked=fresh()), funded_until=DAY + timedelta(days))
    found = looked(s, patch)
    assert signals(found) == ({"Diggers": ["funding"]} if told else {})
    assert [one.signals[0].on for one in found.things] == [DAY + timedelta(days)] * told


def test_a_lease_is_told_a_year_before_with_who_meets_there(s: Session, patch: UUID) -> None:
    hall = a_venue(s, name="Weavers Hall", checked=fresh())
    s.get_one(Venue, hall).lease_ends_on = DAY + timedelta(365)
    for name in ("Diggers", "Singers"):
        a_group(s, name=name, meets_at=hall, checked=fresh())
    lease = looked(s, patch).things[0].signals[0]
    assert lease.kind == "lease"
    assert lease.reason == "Its lease ends on 01/06/2027. 2 groups meet there."
    assert lease.step.endswith("what they would like to become of it: Diggers, Singers.")
    s.get_one(Venue, hall).lease_ends_on = DAY + timedelta(366)
    assert "lease" not in signals(looked(s, patch)).get("Weavers Hall", [])


def test_the_only_house_of_a_theme_with_another_that_could_stand_in(s: Session, patch: UUID) -> None:
    hall, chapel = a_venue(s, name="Weavers Hall", checked=fresh()), a_venue(s, name="Chapel", checked=fresh())
    for venue in (hall, chapel):
        a_group(s, "gardening-group", name=f"Diggers {venue}", meets_at=venue, checked=fresh())
    a_group(s, "food-club", name="Bakers", meets_at=hall, checked=fresh())
    (one,) = looked(s, patch).things
    (signal,) = one.signals
    assert (one.name, signal.kind) == ("Weavers Hall", "only_home")
    assert signal.reason == "All that we know here about Food happens in this one house: Bakers."
    assert signal.step == "Introduce them to a second house while nothing is wrong: Chapel."


def test_records_that_get_old_everyday_ones_first_and_how_many_more(s: Session, patch: UUID) -> None:
    due = fresh() - timedelta(round(11 * 30.4375))
    for number in range(6):
        an_asset(s, "pub", kind="economic", name=f"Pub {number}", checked=due)
    an_asset(s, "library", name="Mill Library", checked=due)
    an_asset(s, "library", name="Old Library", checked=fresh() - timedelta(2000))
    found = looked(s, patch)
    assert found.ageing == 7
    assert signals(found) == {name: ["ageing"] for name in ("Mill Library", "Pub 0", "Pub 1", "Pub 2", "Pub 3")}


def test_what_has_a_day_comes_by_that_day(s: Session, patch: UUID) -> None:
    for name, days in (("Later", 100), ("Sooner", 10)):
        ends(s, a_group(s, name=name, checked=fresh()), funded_until=DAY + timedelta(days))
    ends(s, a_group(s, name="Alone", checked=fresh()), key_holder_count=1)
    an_asset(s, "library", name="Mill Library", checked=fresh(), end_date=DAY + timedelta(50))
    assert list(signals(looked(s, patch))) == ["Sooner", "Mill Library", "Later", "Alone"]


def test_nothing_from_elsewhere_nothing_retired_and_no_place_that_stays_private(s: Session, patch: UUID) -> None:
    away = (EAST + 5000, NORTH)
    ends(s, a_group(s, at=away, name="Elsewhere", checked=fresh()), key_holder_count=1)
    ends(s, a_group(s, name="Gone", checked=fresh(), status="defunct"), key_holder_count=1)
    refuge = a_group(s, name="Refuge", checked=fresh())
    ends(s, refuge, key_holder_count=1)
    s.execute(
        text("update core.asset set geom = null, point = null, is_sensitive = true where id = :id"), {"id": refuge}
    )
    s.execute(text("insert into core.place_asset values (:p, :a, 'within')"), {"p": patch, "a": refuge})
    assert signals(care_soon(s, patch, DAY)) == {}
    assert signals(looked(s, patch)) == {}


def test_it_speaks_welsh(s: Session, patch: UUID) -> None:
    ends(s, a_group(s, name="Diggers", checked=fresh()), key_holder_count=1, funded_until=DAY)
    s.flush()
    assign(s)
    use("cy")
    try:
        told = care_soon(s, patch, DAY).things[0].signals
    finally:
        use("en")
    assert all(one.reason and "Ask who" not in one.step and "one person" not in one.reason for one in told)


def test_it_is_for_the_team(s: Session, patch: UUID) -> None:
    ask_as(s, Actor("Pat", "partner_viewer"))
    with pytest.raises(NotAllowed):
        care_soon(s, patch, DAY)
