"""Hostile and broken GeoJSON: a sentence with the line, or a listed feature."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.intake.read.refusals import refusal

Write = Callable[[str, bytes | str], Path]
pytestmark = pytest.mark.timeout(60)


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def point(x: Any = -2.3, y: Any = 53.4) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [x, y]}


def collection(*features: Any, **members: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **members, "features": list(features)})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (collection(feature(point())) * 2, "second document"),
        (collection(feature(point()))[:-20], "near line 1"),
        (collection(feature(point())).replace("}]}", "},]}"), "comma after the last feature"),
        ('{"type": "FeatureCollection", "features": [{"type": "Feature"\n "geometry": null}]}', "near line 2"),
        ('{"type": "Topology", "objects": {}}', "not GeoJSON"),
        ('[{"name": "Hall"}]', "bare list"),
        ('{"name": "Hall"}', "not GeoJSON"),
    ],
)
def test_h36_unsound_json(write: Write, text: str, said: str) -> None:
    assert said in refusal(write("a.geojson", text))


def test_h36_one_feature_a_line(write: Write, read: Callable) -> None:
    lines = [json.dumps(feature(point(-2 - n / 10), name=f"Hall {n}")) for n in range(3)]
    for separator in ("\n", "\r\n", "\n\x1e"):
        got = read(write("a.geojsonl", separator.join(lines)))
        assert (got.look.format, got.look.row_count) == ("geojsonseq", 3)
        assert got.column("name") == ["Hall 0", "Hall 1", "Hall 2"]
    alone = read(write("b.geojson", lines[0]))
    assert (alone.look.format, alone.column("name")) == ("geojson", ["Hall 0"])
    assert read(write("c.geojson", json.dumps(point()))).shapes() == [shapely.Point(-2.3, 53.4)]


def test_h37_two_hundred_thousand_deep(write: Write) -> None:
    deep = "[" * 200_000 + "]" * 200_000
    assert "nested too deeply" in refusal(
        write("a.geojson", '{"type": "FeatureCollection", "features": [' + deep + "]}")
    )
    bag = '{"a":' * 200_000 + "1" + "}" * 200_000
    assert "nested too deeply" in refusal(
        write("b.geojson", '{"type":"Feature","geometry":null,"properties":' + bag + "}")
    )


def test_h38_collections_in_collections(write: Write) -> None:
    deep = '{"type":"GeometryCollection","geometries":[' * 5_000 + "]}" * 5_000
    text = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":' + deep + "}]}"
    assert "nested too deeply" in refusal(write("a.geojson", text))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", '"-2.3"', "null", "true", "[1]"])
def test_h39_h40_no_numbers(write: Write, read: Callable, number: str) -> None:
    odd = (
        '{"type":"Feature","properties":{"name":"odd"},"geometry":{"type":"Point","coordinates":[' + number + ",53.4]}}"
    )
    got = read(
        write(
            "a.geojson",
            '{"type":"FeatureCollection","features":[' + odd + "," + json.dumps(feature(point(), name="b")) + "]}",
        )
    )
    assert got.column("name") == ["odd", "b"]
    assert got.shapes() == [None, shapely.Point(-2.3, 53.4)]
    assert [(issue.kind, issue.row) for issue in got.issues] == [("bad_coordinates", 1)]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [1]},
        {"type": "Point"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "LineString", "coordinates": [[0, 0]]},
        {"type": "Circle", "coordinates": [0, 0]},
        {"type": "GeometryCollection"},
        {"type": "MultiPolygon", "coordinates": [[[0, 0]]]},
        "POINT (0 0)",
        7,
    ],
)
def test_h40_no_shape(write: Write, read: Callable, geometry: Any) -> None:
    got = read(write("a.geojson", collection(feature(geometry, name="odd"), feature(point(), name="b"))))
    assert got.column("name") == ["odd", "b"]
    assert got.shapes()[0] is None
    assert [issue.kind in ("bad_geometry", "bad_coordinates") for issue in got.issues] == [True]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


SQUARE = [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]


def test_h41_a_ring_left_open_is_closed(write: Write, read: Callable) -> None:
    got = read(write("a.geojson", collection(feature(polygon(SQUARE[:-1])))))
    assert got.shapes()[0].equals(shapely.box(0, 0, 1, 1))
    assert got.counts == {"repaired_geometry": 1}


def test_h42_invalid_outlines_are_repaired_and_said(write: Write, read: Callable) -> None:
    bow_tie = polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]])
    flat = polygon([[0, 0], [1, 1], [0, 0], [0, 0]])
    outside = polygon(SQUARE, [[5, 5], [5, 6], [6, 6], [6, 5], [5, 5]])
    doubled = polygon([*SQUARE[:2], SQUARE[1], *SQUARE[2:]])
    got = read(write("a.geojson", collection(*map(feature, (bow_tie, flat, outside, doubled)))))
    assert [(issue.kind, issue.row) for issue in got.issues] == [
        ("repaired_geometry", 1),
        ("bad_geometry", 2),
        ("repaired_geometry", 3),
    ]
    assert [shape and (shape.is_valid, round(shape.area, 6)) for shape in got.shapes()] == [
        (True, 0.5),
        None,
        (True, 2.0),
        (True, 1.0),
    ]


def test_h43_a_shape_of_too_many_points(write: Write, read: Callable) -> None:
    ring = [[n / 1e5, (n % 2) / 1e5] for n in range(100_001)]
    line = {"type": "LineString", "coordinates": ring}
    got = read(write("a.geojson", collection(feature(line, name="long"), feature(point(), name="b"))))
    assert got.shapes()[0] is None
    assert got.counts == {"too_many_vertices": 1}
    assert got.column("name") == ["long", "b"]


def test_h43_a_shape_larger_than_memory_is_meant_for(write: Write) -> None:
    line = '{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":['
    text = '{"type":"FeatureCollection","features":[' + line + "[-2.123456,53.123456]," * 2_000_000 + "[0,0]]}}]}"
    assert "16 MB" in refusal(write("a.geojson", text))


BNG = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}


@pytest.mark.parametrize(
    ("members", "x", "crs"),
    [
        ({"crs": BNG}, 380_000, "EPSG:27700"),
        ({"crs": {"type": "name", "properties": {"name": "EPSG:3857"}}}, 380_000, "EPSG:3857"),
        ({"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}, -2.3, "EPSG:4326"),
        ({"crs": {"type": "EPSG", "properties": {"code": 27700}}}, 380_000, "EPSG:27700"),
        ({"crs": {"type": "name", "properties": {"name": "Local grid of Sale"}}}, 380_000, None),
        ({"crs": {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs"}}}, -2.3, "EPSG:4326"),
        ({"crs": None}, -2.3, "EPSG:4326"),
        ({}, -2.3, "EPSG:4326"),
        ({}, 380_000, None),
    ],
)
def test_h44_the_old_crs_member(
    write: Write, read: Callable, members: dict[str, Any], x: float, crs: str | None
) -> None:
    assert read(write("a.geojson", collection(feature(point(x, 53.4)), **members))).look.crs == crs


def test_h44_a_crs_after_the_features(write: Write, read: Callable) -> None:
    text = collection(feature(point(380_000, 390_000)))[:-1] + ', "crs": ' + json.dumps(BNG) + "}"
    assert read(write("a.geojson", text)).look.crs == "EPSG:27700"


def test_h45_odd_properties(write: Write, read: Callable) -> None:
    odd = feature(point(), **{"__proto__": {"x": 1}, "k" * 1_000_000: "v", "__geom__": "mine", "constructor": None})
    twice = '{"type":"Feature","geometry":null,"properties":{"name":"a","name":"b"}}'
    text = collection(odd, {**feature(point()), "properties": None}, {**feature(point()), "properties": [1]})
    got = read(write("a.geojson", text[:-2] + "," + twice + "]}"))
    assert got.look.columns == ("__proto__.x", "k" * 200, "__geom___2", "constructor", "name")
    assert got.column("name") == [None, None, None, "b"]
    assert got.rows[0]["__geom___2"] == "mine"


def test_h45_more_properties_than_columns_fit(write: Write) -> None:
    many = [feature(point(), **{f"p{n}-{i}": 1 for i in range(50)}) for n in range(5)]
    assert "at most 200" in refusal(write("a.geojson", collection(*many)))


def test_nested_properties_and_numbers_as_they_stand(write: Write, read: Callable) -> None:
    text = """{"type":"FeatureCollection","features":[{"type":"Feature","id":17,"geometry":null,"properties":
      {"name":"Hall","lat":53.10,"n":1234567890123456789012,"ok":true,"none":null,
       "address":{"street":"High St","geo":{"e":1.50}},"tags":["a",1,2.5]}}]}"""
    got = read(write("a.geojson", text))
    assert got.rows[0] == {
        "feature_id": "17", "name": "Hall", "lat": "53.10", "n": "1234567890123456789012", "ok": "true", "none": None,
        "address.street": "High St", "address.geo.e": "1.50", "tags": '["a", 1, 2.5]', "__row__": 1, "__geom__": None,
    }  # fmt: skip
    assert got.counts == {"no_geometry": 1}


def test_h46_height_and_the_whole_world(write: Write, read: Callable) -> None:
    world = polygon([[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]])
    high = {"type": "Point", "coordinates": [-2.3, 53.4, 12.5, 7]}
    got = read(write("a.geojson", collection(feature(high), feature(world))))
    assert got.shapes()[0] == shapely.Point(-2.3, 53.4)
    assert not got.shapes()[0].has_z
    assert got.shapes()[1].area == 64_800


def test_h47_odd_ids(write: Write, read: Callable) -> None:
    features = [{**feature(point()), "id": id_} for id_ in (1, 1, 1.5, {"a": 1}, None, "x")]
    assert read(write("a.geojson", collection(*features))).look.row_count == 6


def test_h49_text_is_only_text(write: Write, read: Callable) -> None:
    nasty = "<img src=x onerror=alert(1)> ${alert(1)} `x` </script> \u2028 \u202e"
    assert read(write("a.geojson", collection(feature(point(), name=nasty)))).column("name") == [nasty]


def test_a_nul_or_half_a_letter_is_left_out(write: Write, read: Callable) -> None:
    text = collection(feature(point(), name="a\0b"), feature(point(), name="c"), feature(point(), name="\ud83d"))
    got = read(write("a.geojson", text))
    assert got.column("name") == ["c"]
    assert sorted((issue.kind, issue.row) for issue in got.issues) == [("nul", 1), ("undecodable", 3)]
    assert (got.seen, got.left_out) == (3, 2)


def test_what_is_no_feature_is_left_out(write: Write, read: Callable) -> None:
    got = read(write("a.geojson", collection(7, None, {}, feature(point(), name="a"))))
    assert (got.column("__row__"), got.counts, got.left_out) == ([4], {"bad_feature": 3}, 3)


def test_features_across_blocks(write: Write, read: Callable) -> None:
    many = [feature(point(-2 - n / 1e6), n=n, text="é" * 200) for n in range(8_000)]
    got = read(
        write("a.geojson", json.dumps({"type": "FeatureCollection", "features": many}, indent=2, ensure_ascii=False))
    )
    assert got.look.row_count == 8_000
    assert [int(n) for n in got.column("n")] == list(range(8_000))
    assert got.shapes()[7_999] == shapely.Point(-2 - 7_999 / 1e6, 53.4)


def test_geometry_as_text_in_a_cell(write: Write, read: Callable) -> None:
    texts = {
        "wkt": ["POINT (380000 390000)", "SRID=27700;POINT(1 2)", "", "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"],
        "geojson": ['{"type":"Point","coordinates":[380000,390000]}'] * 2
        + ["", '{"type": "Point", "coordinates": [1]}'],
        "wkb": [shapely.to_wkb(shapely.Point(380_000, 390_000), hex=True)] * 4,
    }
    for kind, cells in texts.items():
        quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
        got = read(write("a.csv", "name,shape\n" + "".join(f"x,{cell}\n" for cell in quoted)))
        assert [(column.column, column.kind) for column in got.look.geometry_columns] == [("shape", kind)]
        assert (got.look.geometry_column, got.look.columns) == ("shape", ("name",))
        assert got.shapes()[0] == shapely.Point(380_000, 390_000)
    wkt = read(
        write(
            "a.csv", "name;shape\nx;SRID=27700;POINT(1 2)\n".replace("SRID=27700;POINT(1 2)", '"SRID=27700;POINT(1 2)"')
        )
    )
    assert (wkt.look.crs, wkt.look.geometry_type) == ("EPSG:27700", "Point")
    kept = read(write("a.csv", "name,shape\nx,POINT (1 2)\n"), geometry_column="")
    assert kept.look.columns == ("name", "shape")


def test_broken_wkt_is_listed(write: Write, read: Callable) -> None:
    rows = [f"{n},POINT ({n} {n})" for n in range(1, 20)] + [
        "20,POINT (1",
        "21,POLYGON ((0 0; 1 1))",
        "22,POINT (nan 2)",
    ]
    got = read(write("a.csv", "name,shape\n" + "\n".join(row.replace(",P", ',"P') + '"' for row in rows)))
    assert [(issue.row, issue.kind) for issue in got.issues] == [
        (20, "bad_geometry"),
        (21, "bad_geometry"),
        (22, "bad_coordinates"),
    ]
    assert (len(got.rows), got.seen) == (22, 22)
