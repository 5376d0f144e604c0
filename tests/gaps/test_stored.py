"""Kept facts give the page that the register gives, and a place is due again when something it rests on changed."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import shapely
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import chosen, use
from abcd.db.tables import Asset, Barrier, Dwelling, Place, PlaceMeasure, PlaceThreshold, Term
from abcd.gaps.bulk import work_out_many
from abcd.gaps.bulk_knowing import learn
from abcd.gaps.keeping import due, work_out
from abcd.gaps.possibilities import possibilities, survey
from abcd.gaps.stored import stored_measures
from abcd.places.assign import assign
from tests.builders import HERE, a_place, a_search, a_small_area, an_asset, shape

EAST, NORTH = HERE
FAR = (EAST + 20_000, NORTH)
ALL = {"*"}


def caught_up(s: Session, on: date | None = None) -> dict[UUID, set[str]]:
    """Work out all that is due, as the keeper does, and say what it was."""
    first = waiting = due(s, on)
    while waiting:
        facts = {one: {slug for slug in slugs if slug[0] != "?"} for one, slugs in waiting.items()}
        facts = {one: slugs for one, slugs in facts.items() if slugs}
        work_out_many(s, facts, on) if facts else learn(s, waiting, on)
        waiting = due(s, on)
    return first


@pytest.fixture
def places(s: Session) -> tuple[UUID, UUID]:
    """An estate with homes and a library, and another far away; both worked out."""
    near, far = a_place(s, name="Near", households=120), a_place(s, FAR, name="Far", households=90)
    a_small_area(s, HERE, 120)
    an_asset(s, "library", HERE, name="Library", checked=today())
    an_asset(s, "library", (EAST + 25_000, NORTH), name="Their library", checked=today())
    caught_up(s)
    return near, far


def kept(s: Session, place_id: UUID) -> dict[str, PlaceMeasure]:
    return {row.category: row for row in s.scalars(select(PlaceMeasure).where(PlaceMeasure.place_id == place_id)
                                                   .execution_options(populate_existing=True))}  # fmt: skip


def test_what_is_kept_says_what_the_page_says(s: Session, places: tuple[UUID, UUID]) -> None:
    near, _far = places
    a_search(s, near, "park")
    caught_up(s)
    rows, shown = kept(s, near), possibilities(s, near)
    assert rows["library"].state == "present"
    assert rows["library"].coverage == pytest.approx(1.0)
    assert {row.category for row in rows.values() if row.order} == {one.category for one in shown}
    for one in shown:
        row = rows[one.category]
        assert (row.order, row.state, row.coverage) == (one.order, one.state, one.measure.coverage)
        assert (row.absence, row.searches) == (one.knowledge.absence, len(one.knowledge.searches))
        assert row.judged_by == one.judged_by


def a_town(s: Session) -> list[UUID]:
    """Seven estates of a kind, homes of each sort, thresholds of their own, greens, a served place, searches."""
    at = [(EAST + 700 * n, NORTH + 130 * n) for n in range(7)]
    made = [a_place(s, one, name=f"Estate {n}", households=100 + 7 * n) for n, one in enumerate(at[:6])]
    made.append(a_place(s, at[6], name="Nobody counted"))
    for n, (east, north) in enumerate(at[:4]):
        a_small_area(s, (east - 150, north), 40 + n)
        a_small_area(s, (east + 150, north + 90), 30 + n)
    for n, category in enumerate(("library", "library", "cafe", "gp", "pharmacy", "community-centre")):
        made_on = today() - timedelta(days=170 * n)
        an_asset(s, category, (EAST + 611 * n, NORTH + 77 * n), checked=made_on, name=f"{category} {n}")
    an_asset(s, "food-bank", (EAST + 9_000, NORTH), name="Far food bank")
    an_asset(s, "advice", (EAST + 16_000, NORTH), name="Advice for Estate 1", serves=["Estate 1"])
    assign(s)
    for n, (category, size) in enumerate((("park", 400), ("natural-greenspace", 150), ("play-area-young", 30))):
        square = shapely.box(EAST + 900 * n, NORTH + 100, EAST + 900 * n + size, NORTH + 100 + size)
        an_asset(s, category, (EAST + 900 * n + 10, NORTH + 110), kind="physical", name=category, geom=square)
    for place_id, own in ((made[0], {"minutes": 4.0}), (made[2], {"metres": 700.0, "minimum_area_m2": 9_000.0})):
        category = "library" if "minutes" in own else "natural-greenspace"
        s.add(PlaceThreshold(place_id=place_id, category=category, source="The board", set_by="Test", **own))
    line = shapely.LineString([(EAST + 1_050, NORTH - 900), (EAST + 1_050, NORTH + 900)])
    s.add(Barrier(name="Line", nature="railway", made_by="Test", geom=shape(line)))
    for place_id, category, method in ((made[0], "pharmacy", "desk"), (made[3], "food-bank", "connectors")):
        a_search(s, place_id, category, method)
    s.flush()
    return made


GRID_OF_STREETS = """
insert into core.source (id, slug, name) values (:id, 'our-streets', 'Our streets');
insert into core.import (id, source_id, kind, file_name, file_bytes, status)
values (:id, :id, 'streets', 'x', 0, 'loaded');
insert into core.street_map (id, source_id, vintage, nodes, edges, metres, area)
values (:id, :id, '2026', 0, 0, 0, ST_MakeEnvelope(:east - 3000, :north - 3000, :east + 9000, :north + 3000, 27700));
insert into core.street (map_id, a, b, metres, marks, geom)
select :id, x * 100 + y, (x + dx) * 100 + y + dy, 100, 0, ST_Translate(ST_SetSRID(ST_MakeLine(
  ST_MakePoint(x * 100, y * 100), ST_MakePoint((x + dx) * 100, (y + dy) * 100)), 27700), :east - 1500, :north - 1500)
