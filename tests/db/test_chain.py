"""The chain: nobody waits for it, and whatever a superuser does to what it sealed is found and named."""

from datetime import date

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.db.audit import record
from abcd.db.chain import Fault, seal, sealed, verify
from abcd.db.session import APP_ROLE, Actor, engine, session
from tests.builders import a_term, an_asset
from tests.conftest import as_owner

TRAIL = "audit_event", "row_change", "audit_seal", "audit_day", "audit_mark"


def sealed_up(actor: Actor) -> int:
    """Seal all that is committed: the first run sets the mark, the second goes up to it. Returns the last number."""
    for _ in range(2):
        with session(actor) as s:
            seal(s)
    with session(actor) as s:
        return sealed(s).id


def ids(actor: Actor) -> list[int]:
    with session(actor) as s:
        return list(s.scalars(text("select id from core.audit_seal order by id")))


def tampered(store: str, statement: str) -> list[Fault]:
    """What is found after a superuser, with every trigger off, did ``statement``."""
    with as_owner(store) as connection:
        for table in TRAIL:
            connection.execute(text(f"alter table core.{table} disable trigger all"))
        connection.execute(text(statement))
        with Session(connection) as s:
            found = verify(s)
        connection.rollback()
    return found


@pytest.fixture(scope="module")
def chained(store: str, owner: Actor) -> list[int]:
    """Numbers of ten sealed events of a deed each, with the row changes they came with."""
    with session(owner) as s:
        a_term(s, "library")
    for number in range(5):
        with session(owner) as s:
            made = an_asset(s, name=f"Library {number}")
            record(s, "add", "asset", made, by=owner, after={"name": f"Library {number}"})
    sealed_up(owner)
    return ids(owner)


def test_what_was_done_is_whole(chained: list[int], owner: Actor) -> None:
    with session(owner) as s:
        assert verify(s) == []
        assert verify(s, since=date.today()) == []  # noqa: DTZ011
        assert sealed(s).id == chained[-1]
        assert sealed(s).waiting == 0
    assert chained == sorted(chained)
    assert len(chained) >= 10


# ``{0}`` to ``{9}`` are the last ten numbers in order: row change, event, row change, event, ...
SWAPPED = """
create temporary table swap on commit drop as select * from core.audit_event where id in ({1}, {3});
delete from core.audit_event where id in ({1}, {3});
update swap set id = case id when {1} then {3} else {1} end;
insert into core.audit_event select * from swap"""


@pytest.mark.parametrize(
    ("statement", "kind", "which"),
    [
        ("update core.audit_event set by = 'Somebody else' where id = {3}", "changed", 3),
        ("update core.audit_event set at = at + interval '1 second' where id = {3}", "changed", 3),
        ('update core.row_change set after = after || \'{{"name": "Other"}}\' where id = {4}', "changed", 4),
        ("update core.row_change set thing_id = 'x' where id = {4}", "changed", 4),
        ("delete from core.audit_event where id = {5}", "removed", 5),
        ("delete from core.row_change where id = {6}", "removed", 6),
        (SWAPPED, "reordered", 1),
        (SWAPPED, "reordered", 3),
        ("update core.audit_seal set digest = 'x', link = 'x' where id = {4}", "broken", 5),
        ("update core.audit_seal set digest = sha256('x') where id = {7}", "changed", 7),
        ("delete from core.audit_seal where id = {5}", "added", 5),
        ("delete from core.audit_event where id = {5}; delete from core.audit_seal where id = {5}", "broken", 6),
        ("delete from core.audit_event where id = {9}; delete from core.audit_seal where id = {9}", "day", 0),
        ("delete from core.audit_day; delete from core.audit_seal; delete from core.audit_event", "mark", 0),
        ("update core.audit_day set head = sha256('x')", "day", 0),
        ("update core.audit_mark set head = sha256('x')", "mark", 0),
        ("delete from core.audit_mark", "mark", 0),
    ],
)
def test_whatever_is_tampered_with_is_found_and_named(
    store: str, chained: list[int], statement: str, kind: str, which: int
) -> None:
    last = chained[-10:]
    found = tampered(store, statement.format(*last))
    wanted = last[which] if which else 0
    assert (kind, wanted) in {(fault.kind, fault.id) for fault in found}, found


