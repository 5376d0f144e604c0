"""Residents who could answer a wish: those whose yes to introductions holds, by what they offer or also hope for."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.connections.matching.others import Others, Tongues, blank, people
from abcd.connections.matching.spoken import spoken_gifts
from abcd.connections.matching.terms import PARENT, Levels, Terms

#: Only through the view of those who agreed (``core.introducible``): no query here reads people any other way.
WHO = """p.id as person_id, p.place_id, p.language, p.speaks,
  least(p.max_walk_minutes, {own}) as max_walk, greatest(p.confirmed_on, {said}) as said_on"""

OFFERS = f"""
select o.id as person_offer_id, o.skill, case when o.skill is null then o.own_words else '' end as said,
  o.gift_kind, o.will_teach, o.free_grid, o.conditions <> '' as has_conditions,
  '' as shared, {WHO.format(own="o.max_walk_minutes", said="o.said_on")}
from core.introducible p join core.person_offer o on o.person_id = p.id
where o.state in ('waiting', 'taken_up') and (o.skill = any(:gifts) or o.skill is null)
  and (o.starts_on is null or o.starts_on <= :day) and (o.expires_on is null or o.expires_on >= :day)"""

#: Somebody who hopes for the same: two who may do it together.
ALIKE = f"""
select null::uuid as person_offer_id, w.skill, '' as said, w.category, 'heart' as gift_kind, false as will_teach,
  w.free_grid, false as has_conditions, coalesce(w.skill, w.category) as shared,
  {WHO.format(own="null", said="w.said_on")}
from core.introducible p join core.person_wish w on w.person_id = p.id
where w.state in ('open', 'planned') and w.wish_kind in ('do', 'learn', 'meet')
  and (w.skill = any(:gifts) or w.category = :category)"""

HERE = " and p.place_id = any(:places) and coalesce(p.id <> cast(:asker as uuid), true)"


def offering(
    s: Session, gifts: Levels, places: Collection[UUID] | None, tongues: Tongues, day: date, asker: UUID | None = None
) -> Others:
    """Residents of some places (of all: None) who offer one of ``gifts``, other than whoever asks."""
    return _read(s, OFFERS, gifts, places, tongues, day, asker)


def alike(
    s: Session, gifts: Levels, category: str, places: Collection[UUID], tongues: Tongues, day: date, asker: UUID
) -> Others:
    """Residents who hope for the same, or for what has the same parent."""
    near = {slug: level for slug, level in gifts.items() if level >= PARENT}
    return _read(s, ALIKE, near, places, tongues, day, asker, {"category": category})


def all_alike(s: Session, known: Terms, tongues: Tongues, day: date) -> Others:
    """Every resident who hopes to do, learn or meet something, for many wishes at once."""
    every = ALIKE.replace("w.category = :category", "w.category is not null")
    rows = s.execute(text(every), {"gifts": list(known.gifts)}).all()
    found = people(rows, tongues, day)
    found.skills = np.array(meant(s, rows), dtype=object)
    return found


def _read(
    s: Session, query: str, gifts: Levels, places: Collection[UUID] | None, tongues: Tongues, day: date,
    asker: UUID | None, more: dict[str, Any] | None = None,
) -> Others:  # fmt: skip
    if not gifts and not (more or {}).get("category"):
        return blank([], 0)
    given = {"gifts": list(gifts), "day": day, "places": list(places or ()), "asker": asker} | (more or {})
    asked = text(query + (HERE if places is not None else ""))
    rows = s.execute(asked, {name: value for name, value in given.items() if f":{name}" in asked.text}).all()
    found = people(rows, tongues, day)
    found.skills = np.array(meant(s, rows), dtype=object)
    for at, row in enumerate(rows):
        is_same = bool(more) and row.category is not None and row.category == (more or {})["category"]
        found.level[at] = 1.0 if is_same else gifts.get(found.skills[at], 0.0)
    return found


def meant(s: Session, rows: Sequence[Any]) -> list[str]:
    """The gift of each row: the one that was ticked, else the one that its words speak of, "" for none."""
    unsaid = [at for at, row in enumerate(rows) if not row.skill and row.said]
    gifts = [row.skill or "" for row in rows]
    for at, slug in zip(unsaid, spoken_gifts(s, [rows[at].said for at in unsaid]), strict=True):
        gifts[at] = slug
    return gifts
