"""Who reads what leaves: an audience, the layers and the places that are open to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.db.glance import glance, glances
from abcd.db.session import SHARE_ROLE, Actor, session
from abcd.errors import NotFound
from abcd.maps.layer import Layer, reaches
from abcd.maps.layers import LAYERS

#: The setting that names the layers which the owner made public.
PUBLIC_LAYERS = "public_layers"
# Asked at each request of whoever comes without a key, so in one round trip.
OPENED = "select (select value from pub.setting where name = %(name)s), (select max(id) from pub.audit_event)"


@dataclass(frozen=True)
class Reader:
    """Somebody outside, who sees some layers, in some places, as one audience.

    Attributes:
        layers: names of the layers that are open.
        places: ids of the places outside which nothing is seen; empty for everywhere.
        share_id: the share that lets them in, ``""`` for whoever comes without.
        name: how the trail calls them; never a token.
        event: the number of the last event when they came, where it was asked with the rest (``abcd.maps.unchanged``).
    """

    audience: str
    layers: tuple[str, ...]
    places: tuple[UUID, ...] = ()
    share_id: str = ""
    name: str = "anybody"
    event: int | None = field(default=None, compare=False)

    @classmethod
    def public(cls) -> "Reader":
        """Whoever comes without a key: the layers that the owner made public, none at first."""
        row: tuple[Any, Any] = glance(OPENED, {"name": PUBLIC_LAYERS}, SHARE_ROLE)
        named, event = row[0] or [], row[1]
        return cls("public", tuple(name for name in LAYERS if name in named), event=event)

    @contextmanager
    def reading(self, *, patient: bool = False) -> Iterator[Session]:
        """A session as the role that sees what was cleared and nothing else, for this audience.

        ``patient`` is for files: no statement is cut off for its length.
        """
        with session(Actor(self.name, "partner_viewer"), SHARE_ROLE, patient=patient, audience=self.audience) as s:
            yield s

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """The same for a few short questions: with no transaction round them where nobody has to say who asks."""
        with glances(SHARE_ROLE) if self.audience == "public" else self.reading() as s:
            yield s

    def published(self) -> tuple[Layer, ...]:
        """The layers that this reader may see."""
        return tuple(
            one for name, one in LAYERS.items() if name in self.layers and reaches(one.audience, self.audience)
        )

    def layer(self, name: str) -> Layer:
        """The layer called ``name``.

        Raises:
            NotFound: there is none, or none for this reader; which of the two is not told.
        """
        found = next((one for one in self.published() if one.name == name), None)
        if found is None:
            raise NotFound("There is nothing at this address.")
        return found
