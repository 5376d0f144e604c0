"""``/ogc/collections/{id}/items``: pages of features, and each feature by itself."""

from datetime import datetime

import orjson
from starlette.requests import Request
from starlette.responses import Response

from abcd.api.ogc import pages
from abcd.api.ogc.answers import (
    GEOJSON,
    HTML,
    JSON,
    Link,
    door,
    format_of,
    here,
    link,
    made,
    moment,
    own_links,
    refuse_unknown,
    root,
    sent,
)  # fmt: skip
from abcd.api.ogc.asked import question_in
from abcd.core.clock import now
from abcd.errors import BadRequest
from abcd.maps.items import Page, Question, counted, cursor, one, page
from abcd.maps.reader import Reader
from abcd.maps.systems import CRS84, system
from abcd.maps.unchanged import Made


@door
def items(request: Request, reader: Reader) -> Response:
    """A page of features.

    ---
    summary: Features of a collection of the OGC feed
    parameters:
      - {name: f, in: query, schema: {type: string, enum: [json, html]}}
      - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 10000, default: 10}}
      - {name: bbox, in: query, description: "west,south,east,north", schema: {type: string}}
      - {name: datetime, in: query, description: when it last changed, schema: {type: string}}
      - {name: filter, in: query, description: CQL2, schema: {type: string}}
    responses:
      200: {$ref: "#/components/responses/features"}
      304: {$ref: "#/components/responses/same"}
    """
    layer = reader.layer(request.path_params["collection"])
    form = format_of(request)
    with reader.looking() as s:
        question = question_in(s, request, reader, layer)
        if request.query_params.get("resultType", "results") != "results":
            return sent(request, reader, hits(request, counted(s, question)))
        found = page(s, question)
    return sent(request, reader, written(request, form, question, found))


def written(request: Request, form: str, question: Question, found: Page) -> Made:
    """A page of features as GeoJSON or HTML."""
    links = [*own_links(request, GEOJSON), link("collection", f"{root()}/collections/{question.layer.name}")]
    if found.has_more:
        links.append(link("next", here(request, after=cursor(found.last)), HTML if form == "html" else GEOJSON))
    if form == "html":
        shown = pages.items(question.layer, found, links, question)
        return made(shown, HTML, Content_Crs=f"<{question.system.uri}>")
    ending = {"numberReturned": found.rows, "links": links}
    if not found.has_more and not question.after:
        ending["numberMatched"] = found.rows
    return collection(found.text, ending, question.system.uri, found.changed)


def collection(features: str, ending: dict[str, object], crs: str, changed: datetime | None) -> Made:
    """A FeatureCollection. Its time does not count for its name: the next second says the same."""
    lasting = b'{"type":"FeatureCollection","features":[\n' + features.encode() + b"\n]," + orjson.dumps(ending)[1:-1]
    body = lasting + f',"timeStamp":"{now():%Y-%m-%dT%H:%M:%SZ}"}}'.encode()
    return made(body, GEOJSON, lasting, Content_Crs=f"<{crs}>", Last_Modified=moment(changed))


def hits(request: Request, n: int) -> Made:
    """How many there are, and none of them.

    Raises:
        BadRequest: something else was asked for.
    """
    if request.query_params["resultType"] != "hits":
        raise BadRequest("resultType is hits or results.")
    ending = {"numberReturned": 0, "numberMatched": n, "links": own_links(request, GEOJSON)}
    return collection("", ending, CRS84.uri, None)


@door
def item(request: Request, reader: Reader) -> Response:
    """One feature.

    ---
    summary: One feature of a collection of the OGC feed
    parameters:
      - {name: f, in: query, schema: {type: string, enum: [json, html]}}
      - {name: crs, in: query, schema: {type: string}}
    responses:
      200: {description: The feature., content: {application/geo+json: {schema: {type: object}}, text/html: {}}}
      304: {$ref: "#/components/responses/same"}
    """
    refuse_unknown(request, ("crs",))
    layer, form = reader.layer(request.path_params["collection"]), format_of(request)
    question = Question(reader, layer, system=system(request.query_params.get("crs", CRS84.uri)))
    with reader.looking() as s:
        found = one(s, question, request.path_params["item"])
    crs = f"<{question.system.uri}>"
    links = [*own_links(request, GEOJSON), link("collection", f"{root()}/collections/{layer.name}", JSON)]
    if form == "html":
        return sent(request, reader, made(pages.item(layer, found, links), HTML, Content_Crs=crs))
    body = found.text[:-1].encode() + b',"links":' + orjson.dumps(links) + b"}"
    return sent(request, reader, made(body, GEOJSON, Content_Crs=crs, Last_Modified=moment(found.changed)))


def links_of(name: str) -> list[Link]:
    """Where the features of a collection are."""
    where = f"{root()}/collections/{name}/items"
    return [link("items", where, GEOJSON), link("items", f"{where}?f=html", HTML)]
