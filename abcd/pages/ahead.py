"""What a page is drawn from, read in one session before it is drawn: to open a session for each panel costs more."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from abcd.db.session import Actor, session
from abcd.places.records import PlaceRecord

Answer = TypeVar("Answer")
Ahead = dict[Callable[[Session, PlaceRecord], Any], Any]
"""Answers by what was asked."""


def taken(ahead: Ahead, actor: Actor, place: PlaceRecord, read: Callable[[Session, PlaceRecord], Answer]) -> Answer:
    """What ``read`` found for the whole page, once; a part of the page that runs again by itself reads anew."""
    if read in ahead:
        return ahead.pop(read)  # type: ignore[no-any-return]
    with session(actor) as s:
        return read(s, place)
