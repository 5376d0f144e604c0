"""The layer of people outside: area shapes alone, no number but 10, 15, 20 and so on, no day, no filter that counts."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import text
from starlette.testclient import TestClient

from abcd.db.session import Actor, session
from abcd.maps.geojson import features
from abcd.maps.layers import LAYERS
from abcd.maps.people_layer import FEWER
from abcd.maps.reader import Reader
from abcd.maps.releases import discard, figures, make_release, publish, release
from abcd.maps.rows import rows
from abcd.people.counting import CATEGORIES
from tests.api.doors import the_doors
from tests.api.shares import a_share, secret_of
from tests.conftest import emptied
from tests.maps.releases.conftest import DAY, Town, a_town, people, settled
from tests.maps.releases.filters import FILTERS

PEOPLE = LAYERS["people"]
NAMES = tuple(column.name for column in PEOPLE.columns)
READER = Reader("partner", ("people", "places", "assets"))
A_FIGURE = re.compile(rf"{FEWER}|[1-9][0-9]*[05]")


@pytest.fixture(scope="module")
def built(store: str) -> Iterator[Town]:
    """A store in which a release was published, committed."""
    with session(Actor("Maker", "owner")) as s:
        town = a_town(s)
        settled(s, town)
    with session(town.by) as s:
        publish(s, make_release(s, by=town.by, day=DAY).id, by=town.by)
    yield town
    emptied(store, "core.place, core.organisation")


def outside(reader: Reader = READER) -> list[dict[str, Any]]:
    with reader.reading() as s:
        return rows(s, PEOPLE, reader.audience, NAMES)


def figures_of(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name.split("_")[0] in ("residents", "language", "said")}


def test_a_partner_reads_it_as_the_role_that_sees_nothing_else(built: Town) -> None:
    told = {row["place_name"]: row for row in outside()}
    assert set(told) == {"Old Mill", "New Mill", "North patch", "South patch"}
    assert told["North patch"]["residents"] == "35"
    assert told["North patch"]["residents_number"] == 35
    assert told["South patch"]["residents"] == FEWER
    assert told["South patch"]["residents_number"] is None


def test_every_number_about_people_is_masked_or_a_multiple_of_five(built: Town) -> None:
    """P4, read by its grammar in everything that the layer says."""
    seen = 0
    for row in outside():
        for name, value in figures_of(row).items():
            assert value is None or A_FIGURE.fullmatch(str(value)), (name, value)
            seen += value is not None
    assert seen > 60


def test_no_time_is_finer_than_a_month(built: Town) -> None:
    said = json.dumps(outside(), default=str)
    assert "2026-11" in said
    assert not re.search(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}|\d{2}\.\d{2}\.\d{4}", said)
    with READER.reading() as s:
        assert s.scalar(text("select bool_and(extract(day from month) = 1) from pub.release"))
        columns = s.scalars(
            text("select attname from pg_attribute where attrelid = 'pub.release'::regclass and attnum > 0")
        )
        assert set(columns) <= {"id", "organisation_id", "month", "status", "plan", "categories", "sha256"}


def test_the_public_sees_none_of_it(built: Town) -> None:
    assert "people" not in [one.name for one in Reader("public", ("people",)).published()]


def test_nobody_outside_reads_a_draft(built: Town) -> None:
    with session(built.by) as s:
        people(s, built.by, built.new_mill, 30, language="so")
    before = outside()
    with session(built.by) as s:
        draft = make_release(s, by=built.by, day=date(2026, 12, 1))
    assert outside() == before
    with session(built.by) as s:
        discard(s, draft.id, by=built.by)


# P3: every coordinate is an area's own.


def corners(part: Any) -> set[tuple[float, ...]]:
    """Every corner among coordinates of GeoJSON."""
    if isinstance(part[0], int | float):
        return {tuple(part)}
    return set().union(*map(corners, part))


def collection(layer: str) -> list[dict[str, Any]]:
    with READER.reading() as s:
        one = READER.layer(layer)
        return [json.loads(row.feature) for row in s.execute(features(one, "partner", one.columns_for("partner")))]


def test_every_coordinate_is_a_corner_of_an_area(built: Town) -> None:
    areas = set().union(*(corners(one["geometry"]["coordinates"]) for one in collection("places")))
    told = collection("people")
    assert len(told) == 4
    for one in told:
        assert corners(one["geometry"]["coordinates"]) <= areas


# P6, P8: with or without one more person, what is outside is the same to the byte.


@dataclass(frozen=True)
class Change:
    """Something that happens to one person between two releases."""

    words: str
    sql: str


CHANGES = (
    Change("erased", "delete from core.person where id = (select id from core.person limit 1)"),
    Change("moved", "update core.person set place_id = :place where id = (select id from core.person limit 1)"),
    Change("asked", "update core.person set language = 'ur' where id = (select id from core.person limit 1)"),
)


def bytes_outside() -> bytes:
    return json.dumps([outside(), collection("people")], default=str, sort_keys=True).encode()


def test_paired_worlds_are_equal_to_the_byte(built: Town) -> None:
    """A canary comes, alone in its patch; then others are erased, moved and asked. Nothing outside tells."""
    before = bytes_outside()
    with session(built.by) as s:
        people(s, built.by, built.close, 1, language="xh", said=("gift", "hope"))
    assert bytes_outside() == before
    for change in CHANGES:
        with session(built.by) as s:
            s.execute(text(change.sql), {"place": built.north} if ":place" in change.sql else {})
        assert bytes_outside() == before, change.words


# P5: no filter changes a figure.


@pytest.fixture(scope="module")
def feed(built: Town) -> Iterator[TestClient]:
    """A council's program with a key for people by place."""
    key = secret_of(a_share("feed", layers=("people", "places"), audience="council"))
    with the_doors(headers={"Accept": "application/json", "X-API-Key": key}) as client:
        yield client


