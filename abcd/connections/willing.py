"""How many neighbours have a gift that speaks to what may be missing: counts alone, as they may be told.

Only those whose yes to introductions holds today and whose offer waits to be taken up; nobody marked as a safety risk
(product.md E.2, trust.md P12). Who it is stands on the pages of casework, never beside a gap.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import String, and_, any_, column, func, or_, select, values
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.access.scope import in_own_places
from abcd.core.clock import today
from abcd.core.disclosure.arithmetic import rounded
from abcd.db.session import actor_of
from abcd.db.tables import HOME_KINDS, PersonOffer, Place, Skill
from abcd.db.tables.agreed import introducible
from abcd.people.keeping import sees_residents
from abcd.people.waiting import inside


def willing(s: Session, place_id: UUID, wanted: Sequence[tuple[str, str]]) -> dict[str, int | None] | None:
    """Neighbours of a place by category, for ``wanted`` (category, theme); each counts once a category.

    A gift speaks to a category where it is at home, or whose theme is its first. The casework roles are told counts as
    they are; the rest of the team rounded ones of patches and estates, None where they are fewer than ten; nobody
    else, and of other places nobody but casework, is told any: None for all.
    """
    actor = actor_of(s)
    if not can(actor, "view", "offer"):
        return None
    is_raw = sees_residents(actor)
    if not is_raw and s.scalar(select(Place.kind).where(Place.id == place_id)) not in HOME_KINDS:
        return None
    counts = _counts(s, place_id, wanted)
    return {slug: counts.get(slug, 0) if is_raw else rounded(counts.get(slug, 0)) for slug, _theme in wanted}


def _counts(s: Session, place_id: UUID, wanted: Sequence[tuple[str, str]]) -> dict[str, int]:
    if not wanted:
        return {}
    asked = values(column("slug", String), column("theme", String), name="asked").data(list(wanted)).cte("asked")
    day = today()
    waits = and_(
        PersonOffer.skill == Skill.slug,
        PersonOffer.state == "waiting",
        or_(PersonOffer.starts_on.is_(None), PersonOffer.starts_on <= day),
        or_(PersonOffer.expires_on.is_(None), PersonOffer.expires_on >= day),
    )
    found = (
        select(asked.c.slug, func.count(PersonOffer.person_id.distinct()).label("neighbours"))
        .join(Skill, or_(asked.c.slug == any_(Skill.categories), Skill.themes[1] == asked.c.theme))
        .join(PersonOffer, waits)
        .join(introducible, introducible.c.id == PersonOffer.person_id)
        .where(inside(introducible.c.place_id, place_id), in_own_places(actor_of(s), introducible.c.place_id))
        .group_by(asked.c.slug)
    )
    return {row.slug: row.neighbours for row in s.execute(found)}
