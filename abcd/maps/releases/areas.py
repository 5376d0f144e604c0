"""The fixed, nested areas of figures about people: patches and estates, one in the other, and the whole association.

Which lies in which is worked out from the shapes. Of two that cross one is left out: the one that was not published
before, then a patch rather than an estate, then the smaller. Fewer than 100 households make no area of their own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from abcd.core.disclosure.nesting import Nesting, Outline, nested, upwards, without
from abcd.db.tables import HOME_KINDS, Organisation, Place, Release, ReleaseArea
from abcd.places.households import households_in

LEAST_HOUSEHOLDS = 100
"""Product.md C.3: no figure about people for an area of fewer homes, or of which nobody knows how many it has."""

RANKS = {"estate": 1, "patch": 2}
"""Of two that cross the lower stays; 0 is what was published before."""

Parents = dict[UUID, UUID | None]


@dataclass(frozen=True)
class Areas:
    """The areas of a release.

    Attributes:
        parents: the areas that get figures, each in one other; the whole, under the association's id, in none.
        attacked: the same with every area that ever had figures.
        holders: for every patch and estate the innermost of ``parents`` that holds it.
        names: of all of them.
        crossing: areas that were left out, each with the one that it crosses.
        small: areas that were left out because fewer than 100 households are known there.
    """

    whole: UUID
    parents: Parents
    attacked: Parents
    holders: dict[UUID, UUID]
    names: dict[UUID, str]
    crossing: dict[UUID, UUID]
    small: frozenset[UUID]


def areas_of(s: Session, organisation_id: UUID) -> Areas:
    """The areas for the next release of an association."""
    before = _published_before(s, organisation_id)
    now = dict(
        s.execute(select(Place.id, Place.kind).where(Place.end_date.is_(None), Place.kind.in_(HOME_KINDS))).all()
    )
    nesting = _nesting(s, before, now)
    small = frozenset(one for one in now if (households_in(s, one).count or 0) < LEAST_HOUSEHOLDS)
    shown = {one for one in nesting.parents if one in now and one not in small}
    whole = {one: organisation_id if parent is None else parent for one, parent in nesting.parents.items()}
    everything: Parents = {organisation_id: None, **whole}
    kept = {organisation_id, *shown}
    return Areas(
        organisation_id,
        without(everything, everything.keys() - kept),
        without(everything, everything.keys() - kept - before),
        {one: _holder(everything, kept, one) for one in everything},
        _names(s, organisation_id, {*now, *before}),
        {one: other for one, other in nesting.crossing.items() if one in now},
        small,
    )


def _published_before(s: Session, organisation_id: UUID) -> set[UUID]:
    shown = select(ReleaseArea.area_id).join(Release, Release.id == ReleaseArea.release_id)
    mine = (Release.organisation_id == organisation_id) & (Release.status == "published")
    return set(s.scalars(shown.where(mine, ReleaseArea.depth > 0)))


def _nesting(s: Session, before: Collection[UUID], now: dict[UUID, str]) -> Nesting:
    """All areas, of now and from before; one from before whose shape is gone nests wherever nothing says otherwise."""
    wanted = list({*before, *now})
    sizes = s.execute(select(Place.id, Place.kind, func.ST_Area(Place.geom)).where(Place.id.in_(wanted)))
    outlines = [Outline(one, size, 0 if one in before else RANKS.get(kind, 2)) for one, kind, size in sizes]
    found = nested(outlines, _shared(s, wanted))
    gone = set(before) - set(found.parents)
    return Nesting({**found.parents, **dict.fromkeys(gone)}, found.crossing)


def _shared(s: Session, wanted: list[UUID]) -> dict[frozenset[UUID], float]:
    """Square metres that two areas both cover."""
    one, other = aliased(Place), aliased(Place)
    both = func.ST_Area(func.ST_Intersection(one.geom, other.geom))
    pairs = select(one.id, other.id, both).join(other, one.geom.op("&&")(other.geom) & (one.id < other.id))
    found = s.execute(pairs.where(one.id.in_(wanted), other.id.in_(wanted)))
    return {frozenset((a, b)): float(area) for a, b, area in found}


def _holder(parents: Parents, kept: Collection[UUID], area: UUID) -> Any:
    return next(one for one in upwards(parents, area) if one in kept)


def _names(s: Session, organisation_id: UUID, places: Collection[UUID]) -> dict[UUID, str]:
    named: dict[UUID, str] = dict(s.execute(select(Place.id, Place.name).where(Place.id.in_(places))).all())
    return named | {
        organisation_id: s.scalars(select(Organisation.name).where(Organisation.id == organisation_id)).one()
    }
