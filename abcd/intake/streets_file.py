"""Streets and paths: ``abcd import streets FILE``, an OpenStreetMap extract or a layer of lines.

An extract says which of its ways share a node. Lines of other files do not: where two of them cross, or one ends within
``NEAR`` metres of another, one may walk from one to the other (``abcd.intake.street_lines``).
"""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import Session

from abcd.core import geo
from abcd.core.clock import now
from abcd.db.session import Actor, session
from abcd.db.tables import GRID, Import, StreetMap
from abcd.errors import BadFile
from abcd.gaps.streets.building import single
from abcd.gaps.streets.loaded import make
from abcd.gaps.streets.network import Edges, Floats, Small
from abcd.gaps.streets.walk import OFF_THE_MAP
from abcd.intake.lists import WholeFile, begin, begin_undo, finish, finish_undo, read_whole
from abcd.intake.read import ReadChoice
from abcd.intake.report import ImportReport
from abcd.intake.stage import as_csv, copy_in
from abcd.intake.street_lines import edges_of_lines

#: Mean radius of the Earth in metres; lengths are great circles, as in the manifests of the extracts.
RADIUS = 6_371_008.8


def import_streets(
    path: Path | str, *, actor: Actor, vintage: str = "", choice: ReadChoice | None = None, file_name: str = ""
) -> ImportReport:
    """Bring a map of streets in; it takes the place of the one before of the same source, which is kept.

    Raises:
        NotFound, BadFile: the file is not there, cannot be read, or has nothing to walk on.
        NotAllowed: ``actor`` may not bring files in.
    """
    file = read_whole(path, replace(choice or ReadChoice(), streets=True), file_name)
    edges = edges_of_extract(file) if file.facts.format == "osm" else edges_of_lines(file)
    if not len(edges.pairs):
        raise BadFile(f"“{file.path.name}” has no street or path that one may walk.")
    with session(actor, patient=True) as s:
        report = load_streets(s, file, edges, vintage, by=actor)
    # Whoever brings a map in waits for its network, and not the first who looks at a page.
    with session(actor, patient=True) as s:
        make(s, report.import_id, edges)
    return report


def load_streets(s: Session, file: WholeFile, edges: Edges, vintage: str, *, by: Actor) -> ImportReport:
    """The part of ``import_streets`` that writes to the store, in the caller's transaction."""
    made = begin(s, file, "streets", {}, by=by)
    s.execute(_before(made).values(ended_at=now()))
    _load(s, made, edges, vintage)
    counts = {"rows": file.rows.num_rows, "added": len(edges.pairs)}
    said = (f"{len(edges.pairs):,} edges between {len(edges.xy):,} nodes, {edges.metres.sum() / 1000:,.1f} km.",)
    return finish(s, made, file, counts, by=by, crs=file.facts.crs or "", notes=said)


def edges_of_extract(file: WholeFile) -> Edges:
    """The edges of an OpenStreetMap extract: each two nodes that follow one another on a way, once."""
    rows = file.rows
    ids = np.array(" ".join(rows["nodes"].to_pylist()).split(), dtype=np.int64)
    shapes = shapely.from_wkb(rows["__geom__"].to_numpy())
    degrees, counts = shapely.get_coordinates(shapes), shapely.get_num_coordinates(shapes)
    _nodes, first, node = np.unique(ids, return_index=True, return_inverse=True)
    way = np.repeat(np.arange(len(counts)), counts)
    follows = way[1:] == way[:-1]
    pairs = np.stack([node[:-1][follows], node[1:][follows]], axis=1)
    marks = stepped(file)[way[:-1]][follows]
    easting, northing = geo.to_grid(degrees[first, 0], degrees[first, 1])
    metres = great_circle(degrees[:-1], degrees[1:])[follows]
    return Edges(np.stack([easting, northing], axis=1), *single(np.sort(pairs, axis=1), metres, marks))


def stepped(file: WholeFile) -> Small:
    """1 for each way that is steps or that no wheelchair can use."""
    steps = np.array(file.rows["stepped"].to_pylist()) == "yes"
    shut = np.array(file.rows["wheelchair"].to_pylist()) == "no"
    return np.asarray(steps | shut, dtype=np.int32)


def great_circle(one: Floats, other: Floats) -> Floats:
    """Metres between points in degrees, shape (n, 2) each, by the haversine formula."""
    (lon, lat), (lon2, lat2) = np.radians(one).T, np.radians(other).T
    half = np.sin((lat2 - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat2) * np.sin((lon2 - lon) / 2) ** 2
    result: Floats = 2 * RADIUS * np.arcsin(np.sqrt(half))
    return result


def _before(made: Import) -> Update:
    return update(StreetMap).where(StreetMap.source_id == made.source_id, StreetMap.ended_at.is_(None))


def _load(s: Session, made: Import, edges: Edges, vintage: str) -> None:
    # A place at the edge of the map has its last homes beyond the last street: so far a walk begins off the map.
    west, south = edges.xy.min(axis=0) - OFF_THE_MAP
    east, north = edges.xy.max(axis=0) + OFF_THE_MAP
    s.add(StreetMap(
        id=made.id, source_id=made.source_id, vintage=vintage, nodes=len(edges.xy), edges=len(edges.pairs),
        metres=float(edges.metres.sum()),
        area=func.ST_MakeEnvelope(float(west), float(south), float(east), float(north), GRID),
    ))  # fmt: skip
    s.flush()
    ends = edges.xy[edges.pairs]
    lines = shapely.set_srid(shapely.linestrings(ends), GRID)
    frame = pd.DataFrame({
        "map_id": str(made.id), "a": edges.pairs[:, 0], "b": edges.pairs[:, 1], "metres": edges.metres,
        "marks": edges.marks, "geom": shapely.to_wkb(lines, hex=True, include_srid=True),
    })  # fmt: skip
    copy_in(s, "core.street (map_id, a, b, metres, marks, geom)", as_csv(frame))


def undo(s: Session, import_id: UUID, *, by: Actor) -> dict[str, int]:
    """Take a map of streets back; the one before of its source is used again.

    Raises:
        BadRequest, NotFound, NotAllowed: as ``abcd.intake.lists.begin_undo``.
    """
    made = begin_undo(s, import_id, "streets", by=by)
    gone = s.get_one(StreetMap, import_id)
    edges = gone.edges
    s.delete(gone)
    s.flush()
    newest = (
        select(StreetMap.id).where(StreetMap.source_id == made.source_id).order_by(StreetMap.made_at.desc()).limit(1)
    )
    brought_back = s.execute(update(StreetMap).where(StreetMap.id == newest.scalar_subquery()).values(ended_at=None))
    return finish_undo(s, made, {"removed": edges, "restored": int(brought_back.rowcount), "kept": 0}, by=by)  # type: ignore[attr-defined]
