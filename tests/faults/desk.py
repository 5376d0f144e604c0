"""An officer at a desk: types into forms and presses buttons over Streamlit's own protocol, and reads what is said."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.bench.officer import Officer, Screen
from tests.faults.machine import POSTCODE

ADDED = "It is on the map and in the lists now"
NAME, KIND, WHERE = "What do people call it?", "What is it?", "Postcode, or click the map"
REACH = "How can it be reached? (telephone, e-mail, web, or whom to ask)"
HALL = "Community centre or hall"


@dataclass
class Sheet(Screen):
    """A screen with its buttons, what is said in coloured boxes, by colour, and the texts that the page filled in."""

    buttons: dict[str, str] = field(default_factory=dict)
    good: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    refilled: dict[str, str] = field(default_factory=dict)

    def wipe(self) -> None:
        """A run of the whole page draws everything anew."""
        super().wipe()
        for each in (self.buttons, self.good, self.warnings, self.refilled):
            each.clear()

    def draw(self, delta: Any) -> None:
        """Take in one element."""
        super().draw(delta)
        kind = delta.new_element.WhichOneof("type")
        drawn = getattr(delta.new_element, kind) if kind else None
        if kind == "text_input" and drawn.set_value:
            self.refilled[drawn.label] = drawn.value
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

    async def press_twice(self, label: str, gap: float) -> None:
        """Press a button, and again after ``gap`` seconds, without waiting for an answer, as an impatient hand does."""
        key = self.screen.buttons[label]
        self.touched[key] = ("trigger_value", True)
        pressed = self._state()
        self.touched.pop(key)
        self.screen.wipe()
        await self.socket.send(pressed)
        await asyncio.sleep(gap)
        await self.socket.send(pressed)
        await self._until_told(ADDED)

    def _state(self) -> bytes:
        """What a browser sends to run the page: its address and what stands in every field."""
        message = BackMsg()
        message.rerun_script.query_string, message.rerun_script.page_script_hash = self.query, self.script
        for key, (kind, value) in self.touched.items():
            setattr(message.rerun_script.widget_states.widgets.add(id=key), kind, value)
        return message.SerializeToString()

    async def _until_told(self, words: str, seconds: float = 30, quiet: float = 0.7) -> None:
        """Until a green box says so and the server has had nothing more to say for a moment."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                await asyncio.wait_for(self._until_finished(), quiet)
            except TimeoutError:
                if self.screen.says(words):
                    return
