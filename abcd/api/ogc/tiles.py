"""Vector tiles of the collections (OGC API - Tiles), their description, and TileJSON."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from abcd.api.ogc import pages
from abcd.api.ogc.answers import (
    JSON,
    MVT,
    door,
    link,
    made,
    own_links,
    refuse_unknown,
    root,
    sent,
    shown,
    told_as_json,
)  # fmt: skip
from abcd.core.language import _
from abcd.errors import NotFound
from abcd.maps import matrices
from abcd.maps.extents import extent
from abcd.maps.layer import Layer
from abcd.maps.mercator import Tile, tile_at
from abcd.maps.queryables import queryables
from abcd.maps.reader import Reader
from abcd.maps.systems import CRS84
from abcd.maps.tiles import tile as tile_of
from abcd.maps.unchanged import Made, at_hand, kept

RELATION = "http://www.opengis.net/def/rel/ogc/1.0"


def where(layer: Layer) -> str:
    """Where the tiles of a layer are."""
    return f"{root()}/collections/{layer.name}/tiles"


def template(layer: Layer) -> str:
    """The address of a tile, with gaps for zoom, row and column."""
    return f"{where(layer)}/{matrices.NAME}/{{z}}/{{y}}/{{x}}"


def layer_in(request: Request, reader: Reader) -> Layer:
    """The layer of an address of tiles.

    Raises:
        NotFound: there is none for this reader, or the tiles are cut in no way that we know.
    """
    layer = reader.layer(request.path_params["collection"])
    known_matrices(request)
    return layer


def known_matrices(request: Request) -> None:
    """Refuse any way of cutting tiles but ours.

    Raises:
        NotFound: it is another.
    """
    if request.path_params.get("matrices", matrices.NAME) != matrices.NAME:
        raise NotFound(f"There is no such tile matrix set. There is {matrices.NAME}.")


@door
def tile(request: Request, reader: Reader) -> Response:
    """One tile; 204 when there is nothing on it.

    ---
    summary: A vector tile of a collection of the OGC feed
    responses:
      200: {description: The tile., content: {application/vnd.mapbox-vector-tile: {}}}
      204: {description: There is nothing on it.}
      304: {$ref: "#/components/responses/same"}
    """
    refuse_unknown(request)
    layer, path = layer_in(request, reader), request.path_params
    at = tile_at(path["z"], path["y"], path["x"])
    found = at_hand(reader, layer, at) or made_anew(reader, layer, at)
    answer = sent(request, reader, found)
    return answer if found.body else Response(status_code=204, headers=answer.headers)


def made_anew(reader: Reader, layer: Layer, at: Tile) -> Made:
    """A tile that is not at hand; kept from then on where that may be."""

    def make() -> tuple[Made, bool]:
        found = tile_of(s, reader, layer, at)
        return made(found.made, MVT), found.is_settled

    with reader.looking() as s:
        return kept(s, reader, layer, at, make)


@door
def tilesets(request: Request, reader: Reader) -> Response:
    """The ways in which tiles of a collection are cut: one.

    ---
    summary: The tilesets of a collection of the OGC feed
    responses: {200: {$ref: "#/components/responses/document"}, 304: {$ref: "#/components/responses/same"}}
    """
    refuse_unknown(request)
    layer = layer_in(request, reader)
    to_it = link("self", f"{where(layer)}/{matrices.NAME}", JSON, _("Vector tiles"))
    document = {"links": own_links(request), "tilesets": [facts(layer) | {"links": [to_it]}]}
    rows = [[pages.to(matrices.NAME, f"{to_it['href']}?f=html"), matrices.SYSTEM]]
    head = (_("Tiles"), _("Coordinate system"))
    return shown(request, reader, document, lambda: pages.drawn(
        _("Vector tiles"), pages.below(layer), head=head, rows=rows))  # fmt: skip


def facts(layer: Layer) -> dict[str, Any]:
    """What the tiles of a layer are."""
    return {"title": layer.title, "dataType": "vector", "crs": matrices.SYSTEM, "tileMatrixSetURI": matrices.URI}


@door
def tileset(request: Request, reader: Reader) -> Response:
    """The tiles of a collection: where they are and what they hold; TileJSON with ``f=tilejson``.

    ---
    summary: A tileset of a collection of the OGC feed
    parameters:
      - {name: f, in: query, schema: {type: string, enum: [json, html, tilejson]}}
    responses: {200: {$ref: "#/components/responses/document"}, 304: {$ref: "#/components/responses/same"}}
    """
    refuse_unknown(request)
    if request.query_params.get("f") == "tilejson":
        return told_as_json(request, reader, as_tilejson(reader, layer_in(request, reader)))
    layer = layer_in(request, reader)
    document = facts(layer) | {"layers": [], "links": own_links(request)}
    with reader.looking() as s:
        box = extent(s, reader, layer)
    if box:
        document["boundingBox"] = {"lowerLeft": box[:2], "upperRight": box[2:], "crs": CRS84.uri}
    document["layers"] = [{"id": layer.name, "title": layer.title, "dataType": "vector", "description": layer.says}]
    gaps = template(layer).replace("{z}", "{tileMatrix}").replace("{y}", "{tileRow}").replace("{x}", "{tileCol}")
    document["links"] = [
        *own_links(request),
        link("item", gaps, MVT, _("Vector tiles"), templated=True),
        link(f"{RELATION}/tiling-scheme", f"{root()}/tileMatrixSets/{matrices.NAME}", JSON, _("How tiles are cut")),
        link("describedby", f"{where(layer)}/{matrices.NAME}/tilejson.json", JSON, "TileJSON"),
    ]
    page_facts = [(_("Address of a tile"), template(layer)), (_("Coordinate system"), matrices.SYSTEM)]
    links = pages.named([one for one in document["links"] if not one.get("templated")])
    return shown(request, reader, document, lambda: pages.drawn(
        matrices.NAME, pages.below(layer), sentences=(layer.says,), facts=page_facts, links=links))  # fmt: skip


@door
def tilejson(request: Request, reader: Reader) -> Response:
    """TileJSON 3.0 of a collection.

    ---
    summary: TileJSON of a collection of the OGC feed
    responses: {200: {$ref: "#/components/responses/document"}, 304: {$ref: "#/components/responses/same"}}
    """
    refuse_unknown(request)
    return told_as_json(request, reader, as_tilejson(reader, layer_in(request, reader)))


def as_tilejson(reader: Reader, layer: Layer) -> dict[str, Any]:
    """TileJSON for this reader."""
    with reader.looking() as s:
        box, known = extent(s, reader, layer), queryables(s, layer, reader.audience)
    return matrices.tilejson(layer, reader.audience, known, template(layer), box)


@door
def matrix_sets(request: Request, reader: Reader) -> Response:
    """The ways in which tiles are cut here: one.

    ---
    summary: How tiles of the OGC feed are cut
    responses: {200: {$ref: "#/components/responses/document"}, 304: {$ref: "#/components/responses/same"}}
    """
    refuse_unknown(request)
    to_it = link("self", f"{root()}/tileMatrixSets/{matrices.NAME}", JSON)
    named = {"id": matrices.NAME, "uri": matrices.URI, "crs": matrices.SYSTEM, "links": [to_it]}
    rows = [[pages.to(matrices.NAME, to_it["href"] + "?f=html"), matrices.SYSTEM]]
    head = (_("Tiles"), _("Coordinate system"))
    return shown(request, reader, {"links": own_links(request), "tileMatrixSets": [named]}, lambda: pages.drawn(
        _("How tiles are cut"), pages.home(), head=head, rows=rows))  # fmt: skip


@door
def matrix_set(request: Request, reader: Reader) -> Response:
    """How tiles are cut, zoom by zoom.

    ---
    summary: How tiles of the OGC feed are cut, zoom by zoom
    responses: {200: {$ref: "#/components/responses/document"}, 304: {$ref: "#/components/responses/same"}}
    """
    refuse_unknown(request)
    known_matrices(request)
    document = matrices.definition()
    rows = [
        [one["id"], f"{one['scaleDenominator']:,.2f}", f"{one['cellSize']:,.4f}"] for one in document["tileMatrices"]
    ]
    head = (_("Zoom"), _("Scale, one to"), _("Metres of a pixel"))
    return shown(request, reader, document, lambda: pages.drawn(
        matrices.NAME, pages.home(), head=head, rows=rows))  # fmt: skip
