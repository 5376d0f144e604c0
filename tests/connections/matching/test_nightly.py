"""The night answers every wish as the page would, plans with capacities, and shows nobody who took their yes back."""

from dataclasses import replace
from itertools import product
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.connections.matching import suggestions_for_wish
from abcd.connections.matching.keeping import Rematched, ideas_of_the_night, match_all
from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import PersonAvoids, PersonSuggestion
from tests.builders import HERE, a_group, a_place, a_venue
from tests.connections.wishing import a_neighbour, brought_together, gives, hopes, is_offered

SKILLS = ("piano", "guitar", "first-aid", "caring-for-children", None)


@pytest.fixture
def town(s: Session, patch: UUID, coach: Actor) -> list[UUID]:
    """Four patches with sixty neighbours who give and hope, groups, a hall; the wishes."""
    draw = np.random.default_rng(5)
    patches = [patch, *(a_place(s, (HERE[0] + 350 * n, HERE[1]), kind="patch", size=300) for n in (1, 2, 9))]
    people = [
        a_neighbour(s, draw.choice(patches), language=draw.choice(["en", "cy"]), speaks=["en"],
                    max_walk_minutes=draw.choice([None, 10, 25]), wants_alike=bool(draw.integers(2)))
        for _each in range(60)
    ]  # fmt: skip
    for person, skill in product(people[:40], SKILLS[:2]):
        gives(s, person, str(draw.choice(SKILLS[:4])) if skill else None, own_words="I play the piano",
              free_grid=draw.choice([None, 0b111, 0b111000]))  # fmt: skip
    for _place in patches:
        a_group(s, "arts-and-music", HERE)
    is_offered(s, a_venue(s), free_grid=0b111)
    brought_together(s, people[0], people[1], patch)
    brought_together(s, people[2], people[1], patch)
    ours = UUID(coach.organisation_id)
    s.add_all(PersonAvoids(person_id=people[n], organisation_id=ours, other_id=people[n + 1]) for n in range(10, 20))
    wishes = [
        hopes(s, person, draw.choice(SKILLS), own_words="I would love to learn the piano",
              wish_kind=draw.choice(["do", "learn", "meet"]), free_grid=draw.choice([None, 0b111]),
              category=draw.choice([None, None, "arts-and-music"]), theme=draw.choice(["", "culture-and-faith"]))
        for person in people[20:]
    ]  # fmt: skip
    s.flush()
    return wishes


def kept(s: Session, wish: UUID) -> list[tuple[object, ...]]:
    """What the night kept for a wish, without the neighbour whom the plan alone added."""
    rows = s.scalars(
        select(PersonSuggestion).where(PersonSuggestion.person_wish_id == wish).order_by(PersonSuggestion.position)
    )
    return [
        (row.b_person_id, row.b_asset_id, row.offer_id, row.tier, round(row.score, 9), row.kind)
        for row in list(rows)[:5]
    ]


def test_the_night_answers_each_wish_as_the_page_does(s: Session, town: list[UUID], coach: Actor) -> None:
    done = match_all(s, today(), by=coach)
    assert done.wishes == 40
    assert done.answered > 30
    for wish in town:
        page = [
            (one.b_person_id, one.b_asset_id, one.offer_id, one.tier, round(one.score, 9), one.kind)
            for one in suggestions_for_wish(s, wish)
        ]
        assert sorted(map(str, kept(s, wish))) == sorted(map(str, page)) or scores(page) == scores(kept(s, wish))


def scores(found: list[tuple[object, ...]]) -> list[object]:
    """Tiers and scores: two with the same of both may stand in for each other."""
    return [(one[3], one[4]) for one in found]


def test_the_plan_asks_nobody_for_more_than_they_can_do(s: Session, town: list[UUID], coach: Actor) -> None:
    done = match_all(s, today(), by=coach)
    planned = s.scalars(select(PersonSuggestion).where(PersonSuggestion.is_planned)).all()
    assert done.planned == len(planned) > 5
    times = np.unique([str(one.b_person_id) for one in planned], return_counts=True)[1]
    assert times.max() <= 2
    assert len({one.person_wish_id for one in planned}) == len(planned)


def test_a_second_night_takes_the_place_of_the_first(s: Session, town: list[UUID], coach: Actor) -> None:
    first = match_all(s, today(), by=coach)
    assert match_all(s, today(), by=coach) == first
    assert len(s.scalars(select(PersonSuggestion)).all()) == first.suggestions


def test_an_idea_goes_with_the_yes_of_either(s: Session, patch: UUID, coach: Actor) -> None:
    ada, beth = a_neighbour(s, patch, preferred_name="Ada"), a_neighbour(s, patch, preferred_name="Beth")
    hopes(s, ada)
    gives(s, beth)
    match_all(s, today(), by=coach)
    assert [(one.name, one.other) for one in ideas_of_the_night(s, [patch])] == [("Ada", "Beth")]
    s.execute(
        text("""insert into core.consent_withdrawn (consent_id, person_id, organisation_id, withdrawn_on, how,
        recorded_by) select id, person_id, organisation_id, current_date, 'phone', 'Test' from core.consent
        where person_id = :who"""), {"who": beth},
    )  # fmt: skip
    assert ideas_of_the_night(s, [patch]) == []


def test_an_idea_that_was_begun_is_no_idea_any_more(s: Session, patch: UUID, coach: Actor) -> None:
    ada, beth = a_neighbour(s, patch), a_neighbour(s, patch)
    hopes(s, ada)
    gives(s, beth)
    match_all(s, today(), by=coach)
    brought_together(s, beth, ada, patch)
    assert ideas_of_the_night(s, [patch]) == []


def test_an_association_without_wishes_has_a_quiet_night(s: Session, patch: UUID, coach: Actor) -> None:
    assert match_all(s, today(), by=replace(coach, role="owner")) == Rematched()
