"""A talk as somebody writes it down and as it is kept; printed or logged, a record says its id and nothing more."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from abcd.core.clock import today
from abcd.core.text import tidy
from abcd.db.tables import CONVERSATION_KINDS, CONVERSATION_MODES
from abcd.errors import BadRequest
from abcd.people.drafts import Grounds

EDITABLE = ("kind", "mode", "minutes", "held_on", "proactive", "summary", "themes", "next_on")
MOST_MINUTES = 24 * 60


@dataclass(frozen=True, repr=False)
class ConversationDraft:
    """A talk to write down. Without ``grounds`` of its own it rests on those on which the person's record is kept.

    Attributes:
        kind: listening, coaching or practical; nothing is taken for granted, so it must be said.
        mode: did_with, did_for or stood_back.
        minutes: how long it took, 1 to 1,440.
        proactive: nobody had to ask for it.
        next_on: the day that both agreed to talk again, if they did.
    """

    kind: str
    mode: str
    minutes: int
    held_on: date | None = None
    proactive: bool = False
    summary: str = ""
    themes: tuple[str, ...] = ()
    next_on: date | None = None
    grounds: Grounds | None = None


@dataclass(frozen=True, repr=False)
class ConversationRecord:
    """A talk as it is kept, and the version that an edit must name."""

    id: UUID
    person_id: UUID
    held_on: date
    minutes: int
    kind: str
    mode: str
    proactive: bool
    summary: str
    themes: tuple[str, ...]
    next_on: date | None
    held_by: str
    version: int

    def __repr__(self) -> str:
        return f"ConversationRecord({self.id})"


@dataclass(frozen=True, repr=False)
class NextConversation:
    """With whom a talk was agreed, on which day, and when the last one was."""

    person_id: UUID
    preferred_name: str
    place_name: str
    next_on: date
    last_on: date

    def __repr__(self) -> str:
        return f"NextConversation({self.person_id})"


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """The columns of a talk, tidied.

    Raises:
        BadRequest: a value is missing or cannot be; the message never quotes what was talked about.
    """
    if values["kind"] not in CONVERSATION_KINDS:
        raise BadRequest("Say what kind of conversation it was: listening, coaching or practical.")
    if values["mode"] not in CONVERSATION_MODES:
        raise BadRequest("Say how you worked: together, for them, or standing back.")
    if not isinstance(values["minutes"], int) or not 1 <= values["minutes"] <= MOST_MINUTES:
        raise BadRequest("Say how many minutes it took, from 1 to 1,440.")
    if values["held_on"] is None:
        raise BadRequest("Say on which day it was.")
    if values["held_on"] > today():
        raise BadRequest("The day of the conversation cannot lie ahead. What comes next has a field of its own.")
    if values["next_on"] is not None and values["next_on"] < values["held_on"]:
        raise BadRequest("The next conversation comes after this one.")
    return values | {"summary": tidy(values["summary"]), "themes": list(values["themes"])}
