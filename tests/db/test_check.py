"""Every check of a store says right when it is right, and wrong with its cure when somebody breaks it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.assets.taxonomy import load_taxonomy
from abcd.db import check, migrate, space
from abcd.db.check import CHECKS, findings
from abcd.db.session import SYSTEM, session
from abcd.errors import StoreUnavailable


@pytest.fixture
def connection(store: str) -> Iterator[Connection]:
    """A connection as the owner of a fresh store; what it changes is rolled back."""
    engine = create_engine(migrate.owner_url(), poolclass=NullPool)
    with engine.connect() as opened:
        opened.execute(text("select set_config('abcd.actor', 'Test', false)"))
        yield opened
        opened.rollback()


def broken_by(connection: Connection, statement: str, by: check.Check) -> check.Finding:
    """What ``by`` finds after ``statement``, having found all well before it."""
    assert by.run(connection).is_right, by.run(connection)
    connection.execute(text(statement))
    return by.run(connection)


def test_a_fresh_store_lacks_nothing_but_durability(store: str) -> None:
    """Stores for tests are made without fsync, which is just what the check is there to find."""
    with session(SYSTEM) as s:
        assert load_taxonomy(s) > 50
    wrong = {found.title for found in findings() if found.must and not found.is_right}
    assert wrong == {check.durable.title}


def test_every_check_has_its_cure() -> None:
    assert len(CHECKS) >= 11
    assert all(each.cure for each in CHECKS)
    assert len({each.title for each in CHECKS}) == len(CHECKS)


def test_a_server_that_is_down_is_one_finding() -> None:
    (only,) = findings("postgresql+psycopg://postgres@/abcd?host=/nowhere")
    assert (only.is_right, only.cure) == (False, "Run 'abcd db up'.")


@pytest.mark.parametrize(
    ("statement", "by", "detail"),
    [
        ("drop extension unaccent cascade", check.extensions, "missing: unaccent"),
        ("alter role abcd_share_ro superuser", check.roles, "superusers: ['abcd_share_ro']"),
        ("update alembic_version set version_num = 'older'", check.migrated, "older; wanted"),
        ("grant usage on schema core to abcd_share_ro", check.private, "it can reach"),
        ("grant select on core.account to abcd_share_ro", check.private, "it can reach account"),
        ("grant select (name) on core.account to public", check.private, "it can reach account"),
        ("truncate core.term cascade", check.taxonomy, "0 terms"),
    ],
)
def test_what_somebody_breaks_is_found(connection: Connection, statement: str, by: check.Check, detail: str) -> None:
    with Session(connection) as s:
        load_taxonomy(s)
        s.flush()
        found = broken_by(connection, statement, by)
    assert not found.is_right
    assert detail in found.detail


def test_a_question_the_database_cannot_answer_is_a_finding(connection: Connection) -> None:
    connection.execute(text("drop schema core cascade"))
    assert not check.taxonomy.run(connection).is_right


def test_the_server_agrees_with_ordnance_survey(connection: Connection) -> None:
    assert check.grid.run(connection).detail == "accurate to 0.05 m (ostn15)"


def test_a_full_disk_stops_writing_early(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    nearly_full = space.Space(free=300 * space.MEGABYTE, total=2_000 * space.MEGABYTE)
    assert nearly_full.missing == 212 * space.MEGABYTE
    monkeypatch.delenv("ABCD_DATABASE_URL")
    monkeypatch.setattr(space, "space_at", lambda _folder: nearly_full)
    with pytest.raises(StoreUnavailable, match=r"nearly full. Nothing was changed. Free 212 MB"):
        space.require_space()


def test_a_tenth_must_stay_free_on_a_large_disk() -> None:
    assert space.Space(free=50_000, total=1_000_000).missing > 0
    assert space.Space(free=5 * 10**10, total=10**11).missing == 0


def test_another_server_minds_its_own_disk(store: str) -> None:
    space.require_space()