from generate_series(0, 80) x, generate_series(0, 40) y, (values (0, 1), (1, 0)) as way(dx, dy)
where (x * 7 + y * 3 + dx) % 11 > 0"""


def lay_streets(s: Session) -> None:
    """A street every hundred metres through the town, some of them missing."""
    values = {"id": uuid4(), "east": EAST, "north": NORTH}
    for statement in GRID_OF_STREETS.split(";"):
        s.execute(text(statement), {name: one for name, one in values.items() if f":{name}" in statement})


@pytest.mark.parametrize("has_streets", [False, True])
def test_the_kept_page_is_the_page_of_the_register_to_the_last_figure(s: Session, has_streets: bool) -> None:
    places = a_town(s)
    if has_streets:
        lay_streets(s)
    later, asked = today() + timedelta(days=200), {"library": 3, "sports-club": 2}
    live = [(survey(s, one), possibilities(s, one, on=later, voiced=asked)) for one in places]
    assert all(stored_measures(s, one) is None for one in places)
    caught_up(s)
    again = [(survey(s, one), possibilities(s, one, on=later, voiced=asked)) for one in places]
    assert all(stored_measures(s, one) is not None for one in places)
    assert again == live
    assert ("follow streets" in live[0][0].measures[0].walk) == has_streets
    assert any(one.measure.similar.n for one in live[0][0].possibilities)


def test_working_out_twice_gives_the_same_rows_under_the_same_ids(s: Session, places: tuple[UUID, UUID]) -> None:
    before = {row.id for row in kept(s, places[0]).values()}
    work_out(s, places[0])
    assert {row.id for row in kept(s, places[0]).values()} == before


def test_nothing_is_due_when_nothing_changed(s: Session, places: tuple[UUID, UUID]) -> None:
    assert due(s) == {}


def test_a_place_that_never_was_worked_out_is_due(s: Session, places: tuple[UUID, UUID]) -> None:
    new = a_place(s, (EAST + 50_000, NORTH), name="New")
    assert due(s)[new] == ALL


def test_another_day_changes_what_is_known_and_no_facts(s: Session, places: tuple[UUID, UUID]) -> None:
    assert due(s, on=today() + timedelta(days=1)) == {places[0]: {"?"}, places[1]: {"?"}}


def in_near(s: Session) -> UUID:
    return s.scalars(select(Place.id).where(Place.name == "Near")).one()


CHANGES: dict[str, tuple[Callable[[Session], object], set[str]]] = {
    "added": (lambda s: an_asset(s, "park", (EAST + 900, NORTH)), {"park", "doorstep-greenspace"}),
    "edited": (lambda s: s.execute(
        update(Asset).where(Asset.name == "Library").values(assured_on=date(2020, 1, 1))), {"library"}),
    "sorted anew": (lambda s: s.execute(
        update(Asset).where(Asset.name == "Library").values(category="cafe")), {"library", "cafe"}),
    "moved away": (lambda s: s.execute(update(Asset).where(Asset.name == "Library").values(
        point=text("ST_SetSRID(ST_MakePoint(500000, 500000), 27700)"))), {"library"}),
    "deleted": (lambda s: s.execute(delete(Asset).where(Asset.name == "Library")), {"library"}),
    "searched": (lambda s: a_search(s, in_near(s), "park"), {"?"}),
    "the place itself": (lambda s: s.execute(
        update(Place).where(Place.name == "Near").values(households=7)), ALL | {"?"}),
    "a threshold": (lambda s: s.add(PlaceThreshold(
        place_id=in_near(s), category="library", minutes=5.0, source="Test", set_by="Test")), ALL),
    "a home": (lambda s: s.add(Dwelling(
        reference="9", kind="dwelling", point=shape(shapely.Point(HERE)), households=3)), ALL),
    "a barrier": (lambda s: s.add(Barrier(name="Brook", nature="river", made_by="Test", geom=shape(
        shapely.LineString([(EAST, NORTH - 400), (EAST, NORTH + 400)])))), ALL),
    "the census": (lambda s: s.execute(text("update core.households set count = 80")), ALL | {"?"}),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_near_a_place_makes_due_what_it_touches(s: Session, places: tuple[UUID, UUID], change: str) -> None:
    act, touched = CHANGES[change]
    act(s)
    s.flush()
    assert stored_measures(s, places[0]) is None or touched == {"?"}
    found = caught_up(s)
    assert found[places[0]] == touched
    assert found.get(places[1], set()) <= touched | {"?"}
    assert due(s) == {}
    assert stored_measures(s, places[0]) is not None
    on_maps = {row.category: row.state for row in kept(s, places[0]).values() if row.order}
    assert {one.category: one.state for one in possibilities(s, places[0])} == on_maps


def test_the_nearest_far_away_is_watched_too(s: Session, places: tuple[UUID, UUID]) -> None:
    def nearest() -> tuple[str, float]:
        library = next(one.measure for one in possibilities(s, places[1]) if one.category == "library")
        assert library.nearest is not None
        return library.nearest.name, library.nearest.metres

    assert nearest() == ("Their library", pytest.approx(5_000))
    s.execute(update(Asset).where(Asset.name == "Their library").values(name="Renamed"))
    assert (due(s)[places[1]], nearest()[0]) == ({"library"}, "Renamed")
    caught_up(s)
    assert nearest()[0] == "Renamed"
    an_asset(s, "library", (FAR[0], NORTH + 3_000), name="Nearer")
    assert nearest()[0] == "Nearer"


def test_a_term_that_is_judged_otherwise_makes_its_category_due_everywhere(
    s: Session, places: tuple[UUID, UUID]
) -> None:
    s.execute(update(Term).where(Term.slug == "library").values(threshold_minutes=3))
    assert due(s) == {one: {"library"} for one in places}


def test_similar_places_that_changed_are_not_compared_with_as_they_were(s: Session, places: tuple[UUID, UUID]) -> None:
    a_search(s, places[0], "park")
    an_asset(s, "cafe", FAR)
    assert due(s)[places[1]] == {"cafe"}
    assert stored_measures(s, places[0]) is None
    caught_up(s)
    measure = next(one for one in stored_measures(s, places[0]) or [] if one.standard.category == "cafe")
    assert (measure.similar.n, measure.similar.having) == (1, 1)


def test_a_load_makes_every_place_due_once(s: Session, places: tuple[UUID, UUID]) -> None:
    s.execute(
        text("""
        insert into core.asset (asset_kind, category, name, point)
        select 'physical', 'park', n, ST_SetSRID(ST_MakePoint(n, n), 27700) from generate_series(1, 300) n""")
    )
    assert caught_up(s) == dict.fromkeys(places, ALL)
    assert due(s) == {}


def test_a_store_put_back_from_elsewhere_is_worked_out_again(s: Session, places: tuple[UUID, UUID]) -> None:
    s.execute(text("update core.place_measured set snapshot = '90000000:90000000:'"))
    assert stored_measures(s, places[0]) is None
    assert due(s) == dict.fromkeys(places, ALL)


def test_what_rests_on_something_hidden_is_marked(s: Session, places: tuple[UUID, UUID]) -> None:
    an_asset(s, "park", HERE, kind="physical", visibility="officer")
    work_out(s, places[0])
    assert {slug for slug, row in kept(s, places[0]).items() if row.rests_on_hidden} == {
        "park",
        "doorstep-greenspace",
    }, "a park is a doorstep green space too"


def test_files_keep_english_and_a_page_is_spoken_to_in_its_own_language(s: Session, places: tuple[UUID, UUID]) -> None:
    use("cy")
    try:
        work_out(s, places[0])
        assert chosen() == "cy"
        walk = (stored_measures(s, places[0]) or [])[0].walk
    finally:
        use("en")
    assert "minutes’ walk" in kept(s, places[0])["library"].judged_by
    assert walk.startswith("Llinellau syth") or "straight lines" not in walk
    assert "straight lines" in (stored_measures(s, places[0]) or [])[0].walk


def test_a_new_map_of_streets_makes_due_the_places_on_it(s: Session, places: tuple[UUID, UUID]) -> None:
    lay_streets(s)
    assert stored_measures(s, places[0]) is None
    assert caught_up(s)[places[0]] == ALL
    assert due(s) == {}


def test_a_place_that_is_gone_is_left_out(s: Session) -> None:
    assert work_out_many(s, {uuid4(): ALL}) == 0
