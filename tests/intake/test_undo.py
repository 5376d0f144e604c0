"""Undo: the exact inverse, whenever, keeping what people changed since."""

from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event, text

from abcd.assets.actions import confirm_asset, edit_asset
from abcd.connections.network.ties import TieDraft, add_tie
from abcd.core.clock import today
from abcd.db.session import Actor, engine, session
from abcd.errors import BadRequest, Conflict
from abcd.intake import run
from tests.conftest import emptied
from tests.intake.publisher import LIBRARIES, a_file, brought_in

# Everything a person can see of the register; a version only ever grows, so that no stale form can win.
VISIBLE = """
select md5(string_agg((to_jsonb(a) - 'version' - 'updated_at' - 'geom' - 'point')::text || ST_AsEWKT(a.geom)
           || ST_AsEWKT(a.point), e'\n' order by id)) || (select count(*) from core.place_asset)
       || (select count(*) from core.organisation)
from core.asset a
"""


@pytest.fixture(autouse=True)
def _empty(store: str, owner: Actor) -> None:
    emptied(store, "core.asset, core.import, core.source, core.duplicate_pair, core.issue")


def seen(owner: Actor) -> object:
    with session(owner) as s:
        return s.scalar(text(VISIBLE))


def id_of(owner: Actor, ref: str) -> UUID:
    with session(owner) as s:
        return UUID(str(s.scalar(text("select id from core.asset where source_ref = :ref"), {"ref": ref})))


NEWER = (("L1", "Ashford Library and Hub", *LIBRARIES[0][2:5], "-2.30500", "53.45100"), LIBRARIES[1],
         ("L4", "Dale Library", "4 Dale Road", "ZZ1 1AD", "", "-2.33", "53.45"))  # fmt: skip


def test_undo_takes_away_what_an_import_brought(tmp_path: Path, owner: Actor) -> None:
    report = brought_in(tmp_path, owner, LIBRARIES)
    assert run.undo(report.import_id, actor=owner) == {"removed": 3, "restored": 0, "revived": 0, "kept": 0}
    with session(owner) as s:
        assert s.scalar(text("select count(*) from core.asset")) == 0


def test_undo_of_a_newer_release_is_exact(tmp_path: Path, owner: Actor) -> None:
    brought_in(tmp_path, owner, LIBRARIES)
    before = seen(owner)
    report = brought_in(tmp_path, owner, NEWER)
    assert (report.added, report.changed, report.unchanged, report.vanished) == (1, 1, 1, 1)
    assert seen(owner) != before
    assert run.undo(report.import_id, actor=owner) == {"removed": 1, "restored": 1, "revived": 1, "kept": 0}
    assert seen(owner) == before


def test_undo_keeps_what_people_changed_since(tmp_path: Path, owner: Actor) -> None:
    brought_in(tmp_path, owner, LIBRARIES)
    report = brought_in(tmp_path, owner, NEWER)
    with session(owner) as s:
        edit_asset(s, id_of(owner, "L1"), {"phone": "0161 496 5555"}, version=2, by=owner)
        confirm_asset(s, id_of(owner, "L4"), version=1, by=owner)
    done = run.undo(report.import_id, actor=owner)
    assert done == {"removed": 0, "restored": 0, "revived": 1, "kept": 2}
    with session(owner) as s:
        kept = s.execute(text("select name, phone from core.asset where source_ref in ('L1', 'L4') order by 1")).all()
    assert kept == [("Ashford Library and Hub", "0161 496 5555"), ("Dale Library", "")]


def test_undo_keeps_what_somebody_tied_to_something(tmp_path: Path, owner: Actor) -> None:
    report = brought_in(tmp_path, owner, LIBRARIES)
    one, other = id_of(owner, "L1"), id_of(owner, "L2")
    with session(owner) as s:
        add_tie(s, one, TieDraft(other, "joint_activity", "One summer reading list", today()), by=owner)
    assert run.undo(report.import_id, actor=owner) == {"removed": 1, "restored": 0, "revived": 0, "kept": 2}


def test_undo_asks_for_the_newer_one_first(tmp_path: Path, owner: Actor) -> None:
    first = brought_in(tmp_path, owner, LIBRARIES)
    second = brought_in(tmp_path, owner, NEWER)
    with pytest.raises(Conflict, match=str(second.import_id)):
        run.undo(first.import_id, actor=owner)
    run.undo(second.import_id, actor=owner)
    assert run.undo(first.import_id, actor=owner)["removed"] == 3


def test_a_repeat_that_changed_nothing_does_not_stand_in_the_way(tmp_path: Path, owner: Actor) -> None:
    first = brought_in(tmp_path, owner, LIBRARIES)
    brought_in(tmp_path, owner, LIBRARIES)
    assert run.undo(first.import_id, actor=owner)["removed"] == 3


def test_an_import_is_undone_once(tmp_path: Path, owner: Actor) -> None:
    report = brought_in(tmp_path, owner, LIBRARIES)
    run.undo(report.import_id, actor=owner)
    with pytest.raises(BadRequest, match="undone"):
        run.undo(report.import_id, actor=owner)
    assert brought_in(tmp_path, owner, LIBRARIES).added == 3


def test_a_loading_interrupted_at_any_statement_changes_nothing(tmp_path: Path, owner: Actor) -> None:
    brought_in(tmp_path, owner, LIBRARIES)
    before = seen(owner)
    waiting = run.stage(a_file(tmp_path, NEWER), actor=owner).import_id
    interrupted = 0
    while not _confirmed(waiting, owner, stop_at=interrupted):
        interrupted += 1
        assert seen(owner) == before
    assert interrupted > 30
    assert seen(owner) != before
    with session(owner) as s:
        assert s.scalar(text("select count(*) from core.asset")) == 4


def _confirmed(waiting: UUID, owner: Actor, stop_at: int) -> bool:
    """Whether the import was loaded before its statement number ``stop_at`` was reached, where the power goes."""
    statements = count()

    def stop(*_: object) -> None:
        if next(statements) == stop_at:
            raise PowerGone

    event.listen(engine(), "before_cursor_execute", stop)
    try:
        run.confirm(waiting, actor=owner)
    except PowerGone:
        return False
    finally:
        event.remove(engine(), "before_cursor_execute", stop)
    return True


class PowerGone(Exception):
    """Nothing more reaches the store."""


UNSUPPORTED = """
select c.conrelid::regclass::text || '.' || a.attname
from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
where c.confrelid = 'core.asset'::regclass and c.contype = 'f' and not exists (
    select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1])
"""


def test_whatever_points_to_an_asset_is_indexed(owner: Actor) -> None:
    """Else the undo of a large import would read a whole table for every asset that it removes."""
    with session(owner) as s:
        assert s.scalars(text(UNSUPPORTED)).all() == []
