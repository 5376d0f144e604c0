"""F3, F34: the app's own server is killed, or told to end, while officers save."""

import asyncio
import signal
import time

import pytest

from tests.faults.crew import hardly_more_than, under_fault
from tests.faults.figures import percentile, tell
from tests.faults.ledger import Ledger
from tests.faults.machine import Machine
from tests.faults.size import times

IN_TWO = """
import time
from abcd.assets import actions
from abcd.db.session import _sign
record = actions.record
def late(s, *what, **more):
    s.flush()
    s.commit()
    time.sleep(3)
    _sign(s, more["by"], False)
    record(s, *what, **more)
actions.record = late
"""


UNTRACED = """
select a.id from core.asset a where a.name like 'Ledger%'
and not exists (select from core.audit_event e where e.thing_id = a.id::text)"""


def test_after_a_kill_of_the_app_nothing_is_lost_torn_or_doubled(serving: Machine, tmp_path) -> None:
    starts: list[float] = []

    def kill_and_start() -> None:
        serving.kill_server()
        starts.append(serving.serve_warm())

    cycles, ledger = times(6, 300), Ledger(tmp_path)
    crew = asyncio.run(under_fault(serving, ledger, kill_and_start, cycles))
    verdict = ledger.compare(serving.url)
    tell("kill -9 of the app", cycles, verdict, crew.back, warm_start_p50_s=percentile(starts, 50))
    assert verdict.is_right, verdict
    assert crew.strange == []
    assert percentile(crew.back, 95) < hardly_more_than()


def test_a_save_in_two_transactions_is_found_out(machine: Machine, tmp_path) -> None:
    """The control: such a save is torn by a kill, and the trail does not tell of what is in the store."""
    if machine.is_serving:
        machine.stop_server()
    machine.serve(IN_TWO)
    ledger = Ledger(tmp_path)

    def kill_between() -> None:
        until = time.monotonic() + 60
        while not machine.ask(UNTRACED) and time.monotonic() < until:
            time.sleep(0.1)
        machine.kill_server()

    try:
        asyncio.run(under_fault(machine, ledger, kill_between, 1, goes_on=False))
    finally:
        machine.stop_server(signal.SIGKILL)
    verdict = ledger.compare(machine.url)
    tell("control: save in two transactions", 1, verdict, untraced=verdict.untraced)
    assert verdict.untraced > 0


def test_told_to_end_in_the_middle_of_saves_it_ends_within_ten_seconds(serving: Machine, tmp_path) -> None:
    ledger, took = Ledger(tmp_path), []
    asyncio.run(under_fault(serving, ledger, lambda: took.append(serving.stop_server()), 1, goes_on=False))
    verdict = ledger.compare(serving.url)
    tell("SIGTERM to the app in the middle of saves", 1, verdict, seconds=round(took[0], 2))
    assert verdict.is_right, verdict
    assert took[0] < 10


@pytest.mark.parametrize("after", [0.3, 0.8, 1.5])
def test_told_to_end_an_export_leaves_no_half_file(machine: Machine, tmp_path, after: float) -> None:
    out = tmp_path / "assets.geojson"
    running = machine.command("export", "assets", "-o", str(out))
    time.sleep(after)
    running.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    running.communicate(timeout=20)
    assert time.monotonic() - begun < 10
    assert [file.name for file in tmp_path.iterdir()] in ([], ["assets.geojson"])
    if out.exists():
        assert out.read_text().endswith("}\n")
