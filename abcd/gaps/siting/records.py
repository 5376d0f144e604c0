"""What siting gives back: where one could be, who would then be near one, and who would still not."""

from dataclasses import dataclass
from uuid import UUID

from abcd.gaps.records import Standard

KINDS = ("own", "partner", "new")
"""In the order in which they are tried: our own rooms, then other people's, then a new place (product.md D.5)."""


@dataclass(frozen=True)
class Site:
    """Where one could be, of one of ``KINDS``; metres in EPSG:27700. ``is_spare``: known to stand empty at times.

    A new place is the middle of some homes and no plot of land; it has no ``asset_id``.
    """

    kind: str
    easting: float
    northing: float
    name: str
    asset_id: UUID | None = None
    is_spare: bool = False


@dataclass(frozen=True)
class Cluster:
    """Homes that lie together: so many households round a point in metres (EPSG:27700), and where that is in words."""

    easting: float
    northing: float
    households: int
    where: str = ""


@dataclass(frozen=True)
class Step:
    """The best choice of so many sites from one pool.

    ``near`` households are then near one and ``share`` of all; ``gained`` of them are not now, and ``each`` says of how
    many each site is the nearest. ``is_proven``: no other choice of as many does better; else none gains more than
    ``at_most``.
    """

    sites: tuple[Site, ...]
    near: int
    share: float
    gained: int
    each: tuple[int, ...]
    at_most: int
    is_proven: bool
    left_out: tuple[Cluster, ...]


@dataclass(frozen=True)
class Pool:
    """The steps for 1, 2 … sites: from our own rooms (``own``), those and partners' (``partner``), or all (``new``).

    ``tried`` is from how many sites they were chosen.
    """

    kind: str
    tried: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Siting:
    """Where one more of a category would help in a place; ``near`` of its ``households`` are near one today."""

    standard: Standard
    households: int
    near: int
    voices: int
    pools: tuple[Pool, ...]
    left_out: tuple[Cluster, ...]
    walk: str
    homes: int

    @property
    def share(self) -> float:
        """The share of households that are near one today."""
        return self.near / self.households if self.households else 0.0

    def pool(self, kind: str) -> Pool:
        """The pool of this kind."""
        return next(one for one in self.pools if one.kind == kind)


@dataclass(frozen=True)
class Near:
    """Who is near one: households, their share, and the walk that half of all do not exceed.

    ``median_minutes`` is None beyond the 30 minutes that are looked at.
    """

    households: int
    share: float
    median_minutes: float | None


@dataclass(frozen=True)
class Trial:
    """What would change if one stood elsewhere: before and after, who would come near one and who no longer would."""

    before: Near
    after: Near
    gained: tuple[Cluster, ...]
    lost: tuple[Cluster, ...]
