"""What may be missing in a place, as statements that can be defended and questions that can be asked (product.md D)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.gaps.formulas import ENOUGH, priority, shortfall
from abcd.gaps.knowing import knowledge, prior_of, searches_in
from abcd.gaps.measures import compared, measured
from abcd.gaps.records import Knowledge, Measure, Possibility
from abcd.gaps.streets.walk import walking
from abcd.gaps.themes import theme_words
from abcd.gaps.wording import how_worked_out, order_name, six_parts
from abcd.places.queries import place
from abcd.places.records import PlaceRecord

VOICED, UNUSABLE, ABSENT, BELOW, ASK = 1, 2, 3, 4, 5
"""The order of product.md D.1: what neighbours ask for comes first, what nobody has looked for last."""


def possibilities(
    s: Session,
    place_id: UUID,
    profile: str = "standard",
    on: date | None = None,
    needs: Collection[str] = (),
    voiced: Mapping[str, int] | None = None,
) -> list[Possibility]:
    """What may be missing in a place, in the order of product.md D.1; what is here and near enough is left out.

    Everyday categories, and those that neighbours voiced: ``voiced`` counts the voices with nothing done yet,
    by category. ``needs`` are filters such as ``step_free``.

    Raises:
        NotFound: no such place.
        BadRequest: an unknown profile or need.
    """
    return survey(s, place_id, profile, on, needs, voiced).possibilities


@dataclass(frozen=True)
class Survey:
    """Everything that a place is measured by, in the order of the taxonomy, and what may be missing of it."""

    measures: tuple[Measure, ...]
    possibilities: list[Possibility]


def survey(
    s: Session,
    place_id: UUID,
    profile: str = "standard",
    on: date | None = None,
    needs: Collection[str] = (),
    voiced: Mapping[str, int] | None = None,
) -> Survey:
    """As ``possibilities``, and the measures of what is here and near enough beside them.

    Measures of what is in question are compared with similar places; those of the others are not.

    Raises:
        NotFound, BadRequest: as ``possibilities``.
    """
    here, day, voices = place(s, place_id), on or today(), dict(voiced or {})
    searches, walk = searches_in(s, place_id, day), walking(s, here.box, profile)
    every = measured(s, here, walk, day, needs, voices)
    in_question = [one for one in every if voices.get(one.standard.category) or not is_enough(one)]
    found = []
    for measure, known_in in compared(s, here, in_question, walk, day):
        category = measure.standard.category
        prior = prior_of(measure.similar.having, known_in)
        known = knowledge(measure, searches.get(category, []), day, prior)
        order = order_of(measure, known, voices.get(category, 0))
        if order:
            found.append(_possibility(here, measure, known, order, voices, day))
    found.sort(key=lambda one: (one.order, -one.priority, one.measure.standard.position, one.category))
    return Survey(tuple(every), found)


def is_enough(measure: Measure) -> bool:
    """Whether it is here, checked, usable and near enough homes, so that there is nothing to say."""
    return bool(measure.fresh and measure.usable and is_near_enough(measure))


def is_near_enough(measure: Measure) -> bool:
    """Whether enough homes are near one; where homes are not known, nobody can say otherwise."""
    return measure.coverage is None or (measure.usable_coverage or 0.0) >= ENOUGH


def order_of(measure: Measure, known: Knowledge, voices: int = 0) -> int | None:
    """Where a category stands in the order of D.1; None when it is here and near enough."""
    if voices:
        return VOICED
    if known.state == "present_barrier":
        return UNUSABLE
    if known.state in ("absent_confirmed", "absent_likely"):
        return ABSENT
    if known.state == "not_recorded" or (known.state == "present_stale" and is_near_enough(measure)):
        return ASK
    return None if is_enough(measure) else BELOW


def _possibility(
    here: PlaceRecord, measure: Measure, known: Knowledge, order: int, voices: Mapping[str, int], day: date
) -> Possibility:
    said = voices.get(measure.standard.category, 0)
    rank = said / max(voices.values()) if said else 0.0
    confidence = measure.confidence if known.absence is None else known.absence
    return Possibility(
        category=measure.standard.category,
        name=measure.standard.name,
        theme=theme_words(measure.standard.theme),
        order=order,
        order_name=order_name(order),
        state=known.state,
        shown=known.shown,
        is_question=known.state in ("present_stale", "not_recorded"),
        priority=priority(confidence, rank, shortfall(measure.usable_coverage)),
        voices=said,
        measure=measure,
        knowledge=known,
        how=how_worked_out(here, measure, known, day),
        **six_parts(here, measure, known, said),
    )