def test_an_event_slipped_in_is_found(store: str, owner: Actor) -> None:
    with session(owner) as s:
        record(s, "look", "thing", "1", by=owner)
    with pytest.raises(ZeroDivisionError), session(owner) as s:  # noqa: PT012
        record(s, "never", "thing", "1", by=owner)
        s.flush()
        raise ZeroDivisionError
    with session(owner) as s:
        record(s, "look", "thing", "2", by=owner)
    last = sealed_up(owner)
    free = next(number for number in range(last, 0, -1) if number not in ids(owner))
    slipped = f"""insert into core.audit_event (id, by, verb, thing_kind) values ({free}, 'Eve', 'approve', 'thing')"""
    assert [(fault.kind, fault.id) for fault in tampered(store, slipped)] == [("added", free)]


def test_nobody_waits_for_a_long_transaction_and_the_order_stays(store: str, owner: Actor) -> None:
    """A transaction at work holds a number below one that is committed: neither is sealed until it ends."""
    before = sealed_up(owner)
    with Session(engine()) as long:
        long.execute(text("select set_config('abcd.actor', 'Import', true)"))
        record(long, "slow", "thing", "1", by=owner)
        long.flush()
        with session(owner) as s:
            record(s, "quick", "thing", "2", by=owner)
        assert sealed_up(owner) == before
        long.commit()
    assert sealed_up(owner) == before + 2
    with session(owner) as s:
        assert verify(s) == []


def test_of_two_sealers_one_goes_away(store: str, owner: Actor) -> None:
    with session(owner) as s:
        record(s, "look", "thing", "3", by=owner)
    with session(owner) as first:
        seal(first)
        with session(owner) as second:
            assert seal(second) == 0


def test_a_sealing_that_is_cut_short_goes_on(store: str, owner: Actor) -> None:
    for number in range(7):
        with session(owner) as s:
            record(s, "look", "thing", number, by=owner)
    with session(owner) as s:
        seal(s)
    counts = []
    for _ in range(4):
        with session(owner) as s:
            counts.append(seal(s, most=3))
    assert sum(counts) >= 7
    assert max(counts) == 3
    with session(owner) as s:
        assert verify(s) == []


@pytest.mark.parametrize(
    "statement",
    [
        "update core.audit_event set by = 'x'",
        "delete from core.audit_event",
        "truncate core.audit_event",
        "insert into core.row_change (by, table_name, op, thing_kind) values ('x', 'x', 'x', 'x')",
        "update core.row_change set by = 'x'",
        "delete from core.row_change",
        "insert into core.audit_seal values (1, now(), '', '')",
        "update core.audit_seal set link = ''",
        "delete from core.audit_day",
        "update core.audit_mark set sealed_id = 0",
        "select core.forget_audit('2019-01-01')",
        "select setval('core.audit_event_id_seq', 1)",
        "select nextval('core.audit_event_id_seq')",
        "create table stage.asset (id int); create trigger forged after insert on stage.asset"
        " for each row execute function core.audit_row('asset', 'id', '', '', '')",
        "delete from core.import_change",
        "update core.import_change set before = '{}'",
        "update core.import_before set before = '{}'",
        "insert into core.set_aside values ('x', false, 'drop table core.asset', '')",
        "truncate core.asset",
        "drop table core.asset",
        "alter table core.asset disable trigger all",
        "drop trigger audit_update on core.asset",
        "alter function core.audit_row() owner to abcd_app_rw",
        "create function core.audit_row() returns int language sql as 'select 1'",
        "set session_replication_role = replica",
        "set role abcd_owner",
        "set role postgres",
    ],
)
def test_the_app_cannot_get_round_the_trail(store: str, statement: str) -> None:
    """Signed in as the app itself, as in the embedded store."""
    signed_in = create_engine(make_url(store).set(username=APP_ROLE), poolclass=NullPool)
    with signed_in.connect() as app:
        app.execute(text("select set_config('abcd.actor', 'Eve', false)"))
        with pytest.raises(DBAPIError, match="permission denied|must be owner"):
            app.execute(text(statement))


