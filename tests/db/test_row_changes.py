"""Whoever changes an audited row, by whatever way, leaves what really changed behind."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.assets.actions import edit_asset
from abcd.db.audit import last_event, record
from abcd.db.migrations.auditing import FEW, FEW_NEW, triggers_of
from abcd.db.session import APP_ROLE, Actor, session
from abcd.db.tables import Asset, Base, Group, Setting
from abcd.db.tables.audited import AUDITED, UNAUDITED
from tests.builders import a_group, a_place, a_term, an_asset
from tests.conftest import as_owner

NEWEST = "select * from core.row_change order by id desc limit 1"


@pytest.fixture
def psql(store: str) -> Iterator[Connection]:
    """A connection of the app's role, as somebody with its password would open one; rolled back."""
    with create_engine(make_url(store).set(username=APP_ROLE), poolclass=NullPool).connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="module")
def library(store: str, owner: Actor) -> UUID:
    with session(owner) as s:
        a_term(s, "library")
        return an_asset(s, name="Old Library")


def newest(of: Session | Connection) -> Any:
    return of.execute(text(NEWEST)).one()


def test_every_table_is_audited_or_says_why_not() -> None:
    tables = {table.name for table in Base.metadata.sorted_tables}
    assert tables == {*AUDITED, *UNAUDITED}
    assert not {*AUDITED} & {*UNAUDITED}
    columns = {table.name: {column.name for column in table.columns} for table in Base.metadata.sorted_tables}
    for name, audited in AUDITED.items():
        assert {*audited.key, *audited.personal, *audited.secret, *audited.unwatched} <= columns[name], name


def test_every_audited_table_has_its_triggers(store: str) -> None:
    with as_owner(store) as connection:
        for table, audited in AUDITED.items():
            found = connection.scalars(
                text("select tgname from pg_trigger where tgrelid = cast(:t as regclass) and tgenabled = 'O'"),
                {"t": f'core."{table}"'},
            ).all()
            assert {name for name, *_ in triggers_of(audited)} <= set(found), table


def test_an_edit_tells_what_changed_and_belongs_to_its_event(s: Session, owner: Actor) -> None:
    a_term(s, "library")
    made = an_asset(s, name="Old Library", phone="0161 496 0000")
    version = s.get_one(Asset, made).version
    edit_asset(s, made, {"name": "New Library"}, version=version, by=owner)
    s.flush()
    change = newest(s)
    assert (change.op, change.table_name, change.thing_kind, change.thing_id) == ("update", "asset", "asset", str(made))
    assert (change.before["name"], change.after["name"]) == ("Old Library", "New Library")
    assert "phone" not in change.before
    assert "search" not in change.after
    event = s.execute(text("select * from core.audit_event order by id desc limit 1")).one()
    assert (event.verb, event.transaction, event.at) == ("edit", change.transaction, change.at)
    assert (change.by, change.login) == (owner.name, "postgres")
    assert last_event(s) == max(event.id, change.id)


def test_a_write_without_an_actor_fails(psql: Connection, library: UUID) -> None:
    with pytest.raises(DBAPIError, match="does not say who makes it"):
        psql.execute(text("update core.asset set name = 'Mine'"))


def test_an_event_without_an_actor_fails(psql: Connection) -> None:
    with pytest.raises(DBAPIError, match="does not say who makes it"):
        psql.execute(text("insert into core.audit_event (by, verb, thing_kind) values ('Eve', 'x', 'x')"))


def test_an_actor_does_not_outlive_its_transaction(store: str, owner: Actor, library: UUID) -> None:
    with session(owner) as s:
        s.execute(text("select 1"))
    with pytest.raises(DBAPIError, match="does not say who makes it"), session(Actor("")) as s:
        s.execute(text("update core.asset set name = 'Mine'"))


def test_bulk_is_no_way_round_it(psql: Connection, library: UUID) -> None:
    """What a load switches off is the counting by squares, never the trail."""
    psql.execute(text("set abcd.bulk = on"))
    psql.execute(text("set abcd.actor = 'Eve'"))
    psql.execute(text("update core.asset set name = 'Mine' where id = :id"), {"id": library})
    change = newest(psql)
    assert (change.by, change.login, change.before, change.after) == (
        "Eve", APP_ROLE, {"name": "Old Library"}, {"name": "Mine"})  # fmt: skip


