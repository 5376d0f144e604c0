"""Keep what the night found, and read it again: only of those whose yes to introductions holds at that moment."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.scope import own_places
from abcd.connections.matching.naming import kind_of
from abcd.connections.matching.nightly import Found, matched
from abcd.core.clock import today
from abcd.db.audit import record
from abcd.db.session import SYSTEM, Actor, actor_of, session
from abcd.db.tables import PersonSuggestion
from abcd.people.associations import associations
from abcd.people.introductions_end import seeing_both_sides

ACTOR = "rematch"
AT_ONCE = 20_000
"""Rows that go to the store in one statement."""

COLUMNS = {
    "person_wish_id": "uuid", "position": "int", "organisation_id": "uuid", "kind": "text", "a_person_id": "uuid",
    "b_person_id": "uuid", "b_asset_id": "uuid", "person_offer_id": "uuid", "offer_id": "uuid", "place_id": "uuid",
    "tier": "int", "score": "float8", "parts": "jsonb", "is_planned": "boolean", "worked_out_on": "date",
}  # fmt: skip
GIVEN = ", ".join(f"cast(:{name} as {'text' if kind == 'jsonb' else kind}[])" for name, kind in COLUMNS.items())
READ = ", ".join("cast(parts as jsonb)" if name == "parts" else name for name in COLUMNS)
KEEP = text(f"insert into core.person_suggestion ({', '.join(COLUMNS)}) select {READ} "
            f"from unnest({GIVEN}) as given({', '.join(COLUMNS)})")  # fmt: skip

IDEAS = text("""
select g.person_wish_id, g.a_person_id, a.preferred_name as name, w.own_words, g.b_person_id, b.preferred_name as other,
  g.kind, g.score, g.worked_out_on
from core.person_suggestion g
join core.introducible a on a.id = g.a_person_id
join core.introducible b on b.id = g.b_person_id
join core.person_wish w on w.id = g.person_wish_id and w.state in ('open', 'planned')
where g.is_planned and g.place_id = any(:places)
  and (not :scoped or (a.place_id = any(:own) and b.place_id = any(:own)))
  and (g.person_offer_id is null or exists (select from core.person_offer o
    where o.id = g.person_offer_id and o.state in ('waiting', 'taken_up')))
  and not exists (select from core.person_avoids v where (v.person_id, v.other_id) in (
    (g.a_person_id, g.b_person_id), (g.b_person_id, g.a_person_id)))
  and not exists (select from core.connection c where (c.a_person_id, c.b_person_id) in (
    (g.a_person_id, g.b_person_id), (g.b_person_id, g.a_person_id)))
order by g.score desc, g.person_wish_id limit :most""")


@dataclass(frozen=True)
class Rematched:
    """What a night did: wishes that were looked at, those that were answered, suggestions kept, neighbours planned."""

    wishes: int = 0
    answered: int = 0
    suggestions: int = 0
    planned: int = 0


@dataclass(frozen=True, repr=False)
class NightIdea:
    """A neighbour whom the plan keeps for somebody's wish."""

    person_wish_id: UUID
    a_person_id: UUID
    name: str
    own_words: str
    b_person_id: UUID
    other: str
    kind: str
    score: float
    worked_out_on: date

    def __repr__(self) -> str:
        return f"NightIdea({self.person_wish_id})"


def rematch(day: date | None = None) -> Rematched:
    """Work out every association's suggestions anew, each in a transaction of its own.

    Raises:
        StoreUnavailable: the store does not answer; what is done is done.
    """
    with session(SYSTEM) as s:
        actors = associations(s, ACTOR)
    done = Rematched()
    for actor in actors:
        with session(actor, patient=True) as s:
            done = _sum(done, match_all(s, day or today(), by=actor))
    return done


def match_all(s: Session, day: date, *, limit: int = 5, by: Actor) -> Rematched:
    """Every open wish of one association, and the plan for all of them, in place of what the night before found.

    Raises:
        NotAllowed: ``by`` may not suggest introductions.
    """
    require(by, "suggest", "connection")
    found = matched(s, day, limit)
    # Also of whoever left since, whose rows nobody sees and which would stand in the way of the new ones.
    with seeing_both_sides(s):
        s.execute(delete(PersonSuggestion).execution_options(synchronize_session=False))
    rows = [row for one in found for row in _rows(one, UUID(by.organisation_id), day)]
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        s.execute(KEEP, {name: [row[name] for row in some] for name in COLUMNS})
    done = Rematched(
        len(found), sum(bool(one.answers) for one in found), len(rows), sum(one.planned is not None for one in found)
    )
    if rows:
        record(s, "rematch", "connection", by.organisation_id, by=by, after={"wishes": done.wishes})
    return done


def _rows(one: Found, ours: UUID, day: date) -> list[dict[str, Any]]:
    shared = {"person_wish_id": one.wish.wish_id, "organisation_id": ours, "a_person_id": one.wish.person_id,
              "place_id": one.wish.place_id, "worked_out_on": day}  # fmt: skip
    return [
        shared
        | {
            "position": at + 1, "kind": kind_of(one.wish, each.row), "tier": each.tier, "score": each.score,
            "parts": json.dumps(each.parts), **_side(each.row, one.planned),
        }
        for at, each in enumerate(one.answers)
    ]  # fmt: skip


def _side(row: Any, planned: UUID | None) -> dict[str, Any]:
    person = getattr(row, "person_id", None)
    return {
        "b_person_id": person, "b_asset_id": getattr(row, "asset_id", None), "offer_id": getattr(row, "offer_id", None),
        "person_offer_id": getattr(row, "person_offer_id", None),
        "is_planned": person is not None and person == planned,
    }  # fmt: skip


def ideas_of_the_night(s: Session, place_ids: Collection[UUID], most: int = 10) -> Sequence[NightIdea]:
    """Neighbours whom the plan keeps for wishes of some places, the best fits first; none who is being introduced.
    Whoever is scoped to places is told of people there alone.

    Raises:
        NotAllowed: whoever asks may not suggest introductions.
    """
    require(actor_of(s), "suggest", "connection")
    own = own_places(s, actor_of(s))
    given = {"places": list(place_ids), "most": most, "scoped": own is not None, "own": list(own or ())}
    rows = s.execute(IDEAS, given)
    return [NightIdea(**row._mapping) for row in rows]


def _sum(one: Rematched, other: Rematched) -> Rematched:
    return Rematched(*(getattr(one, name) + getattr(other, name) for name in Rematched.__dataclass_fields__))
