"""Where one more would help most in a place: the best 1 to 5 sites from our rooms, from anybody's, or from anywhere."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.remembered import remembered
from abcd.gaps.formulas import Numbers
from abcd.gaps.siting.candidates import candidates, points_of
from abcd.gaps.siting.clusters import homes_at, where_words
from abcd.gaps.siting.covering import SAME, Cover, Layout, Which
from abcd.gaps.siting.ground import Ground, ground
from abcd.gaps.siting.proving import SECONDS, curve
from abcd.gaps.siting.records import KINDS, Cluster, Pool, Site, Siting, Step

MOST_SITES = 5


def siting(
    s: Session,
    place_id: UUID,
    category: str,
    profile: str = "standard",
    needs: Collection[str] = (),
    voices: int = 0,
    seconds: float = SECONDS,
) -> Siting:
    """Where one more of ``category`` would reach most homes that are near none; what is there stays where it is.

    ``voices`` are neighbours who asked for it with nothing done yet. ``seconds`` may be taken for the proofs of each
    pool. Without a home that is far from one there are no steps.

    Raises:
        NotFound: no such place.
        BadRequest: nobody judges this category by a walk to a point, or an unknown profile or need.
    """
    about = ground(s, place_id, category, profile, needs, voices)
    sites = candidates(s, about)
    minutes = about.walks_to(points_of(sites))
    near = int(about.homes.households[about.is_near].sum())
    pools = tuple(_pool(s, about, kind, sites, minutes, seconds) for kind in KINDS)
    left = _left_out(s, about, about.is_near)
    return Siting(about.standard, about.households, near, voices, pools, left, about.walk.words(),
                  len(about.homes.points))  # fmt: skip


def laid_out(
    s: Session, place_id: UUID, category: str, profile: str = "standard", needs: tuple[str, ...] = (), voices: int = 0
) -> Siting:
    """``siting``, worked out once for everybody until the register changes."""
    question = ("siting", place_id, category, profile, needs, voices)
    return remembered(s, question, lambda: siting(s, place_id, category, profile, needs, voices))


def _pool(s: Session, about: Ground, kind: str, sites: list[Site], minutes: Numbers, seconds: float) -> Pool:
    """The best sites from this kind and those that are wanted before it."""
    wanted = KINDS[: KINDS.index(kind) + 1]
    columns = [at for at, site in enumerate(sites) if site.kind in wanted]
    cover = Cover(minutes[:, columns] <= about.standard.minutes, about.weight())
    is_far = bool(about.homes.households[~about.is_near].any())
    layouts = curve(cover, MOST_SITES, seconds) if is_far else []
    chosen = [sites[at] for at in columns]
    return Pool(kind, len(columns), tuple(_step(s, about, minutes[:, columns], chosen, layout) for layout in layouts))


def _step(s: Session, about: Ground, minutes: Numbers, sites: Sequence[Site], layout: Layout) -> Step:
    walks = minutes[:, list(layout.sites)]
    is_gained = (walks.min(axis=1) <= about.standard.minutes) & ~about.is_near
    is_near, households = about.is_near | is_gained, about.homes.households
    each = np.bincount(walks[is_gained].argmin(axis=1), households[is_gained], minlength=len(layout.sites))
    near, gained = int(households[is_near].sum()), int(households[is_gained].sum())
    return Step(
        sites=tuple(_spoken(s, about, [sites[at] for at in layout.sites])),
        near=near,
        share=near / about.households,
        gained=gained,
        each=tuple(int(one) for one in each),
        at_most=min(int(layout.bound + SAME), about.households - near + gained),
        is_proven=layout.is_proven,
        left_out=_left_out(s, about, is_near),
    )


def _spoken(s: Session, about: Ground, sites: list[Site]) -> list[Site]:
    """New places get words for where they are; a room has its name."""
    words = where_words(s, about.here, points_of(sites))
    return [
        replace(one, name=_("A new place {where}").format(where=where)) if one.kind == "new" else one
        for one, where in zip(sites, words, strict=True)
    ]


def _left_out(s: Session, about: Ground, is_near: Which) -> tuple[Cluster, ...]:
    far = ~is_near
    return homes_at(s, about.here, about.homes.points[far], about.homes.households[far])
