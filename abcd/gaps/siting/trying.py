"""What if one stood here, or this one there instead: before and after at once, and nothing is stored."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.errors import BadRequest
from abcd.gaps.formulas import Numbers
from abcd.gaps.siting.clusters import homes_at
from abcd.gaps.siting.covering import Which
from abcd.gaps.siting.ground import Ground
from abcd.gaps.siting.records import Cluster, Trial


def trial(s: Session, about: Ground, at: tuple[float, float], moved: UUID | None = None) -> Trial:
    """What would change with one more at ``at`` (easting, northing), or with the asset ``moved`` there.

    Raises:
        BadRequest: what is to be moved is not among what is there.
    """
    after = with_sites(about, [at], moved)
    is_near = np.asarray(after.min(axis=1) <= about.standard.minutes)
    return Trial(
        before=about.nearness(about.minutes),
        after=about.nearness(after),
        gained=_those(s, about, is_near & ~about.is_near),
        lost=_those(s, about, about.is_near & ~is_near),
    )


def with_sites(about: Ground, at: Sequence[tuple[float, float]], moved: UUID | None = None) -> Numbers:
    """Minutes from each home to what stays and to one at each of ``at``, shape (homes, things).

    Raises:
        BadRequest: what is to be moved is not among what is there.
    """
    ids = [row.id for row in about.rows]
    if moved is not None and moved not in ids:
        raise BadRequest(_("What you want to move is not near this place any more. Choose another."))
    stay = [position for position, one in enumerate(ids) if one != moved]
    walks = about.walks_to(np.array(at, dtype=np.float64).reshape(-1, 2))
    return np.hstack([about.minutes[:, stay], walks])


def _those(s: Session, about: Ground, which: Which) -> tuple[Cluster, ...]:
    return homes_at(s, about.here, about.homes.points[which], about.homes.households[which])
