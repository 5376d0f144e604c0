"""Which rows of a layer go into a file: all, those of a place, those of a category."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from abcd.db.tables import Asset, Term
from abcd.errors import BadRequest, NotFound
from abcd.maps.layer import Layer
from abcd.maps.within import held_by, of_places
from abcd.places.queries import place as place_called
from abcd.places.records import PlaceRecord


@dataclass(frozen=True)
class Selection:
    """What was asked for; ``place`` and ``category`` are empty when it was everything.

    ``within`` are the ids of the places outside which the reader sees nothing.
    """

    layer: Layer
    audience: str
    place: PlaceRecord | None = None
    category: str = ""
    within: tuple[UUID, ...] = ()

    @property
    def asked(self) -> list[ColumnElement[bool]]:
        """The conditions of place and category alone."""
        found: list[ColumnElement[bool]] = []
        confined = held_by if self.layer.table is Asset.__table__ else partial(of_places, self.layer)
        if self.place:
            found.append(confined(self.place.id))
        if self.within:
            found.append(confined(*self.within))
        if self.category and self.layer.category is not None:
            found.append(self.layer.category == self.category)
        return found

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """All conditions, those of the audience included."""
        return [*self.layer.seen_by(self.audience), *self.asked]

    def words(self) -> dict[str, Any]:
        """What was asked for, for the file's own description."""
        place = self.place and {"reference": self.place.reference, "name": self.place.name, "kind": self.place.kind}
        return {"audience": self.audience, "place": place, "category": self.category or None}


def chosen(s: Session, layer: Layer, audience: str, place: str | None, category: str | None) -> Selection:
    """What these words select.

    Raises:
        NotFound: no such place or category.
        BadRequest: a category was named for a layer that has none.
    """
    if category and layer.category is None:
        raise BadRequest(f"The layer “{layer.title}” has no categories. Leave the category out.")
    if category and s.get(Term, category) is None:
        raise NotFound(f"There is no category “{category}”. Its names are in data/taxonomy.csv, for example “park”.")
    return Selection(layer, audience, place_called(s, place) if place else None, category or "")
