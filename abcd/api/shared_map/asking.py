"""The filters of a shared map in its address: read kindly, and written again for the links of the page.

What makes no sense is taken as not asked, so that an address which somebody shortened still opens. A postcode never
stands in an address: it is swapped for a spot to 100 metres (``Query.walk``; trust.md P29).
"""

from dataclasses import dataclass
from math import isfinite
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams

from abcd.assets.words import understand
from abcd.core.text import tidy
from abcd.maps.asked import COSTS, Asked, Spot
from abcd.maps.marks import LOOKS
from abcd.maps.reader import Reader
from abcd.maps.walks import reach_of

#: The fields of the form in the order of the address; ``kind`` may stand there several times.
FIELDS = (
    "q", "kind", "theme", "category", "place", "day", "part", "cost", "step_free", "speaks", "at", "near", "minutes",
)  # fmt: skip
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("morning", "afternoon", "evening")
MINUTES = ("5", "10", "15", "20", "30")
#: Letters of a text that somebody typed; the rest is not read.
LONGEST = 120
#: Metres of the British National Grid.
EAST, NORTH = 700_000, 1_300_000

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Query:
    """What an address or a form asks, field by field."""

    pairs: Pairs = ()

    @classmethod
    def of(cls, given: QueryParams | dict[str, str]) -> "Query":
        """The fields of ours that are filled in."""
        items = given.multi_items() if isinstance(given, QueryParams) else list(given.items())
        known = [(name, tidy(value)[:LONGEST]) for name, value in items if name in FIELDS]
        split = [(name, part) for name, value in known for part in (value.split(",") if name == "kind" else [value])]
        kept = dict.fromkeys(pair for pair in split if pair[1])
        return cls(tuple(sorted(kept, key=lambda pair: FIELDS.index(pair[0]))))

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that are filled in."""
        return tuple(dict(self.pairs))

    def one(self, name: str) -> str:
        """The value of a field, ``""`` for none."""
        return next((value for known, value in self.pairs if known == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a field."""
        return tuple(value for known, value in self.pairs if known == name)

    def but(self, *left_out: str | tuple[str, str], **changes: str) -> "Query":
        """The same without some fields (or values of them), and with others changed."""
        kept = [pair for pair in self.pairs if pair[0] not in (*left_out, *changes) and pair not in left_out]
        return Query.of(dict(changes)).with_pairs(tuple(kept))

    def with_pairs(self, more: Pairs) -> "Query":
        """The same and ``more``, in the order of the fields."""
        return Query(tuple(sorted((*more, *self.pairs), key=lambda pair: FIELDS.index(pair[0]))))

    def near(self, spot: Spot, called: str) -> "Query":
        """The same, from a spot."""
        return self.but(at=f"{spot[0]:.0f},{spot[1]:.0f}", near=called.replace(",", " "))

    def text(self, **more: str) -> str:
        """As the query of an address, with ``more`` that is no filter."""
        return urlencode([*self.pairs, *((name, value) for name, value in more.items() if value)])

    @property
    def spot(self) -> Spot | None:
        """Where to walk from."""
        try:
            east, north = map(float, self.one("at").split(","))
        except ValueError:
            return None
        is_here = isfinite(east) and isfinite(north) and 0 <= east <= EAST and 0 <= north <= NORTH
        return (east, north) if is_here else None

    @property
    def minutes(self) -> int | None:
        """How long to walk at most; ``None`` for as long as it takes."""
        return int(self.one("minutes")) if self.one("minutes") in MINUTES else None


@dataclass(frozen=True)
class Understood:
    """The filters, and the words that were taken for others: typed, and looked for."""

    asked: Asked
    mended: dict[str, str]


def understood(s: Session, query: Query, reader: Reader) -> Understood:
    """What the query asks of what the reader may see."""
    words = understand(s, query.one("q"))
    day, part, cost = query.one("day"), query.one("part"), query.one("cost")
    asked = Asked(
        category=query.one("category"),
        theme=query.one("theme"),
        kinds=tuple(kind for kind in query.all("kind") if kind in LOOKS),
        place=uuid_in(query.one("place")),
        within=reader.places,
        words=words.plain if words.tsquery else "",
        query=words.tsquery,
        day=DAYS.index(day) if day in DAYS else None,
        part=PARTS.index(part) if part in PARTS else None,
        cost=cost if cost in COSTS else "",
        step_free=query.one("step_free") == "yes",
        speaks=query.one("speaks"),
        spot=query.spot,
        minutes=query.minutes,
        hides_old=reader.audience == "public",
        reach=reach_of(s, query.spot, query.minutes),
    )
    return Understood(asked, words.mended)


def uuid_in(text: str) -> str:
    """An id as text, ``""`` when it is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""
