"""The night answers every wish as the page would, plans with capacities, and shows nobody who took their yes back."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from shapely import LineString
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from abcd.connections.matching import suggestions_for_wish
from abcd.connections.matching.keeping import Rematched, ideas_of_the_night, match_all
from abcd.connections.matching.ways import patches_near, patches_of
from abcd.core.clock import today
from abcd.db.session import SYSTEM, Actor
from abcd.db.tables import Person, PersonAvoids, PersonOffer, PersonSuggestion, PlaceParent
from abcd.errors import NotFound
from abcd.gaps.streets.building import build
from abcd.gaps.streets.loaded import folder_of, keep
from abcd.intake.lists import read_whole
from abcd.intake.read import ReadChoice
from abcd.intake.street_lines import edges_of_lines
from abcd.intake.streets_file import load_streets
from abcd.people.erasing import seeing_withdrawn
from abcd.places.barrier_deeds import keep_barrier
from abcd.places.crossing_deeds import keep_crossing
from tests.builders import HERE, a_group, a_place, a_venue
from tests.connections.wishing import a_neighbour, brought_together, gives, hopes, is_offered
from tests.people.conftest import ask_as

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


def streets_and_a_railway(s: Session, folder: Path) -> None:
    """Streets each hundred metres, and a line between the first patch and the others that is crossed far up."""
    east, north = HERE
    across = [[(east - 300, north + y), (east + 3_500, north + y)] for y in range(-200, 701, 100)]
    along = [[(east + x, north - 200), (east + x, north + 700)] for x in range(-300, 3_501, 100)]
    told = {"type": "MultiLineString", "coordinates": [*across, *along]}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    drawn = [{"type": "Feature", "properties": {}, "geometry": told}]
    path = folder / "streets.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": drawn}))
    file = read_whole(path, ReadChoice(streets=True))
    edges = edges_of_lines(file)
    keep(folder_of(load_streets(s, file, edges, "invented", by=SYSTEM).import_id), build(edges))
    railway = {"name": "Line", "nature": "railway", "is_hard": True, "source": ""}
    line = keep_barrier(s, railway, LineString([(east + 175, north - 3_000), (east + 175, north + 3_000)]), SYSTEM)
    keep_crossing(s, line, {"name": "Bridge", "step_free": "yes"}, (east + 175, north + 600), SYSTEM)


def kept(s: Session, wish: UUID) -> list[tuple[object, ...]]:
    """What the night kept for a wish, without the neighbour whom the plan alone added."""
    rows = s.scalars(
        select(PersonSuggestion).where(PersonSuggestion.person_wish_id == wish).order_by(PersonSuggestion.position)
    )
    return [
        (row.b_person_id, row.b_asset_id, row.offer_id, row.tier, round(row.score, 9), row.kind)
        for row in list(rows)[:5]
    ]


@pytest.mark.parametrize("has_streets", [False, True])
def test_the_night_answers_each_wish_as_the_page_does(
    s: Session, town: list[UUID], coach: Actor, tmp_path: Path, has_streets: bool
) -> None:
    if has_streets:
        ask_as(s, SYSTEM)
        streets_and_a_railway(s, tmp_path)
        ask_as(s, coach)
    done = match_all(s, today(), by=coach)
    assert done.wishes == 40
    assert done.answered > 30
    for wish in town:
        page = [
            (one.b_person_id, one.b_asset_id, one.offer_id, one.tier, round(one.score, 9), one.kind)
            for one in suggestions_for_wish(s, wish)
        ]
        assert sorted(map(str, kept(s, wish))) == sorted(map(str, page)) or scores(page) == scores(kept(s, wish))


def test_walks_between_patches_go_along_streets_and_over_the_bridge(s: Session, patch: UUID, tmp_path: Path) -> None:
    there = a_place(s, (HERE[0] + 350, HERE[1]), kind="patch", size=300)
    (straight,) = patches_of(s, [patch, there], [patch]).between(patch)[[patches_near(s, patch, 30).at[there]]]
    assert straight == pytest.approx(350 * 1.3 / 66.7)
    ask_as(s, SYSTEM)
    streets_and_a_railway(s, tmp_path)
    for found in (patches_near(s, patch, 30), patches_of(s, [patch, there], [patch], 30)):
        assert found.between(patch)[found.at[there]] == pytest.approx((600 + 350 + 600) / 66.7, rel=0.1)
        beyond = np.array([(HERE[0] + 350.0, HERE[1]), (np.nan, np.nan)])
        walked, unknown = found.to_points(patch, beyond)
        assert walked == pytest.approx((600 + 350 + 600) / 66.7, rel=0.1)
        assert np.isnan(unknown)
    short = patches_of(s, [patch, there], [patch], 20)
    assert np.isinf(short.between(patch)[short.at[there]]), "nobody goes further than that"


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


def two_who_could_meet(s: Session, patch: UUID, coach: Actor) -> tuple[UUID, UUID, UUID]:
    """Somebody who hopes and somebody who gives, as the night found them; the offer."""
    ada, beth = a_neighbour(s, patch), a_neighbour(s, patch)
    hopes(s, ada)
    offer = gives(s, beth)
    match_all(s, today(), by=coach)
    assert len(ideas_of_the_night(s, [patch])) == 1
    return ada, beth, offer


@pytest.mark.parametrize("who", [0, 1])
def test_an_idea_goes_when_one_asks_not_to_meet_the_other(s: Session, patch: UUID, coach: Actor, who: int) -> None:
    both = two_who_could_meet(s, patch, coach)[:2]
    ours = UUID(coach.organisation_id)
    s.add(PersonAvoids(person_id=both[who], other_id=both[1 - who], organisation_id=ours))
    s.flush()
    assert ideas_of_the_night(s, [patch]) == []


@pytest.mark.parametrize("state", ["resting", "ended"])
def test_an_idea_goes_with_the_offer(s: Session, patch: UUID, coach: Actor, state: str) -> None:
    offer = two_who_could_meet(s, patch, coach)[2]
    s.execute(update(PersonOffer).where(PersonOffer.id == offer).values(state=state))
    assert ideas_of_the_night(s, [patch]) == []


def test_an_idea_is_for_the_coach_of_both_as_they_live_now(s: Session, patch: UUID, coach: Actor) -> None:
    ada, beth, _offer = two_who_could_meet(s, patch, coach)
    estate, south = a_place(s, name="The estate"), a_place(s, kind="patch", name="South patch")
    s.add(PlaceParent(place_id=patch, parent_id=estate, share=1.0))
    s.flush()
    told = {}
    for name, place in (("estate", estate), ("patch", patch), ("south", south)):
        ask_as(s, replace(coach, places=frozenset({str(place)})))
        told[name] = [one.a_person_id for one in ideas_of_the_night(s, [patch])]
    assert told == {"estate": [ada], "patch": [ada], "south": []}
    ask_as(s, coach)
    s.execute(update(Person).where(Person.id == ada).values(place_id=south))
    ask_as(s, replace(coach, places=frozenset({str(patch)})))
    assert ideas_of_the_night(s, [patch]) == []


def test_a_coach_of_an_estate_is_suggested_the_neighbours_inside_it_and_nobody_elses_wish(
    s: Session, patch: UUID, coach: Actor
) -> None:
    ada, beth = a_neighbour(s, patch), a_neighbour(s, patch)
    wish = hopes(s, ada)
    gives(s, beth)
    estate, south = a_place(s, name="The estate"), a_place(s, kind="patch", name="South patch")
    s.add(PlaceParent(place_id=patch, parent_id=estate, share=1.0))
    ask_as(s, replace(coach, places=frozenset({str(estate)})))
    assert [one.b_person_id for one in suggestions_for_wish(s, wish)] == [beth]
    ask_as(s, replace(coach, places=frozenset({str(south)})))
    told = set()
    for key in (wish, uuid4()):
        with pytest.raises(NotFound) as answer:
            suggestions_for_wish(s, key)
        told.add(str(answer.value))
    assert len(told) == 1


def test_whoever_left_since_does_not_stand_in_the_nights_way(s: Session, patch: UUID, coach: Actor) -> None:
    """Their rows are seen by nobody until the chore has erased them, and hold the first place of the list."""
    ada, beth, cyn = (a_neighbour(s, patch) for _each in range(3))
    hopes(s, ada)
    gives(s, beth)
    match_all(s, today(), by=coach)
    gives(s, cyn)
    seeing_withdrawn(s)
    s.execute(update(Person).where(Person.id == beth).values(status="withdrawn"))
    s.execute(text("select set_config('abcd.sees_withdrawn', '', true)"))
    assert s.scalars(select(PersonSuggestion)).all() == []
    match_all(s, today(), by=coach)
    assert [one.b_person_id for one in s.scalars(select(PersonSuggestion))] == [cyn]


def test_an_association_without_wishes_has_a_quiet_night(s: Session, patch: UUID, coach: Actor) -> None:
    assert match_all(s, today(), by=replace(coach, role="owner")) == Rematched()