def test_old_days_go_whole_and_the_chain_still_holds(store: str, owner: Actor) -> None:
    """Events of seven years ago, sealed then; their day goes, its head stays."""
    with as_owner(store) as connection:
        connection.execute(text("alter table core.audit_event disable trigger stamp"))
        for day in ("2019-03-01", "2019-03-02"):
            connection.execute(text(
                "insert into core.audit_event (id, at, by, verb, thing_kind)"
                f" values (nextval('core.audit_event_id_seq'), '{day} 12:00Z', 'Old', 'look', 'thing')"))  # fmt: skip
        connection.execute(text("alter table core.audit_event enable trigger stamp"))
    sealed_up(owner)
    with as_owner(store) as connection:
        assert connection.scalar(text("select core.forget_audit('2019-03-01')")) == 1
    with session(owner) as s:
        assert verify(s) == []
        assert s.scalar(text("select count(*) from core.audit_event where at < '2019-03-02'")) == 0
        assert s.scalar(text("select events from core.audit_day where day = '2019-03-01'")) == 1
    with as_owner(store) as connection, pytest.raises(DBAPIError, match="kept for 6 years"):
        connection.execute(text("select core.forget_audit(current_date)"))


def test_young_events_stay_even_when_their_day_is_said_to_be_forgotten(store: str, chained: list[int]) -> None:
    with as_owner(store) as connection:
        connection.execute(text("update core.audit_day set forgotten_at = now()"))
        connection.execute(text("select set_config('abcd.forgetting', 'on', true)"))
        with pytest.raises(DBAPIError, match="older than 6 years"):
            connection.execute(text("delete from core.audit_event"))
        connection.rollback()


def test_what_runs_with_its_owners_rights_looks_for_nothing_in_temporary_tables(store: str) -> None:
    """A temporary table called like one of the catalogue is found first, unless ``pg_temp`` is named last."""
    with as_owner(store) as connection:
        found = connection.execute(
            text("""
            select p.oid::regprocedure::text, p.proconfig from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname in ('core', 'pub', 'stage', 'keyring') and p.prosecdef""")
        ).all()
    assert len(found) > 8
    assert [name for name, said in found if not any(one.endswith("pg_temp") for one in said or ())] == []


def test_a_false_catalogue_does_not_lead_the_loader_astray(store: str) -> None:
    signed_in = create_engine(make_url(store).set(username=APP_ROLE), poolclass=NullPool)
    with signed_in.connect() as app:
        app.execute(text("create temporary table pg_constraint as select * from pg_catalog.pg_constraint limit 0"))
        app.execute(text("insert into pg_constraint select * from pg_catalog.pg_constraint"
                         " where conname = 'ck_asset_sensitive_has_no_place'"))  # fmt: skip
        app.execute(text("update pg_constraint set contype = 'u'"))
        app.execute(text("select core.set_indexes_aside()"))
        kept = "select count(*) from pg_catalog.pg_constraint where conname = 'ck_asset_sensitive_has_no_place'"
        assert app.scalar(text(kept)) == 1
        with pytest.raises(DBAPIError, match="set aside and not laid again"):
            app.commit()


def test_a_mark_from_another_server_does_not_stop_the_sealing(store: str, owner: Actor) -> None:
    """Restored into a new server, transactions are counted from the beginning again."""
    with session(owner) as s:
        record(s, "look", "thing", "restored", by=owner)
    with as_owner(store) as connection:
        connection.execute(text("update core.audit_mark set horizon = 9000000000000"))
    sealed_up(owner)
    with session(owner) as s:
        assert sealed(s).waiting == 0
        assert verify(s) == []
