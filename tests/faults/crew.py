"""Officers who save all the time while something is broken, each save in the ledger."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.faults.desk import ADDED, NAME, Clerk
from tests.faults.figures import RECOVERY_GOAL
from tests.faults.ledger import Ledger
from tests.faults.machine import Machine
from tests.faults.size import IS_LONG

OFFICERS = 3
INSIDE = ("Traceback", "Error", "psycopg", "sqlalche")
CLOSED = (ConnectionClosed, InvalidHandshake, OSError, TimeoutError)


@dataclass
class Crew:
    """Officers who add assets until they are told to stop.

    Attributes:
        back: for each fault and officer, seconds from the fault until the officer's next "saved".
        told: the sentences of trouble that they saw.
        strange: those that are not ours to show: stack traces and the like.
    """

    address: str
    cookie: str
    ledger: Ledger
    is_stopped: bool = False
    fault_at: float = 0.0
    back: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def strange(self) -> list[str]:
        """Sentences that no person should read."""
        return [
            each for each in self.told if any(word in each for word in ("Traceback", "Error", "psycopg", "sqlalche"))
        ]

    async def work(self) -> None:
        """One officer: sits down again whenever the line is cut."""
        saved_at = time.monotonic()
        while not self.is_stopped:
            try:
                async with Clerk(self.address, self.cookie) as clerk:
                    await clerk.open_form()
                    while not self.is_stopped:
                        await self.add_one(clerk)
                        if saved_at < self.fault_at:
                            self.back.append(time.monotonic() - self.fault_at)
                        saved_at = time.monotonic()
            except CLOSED:
                await asyncio.sleep(0.05)

    async def add_one(self, clerk: Clerk) -> None:
        """One asset, pressed for again with the same words until it is saved."""
        while NAME not in clerk.screen.fields and not self.is_stopped:
            await self._look_again(clerk)
        if self.is_stopped:
            return
        clerk.touched.clear()
        name = self.ledger.intend()
        clerk.fill_in(name)
        await clerk.press("Add it")
        while not clerk.screen.says(ADDED) and not self.is_stopped:
            await self._look_again(clerk)
            if "Add it" in clerk.screen.buttons:
                await clerk.press("Add it")
        if clerk.screen.says(ADDED):
            self.ledger.acknowledge(name)

    async def _look_again(self, clerk: Clerk) -> None:
        self.told += [*clerk.screen.trouble, *clerk.screen.warnings]
        await asyncio.sleep(0.1)
        await clerk.run("look again")


async def under_fault(machine: Machine, ledger: Ledger, inject: Callable[[], object], cycles: int, *,
                      goes_on: bool = True) -> Crew:  # fmt: skip
    """Officers save all the time; each fault comes at a moment of its own, once work goes on after the one before."""
    crew, dice = Crew(machine.address, machine.cookie, ledger), random.Random(7)
    working = [asyncio.create_task(crew.work()) for _ in range(OFFICERS)]
    try:
        for _cycle in range(cycles):
            await until_saved(crew, OFFICERS)
            await asyncio.sleep(dice.uniform(0, 0.2))
            crew.fault_at = time.monotonic()
            await asyncio.to_thread(inject)
        if goes_on:
            await until_saved(crew, OFFICERS)
    finally:
        crew.is_stopped = True
        await asyncio.gather(*working)
    return crew


async def until_saved(crew: Crew, more: int, seconds: float = 60) -> None:
    """Until so many more saves were acknowledged."""
    wanted, until = crew.ledger.acked + more, time.monotonic() + seconds
    while crew.ledger.acked < wanted:
        assert time.monotonic() < until, crew.told[-3:]
        await asyncio.sleep(0.02)


def hardly_more_than(seconds: float = RECOVERY_GOAL) -> float:
    """What is asserted of a time: the goal in the long set, which is run on a machine with nothing else to do; in the
    short one only that an end came, because a stopwatch on a crowded machine tells about the machine."""
    return seconds if IS_LONG else 12 * seconds + 60
