"""From the stage into the register: one transaction, the same rows once, nothing deleted."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.words import learn_words, remember_words
from abcd.db.cells import count_afresh, count_later
from abcd.gaps.searching import log_import_search
from abcd.intake.bulk import WORTH_IT_ROWS, indexes_aside
from abcd.intake.duplicates import look_alikes, propose, staged_points, words_of
from abcd.intake.matching import INCOMING, INCOMING_ROWS, match_and_hold, match_names, note_differences
from abcd.places.assign import assign

WORTH_COUNTING = 1_000
"""So many assets change what the planner should know of their table."""

_COLUMNS = ", ".join(INCOMING)

_ORGANISATIONS = """
insert into core.organisation (name)
select distinct organisation from {rows} where organisation <> '' and into_row is null and reject = ''
on conflict (name) do nothing returning id
"""

_INSERT = f"""
insert into core.asset (id, {_COLUMNS}, source_id, source_ref, first_import_id, last_import_id, source_kind, assured_by)
select n.asset_id, {", ".join(f"n.{name}" for name in INCOMING)}, :source_id, n.ref, :import_id, :import_id, 'import',
       case when n.assured_on is null then '' else :assured_by end
from ({INCOMING_ROWS}) n {{unless_known}}
"""

_UNLESS_KNOWN = "where not exists (select from core.asset a where a.source_id = :source_id and a.source_ref = n.ref)"

_AS_TEXT = {"geom": "::text", "point": "::text"}
_KEYS = ", ".join(f"'{name}', a.{name}{_AS_TEXT.get(name, '')}" for name in (*INCOMING, "last_import_id"))

BEFORE = f"jsonb_build_object({_KEYS})"
"""The columns of asset ``a`` that an import may change, as JSON, shapes as hexadecimal EWKB."""

_REMEMBER = f"""
insert into core.import_change (import_id, asset_id, op, before, version_after)
select :import_id, a.id, case when d.only_newer then 'confirmed' else 'changed' end, {BEFORE}, a.version + 1
from {{differs}} d join core.asset a on a.id = d.asset_id
union all
select :import_id, a.id, 'vanished', {BEFORE}, a.version + 1
from {{gone}} g join core.asset a on a.id = g.asset_id where not g.is_edited
"""

_CHANGE = f"""
update core.asset a set {", ".join(f"{name} = d.{name}" for name in INCOMING)},
    last_import_id = :import_id, version = a.version + 1, updated_at = now()
from {{differs}} d where a.id = d.asset_id
"""

_RETIRE = """
update core.asset a set status = 'inactive', last_import_id = :import_id, version = a.version + 1, updated_at = now()
from {gone} g where a.id = g.asset_id and not g.is_edited
"""

_HIDE = """
insert into core.sensitive_location (asset_id, geom, address, postcode)
select a.id, coalesce(i.geom, i.point), i.address, i.postcode
from {rows} i join core.asset a on a.source_id = :source_id and a.source_ref = i.ref
where i.is_sensitive and i.into_row is null and i.reject = '' and a.is_sensitive
on conflict (asset_id) do nothing
"""


@dataclass(frozen=True)
class Done:
    """What a loading did: assets by outcome, pairs proposed as duplicates, ids of organisations made."""

    added: int
    changed: int
    unchanged: int
    vanished: int
    proposed: int
    organisations: list[str]


def load(s: Session, import_id: UUID, source_id: UUID, *, as_of: date | None, publisher: str) -> Done:
    """Bring the staged rows into the register and do everything that follows from it."""
    s.execute(text("set local work_mem = '128MB'"))
    names = match_names(import_id)
    values = {"import_id": import_id, "source_id": source_id, "as_of": as_of, "assured_by": publisher}
    made = [str(one) for one in s.scalars(text(_ORGANISATIONS.format(**names)))]
    counts = match_and_hold(s, import_id, source_id, as_of)
    note_differences(s, import_id, source_id, as_of)
    touched = sum(counts.values()) - counts["unchanged"]
    is_bulk = touched >= WORTH_IT_ROWS
    if is_bulk:
        count_later(s)
    points = staged_points(s, import_id, source_id)
    with ThreadPoolExecutor(1, thread_name_prefix="look-alikes") as aside:
        pairs = aside.submit(look_alikes, points)
        with indexes_aside(s, counts["added"]):
            _write(s, names, values, counts)
        proposed = propose(s, import_id, source_id, pairs.result())
        words = aside.submit(words_of, points) if is_bulk and not counts["changed"] else None
        _follow(s, import_id, touched, is_bulk)
        _learn(s, import_id, words)
    return Done(**counts, proposed=proposed, organisations=made)


def _write(s: Session, names: dict[str, str], values: dict[str, Any], counts: dict[str, int]) -> None:
    """Remember, change, retire, insert."""
    known = counts["changed"] + counts["unchanged"]
    insert = _INSERT.format(**names, unless_known=_UNLESS_KNOWN if known else "")
    for step in (_REMEMBER, _CHANGE, _RETIRE, insert, _HIDE):
        statement = text(step.format(**names))
        s.execute(statement, {name: values[name] for name in statement._bindparams})


def _follow(s: Session, import_id: UUID, touched: int, is_bulk: bool) -> None:
    """What is worked out from assets: their places, what was searched, the squares of the map."""
    if touched >= WORTH_COUNTING:
        s.execute(text("select core.analyse_loaded('asset')"))
    assign(s, import_id=import_id)
    log_import_search(s, import_id)
    if is_bulk:
        count_afresh(s)


def _learn(s: Session, import_id: UUID, words: "Future[list[str]] | None") -> None:
    """Remember the words of the names; ``words`` are those of the new assets, but for the sensitive ones."""
    if words is None:
        learn_words(s, import_id=import_id)
        return
    remember_words(s, words.result())
    hidden = s.scalars(
        text("select id from core.asset where first_import_id = :id and is_sensitive"), {"id": import_id}
    )
    learn_words(s, asset_ids=list(hidden))
