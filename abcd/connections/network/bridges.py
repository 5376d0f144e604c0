"""Groups of a place that no chain of ties joins, and that could be: all pairs weighed at once as arrays."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.connections.network.measures import circles
from abcd.connections.network.records import Network, Node

NEXT_DOOR_METRES = 30.0
"""Two patches whose edges are no further apart than a street is wide lie side by side."""

BESIDE = text("""
select p.id as one, q.id as other from core.place p
join core.place q on q.id > p.id and q.kind = p.kind and ST_DWithin(p.geom, q.geom, :metres)
where p.id = any(cast(:ids as uuid[])) and q.id = any(cast(:ids as uuid[]))""")

Which = NDArray[np.intp]


def bridges(s: Session, net: Network, most: int = 3) -> list[tuple[Node, Node]]:
    """Groups of a place that no chain of ties joins, and that could be: across patches side by side first.

    Then those of one theme, then the nearest. Each group comes once; at least one of a pair is here.
    """
    groups = [node for node in (*net.nodes, *net.alone) if node.is_group]
    chosen: list[tuple[Node, Node]] = []
    met: set[UUID] = set()
    for one, other in _ranked(s, net, groups) if len(groups) > 1 else ():
        pair = groups[one], groups[other]
        if not met & {node.id for node in pair}:
            chosen.append(pair)
            met |= {node.id for node in pair}
        if len(chosen) == most:
            break
    return chosen


def _ranked(s: Session, net: Network, groups: Sequence[Node]) -> Which:
    """Pairs of positions in ``groups`` (n x 2) in two circles, the ones to ask about first."""
    circle, here = _circles(net, groups), np.array([node.is_here for node in groups])
    one, other = np.triu_indices(len(groups), 1)
    apart = (circle[one] != circle[other]) & (here[one] | here[other])
    one, other = one[apart], other[apart]
    themes = np.unique([node.theme for node in groups], return_inverse=True)[1]
    has_theme = np.array([bool(node.theme) for node in groups])
    alike = (themes[one] == themes[other]) & has_theme[one]
    spots = np.array([(node.easting or np.nan, node.northing or np.nan) for node in groups], dtype=np.float64)
    metres = np.nan_to_num(np.hypot(*(spots[one] - spots[other]).T), nan=np.inf)
    order = np.lexsort((metres, ~alike, ~_across(s, groups, one, other)))
    return np.asarray(np.column_stack((one, other))[order])


def _circles(net: Network, groups: Sequence[Node]) -> Which:
    """The circle of each group; who has no tie at all is a circle alone."""
    number = {node.id: which for which, part in enumerate(circles(net)) for node in part}
    number |= {node.id: -1 - which for which, node in enumerate(net.alone)}
    return np.array([number[node.id] for node in groups], dtype=np.intp)


def _across(s: Session, groups: Sequence[Node], one: Which, other: Which) -> NDArray[np.bool_]:
    """Which pairs lie in two patches side by side."""
    homes = sorted({node.home for node in groups if node.home})
    code = {home: which for which, home in enumerate(homes)}
    beside = np.zeros((len(homes) + 1, len(homes) + 1), dtype=bool)
    for row in s.execute(BESIDE, {"ids": homes, "metres": NEXT_DOOR_METRES}) if len(homes) > 1 else ():
        beside[code[row.one], code[row.other]] = beside[code[row.other], code[row.one]] = True
    # The last row and column stand for groups of which nobody knows the patch.
    home = np.array([code[node.home] if node.home else len(homes) for node in groups], dtype=np.intp)
    return np.asarray(beside[home[one], home[other]])
