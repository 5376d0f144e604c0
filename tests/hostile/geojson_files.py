"""H36 to H49: GeoJSON that is cut short, too deep, without numbers, not valid, or somewhere else."""

import json
from typing import Any

from tests.hostile.cases import Case

SQUARE = [[-2.32, 53.42], [-2.31, 53.42], [-2.31, 53.43], [-2.32, 53.43], [-2.32, 53.42]]
NASTY = "<img src=x onerror=alert(1)> ${alert(1)} `x` </script>"


def point(x: Any = -2.32, y: Any = 53.42, *more: Any) -> dict[str, Any]:
    """A GeoJSON point."""
    return {"type": "Point", "coordinates": [x, y, *more]}


def polygon(*rings: Any) -> dict[str, Any]:
    """A GeoJSON polygon."""
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry: Any, name: str = "Mill Hall", **members: Any) -> dict[str, Any]:
    """A feature that is a library."""
    return {"type": "Feature", "properties": {"name": name, "category": "Library"}, "geometry": geometry, **members}


def whole(*features: Any, **members: Any) -> str:
    """A feature collection."""
    return json.dumps({"type": "FeatureCollection", **members, "features": list(features)})


def two(geometry: Any) -> str:
    """A sound feature, then one with ``geometry``."""
    return whole(feature(point()), feature(geometry, "Top Hall"))


def unquoted(number: str) -> str:
    """A point whose longitude is written as ``number``."""
    return two(point("HERE")).replace('"HERE"', number)


def deep_collections() -> bytes:
    """A geometry collection in 5,000 others."""
    inner = json.dumps(point())
    opening = '{"type":"GeometryCollection","geometries":['
    return two(None).replace("null", opening * 5_000 + inner + "]}" * 5_000).encode()


def endless_line(points: int) -> bytes:
    """A line of so many points."""
    at = ",".join(f"[{-2.3 + n % 2 / 1e4},{53.4 + n / 1e7:.7f}]" for n in range(points))
    return whole(feature(None, "Long path")).replace("null", f'{{"type":"LineString","coordinates":[{at}]}}').encode()


BNG = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}

CASES = [
    Case(36, "a.geojson", whole(feature(point()))[:-20], refused="not sound JSON: near line 1", variant="cut-short"),
    Case(
        36,
        "a.geojson",
        whole(feature(point())).replace("}]}", "},]}"),
        refused="comma after the last feature",
        variant="comma",
    ),
    Case(36, "a.geojson", whole(feature(point())) * 2, refused="second document", variant="two"),
    Case(
        36,
        "a.geojsonl",
        "\n".join(json.dumps(feature(point(-2.3 - n / 100), f"Hall {n}")) for n in range(3)),
        kept={"name": "Hall 2"},
        variant="lines",
    ),
    Case(
        37,
        "a.geojson",
        '{"type":"FeatureCollection","features":[' + "[" * 200_000 + "]" * 200_000 + "]}",
        refused="nested too deeply",
    ),
    Case(38, "a.geojson", deep_collections, refused="nested too deeply"),
    *(
        Case(
            39,
            "a.geojson",
            unquoted(number),
            issue=("bad_coordinates", 2, column),
            kept={"name": "Mill Hall"},
            variant=number,
        )
        for number, column in (("NaN", "geometry"), ("1e999", ""), ("-Infinity", "geometry"))
    ),
    *(
        Case(
            40,
            "a.geojson",
            two({"type": "Point", "coordinates": at}),
            issue=(kind, 2, "geometry"),
            kept={"name": "Mill Hall"},
            variant=str(n),
        )
        for n, (at, kind) in enumerate(
            ((["-2.3", "53.4"], "bad_coordinates"), ([], "bad_coordinates"), ([1], "bad_coordinates"))
        )
    ),
    Case(
        41,
        "a.geojson",
        two(polygon(SQUARE[:-1])),
        issue=("repaired_geometry", 2, "geometry"),
        kept={"name": "Top Hall"},
    ),
    Case(
        42,
        "a.geojson",
        two(polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]])),
        issue=("repaired_geometry", 2, ""),
        kept={"name": "Top Hall"},
        variant="bow-tie",
    ),
    Case(
        42,
        "a.geojson",
        two(polygon([SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[0]])),
        issue=("bad_geometry", 2, ""),
        kept={"name": "Mill Hall"},
        variant="flat",
    ),
    Case(43, "a.geojson", lambda: endless_line(100_001), issue=("too_many_vertices", 1, ""), variant="points"),
    Case(43, "a.geojson", lambda: endless_line(1_200_000), refused="16 MB", variant="megabytes"),
    Case(44, "a.geojson", whole(feature(point(380_000, 390_000)), crs=BNG), kept={"at": "-2.30 53.41"}, variant="urn"),
    Case(44, "a.geojson", whole(feature(point(380_000, 390_000))), kept={"at": "-2.30 53.41"}, variant="missing"),
    Case(
        45,
        "a.geojson",
        whole(feature(point())).replace(
            '"category"',
            '"__proto__": {"x": 1}, "' + "k" * 1_000_000 + '": 1, "constructor": null, "name": "Top Hall", "category"',
        ),
        kept={"name": "Top Hall"},
        variant="keys",
    ),
    Case(
        45,
        "a.geojson",
        whole(feature(point()), feature(point()) | {"properties": [1]}),
        issue=("no_name", 2, "name"),
        kept={"name": "Mill Hall"},
        variant="no-properties",
    ),
    Case(46, "a.geojson", two(point(-2.31, 53.42, 12.5, 7)), kept={"name": "Top Hall"}, variant="high"),
    Case(
        46,
        "a.geojson",
        two(polygon([[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]])),
        issue=("outside_country", 2, "geometry"),
        kept={"name": "Mill Hall"},
        variant="world",
    ),
    Case(
        46,
        "a.geojson",
        two(point(179.9, -16.5)),
        issue=("outside_country", 2, "geometry"),
        kept={"name": "Mill Hall"},
        variant="elsewhere",
    ),
    Case(
        47,
        "a.geojson",
        whole(
            *(
                feature(point(-2.3 - n / 100), f"Hall {n}", id=one)
                for n, one in enumerate((1, 1, 1.5, {"a": 1}, None, "x"))
            )
        ),
        kept={"name": "Hall 5"},
    ),
    *(
        Case(48, "a.geojson", text, refused=said, variant=kind)
        for kind, text, said in (
            ("wfs", "<OGRWFSDataSource><URL>http://127.0.0.1:9/</URL></OGRWFSDataSource>", "points to data elsewhere"),
            ("vrt", "<OGRVRTDataSource></OGRVRTDataSource>", "points to data elsewhere"),
            ("gdalg", '{"type":"gdal_streamed_alg","command_line":"gdal vector read /etc/passwd"}', "not GeoJSON"),
            ("esri", '{"type":"FeatureCollection","features":"/vsicurl/http://127.0.0.1:9/"}', "not GeoJSON"),
        )
    ),
    Case(49, "a.geojson", whole(feature(point(), NASTY)), kept={"name": "${alert(1)} `x`"}),
]
