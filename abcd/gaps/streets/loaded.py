"""The networks in use: taken from the store into mapped arrays once, then from there."""

import fcntl
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import numpy as np
from scipy.spatial import cKDTree
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from abcd.config import settings
from abcd.db.audit import record
from abcd.db.session import SYSTEM, actor_of, session
from abcd.db.tables import GRID, StreetMap
from abcd.gaps.streets.network import STEPPED, Edges, Floats, Network, Ways, Whole, lie_of, shut_in, ways_of
from abcd.gaps.streets.reading import edges_of
from abcd.gaps.walls import Walls, is_cut_off

#: A piece of fewer nodes is a courtyard or a cut-off end: nobody starts a walk there.
LEAST_PIECE = 50
#: So many nodes are looked at for one on this side of a wall.
AROUND = 64

PARTS = tuple(one.name for one in fields(Network))
#: So many networks are open in a process.
HELD = 4


@dataclass(frozen=True)
class Streets:
    """A network ready to be walked: ``ways`` for everybody, ``level`` without steps, ``tree`` of where one starts.

    ``walls`` are what was cut out of it, and what nobody crosses on the way from a door to the street.
    """

    vintage: str
    network: Network
    ways: Ways
    level: Ways
    nodes: Whole
    tree: cKDTree
    walls: Walls | None = None

    def nearest(self, points: Floats) -> tuple[Whole, Floats]:
        """The node nearest to each of ``points`` (n, 2), and how many metres away it is; never one amid steps.

        It lies on the same side of every wall; where none near by does, it is infinitely far.
        """
        points = np.asarray(points, dtype=float).reshape(-1, 2)
        away, at = self.tree.query(points)
        nodes, away = self.nodes[at], np.asarray(away)
        if self.walls is not None and len(points):
            for k in np.flatnonzero(is_cut_off(points, self.network.xy[nodes], self.walls)):
                nodes[k], away[k] = self._on_this_side(points[k], self.walls)
        return nodes, away

    def _on_this_side(self, point: Floats, walls: Walls) -> tuple[int, float]:
        away, at = self.tree.query(point, k=min(AROUND, len(self.nodes)))
        nodes = self.nodes[np.atleast_1d(at)]
        free = ~is_cut_off(np.broadcast_to(point, (len(nodes), 2)), self.network.xy[nodes], walls)
        first = int(np.argmax(free))
        return (int(nodes[first]), float(np.atleast_1d(away)[first])) if free.any() else (int(nodes[0]), np.inf)


BY_PLACE = text("""
select distinct on (p.id) p.id, m.id as map_id, m.vintage
from core.place p join core.street_map m on m.ended_at is null and ST_Covers(m.area, ST_Envelope(p.geom))
where p.id = any(:places) order by p.id, m.made_at desc""")


def in_use(s: Session, box: tuple[float, float, float, float]) -> tuple[UUID, str] | None:
    """The map whose area holds ``box`` (metres), the newest of several, with its vintage."""
    wanted = func.ST_Covers(StreetMap.area, func.ST_MakeEnvelope(*map(float, box), GRID))
    newest = select(StreetMap.id, StreetMap.vintage).where(StreetMap.ended_at.is_(None), wanted)
    found = s.execute(newest.order_by(StreetMap.made_at.desc()).limit(1)).first()
    return (found.id, found.vintage) if found else None


def in_use_by_place(s: Session, places: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """The same for the boxes of many places; those that no map holds are left out."""
    rows = s.execute(BY_PLACE, {"places": list(places)})
    return {row.id: (row.map_id, row.vintage) for row in rows}


def streets(s: Session, map_id: UUID, vintage: str) -> Streets:
    """The network of a map, from its folder; on another machine than the import's it is made on the first call."""
    folder = folder_of(map_id)
    if not is_made(folder):
        make(s, map_id)
    return opened(folder, vintage)


def make(s: Session, map_id: UUID, edges: Edges | None = None) -> None:
    """Make the network of a map, of ``edges`` or of what the store holds; who comes meanwhile waits for it."""
    # Imported late: it brings a compiler, and whoever only walks on what is made needs none.
    from abcd.gaps.streets.building import build

    folder = folder_of(map_id)
    with one_at_a_time(folder.parent):
        if is_made(folder):
            return
        keep(folder, build(edges or edges_of(s, map_id)))
    # Until now others walked by straight lines, and what they remember of that ends with this event.
    with session(SYSTEM) as told:
        record(told, "make_ready", "import", map_id, by=SYSTEM)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold ``folder`` against other processes and threads of this machine."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as handle:
        fcntl.flock(handle.fileno(), fcntl.LOCK_EX)
        yield


def may_walk_on(s: Session, map_id: UUID) -> bool:
    """Whether the network of a map is there, or may be made first: a person's statements end after seconds."""
    return not actor_of(s).account_id or is_made(folder_of(map_id))


def is_made(folder: Path) -> bool:
    """Whether the network in ``folder`` is there with all that this version reads of it."""
    return all((folder / f"{name}.npy").is_file() for name in PARTS)


def folder_of(map_id: UUID) -> Path:
    """Where the network of a map lies on this machine."""
    return settings().home / "streets" / str(map_id)


@lru_cache(maxsize=HELD)
def opened(folder: Path, vintage: str) -> Streets:
    """The network in ``folder``, with what every walk on it needs."""
    network = Network.open(folder)
    large = np.bincount(network.piece) >= min(LEAST_PIECE, int((network.piece == 0).sum()))
    level = ways_of(network, without=STEPPED)
    nodes = np.flatnonzero(large[network.piece] & ~shut_in(lie_of(network), level, slice(None)))
    return Streets(vintage, network, ways_of(network), level, nodes, cKDTree(network.xy[nodes]))


def keep(folder: Path, network: Network) -> None:
    """Write a network where others find it, whole or not at all; somebody else may have been quicker."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        network.save(scratch / "network")
        if not is_made(folder):
            # What another version left, or what somebody lost half of.
            shutil.rmtree(folder, ignore_errors=True)
            (scratch / "network").rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