def by_id(answer: Response) -> dict[str, dict[str, Any]]:
    return {one["id"]: figures_of(one["properties"]) for one in answer.json()["features"]}


def test_no_filter_changes_a_figure(feed: TestClient) -> None:
    """Whatever is asked, a place that is told of has the figures of the release, or nothing is told."""
    assert len(set(FILTERS)) == 200
    items = "/ogc/collections/people/items"
    whole = by_id(feed.get(items))
    assert len(whole) == 4
    answers = {asked: feed.get(f"{items}?{asked}") for asked in FILTERS}
    assert {answer.status_code for answer in answers.values()} <= {200, 400, 404, 406}
    told = {asked: answer for asked, answer in answers.items() if answer.status_code == 200}
    assert 30 < len(told) < 170
    for asked, answer in told.items():
        if answer.headers["content-type"].startswith("application/geo+json"):
            assert by_id(answer).items() <= whole.items(), asked


def test_the_feed_says_no_number_of_people_that_it_may_not(feed: TestClient) -> None:
    """P4 and P10 in the bytes that leave: properties, and what stands around them."""
    answer = feed.get("/ogc/collections/people/items")
    for one in answer.json()["features"]:
        for name, value in figures_of(one["properties"]).items():
            assert value is None or A_FIGURE.fullmatch(str(value)), (name, value)
        assert not re.search(r"\d{4}-\d{2}-\d{2}", json.dumps(one["properties"]))
    about = feed.get("/ogc/collections/people").text
    assert not re.search(r"\b(99|57|36|23)\b.{0,20}(people|residents)", about)


def test_within_some_places_figures_are_the_same(built: Town, feed: TestClient) -> None:
    """A share that is confined to a place tells less, and nothing else."""
    key = secret_of(a_share("feed", layers=("people",), places=(built.old_mill,)))
    items = "/ogc/collections/people/items"
    some = by_id(feed.get(items, headers={"X-API-Key": key}))
    assert 0 < len(some) < 4
    assert some.items() <= by_id(feed.get(items)).items()


def test_the_newest_release_alone_is_told(built: Town) -> None:
    with session(built.by) as s:
        people(s, built.by, built.new_mill, 40, said=("gift",))
        publish(s, make_release(s, by=built.by, day=date(2027, 1, 3)).id, by=built.by)
        second = {one.area.name: one.shown for one in figures(s, release(s, "", by=built.by).id, by=built.by)
                  if one.category == "residents"}  # fmt: skip
    told = outside()
    assert {row["release"] for row in told} == {"2027-01"}
    assert {row["place_name"]: row["residents_number"] for row in told} == {
        name: shown for name, shown in second.items() if not name.startswith("Millfield Homes")
    }


def test_every_category_is_a_column_and_says_what_it_is() -> None:
    assert {f"{category.replace('-', '_')}" for category in CATEGORIES} <= set(NAMES)
    assert all(column.says for column in PEOPLE.columns)
