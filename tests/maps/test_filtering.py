"""CQL2 against a store: what each filter finds, what is refused, and that no text holds the parser up or ends it."""

import time
from collections.abc import Iterator

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from shapely import box
from sqlalchemy.orm import Session

from abcd.core import geo
from abcd.db.session import SYSTEM, session
from abcd.errors import BadRequest
from abcd.maps.cql2 import DEEPEST, tree_of
from abcd.maps.filtering import Filter
from abcd.maps.items import Question, page, shape_meets
from abcd.maps.layers import LAYERS
from abcd.maps.queryables import queryables
from abcd.maps.reader import Reader
from abcd.maps.systems import CRS84, GRID_SYSTEM, SYSTEMS, System
from tests.builders import HERE, a_term, an_asset

PUBLIC = Reader("public", ("assets",))
ASSETS = LAYERS["assets"]
EAST, NORTH = HERE
LON, LAT = (float(each[0]) for each in geo.to_degrees([EAST], [NORTH]))
FLIPPED = next(one for one in SYSTEMS.values() if one.is_flipped)


@pytest.fixture(scope="module")
def s(store: str) -> Iterator[Session]:
    """A reader's session over four assets."""
    with session(SYSTEM) as opened:
        for term in ("library", "park"):
            a_term(opened, term)
        an_asset(opened, name="Ann's library", confidence=0.9, description="Books 100%", languages=["cy", "en"])
        an_asset(opened, name="LIBRARY 2", at=(EAST + 1000, NORTH), confidence=0.4)
        an_asset(
            opened, "park", None, kind="physical", name="Park", geom=box(EAST - 50, NORTH - 50, EAST + 50, NORTH + 50)
        )
        an_asset(opened, name="Nowhere", at=None, checked=None)
    with PUBLIC.reading() as opened:
        yield opened


def found(s: Session, words: str, language: str = "cql2-text", of: System = CRS84) -> str:
    """The first letters of the names of what a filter finds."""
    whole = Filter(queryables(s, ASSETS, "public"), ASSETS.geom, lambda area: shape_meets(ASSETS, area), of)
    wanted = whole.condition(tree_of(words, language))
    columns = tuple(one.column for one in whole.used.values())
    features = orjson.loads(f"[{page(s, Question(PUBLIC, ASSETS, (wanted,), columns)).text}]")
    return "".join(sorted(one["properties"]["name"][0] for one in features))


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("name = 'Park'", "P"), ("name <> 'Park'", "ALN"), ("name = 'Ann''s library'", "A"), ("'Park' = name", "P"),
        ("confidence > 0.5", "A"), ("0.5 < confidence", "A"), ("confidence >= 0.4 and confidence <= 0.5", "LNP"),
        ("category = 'library' and not confidence > 0.5", "LN"), ("name = 'Park' or confidence > 0.5", "AP"),
        ("name like '%ibrary'", "A"), ("casei(name) like casei('%LIBRARY%')", "AL"),
        ("casei(name) = casei('PARK')", "P"),
        ("name not like '%a%'", "LN"), ("description like '%\\%'", "A"), ("name in ('Park', 'Nowhere')", "NP"),
        ("casei(name) in (casei('park'))", "P"), ("confidence between 0.8 and 1", "A"),
        ("confidence not between 0.8 and 1", "LNP"), ("assured_date is null", "N"), ("assured_date is not null", "ALP"),
        ("assured_date = DATE('2026-06-01')", "ALP"), ("assured_date < DATE('2026-06-01')", ""),
        ("languages = 'cy'", "A"), ("languages <> 'cy'", ""), ("languages <> 'pl'", "A"),
        ("uprn = 1", ""), ("true", "ALNP"), ("false", ""),
        ("name = '''; drop table core.asset; --'", ""), ("name = 'Park' and (confidence > 0.5 or name like 'P%')", "P"),
    ],
)  # fmt: skip
def test_what_a_filter_finds(s: Session, words: str, names: str) -> None:
    assert found(s, words) == names
    as_json = orjson.dumps(tree_of(words, "cql2-text")).decode()
    assert found(s, as_json, "cql2-json") == names


def area(west: float, east: float) -> str:
    """A polygon of 20 metres' height, as WKT in degrees."""
    corners = [(west, -10), (east, -10), (east, 10), (west, 10), (west, -10)]
    lon, lat = geo.to_degrees([EAST + x for x, _y in corners], [NORTH + y for _x, y in corners])
    return f"POLYGON(({', '.join(f'{x:.7f} {y:.7f}' for x, y in zip(lon, lat, strict=True))}))"


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (f"S_INTERSECTS(geometry, {area(-20, 20)})", "AP"), (f"S_INTERSECTS(geometry, {area(40, 60)})", "P"),
        (f"S_WITHIN(geometry, {area(-20, 20)})", "A"), (f"S_CONTAINS(geometry, {area(-20, 20)})", "P"),
        (f"S_DISJOINT(geometry, {area(-20, 20)})", "L"), (f"not S_INTERSECTS(geometry, {area(-20, 20)})", "L"),
        (f"S_INTERSECTS(geometry, BBOX({LON - 0.001}, {LAT - 0.001}, {LON + 0.001}, {LAT + 0.001}))", "AP"),
        (f"S_INTERSECTS(geometry, POINT({LON} {LAT}))", "P"), ("S_INTERSECTS(geometry, POINT(2 51))", ""),
    ],
)  # fmt: skip
def test_shapes(s: Session, words: str, names: str) -> None:
    assert found(s, words) == names


