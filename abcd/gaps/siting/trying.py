"""What if one stood here, or this one there instead: before and after at once, and nothing is stored."""

from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.errors import BadRequest
from abcd.gaps.siting.clusters import clusters, named
from abcd.gaps.siting.covering import Which
from abcd.gaps.siting.ground import Ground
from abcd.gaps.siting.records import Cluster, Trial


def trial(s: Session, about: Ground, at: tuple[float, float], moved: UUID | None = None) -> Trial:
    """What would change with one more at ``at`` (easting, northing), or with the asset ``moved`` there.

    Raises:
        BadRequest: what is to be moved is not among what is there.
    """
    ids = [row.id for row in about.rows]
    if moved is not None and moved not in ids:
        raise BadRequest(_("What you want to move is not near this place any more. Choose another."))
    stay = [position for position, one in enumerate(ids) if one != moved]
    after = np.hstack([about.minutes[:, stay], about.walks_to(np.array([at]))])
    is_near = np.asarray(after.min(axis=1) <= about.standard.minutes)
    return Trial(
        before=about.nearness(about.minutes),
        after=about.nearness(after),
        gained=_those(s, about, is_near & ~about.is_near),
        lost=_those(s, about, about.is_near & ~is_near),
    )


def _those(s: Session, about: Ground, which: Which) -> tuple[Cluster, ...]:
    return named(s, about.here, clusters(about.homes.points[which], about.homes.households[which]))
