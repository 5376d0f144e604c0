"""An officer at a desk: types into forms and presses buttons over Streamlit's own protocol, and reads what is said."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.bench.officer import Officer, Screen
from tests.faults.ledger import Ledger
from tests.faults.machine import POSTCODE

ADDED = "It is on the map and in the lists now"
NAME, KIND, WHERE = "What do people call it?", "What is it?", "Postcode, or click the map"
REACH = "How can it be reached? (telephone, e-mail, web, or whom to ask)"
HALL = "Community centre or hall"
CLOSED = (ConnectionClosed, InvalidHandshake, OSError, TimeoutError)


@dataclass
class Sheet(Screen):
    """A screen with its buttons, and what is said in coloured boxes, by colour."""

    buttons: dict[str, str] = field(default_factory=dict)
    good: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def wipe(self) -> None:
        """A run of the whole page draws everything anew."""
        super().wipe()
        for each in (self.buttons, self.good, self.warnings):
            each.clear()

    def draw(self, delta: Any) -> None:
        """Take in one element."""
        super().draw(delta)
        kind = delta.new_element.WhichOneof("type")
        drawn = getattr(delta.new_element, kind) if kind else None
        if kind == "button":
            self.buttons[drawn.label] = drawn.id
        elif kind in ("selectbox", "text_area"):
            self.fields[drawn.label] = (drawn.id, delta.fragment_id, drawn)
        elif kind == "alert" and drawn.format in (drawn.SUCCESS, drawn.WARNING):
            (self.good if drawn.format == drawn.SUCCESS else self.warnings).append(drawn.body)

    def says(self, words: str) -> bool:
        """Whether a green box says so."""
        return any(words in said for said in self.good)


class Clerk(Officer):
    """An officer who fills forms. ``screen`` is a ``Sheet``."""

    screen: Sheet

    def __init__(self, address: str, cookie: str) -> None:
        super().__init__(address, cookie)
        self.screen = Sheet()

    def write(self, label: str, value: str) -> None:
        """Type into a field; the server hears of it with the next run."""
        self.touched[self.screen.fields[label][0]] = ("string_value", value)

    async def press(self, label: str) -> None:
        """Press a button once."""
        key = self.screen.buttons[label]
        self.touched[key] = ("trigger_value", True)
        try:
            await self.run(f"press {label}")
        finally:
            self.touched.pop(key, None)

    def fill_in(self, name: str) -> None:
        """The four fields of a new asset."""
        for label, value in {NAME: name, KIND: HALL, WHERE: POSTCODE, REACH: "0161 496 0000"}.items():
            self.write(label, value)

    async def open_form(self) -> None:
        """Go to the form of a new asset."""
        await self.run("start")
        await self.visit("assets", "assets")


@dataclass
class Crew:
    """Officers who add assets until they are told to stop; each save is in the ledger.

    Attributes:
        waits: for each save that met a fault, seconds from the fault to "saved".
        strange: sentences of trouble that are not ours to show: stack traces and the like.
    """

    address: str
    cookie: str
    ledger: Ledger
    stopped: bool = False
    fault_at: float = 0.0
    waits: list[float] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    async def work(self) -> None:
        """One officer: sits down again whenever the line is cut."""
        while not self.stopped:
            try:
                async with Clerk(self.address, self.cookie) as clerk:
                    await clerk.open_form()
                    while not self.stopped:
                        await self.add_one(clerk)
            except CLOSED:
                await asyncio.sleep(0.05)

    async def add_one(self, clerk: Clerk) -> None:
        """One asset, pressed for again with the same words until it is saved."""
        while NAME not in clerk.screen.fields:
            if self.stopped:
                return
            self._note(clerk)
            await asyncio.sleep(0.1)
            await clerk.run("look again")
        clerk.touched.clear()
        begun, name = time.monotonic(), self.ledger.intend()
        clerk.fill_in(name)
        await clerk.press("Add it")
        while not clerk.screen.says(ADDED) and not self.stopped:
            self._note(clerk)
            await asyncio.sleep(0.1)
            await (clerk.press("Add it") if "Add it" in clerk.screen.buttons else clerk.run("look again"))
        if clerk.screen.says(ADDED):
            self.ledger.acknowledge(name)
            if self.fault_at > begun:
                self.waits.append(time.monotonic() - self.fault_at)

    def _note(self, clerk: Clerk) -> None:
        said = [*clerk.screen.trouble, *clerk.screen.warnings]
        self.told += said
        self.strange += [each for each in said if "Traceback" in each or "Error" in each or "psycopg" in each]
