"""Figures of introductions: what they are by hand, protected below casework, and nobody at risk in any of them."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from abcd.connections.confidence import Confidence, _shown, confidence
from abcd.connections.figures import Share, gini, share, spread, wilson
from abcd.connections.follow_ups import FollowUpDraft, add_follow_up
from abcd.connections.funnel import Funnel, first_of_quarter, funnel
from abcd.connections.ideas import Idea, begin
from abcd.connections.register import Suggested, add_introduction_in
from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import Connection, Person, Place
from abcd.errors import NotAllowed
from tests.builders import a_group
from tests.connections.meeting import TO_BOTH, a_neighbour, an_introduction, go
from tests.people.conftest import ask_as, manager, officer, patch, stranger

__all__ = ["manager", "officer", "patch", "stranger"]
MET = (*TO_BOTH, "introduced", "met")


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Newcombe 1998, table I, method 3: the score interval.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("counts", "then"), [([1, 1, 1, 1], 0.0), ([0, 0, 0, 4], 0.75), ([1, 2, 3, 4], 0.25), ([], None), ([0, 0], None)]
)
def test_the_spread_by_hand(counts: list[int], then: float | None) -> None:
    assert gini(counts) == (None if then is None else pytest.approx(then))


@pytest.mark.parametrize(("part", "whole", "then"), [
    (3, 9, Share(None)), (9, 40, Share(None)), (31, 40, Share(None)), (20, 40, Share(50, 35, 65, None, None)),
    (22, 43, Share(51, 34, 61, None, None)),
])  # fmt: skip
def test_a_share_is_shown_when_both_of_its_sides_are_ten(part: int, whole: int, then: Share) -> None:
    shown = share(part, whole, protect=True)
    assert (shown.percent, shown.part, shown.whole) == (then.percent, None, None)
    if then.percent is not None:
        rounded_whole = 5 * round(whole / 5)
        low, high = wilson(5 * round(part / 5), rounded_whole)
        assert (shown.low, shown.high) == (round(100 * low), round(100 * high)), "from what is shown, and no more"


def test_raw_figures_hold_part_and_whole() -> None:
    assert share(3, 9, protect=False) == Share(33, 12, 65, 3, 9)
    assert share(0, 0, protect=False) == Share(None, None, None, 0, 0)
    assert spread([1, 0, 0], protect=True) is None


def some(s: Session, by: Actor, place: UUID, introduced: int, met: int, *, weeks: int = 0) -> list[tuple[UUID, UUID]]:
    """Pairs who were introduced so many weeks ago, some of whom met."""
    pairs = []
    for number in range(introduced):
        pair = a_neighbour(s, by, place, f"A{number}"), a_neighbour(s, by, place, f"B{number}")
        made = an_introduction(s, by, *pair, *(MET if number < met else MET[:-1]))
        told = {"introduced_on": today() - timedelta(weeks=weeks)}
        s.execute(update(Connection).where(Connection.id == made).values(**told))
        pairs.append(pair)
    return pairs


def test_the_figures_of_a_patch(s: Session, manager: Actor, patch: UUID) -> None:
    s.execute(update(Place).where(Place.id == patch).values(households=50))
    some(s, manager, patch, 4, 3)
    told = funnel(s, patch)
    (first, now), *_before = told.quarters
    assert first == first_of_quarter(today())
    assert not told.is_protected
    assert (now.introduced, now.per_100_homes, now.met) == (4, 8.0, share(3, 4, protect=False))
    assert (now.near.percent, now.across.percent, now.days, now.spread) == (100, 0, 0, 0.0)
    assert now.going == Share(None, None, None, 0, 0), "nobody can have gone on for twelve weeks yet"
    assert [name for name, _figures in told.by_place] == ["North patch"]


def test_going_after_twelve_weeks_counts_those_who_could(s: Session, manager: Actor, patch: UUID) -> None:
    ((ada, ben),) = some(s, manager, patch, 1, 1, weeks=12)
    some_made = s.query(Connection).filter_by(a_person_id=ada).one()
    go(s, manager, some_made.id, "going_at_4w", "going_at_12w")
    some(s, manager, patch, 2, 2, weeks=1)
    assert funnel(s, patch).year.going == share(1, 1, protect=False)


def test_somebody_at_risk_is_counted_for_nobody(s: Session, manager: Actor, officer: Actor, patch: UUID) -> None:
    """P12: two roles' figures never differ by one."""
    pairs = some(s, manager, patch, 3, 3)
    s.execute(update(Person).where(Person.id == pairs[0][1]).values(safety_risk=True))
    told: list[Funnel] = []
    for actor in (manager, officer):
        ask_as(s, actor)
        told.append(funnel(s))
    assert told[0] == told[1]
    assert told[0].quarters[0][1].introduced == 2


