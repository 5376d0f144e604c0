"""The exact inverse of an import, at any later time, except for what people changed since.

An asset that still is as the import left it (its version says so) becomes what it was before. One that the import
brought goes, unless somebody edited, merged, linked or checked it since: then it stays as it is, and is counted.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.db.cells import count_afresh, count_later
from abcd.gaps.searching import forget_import_search
from abcd.intake.bulk import WORTH_IT_ROWS
from abcd.intake.matching import INCOMING
from abcd.places.assign import assign

# An asset that anything of people's making leans on is not taken away.
_LEANT_ON = """(
    select merged_into from core.asset where merged_into is not null
    union select meets_at from core.community_group where meets_at is not null
    union select venue_id from core.activity where venue_id is not null
    union select group_id from core.activity where group_id is not null
    union select asset_id from core.verification
    union select a_id from core.edge union select b_id from core.edge
)"""

_MINE = f"""
create temporary table {{mine}} on commit drop as
select a.id, a.edited_at is not null or a.merged_into is not null or a.id in {_LEANT_ON}
             or v.thing_id is not null as is_touched
from core.asset a
left join (select distinct thing_id from core.audit_event where thing_kind = 'asset') v on v.thing_id = a.id::text
where a.first_import_id = :import_id
"""

_RESTORED = ", ".join(f"{name} = b.{name}" for name in (*INCOMING, "last_import_id"))

_RESTORE = f"""
update core.asset a set {_RESTORED}, version = a.version + 1, updated_at = now()
from core.import_change c cross join lateral jsonb_populate_record(null::core.asset, c.before) b
where c.import_id = :import_id and a.id = c.asset_id and a.version = c.version_after
"""

# An earlier import of the same asset was followed by this one and by nobody else: it can still be undone after this.
_HAND_BACK = """
update core.import_change earlier set version_after = a.version
from core.import_change mine join core.asset a on a.id = mine.asset_id
where mine.import_id = :import_id and a.version = mine.version_after + 1 and earlier.asset_id = mine.asset_id
  and earlier.import_id <> mine.import_id and earlier.version_after = mine.version_after - 1
"""

_KEPT_CHANGES = """
select count(*) from core.import_change c join core.asset a on a.id = c.asset_id
where c.import_id = :import_id and a.version <> c.version_after
"""

_REVIVED = """
select count(*) from core.import_change c join core.asset a on a.id = c.asset_id
where c.import_id = :import_id and c.op = 'vanished' and a.version = c.version_after
"""

_REMOVE = "delete from core.asset a using {mine} m where m.id = a.id and not m.is_touched"

_ORGANISATIONS = """
delete from core.organisation o
where o.id = any(cast(:made as uuid[])) and o.version = 1
  and not exists (select from core.asset a where a.organisation_id = o.id)
  and not exists (select from core.place_landlord l where l.organisation_id = o.id)
  and not exists (select from core.organisation child where child.parent_id = o.id)
"""

NEWER = """
select i.file_name, i.id from core.import i join core.import mine on mine.id = :import_id
where i.source_id = mine.source_id and i.kind = mine.kind and i.status = 'loaded' and i.loaded_at > mine.loaded_at
  and coalesce((i.report ->> 'added')::int + (i.report ->> 'changed')::int + (i.report ->> 'vanished')::int, 0) > 0
order by i.loaded_at desc limit 1
"""
"""The newest import of the same source that changed something after this one."""


def take_back(s: Session, import_id: UUID, organisations: list[str]) -> dict[str, int]:
    """Undo a loaded import in the caller's transaction.

    Returns ``removed, restored, revived`` (assets) and ``kept`` (changed since, so left as they are).
    """
    mine = f"mine_{import_id.hex}"
    values = {"import_id": import_id}
    s.execute(text(_MINE.format(mine=mine)), values)
    removable, touched = s.execute(
        text(f"select count(*) filter (where not is_touched), count(*) filter (where is_touched) from {mine}")
    ).one()
    is_bulk = removable >= WORTH_IT_ROWS
    if is_bulk:
        count_later(s)
    kept = touched + _count(s, _KEPT_CHANGES, values)
    revived = _count(s, _REVIVED, values)
    restored = _run(s, _RESTORE, values)
    _run(s, _HAND_BACK, values)
    forget_import_search(s, import_id)
    removed = _run(s, _REMOVE.format(mine=mine), {})
    assign(s, import_id=import_id)
    _run(s, _ORGANISATIONS, {"made": organisations})
    _run(s, "delete from core.duplicate_pair where import_id = :import_id and state = 'open'", values)
    if is_bulk:
        count_afresh(s)
    return {"removed": removed, "restored": restored - revived, "revived": revived, "kept": kept}


def _run(s: Session, statement: str, values: dict[str, Any]) -> int:
    return int(s.execute(text(statement), values).rowcount)  # type: ignore[attr-defined]


def _count(s: Session, query: str, values: dict[str, Any]) -> int:
    return int(s.scalar(text(query), values) or 0)
