"""Homes that stay together in every plan: "keep this court together", with a name and by whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require, require_at
from abcd.core.clock import today
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor
from abcd.db.tables import PatchLock, Place
from abcd.errors import BadRequest, NotFound
from abcd.patches.homes import Homes
from abcd.patches.net import Places, components
from abcd.places.dwellings import dwellings_in
from abcd.places.households import small_areas
from abcd.places.records import PlaceRecord

MOST_NAMED = 5
"""So many unknown names are told at once."""


@dataclass(frozen=True)
class Lock:
    """Homes that stay together; ``members`` are references of dwellings or ids of small areas."""

    id: UUID
    name: str
    members: tuple[str, ...]
    made_by: str
    created_at: datetime
    version: int


def locks_of(s: Session, place_id: UUID) -> tuple[Lock, ...]:
    """The locks of a place, by name."""
    standing = select(PatchLock).where(PatchLock.place_id == place_id, PatchLock.ended_on.is_(None))
    return tuple(_lock(row) for row in s.scalars(standing.order_by(PatchLock.name, PatchLock.id)))


def lock(s: Session, place_id: UUID, name: str, members: Iterable[str], *, by: Actor, key: str | None = None) -> UUID:
    """Keep homes together from now on; returns the id of the lock.

    Raises:
        BadRequest: no name, or fewer than two homes or areas.
        NotAllowed: ``by`` may not draw patches, or not there.
    """
    require_at(s, by, "edit", "patch", place_id)
    called, inside = tidy(name), sorted(set(members))
    if not called:
        raise BadRequest(_("Give what stays together a name, for example that of the court."))
    if len(inside) < 2:
        raise BadRequest(_("Choose at least two homes or areas that stay together."))

    def act() -> dict[str, str]:
        row = PatchLock(place_id=place_id, name=called, members=inside, made_by=by.name)
        s.add(row)
        s.flush()
        record(s, "lock", "patch_lock", row.id, by=by, after={"name": called, "homes": len(inside)})
        return {"id": str(row.id)}

    return UUID(once(s, key, by, act)["id"] if key else act()["id"])


def members_of(s: Session, place: PlaceRecord, named: Iterable[str], street: str = "") -> list[str]:
    """What plans of a place call the homes that somebody names: homes of its stock list, small areas, or a street.

    Raises:
        BadRequest: one of them is not in this place, or no home is on such a street.
    """
    homes, areas = dwellings_in(s, place.id), small_areas(s, place.id)
    known = {str(each): str(each) for each in homes["reference"]}
    called = s.execute(select(Place.reference, Place.id).where(Place.id.in_(list(areas["place_id"]))))
    known |= {reference: str(key) for reference, key in called}
    asked = [tidy(each) for each in named]
    unknown = [each for each in asked if each not in known]
    if unknown:
        raise BadRequest(_("Not in {place}, neither a home of its stock list nor a small area: {these}.").format(
            place=place.name, these=", ".join(unknown[:MOST_NAMED])))  # fmt: skip
    along = _along(homes, tidy(street)) if street else []
    if street and not along:
        raise BadRequest(_("No home of the stock list in {place} is on “{street}”.").format(
            place=place.name, street=street))  # fmt: skip
    return sorted({*(known[each] for each in asked), *along})


def _along(homes: pd.DataFrame, street: str) -> list[str]:
    """The homes on a street."""
    on = [tidy(str(each)).casefold() == street.casefold() for each in homes["street"]]
    return [str(each) for each, is_there in zip(homes["reference"], on, strict=True) if is_there]


def one_lock(s: Session, lock_id: UUID) -> Lock:
    """A lock that holds.

    Raises:
        NotFound: there is none, or it was let go.
    """
    row = s.get(PatchLock, lock_id)
    if row is None or row.ended_on is not None:
        raise NotFound(_("There is no such lock. 'abcd patches locks' shows those that there are."))
    return _lock(row)


def _lock(row: PatchLock) -> Lock:
    return Lock(row.id, row.name, tuple(row.members), row.made_by, row.created_at, row.version)


def unlock(s: Session, lock_id: UUID, *, version: int | None, by: Actor) -> None:
    """Let homes be parted again; that they were locked stays in the history.

    Raises:
        NotFound, Conflict, VersionMissing: as ``abcd.db.audit.for_edit``.
        BadRequest: it was unlocked before.
        NotAllowed: ``by`` may not draw patches, or not there.
    """
    require(by, "edit", "patch")
    row = for_edit(s, PatchLock, lock_id, version, {"ended_on": today()})
    require_at(s, by, "edit", "patch", row.place_id)
    if row.ended_on is not None:
        raise BadRequest(_("This was unlocked already."))
    row.ended_on = today()
    record(s, "unlock", "patch_lock", row.id, by=by, before={"name": row.name})


def blocks_in(homes: Homes, one: Lock) -> Places:
    """The blocks that hold any of what a lock keeps together."""
    kept = frozenset(one.members)
    return np.array([k for k, inside in enumerate(homes.members) if not kept.isdisjoint(inside)], dtype=np.int64)


def grouped(homes: Homes, locks: Sequence[Lock], within: Places | None = None) -> Places:
    """For each block the group that it cannot be parted from, (n,), numbered from 0.

    What a lock names but no link joins stays in groups of its own: a lock takes nobody across a railway. With
    ``within`` (n,), the patch of each block, groups end at the borders of patches: a lock may be younger than a plan.
    """
    n = len(homes.called)
    a, b = [np.arange(n)], [np.arange(n)]
    for one in locks:
        inside = blocks_in(homes, one)
        part = np.full(n, -1, dtype=np.int64)
        part[inside] = 1 if within is None else within[inside]
        piece = components(homes.net, part)
        first = dict(zip(piece[inside][::-1].tolist(), inside[::-1].tolist(), strict=True))
        a.append(inside)
        b.append(np.array([first[k] for k in piece[inside].tolist()], dtype=np.int64))
    rows, columns = np.concatenate(a), np.concatenate(b)
    graph = sparse.coo_matrix((np.ones(len(rows)), (rows, columns)), (n, n))
    return np.asarray(csgraph.connected_components(graph, directed=False)[1], dtype=np.int64)


def parted_by(homes: Homes, locks: Iterable[Lock], part: Places) -> list[Lock]:
    """The locks whose homes ``part`` puts into more than one patch."""
    return [one for one in locks if len(np.unique(part[blocks_in(homes, one)])) > 1]