def test_an_event_cannot_be_dated_back_or_numbered_by_hand(psql: Connection) -> None:
    psql.execute(text("set abcd.actor = 'Eve'"))
    forged = """insert into core.audit_event (id, at, by, verb, thing_kind, transaction, login)
                values (1, '2020-01-01', 'Eve', 'x', 'x', 1, 'x') returning *"""
    made = psql.execute(text(forged)).one()
    assert made.id > 1
    assert made.at.year > 2020
    assert made.transaction > 1
    assert made.login == APP_ROLE


MANY = """
insert into core.asset (asset_kind, category, name) select 'institution', 'library', 'Many ' || n
from generate_series(1, :n) n"""


def many(s: Session, n: int) -> None:
    a_term(s, "library")
    s.execute(text(MANY), {"n": n})


def changes(s: Session, op: str) -> list[Any]:
    asked = "select * from core.row_change where op = :op and transaction = pg_current_xact_id()::text::bigint"
    return list(s.execute(text(f"{asked} and table_name = 'asset' order by id"), {"op": op}))


@pytest.mark.parametrize("n", [0, FEW_NEW, FEW_NEW + 1, FEW, FEW + 1])
def test_a_load_is_told_row_by_row_or_by_its_number(s: Session, n: int) -> None:
    many(s, n)
    s.execute(text("update core.asset set description = 'x' where name like 'Many %'"))
    s.execute(text("delete from core.asset where name like 'Many %'"))
    for op, few in (("insert", FEW_NEW), ("update", FEW), ("delete", FEW)):
        assert [change.rows for change in changes(s, op)] == ([1] * n if n <= few else [n])
    if 0 < n <= FEW:
        assert {change.after["description"] for change in changes(s, "update")} == {"x"}
        assert all(change.before["name"].startswith("Many ") for change in changes(s, "delete"))


def test_a_key_that_changes_is_told_as_gone_and_come(s: Session) -> None:
    a_term(s, "library")
    made = an_asset(s)
    s.execute(text("update core.asset set id = gen_random_uuid() where id = :id"), {"id": made})
    told = changes(s, "update")
    assert sorted((change.before is None, change.after is None) for change in told) == [(False, True), (True, False)]


def test_what_is_worked_out_or_unchanged_is_no_news(s: Session) -> None:
    a_term(s, "library")
    made = an_asset(s)
    before = newest(s).id
    s.execute(text("update core.asset set name = name, updated_at = now() where id = :id"), {"id": made})
    assert newest(s).id == before


def test_details_of_a_group_are_told_with_the_group(s: Session) -> None:
    a_term(s, "gardening-group")
    made = a_group(s)
    s.get_one(Group, made).run_by = "Neighbours"
    s.flush()
    change = newest(s)
    assert (change.table_name, change.thing_kind, change.thing_id) == ("community_group", "asset", str(made))
    assert change.after == {"run_by": "Neighbours"}


def test_what_goes_with_a_deleted_row_is_told_too(s: Session) -> None:
    a_term(s, "gardening-group")
    made = a_group(s)
    s.execute(text("delete from core.asset where id = :id"), {"id": made})
    gone = "select table_name from core.row_change where op = 'delete' and thing_id = :id"
    assert set(s.scalars(text(gone), {"id": str(made)})) == {"asset", "community_group"}


def test_a_secret_is_told_only_to_have_changed(s: Session) -> None:
    a_term(s, "refuge")
    made = an_asset(s, "refuge", None, is_sensitive=True)
    s.execute(
        text("insert into core.sensitive_location (asset_id, address) values (:id, '1 Safe Street')"), {"id": made}
    )
    s.flush()
    change = newest(s)
    assert change.after["address"] == {"hidden": True}
    assert "Safe" not in str(change)


def test_emptying_a_table_is_told_with_its_number(store: str, owner: Actor) -> None:
    with session(owner) as s:
        s.add_all([Setting(name=f"s{n}", value=n) for n in range(3)])
    with as_owner(store) as connection:
        connection.execute(text("truncate core.setting"))
        change = newest(connection)
    assert (change.op, change.table_name, change.rows) == ("truncate", "setting", 3)


def test_a_whole_boundary_is_told(s: Session) -> None:
    made = a_place(s)
    s.execute(text("update core.place set geom = ST_Multi(ST_Buffer(point, 10)) where id = :id"), {"id": made})
    assert newest(s).before["geom"]["type"] == "MultiPolygon"


def test_a_replayed_event_keeps_its_account(s: Session) -> None:
    actor = Actor("Ann Officer", "officer", account_id="a-1")
    record(s, "look", "thing", "1", by=actor)
    s.flush()
    assert s.execute(text("select by, account_id from core.audit_event order by id desc limit 1")).one() == (
        "Ann Officer", "a-1")  # fmt: skip
