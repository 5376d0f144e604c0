"""OpenStreetMap extracts (.osm.pbf, .osm) through pyosmium: the ways that one may walk, each with its nodes.

Which ways are walked is the rule of the data's own manifest: no motorways and no ways being built; ``foot`` decides
before ``access``. A way is cut where the extract lacks one of its nodes, because the gap may be anything.
"""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import osmium
import pyarrow as pa
import shapely

from abcd.errors import BadFile
from abcd.intake.read.facts import FileLook, ReadChoice
from abcd.intake.read.faults import Faults
from abcd.intake.read.table import Source, Table, schema_of

COLUMNS = ("way", "nodes", "highway", "stepped", "wheelchair")
NOT_WALKED = frozenset(
    ("motorway", "motorway_link", "construction", "proposed", "planned", "abandoned", "razed", "platform", "corridor",
     "elevator", "raceway", "rest_area", "services", "bus_guideway", "busway", "escape")
)  # fmt: skip
SHUT = ("no", "private")
OPEN = ("yes", "designated", "permissive")
#: Ways in one batch of rows.
AT_ONCE = 20_000
DAMAGED = "This OpenStreetMap extract is damaged or was cut short. Download it again."


def is_walked(tags: Any) -> bool:
    """Whether one may walk a way with these tags."""
    foot = tags.get("foot")
    if tags.get("highway") in NOT_WALKED or foot in SHUT:
        return False
    return tags.get("access") not in SHUT or foot in OPEN


def open_table(source: Source, choice: ReadChoice, _faults: Faults) -> Table:
    """The walked ways of an extract: ``nodes`` are the numbers of its nodes with spaces between them.

    Raises:
        BadFile: it was not brought in as streets, or is damaged.
    """
    if not choice.streets:
        raise BadFile("This is an OpenStreetMap extract; it is brought in as streets, not as assets.")
    mapped = mmap.mmap(source.file.fileno(), 0, access=mmap.ACCESS_READ)
    kind = "pbf" if mapped[:64].find(b"OSMHeader") >= 0 else "osm"
    look = FileLook(format="osm", columns=COLUMNS, crs="EPSG:4326", geometry_type="LineString")
    return Table(look, _batches(osmium.io.FileBuffer(mapped, kind)))


@dataclass
class Walked:
    """Ways gathered for one batch: the text of each column, the corners of all, and how many each has."""

    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    corners: list[tuple[float, float]] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def add(self, way: Any, run: list[tuple[int, float, float]]) -> None:
        """One unbroken run of a way's nodes."""
        tags = way.tags
        named = " ".join([str(node) for node, _, _ in run])
        stepped = "yes" if tags.get("highway") == "steps" else ""
        self.rows.append((str(way.id), named, tags["highway"], stepped, tags.get("wheelchair") or ""))
        self.corners += [(lon, lat) for _, lon, lat in run]
        self.counts.append(len(run))


def _batches(buffer: Any) -> Iterator[pa.RecordBatch]:
    reading = osmium.FileProcessor(buffer).with_locations().with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    gathered, seen = Walked(), 0
    try:
        way: Any
        for way in reading.with_filter(osmium.filter.KeyFilter("highway")):
            if not is_walked(way.tags):
                continue
            for run in runs(way.nodes):
                gathered.add(way, run)
            if len(gathered.rows) >= AT_ONCE:
                yield batch(gathered, seen)
                gathered, seen = Walked(), seen + len(gathered.rows)
    except (RuntimeError, ValueError) as error:
        raise BadFile(DAMAGED) from error
    if gathered.rows:
        yield batch(gathered, seen)


def runs(nodes: Any) -> Iterator[list[tuple[int, float, float]]]:
    """The stretches of a way between nodes whose place is not known; a stretch has two nodes or more."""
    run: list[tuple[int, float, float]] = []
    for node in nodes:
        where = node.location
        if where.valid():
            run.append((node.ref, where.lon, where.lat))
            continue
        if len(run) > 1:
            yield run
        run = []
    if len(run) > 1:
        yield run


def batch(gathered: Walked, seen: int) -> pa.RecordBatch:
    """The rows of what was gathered, numbered after those ``seen``."""
    n = len(gathered.rows)
    lines = shapely.linestrings(np.array(gathered.corners), indices=np.repeat(np.arange(n), gathered.counts))
    texts = [pa.array(column, pa.string()) for column in zip(*gathered.rows, strict=True)]
    numbers = pa.array(np.arange(seen + 1, seen + n + 1))
    shapes = pa.array(shapely.to_wkb(lines), pa.binary())
    return pa.RecordBatch.from_arrays([*texts, numbers, shapes], schema=schema_of(COLUMNS))
