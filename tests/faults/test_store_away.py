"""F9, F10: the store is away or busy; a sentence within seconds, the text kept, and work goes on without a reload."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from abcd.db import embedded
from tests.faults.crew import hardly_more_than
from tests.faults.desk import ADDED, NAME, Clerk
from tests.faults.figures import spread, tell
from tests.faults.machine import Machine


@contextmanager
def away(machine: Machine) -> Iterator[None]:
    """The store is stopped on purpose, and started again in the end."""
    embedded.down(machine.home)
    try:
        yield
    finally:
        embedded.up(machine.home)


def health(machine: Machine) -> tuple[int, dict[str, object], float]:
    """What the health address says, and how long it takes to say it."""
    begun = time.monotonic()
    answer = httpx.get(machine.address + "/health", timeout=20)
    return answer.status_code, answer.json(), time.monotonic() - begun


async def timed(act: "asyncio.Future[None] | object") -> float:
    begun = time.monotonic()
    await act  # type: ignore[misc]
    return time.monotonic() - begun


async def through_an_outage(machine: Machine) -> list[float]:
    """An officer types, the store goes away and comes back; seconds that each answer took meanwhile."""
    async with Clerk(machine.address, machine.cookie) as clerk:
        await clerk.open_form()
        clerk.fill_in("Typed before the outage")
        await clerk.run("typing")
        with away(machine):
            first = await timed(clerk.press("Add it"))
            assert any("connection to the database was lost" in each for each in said(clerk)), said(clerk)
            assert "Typed before the outage" in " ".join(clerk.screen.words)
            # A browser forgets what stood in fields that are no longer on the page.
            clerk.touched.clear()
            while health(machine)[1].get("seconds", 0) < 10:  # type: ignore[operator]
                await asyncio.sleep(0.5)
            later = [await timed(clerk.run("look again")) for _ in range(20)]
            status, told, took = health(machine)
            assert (status, told["status"], told["store"]) == (503, "degraded", "lost")
            assert embedded.status(machine.home).running is False, "a store that was stopped on purpose was started"
        back = await timed(until_shown(clerk))
        assert clerk.screen.refilled[NAME] == "Typed before the outage"
        clerk.fill_in("Typed before the outage")
        await clerk.press("Add it")
        assert clerk.screen.says(ADDED)
    return [first, back, took, *later]


def said(clerk: Clerk) -> list[str]:
    return [*clerk.screen.trouble, *clerk.screen.warnings]


async def until_shown(clerk: Clerk, seconds: float = 20) -> None:
    """Until the form is on the page again; the page looks by itself, here we do."""
    until = time.monotonic() + seconds
    while NAME not in clerk.screen.fields:
        assert time.monotonic() < until, said(clerk)
        await asyncio.sleep(0.2)
        await clerk.run("look again")


def test_while_the_store_is_away_the_text_is_kept_and_answers_come_at_once(serving: Machine) -> None:
    first, back, took, *later = asyncio.run(through_an_outage(serving))
    tell(
        "the store stopped for a while", 1, first_answer_s=round(first, 2), back_s=round(back, 2), answers=spread(later)
    )
    assert first < hardly_more_than(16)
    assert back < hardly_more_than()
    assert took < hardly_more_than(1)
    assert max(later) < hardly_more_than(1)
    assert serving.ask("select count(*) from core.asset where name = 'Typed before the outage'") == [1]
    assert health(serving)[0] == 200


@contextmanager
def held(machine: Machine, table: str) -> Iterator[None]:
    """Somebody holds a table and does not let go."""
    with create_engine(machine.url, poolclass=NullPool).connect() as connection:
        connection.execute(text(f"lock table {table} in exclusive mode"))
        yield


async def against_a_lock(machine: Machine) -> tuple[float, float]:
    """Seconds until "busy" for who wants what is held, and until the answer for who only reads."""
    async with Clerk(machine.address, machine.cookie) as clerk, Clerk(machine.address, machine.cookie) as other:
        await clerk.open_form()
        await other.open_form()
        clerk.fill_in("Pressed against a lock")
        with held(machine, "core.asset"):
            pressing = asyncio.create_task(timed(clerk.press("Add it")))
            await asyncio.sleep(0.2)
            reading = await timed(other.visit("find", "find"))
            waited = await pressing
        assert any("busy" in each for each in said(clerk)), said(clerk)
        await clerk.press("Add it")
        assert clerk.screen.says(ADDED)
    return waited, reading


def test_who_meets_a_lock_is_told_within_seconds_and_others_go_on(serving: Machine) -> None:
    waited, reading = asyncio.run(against_a_lock(serving))
    tell("a table held", 1, told_busy_s=round(waited, 2), others_s=round(reading, 2))
    assert waited < hardly_more_than(5)
    assert reading < hardly_more_than(2)
    assert serving.ask("select count(*) from core.asset where name = 'Pressed against a lock'") == [1]


def test_without_a_limit_the_lock_would_be_waited_for(machine: Machine) -> None:
    """The control: a connection without our limits waits as long as the lock is held."""
    with held(machine, "core.asset"), create_engine(machine.url, poolclass=NullPool).connect() as patient:
        patient.execute(text("set statement_timeout = '6s'"))
        begun = time.monotonic()
        with pytest.raises(Exception, match="statement timeout"):
            patient.execute(text("update core.asset set phone = phone"))
    assert time.monotonic() - begun > 5
