"""How much there is for so many people, beside what somebody asks for (product.md D.4): yardsticks, never law."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.language import _, chosen
from abcd.places.households import households_in
from abcd.places.queries import place

FILE = Path(__file__).parents[2] / "data" / "yardsticks.csv"

PEOPLE_A_HOUSEHOLD = 2.4
"""Census 2021, England and Wales; for a place of which nobody counted the people."""

THINGS = text("""
select count(distinct a.id) from core.place_asset pa join core.asset a on a.id = pa.asset_id
where pa.place_id = :place_id and pa.relation = 'within' and a.category = any(:slugs)
  and a.status = 'active' and a.merged_into is null and not a.is_sensitive""")

# What two maps both draw is there once.
HECTARES = text("""
select coalesce(ST_Area(ST_Intersection(ST_Union(a.geom), p.geom)) / 10000, 0)
from core.place p
join core.asset a on a.category = any(:slugs) and ST_Dimension(a.geom) = 2 and a.geom && p.geom
  and a.status = 'active' and a.merged_into is null
where p.id = :place_id
group by p.id""")


@dataclass(frozen=True)
class Yardstick:
    """``amount`` of ``unit`` (``things`` or ``hectares``) of some categories for each ``per_people``."""

    slug: str
    name: str
    categories: tuple[str, ...]
    unit: str
    amount: float
    per_people: int
    source: str


@dataclass(frozen=True)
class Held:
    """What a place has of a yardstick, and what its people would make it: ``asked`` None when they are not known."""

    yardstick: Yardstick
    have: float
    asked: float | None


@dataclass(frozen=True)
class Quantities:
    """Every yardstick held to a place of ``people``, who were counted or reckoned as ``counted_as`` says."""

    people: int | None
    counted_as: str
    held: tuple[Held, ...]


def quantities(s: Session, place_id: UUID) -> Quantities:
    """How much a place has beside what its people would make it by each yardstick.

    Raises:
        NotFound: no such place.
    """
    people, counted_as = people_of(s, place_id)
    held = (Held(one, _have(s, place_id, one), asked_for(one, people)) for one in yardsticks(chosen()))
    return Quantities(people, counted_as, tuple(held))


def asked_for(one: Yardstick, people: int | None) -> float | None:
    """``amount * people / per_people``."""
    return None if people is None else one.amount * people / one.per_people


def people_of(s: Session, place_id: UUID) -> tuple[int | None, str]:
    """How many people a place has, and in words where the figure comes from."""
    here = place(s, place_id)
    if here.population is not None:
        return here.population, _("counted: {source}").format(source=here.denominators_source or _("its own figure"))
    households = households_in(s, place_id)
    if households.count is None:
        return None, _("nobody has given a figure")
    said = _("{households:,} households ({source}) times {size:g}, the average household of the 2021 census")
    return round(households.count * PEOPLE_A_HOUSEHOLD), said.format(
        households=households.count, source=households.source, size=PEOPLE_A_HOUSEHOLD
    )


def _have(s: Session, place_id: UUID, one: Yardstick) -> float:
    asked = HECTARES if one.unit == "hectares" else THINGS
    return float(s.scalar(asked, {"place_id": place_id, "slugs": list(one.categories)}) or 0)


@lru_cache
def yardsticks(language: str) -> tuple[Yardstick, ...]:
    """The yardsticks of ``data/yardsticks.csv``, named in a language."""
    with FILE.open(encoding="utf-8", newline="") as opened:
        return tuple(_of(row, language) for row in csv.DictReader(opened))


def _of(row: dict[str, str], language: str) -> Yardstick:
    name = row["name_cy"] if language == "cy" and row["name_cy"] else row["name"]
    return Yardstick(row["slug"], name, tuple(row["categories"].split("|")), row["unit"], float(row["amount"]),
                     int(row["per_people"]), row["source"])  # fmt: skip