def test_shapes_in_other_systems(s: Session) -> None:
    assert (
        found(s, f"S_INTERSECTS(geometry, BBOX({EAST - 9}, {NORTH - 9}, {EAST + 9}, {NORTH + 9}))", of=GRID_SYSTEM)
        == "AP"
    )
    corners = [(EAST + x, NORTH + y) for x, y in ((-9, -9), (9, -9), (9, 9), (-9, 9), (-9, -9))]
    square = f"(({', '.join(f'{x} {y}' for x, y in corners)}))"
    assert found(s, f"S_WITHIN(geometry, POLYGON{square})", of=GRID_SYSTEM) == "A"
    box_ = f"BBOX({LAT - 0.001}, {LON - 0.001}, {LAT + 0.001}, {LON + 0.001})"
    assert found(s, f"S_INTERSECTS(geometry, {box_})", of=FLIPPED) == "AP"


@pytest.mark.parametrize(
    "words",
    [
        "", "name", "1", "name = 'a", "colour = 1", "address = 'x'", "access_facilities = 'x'", "confidence = 'high'",
        "name = 1", "name > confidence", "upper(name) = 'A'", "confidence + 1 = 2", "confidence like 'a%'",
        "languages > 'cy'", "casei(confidence) = casei('a')", "assured_date > 'soon'", "geometry = 1",
        "S_INTERSECTS(name, POINT(0 51))", "S_WITHIN(geometry, BBOX(0,50,1,51))", "S_INTERSECTS(geometry, name)",
        "S_INTERSECTS(geometry, POLYGON((0 51, 1 52, 1 51, 0 52, 0 51)))", "S_INTERSECTS(geometry, POINT(200 300))",
        "T_AFTER(assured_date, DATE('2020-01-01'))", "A_CONTAINS(languages, ('cy'))", "name in ()", "name = 'a\\'",
        "\"no\"\"thing\" = 1", "name = 'a' name",
    ],
)  # fmt: skip
def test_what_is_refused(s: Session, words: str) -> None:
    with pytest.raises(BadRequest):
        found(s, words)


@pytest.mark.parametrize(
    "tree",
    [
        "{}", "[]", "null", '"name"', '{"op":"="}', '{"op":"=","args":[]}', '{"op":"and","args":{}}',
        '{"op":["="],"args":[1,2]}',
        '{"op":"=","args":[{"property":["name"]},"a"]}', '{"op":"=","args":[{"property":"name"},{"op":"casei"}]}',
        '{"op":"=","args":[{"property":"name"},"a\\u0000b"]}', '{"op":"=","args":[{"property":"name"},{"a":1}]}',
        '{"op":"=","args":[{"property":"confidence"},1e999]}', '{"op":"in","args":[{"property":"name"},"a"]}',
        '{"op":"casei","args":[{"property":"name"}]}', '{"op":"=","args":[{"op":"casei","args":[]},"a"]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[]}]}',
        '{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[1]}]}',
        '{"op":"not","args":[' * 100 + "true" + "]}" * 100,
    ],
)  # fmt: skip
def test_trees_that_are_refused(s: Session, tree: str) -> None:
    with pytest.raises(BadRequest):
        found(s, tree, "cql2-json")


@pytest.mark.parametrize(
    "words",
    [
        "(" * 30, "(" * 3000 + "true" + ")" * 3000, "not (" * 2000 + "true" + ")" * 2000, "a = (1 + " * 900,
        "f(" * 900, "a in (" * 40, "name = ')))))' and " + "(" * 30, '")" = 1 and ' + "(" * 30,
        "name = 'a\\')))))' and " + "(" * 30,        "a" * 7000, ")" * 40 + "(" * 40, "'" * 999,
    ],
)  # fmt: skip
def test_no_text_holds_the_parser_up(words: str) -> None:
    began = time.process_time()
    with pytest.raises(BadRequest):
        tree_of(words, "cql2-text")
    assert time.process_time() - began < 2


def test_as_deep_as_is_allowed_is_quick(s: Session) -> None:
    assert found(s, "(" * DEEPEST + "name = 'Park'" + ")" * DEEPEST) == "P"
    began = time.process_time()
    for _ in range(5):
        with pytest.raises(BadRequest):
            tree_of("(" * DEEPEST + "name =" + ")" * DEEPEST, "cql2-text")
    assert time.process_time() - began < 2


PARTS = [
    *"name confidence geometry 'a' 1 ( ) and or not = < in like between null is casei( , ' - true %".split(),
    "S_INTERSECTS(", "POINT(0 51)", "BBOX(0,50,1,51)", "DATE('2020-01-01')", '"', "\\", "é", "INTERVAL('..','..')",
]  # fmt: skip


@settings(max_examples=300, deadline=None, database=None)
@given(words=some.lists(some.sampled_from(PARTS), max_size=14).map(" ".join))
def test_any_text_is_a_condition_or_a_sentence(s: Session, words: str) -> None:
    try:
        found(s, words)
    except BadRequest as refused:
        assert str(refused)  # noqa: PT017


OPERATIONS = ["and", "=", "in", "like", "casei", "not", "s_within", "isNull"]
NAMED = ["name", "confidence", "languages", "geometry"]
json_values = some.recursive(
    some.none() | some.booleans() | some.floats() | some.text(max_size=3) | some.sampled_from([*NAMED, *OPERATIONS]),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.fixed_dictionaries({"op": some.sampled_from(OPERATIONS), "args": some.lists(inner, max_size=3)})
        | some.fixed_dictionaries({"property": some.sampled_from(NAMED)})
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, database=None)
@given(tree=json_values)
def test_any_tree_is_a_condition_or_a_sentence(s: Session, tree: object) -> None:
    try:
        found(s, orjson.dumps(tree).decode(), "cql2-json")
    except BadRequest as refused:
        assert str(refused)  # noqa: PT017
    except orjson.JSONEncodeError:
        return
