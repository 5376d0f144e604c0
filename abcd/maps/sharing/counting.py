"""What a share lets out and what stays here, counted: the first as the public role sees it, the second by us."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, not_, or_, select
from sqlalchemy.orm import Session

from abcd.db.remembered import remembered
from abcd.db.tables import Asset
from abcd.maps.layer import Layer
from abcd.maps.reader import Reader
from abcd.maps.selection import Selection

HAS_CONTACT = or_(Asset.phone != "", Asset.email != "")


@dataclass(frozen=True)
class Seen:
    """Rows of a layer, how many of them have a place on the map, are kept private, and show a contact."""

    rows: int
    drawn: int
    private: int
    contacts: int


@dataclass(frozen=True)
class Leaving:
    """What of a layer goes out, and what of it does not.

    Attributes:
        rows: what is listed.
        drawn: what stands on the map too.
        private: listed without a place, because that is to stay private.
        for_others: not listed, because it is not for this audience.
        unconsented: listed without the contact that we know, because the group did not agree to show it.
    """

    layer: Layer
    rows: int
    drawn: int
    private: int
    for_others: int
    unconsented: int


def leaving(s: Session, reader: Reader) -> list[Leaving]:
    """Each layer of ``reader`` with what goes out and what is left out; ``s`` sees more than they do.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    layers = reader.published()
    with reader.reading(patient=True) as theirs:
        out = {one.name: _remembered(theirs, one, reader) for one in layers}
    return [_compared(s, one, reader, out[one.name]) for one in layers]


def _remembered(s: Session, layer: Layer, reader: Reader) -> Seen:
    asked = ("leaving", layer.name, reader.audience, reader.places)
    return remembered(s, asked, lambda: seen(s, layer, conditions(layer, reader)))


def _compared(s: Session, layer: Layer, reader: Reader, out: Seen) -> Leaving:
    asked = ("staying", layer.name, reader.audience, reader.places)

    def stays() -> tuple[Seen, int]:
        return seen(s, layer, conditions(layer, reader)), for_others(s, layer, reader)

    known, others = remembered(s, asked, stays)
    return Leaving(layer, out.rows, out.drawn, out.private, others, known.contacts - out.contacts)


def conditions(layer: Layer, reader: Reader) -> list[ColumnElement[bool]]:
    """The rows of a layer that are for this reader."""
    return Selection(layer, reader.audience, within=reader.places).conditions


def seen(s: Session, layer: Layer, those: Iterable[ColumnElement[bool]]) -> Seen:
    """How many of those rows this session sees; what is no asset has no contact."""
    counts: list[Any] = [func.count(), func.count(layer.geom)]
    if layer.table is Asset.__table__:
        counts += [func.count().filter(Asset.is_sensitive), func.count().filter(HAS_CONTACT)]
    found = s.execute(select(*counts).select_from(layer.table).where(*those)).one()
    return Seen(*found, *[0] * (4 - len(counts)))


def for_others(s: Session, layer: Layer, reader: Reader) -> int:
    """How many rows of the layer are for a closer audience than this one."""
    if layer.visibility is None:
        return 0
    selection = Selection(layer, reader.audience, within=reader.places)
    _belongs, is_theirs = layer.seen_by(reader.audience)
    kept = select(func.count()).select_from(layer.table).where(layer.shown, not_(is_theirs), *selection.asked)
    return s.scalar(kept) or 0
