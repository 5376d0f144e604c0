"""A wish as it stands in the store, read as what matching looks for. No yes to introductions, no wish to match."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.connections.matching.records import UNKNOWN_GRID, Sought
from abcd.errors import NotFound

WISHES = """
select w.id, p.place_id, w.wish_kind, coalesce(w.skill, '') as skill, coalesce(w.category, '') as category, w.theme,
  w.own_words, w.free_grid, w.hours, w.urgent_reason <> '' as is_urgent, p.id as person_id, p.language, p.speaks,
  p.access_needs, p.max_walk_minutes, p.wants_alike, greatest(p.confirmed_on, w.said_on) as confirmed_on
from core.introducible p join core.person_wish w on w.person_id = p.id
where w.state in ('open', 'planned')"""
ONE = text(f"{WISHES} and w.id = :wish")
ALL = text(f"{WISHES} order by p.place_id, w.id")
IS_THERE = text("select person_id from core.person_wish where id = :wish")
OF_GROUPS = text("""
select w.id, w.place_id, w.wish_kind, coalesce(w.skill, '') as skill, coalesce(w.category, '') as category, w.theme,
  w.own_words, w.free_grid, w.hours, w.said_on, w.asset_id, w.state, a.languages, g.run_by,
  greatest(w.said_on, a.assured_on) as confirmed_on
from core.wish w left join core.asset a on a.id = w.asset_id left join core.community_group g on g.asset_id = a.id
where w.id = :wish""")

UNKNOWN = "There is no such wish. It may have been taken back."

#: The language of a group that has none written down.
USUAL = ("en",)


def resident_wish(s: Session, person_wish_id: UUID) -> Sought | None:
    """A resident's open wish; None when their yes to introductions does not hold today, or it is no longer open.

    Raises:
        NotFound: there is no such wish for whoever asks.
    """
    row = s.execute(ONE, {"wish": person_wish_id}).first()
    if row is not None:
        return _sought(row)
    if s.scalar(IS_THERE, {"wish": person_wish_id}) is None:
        raise NotFound(UNKNOWN)
    return None


def resident_wishes(s: Session) -> list[Sought]:
    """Every open wish of residents whose yes to introductions holds today, patch by patch."""
    return [_sought(row) for row in s.execute(ALL)]


def group_wish(s: Session, wish_id: UUID) -> Sought:
    """The wish of a group, a meeting or a survey.

    Raises:
        NotFound: there is no such wish for whoever asks.
    """
    row = s.execute(OF_GROUPS, {"wish": wish_id}).first()
    if row is None:
        raise NotFound("There is no such wish. Somebody may have removed it.")
    return Sought(
        row.id, row.place_id, row.wish_kind, row.skill, row.category, row.theme, row.own_words, _grid(row.free_grid),
        row.hours, row.confirmed_on, asset_id=row.asset_id, languages=_spoken(row.languages or USUAL),
    )  # fmt: skip


def _sought(row: Any) -> Sought:
    return Sought(
        row.id, row.place_id, row.wish_kind, row.skill, row.category, row.theme, row.own_words, _grid(row.free_grid),
        row.hours, row.confirmed_on, row.person_id, languages=_spoken((row.language, *row.speaks)),
        needs=frozenset(row.access_needs), max_walk=row.max_walk_minutes, wants_alike=row.wants_alike,
        is_urgent=row.is_urgent,
    )  # fmt: skip


def _spoken(languages: Sequence[str]) -> frozenset[str]:
    return frozenset(languages)


def _grid(value: int | None) -> int:
    return UNKNOWN_GRID if value is None else value
