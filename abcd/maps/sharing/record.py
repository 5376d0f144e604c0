"""A share as a record."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from abcd.db.tables import Share as Row
from abcd.maps.reader import Reader

PREVIEW = "preview"
"""The kind of a share that is no share yet: what an officer looks at before it is made."""


@dataclass(frozen=True)
class Share:
    """What was shared: never its secret, nor a hash of it.

    Attributes:
        slug: its name in addresses, opaque.
        kind: ``link`` (a secret opens it in a browser), ``open`` (anybody), ``feed`` (a key opens feeds), or
            ``preview``.
        title, words: what stands above it.
        partner: the organisation that it was made for, ``""`` for nobody in particular.
        layers: names of layers.
        places: ids of the places to which all is confined; empty for everywhere.
        language: ``en``, ``cy``, or ``""`` for that of the reader.
        embed_hosts: origins (``https://partner.example``) whose pages may frame it; of open shares alone.
        contact: whom to ask about it.
        last_used_day: the day of the last use, and nothing finer.
    """

    id: UUID
    slug: str
    kind: str
    title: str
    words: str
    partner: str
    audience: str
    layers: tuple[str, ...]
    places: tuple[UUID, ...]
    expires_at: datetime
    language: str
    embed_hosts: tuple[str, ...]
    contact: str
    made_by: str
    made_at: datetime
    revoked_at: datetime | None = None
    last_used_day: date | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it needs no secret."""
        return self.kind == "open"

    def reader(self) -> Reader:
        """Whoever comes through this share."""
        return Reader(self.audience, self.layers, self.places, str(self.id), f"share {self.id}")


def share_in(row: Row) -> Share:
    """A row of the store as a record, without the hash of its secret."""
    values: dict[str, Any] = {one.name: getattr(row, one.name) for one in fields(Share)}
    return Share(**values | {name: tuple(values[name]) for name in ("layers", "places", "embed_hosts")})
