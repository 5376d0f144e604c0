"""OGC API - Features and Tiles: what GIS of councils reads, below ``/ogc``.

Each door asks ``reader_of`` who reads, and hands the question to ``abcd.maps``. The standards: OGC 17-069r4 (Features
1), 18-058r1 (2: coordinate systems), 19-079r2 (3: filters), 20-057 (Tiles), 21-065r2 (CQL2).
"""

from starlette.routing import Route

from abcd.api.ogc import answers, collections, document, items, tiles

COLLECTION = "/ogc/collections/{collection}"

READ = [
    # What is asked most often is found first.
    Route(f"{COLLECTION}/tiles/{{matrices}}/{{z}}/{{y}}/{{x}}", tiles.tile, methods=["GET"]),
    Route(f"{COLLECTION}/items", items.items, methods=["GET"]),
    Route("/ogc", collections.landing, methods=["GET"]),
    Route("/ogc/", collections.landing, methods=["GET"]),
    Route("/ogc/conformance", collections.conformance, methods=["GET"]),
    Route("/ogc/api", document.api, methods=["GET"]),
    Route("/ogc/collections", collections.collections, methods=["GET"]),
    Route(COLLECTION, collections.collection, methods=["GET"]),
    Route(f"{COLLECTION}/queryables", collections.asked_for, methods=["GET"]),
    Route(f"{COLLECTION}/schema", collections.schema, methods=["GET"]),
    Route(f"{COLLECTION}/items/{{item}}", items.item, methods=["GET"]),
    Route(f"{COLLECTION}/tiles", tiles.tilesets, methods=["GET"]),
    Route(f"{COLLECTION}/tiles/{{matrices}}", tiles.tileset, methods=["GET"]),
    Route(f"{COLLECTION}/tiles/{{matrices}}/tilejson.json", tiles.tilejson, methods=["GET"]),
    Route("/ogc/tileMatrixSets", tiles.matrix_sets, methods=["GET"]),
    Route("/ogc/tileMatrixSets/{matrices}", tiles.matrix_set, methods=["GET"]),
]
ROUTES = [*READ, *(Route(one.path, answers.preflight, methods=["OPTIONS"]) for one in READ)]
