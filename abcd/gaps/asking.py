"""What to go and ask in a place, in rounds: records that may no longer be right, and what nobody has looked for.

A round is what one person can do in an afternoon: a dozen doors in walking order, and a few things to look for and to
ask everybody on the way. What most homes rely on and was checked longest ago comes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.access import can, require
from abcd.core.clock import today
from abcd.db.session import actor_of
from abcd.gaps.asking_words import check_why, look_why
from abcd.gaps.possibilities import possibilities
from abcd.gaps.records import Possibility
from abcd.gaps.relied import hosted_by, only_near_one
from abcd.gaps.rounds import in_walking_order
from abcd.gaps.stale import stale_records
from abcd.gaps.streets.walk import walking
from abcd.places.queries import place
from abcd.places.records import PlaceRecord

STOPS, LOOKS = 12, 8
"""Doors, and things to look for, in one round (our own judgement: an afternoon on foot)."""

MOST_CHECKS = 5 * STOPS
"""No more records than this are put in rounds: by then the first are old again."""


@dataclass(frozen=True)
class Question:
    """Something to find out on the spot: ``check`` a record (``asset_id``), or ``look`` for a category.

    ``why`` says in words why it is asked; ``homes`` is how many households have no other one near, ``hosted`` how many
    groups and activities are there. ``phone`` is empty for whoever may not see contacts.
    """

    kind: str
    category: str
    name: str
    about: str
    why: str
    round: int = 0
    asset_id: UUID | None = None
    version: int = 0
    address: str = ""
    phone: str = field(default="", repr=False)
    easting: float | None = None
    northing: float | None = None
    homes: float = 0.0
    hosted: int = 0
    assured_on: date | None = None


def go_and_ask(
    s: Session, place_id: UUID, on: date | None = None, voiced: Mapping[str, int] | None = None
) -> list[Question]:
    """What to find out in a place, by rounds: of each the stops in walking order, then what to look for.

    ``voiced`` as in ``possibilities``: what neighbours asked for is looked for first.

    Raises:
        NotFound: no such place.
        NotAllowed: whoever asks may not note searches.
    """
    require(actor_of(s), "record", "search_effort")
    here, day = place(s, place_id), on or today()
    open_ones = [one for one in possibilities(s, place_id, on=day, voiced=voiced) if one.is_question]
    checks = to_check(s, here, open_ones)
    looks = [_look(one) for one in open_ones if one.state == "not_recorded"]
    stops = [one for some in _in_rounds(checks, STOPS) for one in in_order(s, here, some)[0]]
    asked = [one for some in _in_rounds(looks, LOOKS) for one in some]
    return sorted([*stops, *asked], key=lambda one: (one.round, one.kind != "check"))


def to_check(s: Session, here: PlaceRecord, open_ones: Sequence[Possibility]) -> list[Question]:
    """Records of a place that are due or stale, and the nearest one of what "was here": most relied upon first.

    In order of how many homes would be left without one, times the doubt that it is still there; then by how much
    happens in it; then the oldest.
    """
    near = [one.measure.nearest.asset_id for one in open_ones if one.state == "present_stale" and one.measure.nearest]
    rows = stale_records(s, here.id, near)
    assets = {row.id: row.category for row in rows}
    homes, hosted = only_near_one(s, here, assets) if assets else {}, hosted_by(s, assets)
    ranked = sorted(
        rows,
        key=lambda row: (
            -round(homes.get(row.id, 0.0) * (1 - row.confidence)), -hosted.get(row.id, 0), row.assured_on or date.min,
            row.name, row.id,
        ),
    )  # fmt: skip
    shows_phone = can(actor_of(s), "see_contact", "asset")
    return [_check(row, homes.get(row.id, 0.0), hosted.get(row.id, 0), shows_phone) for row in ranked[:MOST_CHECKS]]


def in_order(s: Session, here: PlaceRecord, stops: Sequence[Question]) -> tuple[list[Question], float]:
    """Stops in walking order, those that nobody knows the place of last; and the minutes of the walk."""
    placed = [one for one in stops if one.easting is not None and one.northing is not None]
    points = [(one.easting or 0.0, one.northing or 0.0) for one in placed]
    order, minutes = in_walking_order(points, walking(s, here.box))
    return [placed[number] for number in order] + [one for one in stops if one.easting is None], minutes


def _in_rounds(questions: Sequence[Question], many: int) -> list[list[Question]]:
    numbered = [replace(one, round=1 + at // many) for at, one in enumerate(questions)]
    return [numbered[at : at + many] for at in range(0, len(numbered), many)]


def _check(row: Any, homes: float, hosted: int, shows_phone: bool) -> Question:
    return Question(
        "check", row.category, row.name, row.category_name, check_why(row.assured_on, homes, hosted),
        asset_id=row.id, version=row.version, address=row.address, phone=row.phone if shows_phone else "",
        easting=row.easting, northing=row.northing, homes=homes, hosted=hosted, assured_on=row.assured_on,
    )  # fmt: skip


def _look(one: Possibility) -> Question:
    return Question("look", one.category, one.name, one.theme, look_why(one))
