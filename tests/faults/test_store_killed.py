"""F1, F2, F8: the database server is killed while officers save; what they were told is saved stays, once."""

import asyncio

import pytest

from abcd.db import embedded
from tests.faults.crew import OFFICERS, hardly_more_than, under_fault
from tests.faults.figures import percentile, tell
from tests.faults.ledger import Ledger
from tests.faults.machine import Machine
from tests.faults.size import times

LAZY = (
    "create function core.lazy() returns trigger language plpgsql as "
    "$$ begin perform set_config('synchronous_commit', 'off', true); return new; end $$",
    "create trigger lazy before insert on core.asset for each row execute function core.lazy()",
    "alter system set wal_writer_delay = '10s'", "select pg_reload_conf()",
)  # fmt: skip
NOT_LAZY = (
    "drop trigger lazy on core.asset", "drop function core.lazy()", "alter system reset wal_writer_delay",
    "select pg_reload_conf()",
)  # fmt: skip


def restart(machine: Machine) -> None:
    """An orderly restart, as after an update."""
    embedded.down(machine.home)
    embedded.up(machine.home)


@pytest.mark.parametrize(("fault", "short", "long"), [
    ("kill -9 of the database server", 20, 1000), ("kill -9 of one backend", 3, 200), ("restart of the store", 3, 100),
])  # fmt: skip
def test_what_was_told_as_saved_is_saved_once(serving: Machine, tmp_path, fault: str, short: int, long: int) -> None:
    inject = {
        "kill -9 of the database server": serving.kill_store, "kill -9 of one backend": serving.kill_one_backend,
        "restart of the store": lambda: restart(serving),
    }[fault]  # fmt: skip
    cycles, ledger = times(short, long), Ledger(tmp_path)
    crew = asyncio.run(under_fault(serving, ledger, inject, cycles))
    verdict = ledger.compare(serving.url)
    tell(fault, cycles, verdict, crew.back, officers=OFFICERS)
    assert verdict.is_right, verdict
    assert crew.strange == []
    assert len(crew.back) >= cycles
    assert percentile(crew.back, 95) < hardly_more_than()
    assert "Traceback" not in serving.words_of_the_server()


def test_a_store_that_does_not_wait_for_the_disk_is_found_out(serving: Machine, tmp_path) -> None:
    """The control: with the same officers and the same kill, a lazy commit loses what was told as saved."""
    ledger = Ledger(tmp_path)
    for statement in LAZY:
        serving.ask(statement)
    try:
        asyncio.run(under_fault(serving, ledger, serving.kill_store, 2))
        verdict = ledger.compare(serving.url)
    finally:
        for statement in NOT_LAZY:
            serving.ask(statement)
    tell("control: synchronous_commit=off", 2, verdict)
    assert verdict.lost > 0