@pytest.mark.parametrize(("introduced", "shown"), [(9, None)])
def test_below_casework_small_numbers_are_protected(
    s: Session, manager: Actor, patch: UUID, introduced: int, shown: int | None
) -> None:
    some(s, manager, patch, introduced, introduced // 2)
    for _number in range(3):
        add_introduction_in(s, Suggested("faith_leader", patch), by=manager)
    ask_as(s, replace(manager, role="data_officer"))
    told = funnel(s)
    assert told.is_protected
    assert told.year.introduced == shown
    assert (told.year.met.part, told.year.met.whole, told.year.met.percent) == (None, None, None)
    assert {one for _source, one in told.sources} == {None}


def test_one_person_who_is_introduced_often_is_not_many(s: Session, manager: Actor, patch: UUID) -> None:
    """Twelve introductions of one neighbour to twelve groups are a figure of one person."""
    ada = a_neighbour(s, manager, patch, "Ada")
    for number in range(12):
        made = begin(s, Idea("group", ada, b_asset_id=a_group(s, name=f"Group {number}"), tier=2), by=manager)
        go(s, manager, made, *MET)
    assert (funnel(s).year.introduced, [name for name, _one in funnel(s).by_place]) == (12, ["North patch"])
    ask_as(s, replace(manager, role="data_officer"))
    told = funnel(s)
    assert (told.year.introduced, told.year.met.percent, told.year.days, told.by_place) == (None, None, None, ())


def test_one_more_changes_nothing_that_is_shown(s: Session, manager: Actor, patch: UUID) -> None:
    """P6, for what a data officer sees: worlds with eleven and twelve introductions look the same."""
    some(s, manager, patch, 11, 4)
    ask_as(s, replace(manager, role="data_officer"))
    before = funnel(s)
    ask_as(s, manager)
    some(s, manager, patch, 1, 1)
    ask_as(s, replace(manager, role="data_officer"))
    after = funnel(s)
    assert (before.year.introduced, after.year.introduced) == (10, 10)
    assert before == after


def test_sources_and_reasons(s: Session, manager: Actor, patch: UUID) -> None:
    for source in ("self", "self", "gp_or_link_worker"):
        add_introduction_in(s, Suggested(source, patch), by=manager)
    add_introduction_in(s, Suggested("police", patch, kept_apart=True), by=manager)
    told = funnel(s, patch)
    assert {name: n for name, n in told.sources if n} == {"self": 2, "gp_or_link_worker": 1}
    assert len(told.sources) == 17


def test_another_association_and_a_partner_learn_nothing(
    s: Session, manager: Actor, stranger: Actor, patch: UUID
) -> None:
    some(s, manager, patch, 2, 1)
    ask_as(s, stranger)
    told = funnel(s)
    assert (told.year.introduced, told.by_place, {n for _name, n in told.sources}) == (0, (), {0})
    ask_as(s, replace(manager, role="partner_viewer"))
    with pytest.raises(NotAllowed):
        funnel(s)


@pytest.mark.parametrize(("day", "first"), [(date(2026, 1, 1), date(2026, 1, 1)), (date(2026, 3, 31), date(2026, 1, 1)),
                                            (date(2026, 11, 22), date(2026, 10, 1))])  # fmt: skip
def test_quarters(day: date, first: date) -> None:
    assert first_of_quarter(day) == first


def test_confidence_is_raw_for_casework_and_needs_ten_people_below_it(s: Session, manager: Actor, patch: UUID) -> None:
    """Four and seven at the start, nobody later; below casework two people are too few to tell."""
    ada, ben = a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, patch, "Ben")
    made = an_introduction(s, manager, ada, ben, *TO_BOTH)
    for someone, felt in ((ada, 4), (ben, 7)):
        add_follow_up(s, made, someone, FollowUpDraft(0, confidence=felt), by=manager)
    assert confidence(s)[:2] == (Confidence(0, 5.5, 2), Confidence(4, None, 0))
    ask_as(s, replace(manager, role="data_officer"))
    assert confidence(s, patch)[0] == Confidence(0, None, None)


def test_confidence_is_of_no_introduction_with_somebody_marked(s: Session, manager: Actor, patch: UUID) -> None:
    """Or what the funnel leaves out and this tells would say that the other of the two is marked."""
    ada, ben = a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, patch, "Ben")
    add_follow_up(s, an_introduction(s, manager, ada, ben, *TO_BOTH), ada, FollowUpDraft(0, confidence=4), by=manager)
    assert confidence(s)[0].people == 1
    s.execute(update(Person).where(Person.id == ben).values(safety_risk=True))
    assert confidence(s)[0] == Confidence(0, None, 0)


@pytest.mark.parametrize(
    ("people", "mean", "told"), [(9, 6.2, (None, None)), (12, 6.2, (6.0, 10)), (13, 6.3, (6.5, 15))]
)
def test_a_mean_is_told_to_the_half_of_a_rounded_number(
    people: int, mean: float, told: tuple[float | None, int | None]
) -> None:
    one = _shown(4, mean, people, protect=True)
    assert (one.mean, one.people) == told
