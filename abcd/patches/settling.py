"""The last patches that are off, where sums leave so little room that few ways of sharing a part out are right.

Moves that mind the shape pass such a way by; here borders move for the sums alone, and a small part for which that
does not do either is searched through.
"""

from collections.abc import Iterator

import numpy as np

from abcd.patches.anneal import Taste
from abcd.patches.exact import Undecided, shared_out
from abcd.patches.feasible import Room
from abcd.patches.net import Net, Places, Stock, components, only
from abcd.patches.rebuild import Draft, worst_first
from abcd.patches.split import Ground

#: Runs of moves for one part, moves for each block in a run, and the most blocks of a part: a second at most.
RUNS, MOVES, LARGEST = 150, 200, 400
#: From where to where a run cools: from several households too many at a time to one too few.
HOT, COLD = 0.5, 0.02


def settled(draft: Draft, taste: Taste, room: Room) -> Places:
    """The patch of each block (n,), mended in the parts of the stock where patches are off the tolerance."""
    off = worst_first(draft, taste, room.tolerance + 1e-9)
    if not off:
        return draft.part
    part, ground = draft.part.copy(), draft.ground
    piece = components(ground.net)
    for number in np.unique(piece[np.isin(part, off)]):
        units = np.flatnonzero(piece == number)
        if len(units) <= LARGEST:
            found = _right(*only(ground.stock, ground.net, units), part[units], taste, room)
            part[units] = part[units] if found is None else found + part.max() + 1
    return np.asarray(np.unique(part, return_inverse=True)[1], dtype=np.int64)


def _right(stock: Stock, net: Net, part: Places, taste: Taste, room: Room) -> Places | None:
    """A right plan of one connected part of the stock, if one is found; ``part`` is one that is off."""
    start = np.unique(part, return_inverse=True)[1].astype(np.int64)
    draft = Draft.of(Ground(stock, net), start, np.full_like(start, -1))
    if is_right(draft, room) or any(is_right(draft, room) for _run in _runs(draft, taste, room)):
        return draft.part
    try:
        return shared_out(stock, net, room)
    except Undecided:
        return None


def _runs(draft: Draft, taste: Taste, room: Room) -> Iterator[None]:
    """Moves the borders again and again, for the sums alone."""
    sums_alone = taste._replace(aim=room.tolerance, limit=room.tolerance, compact=0.0, change=0.0, bond=0.0)
    for _run in range(RUNS):
        draft.anneal(sums_alone, MOVES * len(draft.part), (HOT, COLD))
        yield


def is_right(draft: Draft, room: Room) -> bool:
    """Whether all patches are within the tolerance."""
    return bool((draft.off(room.target) <= room.tolerance + 1e-9).all())
