"""WebMercatorQuad, the one way in which our tiles are cut (OGC 17-083r4, annex D.1), and what tiles of a layer are."""

from typing import Any

from abcd.maps.layer import Layer
from abcd.maps.mercator import UNITS, ZOOMS
from abcd.maps.queryables import Queryable
from abcd.maps.tiles import columns_of

NAME = "WebMercatorQuad"
URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{NAME}"
SYSTEM = "http://www.opengis.net/def/crs/EPSG/0/3857"
#: Half the side of the world in Web Mercator; the scale of zoom 0 on a screen of 0.28 mm pixels; metres of its pixel.
EDGE, SCALE, CELL = 20_037_508.342789244, 559_082_264.0287178, 156_543.03392804097
SIDE = 256
#: Names of types in TileJSON.
FIELDS = {"boolean": "Boolean", "integer": "Number", "number": "Number"}


def definition() -> dict[str, Any]:
    """The tile matrix set, as JSON has it."""
    return {
        "id": NAME,
        "title": "Google Maps Compatible for the World",
        "uri": URI,
        "crs": SYSTEM,
        "orderedAxes": ["E", "N"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [matrix(z) for z in ZOOMS],
    }


def matrix(z: int) -> dict[str, Any]:
    """One zoom of it."""
    return {
        "id": str(z),
        "scaleDenominator": SCALE / 2**z,
        "cellSize": CELL / 2**z,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-EDGE, EDGE],
        "tileWidth": SIDE,
        "tileHeight": SIDE,
        "matrixWidth": 2**z,
        "matrixHeight": 2**z,
    }


def tilejson(layer: Layer, audience: str, known: dict[str, Queryable], template: str, box: Any) -> dict[str, Any]:
    """TileJSON 3.0.0 of a layer, whose tiles are at ``template``."""
    fields = {"id": "String"} | {
        column.name: FIELDS.get(known[column.name].type, "String") if column.name in known else "String"
        for column in columns_of(layer, audience)
    }
    zooms = {"minzoom": layer.min_zoom, "maxzoom": ZOOMS[-1]}
    return {
        "tilejson": "3.0.0",
        "name": layer.title,
        "description": layer.says,
        "attribution": layer.attribution,
        "scheme": "xyz",
        "tiles": [template],
        "bounds": box or [-9.0, 49.0, 3.0, 62.0],
        "vector_layers": [{"id": layer.name, "description": layer.says, "fields": fields, **zooms}],
        "extent": UNITS,
        **zooms,
    }
