"""What changed about a person, from the trail: its sealed values opened while their key is there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

EVENTS = """
select id, at, by, what,
       coalesce(nullif(before, 'null'), '{}') as before, coalesce(nullif(after, 'null'), '{}') as after
from (
  select id, at, by, verb as what, before, after
  from core.audit_event where thing_kind = 'person' and thing_id = :person
  union all
  select id, at, by, op || ' ' || table_name, before, after
  from core.row_change where thing_kind = 'person' and thing_id = :person
) event
order by id"""

OPENED = """
select seal, core.unsealed(:person, decode(seal, 'base64')) as words from unnest(cast(:seals as text[])) as seal"""

SEALED = "sealed"


@dataclass(frozen=True)
class Change:
    """One thing that happened to what we keep of a person; values that can no longer be opened are ``None``."""

    at: datetime
    by: str
    what: str
    before: dict[str, Any] = field(repr=False)
    after: dict[str, Any] = field(repr=False)


def history_of(s: Session, person_id: UUID) -> list[Change]:
    """Every change of a person and of their notes, the oldest first, opened with the person's key.

    Whoever may not see the person gets the events with nothing inside, as after an erasure.
    """
    rows = s.execute(text(EVENTS), {"person": str(person_id)}).all()
    opened = _opened(s, person_id, {one for row in rows for told in (row.before, row.after) for one in _seals(told)})
    return [Change(row.at, row.by, row.what, _told(row.before, opened), _told(row.after, opened)) for row in rows]


def _seals(values: dict[str, Any]) -> Iterator[str]:
    """The sealed values among ``values``."""
    for value in values.values():
        if isinstance(value, dict) and set(value) == {SEALED}:
            yield value[SEALED]


def _opened(s: Session, person_id: UUID, seals: set[str]) -> dict[str, str | None]:
    rows = s.execute(text(OPENED), {"person": person_id, "seals": sorted(seals)})
    return {row.seal: row.words for row in rows}


def _told(values: dict[str, Any], opened: dict[str, str | None]) -> dict[str, Any]:
    sealed = {name: next(_seals({name: value}), "") for name, value in values.items()}
    return {name: opened[sealed[name]] if sealed[name] else value for name, value in values.items()}
