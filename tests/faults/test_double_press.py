"""F13: a button is pressed twice, the second time after 0 to 2 seconds, or its message is sent again: one record."""

import asyncio
import random
import signal

from tests.faults.desk import ADDED, Clerk
from tests.faults.figures import tell
from tests.faults.ledger import Ledger
from tests.faults.machine import Machine
from tests.faults.size import times

LONGEST = 2.0
NAIVE = """
from uuid import uuid4
import streamlit as st
from abcd.db.session import session
from abcd.pages import saving
def naive(form, key, act, by, done):
    typed = saving.typed_in(form, key)
    with session(by) as s:
        act(s, by, uuid4().hex, typed)
    st.session_state["said"] = done
saving.save = naive
"""


def gaps(n: int) -> list[float]:
    """Seconds between two presses: from nothing to two seconds, most of them short, and some by chance."""
    dice = random.Random(13)
    return [0.0, LONGEST, *(round(LONGEST * dice.random() ** 2, 3) for _ in range(n - 2))]


async def press_in_turn(machine: Machine, ledger: Ledger, waits: list[float]) -> None:
    """One officer, one record a gap."""
    async with Clerk(machine.address, machine.cookie) as clerk:
        for gap in waits:
            await clerk.open_form()
            name = ledger.intend()
            clerk.fill_in(name)
            await clerk.press_twice("Add it", gap)
            if clerk.screen.says(ADDED):
                ledger.acknowledge(name)


async def sweep(machine: Machine, ledger: Ledger, n: int, officers: int = 5) -> None:
    waits = gaps(n)
    await asyncio.gather(*(press_in_turn(machine, ledger, waits[one::officers]) for one in range(officers)))


def test_two_presses_are_one_record(serving: Machine, tmp_path) -> None:
    n, ledger = times(16, 2_000), Ledger(tmp_path)
    asyncio.run(sweep(serving, ledger, n))
    verdict = ledger.compare(serving.url)
    tell("pressed twice, 0 to 2 s apart", n, verdict)
    assert verdict.is_right, verdict
    assert verdict.kept == n


def test_a_save_without_a_key_is_found_out(machine: Machine, tmp_path) -> None:
    """The control."""
    if machine.is_serving:
        machine.stop_server()
    machine.serve(NAIVE)
    ledger = Ledger(tmp_path)
    try:
        asyncio.run(sweep(machine, ledger, 8))
    finally:
        machine.stop_server(signal.SIGKILL)
    verdict = ledger.compare(machine.url)
    tell("control: a save without a key", 8, verdict)
    assert verdict.duplicates > 0
