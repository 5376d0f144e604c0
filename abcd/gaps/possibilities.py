"""What may be missing in a place, as statements that can be defended and questions that can be asked (product.md D)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.gaps.formulas import ENOUGH, per_100, priority, shortfall
from abcd.gaps.knowing import knowledge, prior_of, searches_in
from abcd.gaps.measures import compared, judged_in, measured
from abcd.gaps.records import Knowledge, Measure, Possibility
from abcd.gaps.similar import NOT_COMPARED
from abcd.gaps.standards import standards
from abcd.gaps.stored import stored
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
    searches = searches_in(s, place_id, day)
    every = _kept(s, here, day, voices) if profile == "standard" and not needs else None
    every = every or _fresh(s, here, day, voices, profile, needs)
    found = []
    for measure, known_in in every:
        if not _is_in_question(measure, voices):
            continue
        category = measure.standard.category
        prior = prior_of(measure.similar.having, known_in)
        known = knowledge(measure, searches.get(category, []), day, prior)
        order = order_of(measure, known, voices.get(category, 0))
        if order:
            found.append(_possibility(here, measure, known, order, voices, day))
    found.sort(key=lambda one: (one.order, -one.priority, one.measure.standard.position, one.category))
    return Survey(tuple(replace(measure, similar=NOT_COMPARED) for measure, _known in every), found)


Compared = list[tuple[Measure, int]]
"""Measures, and in how many of the similar places somebody knows."""


def _kept(s: Session, here: PlaceRecord, day: date, voices: Mapping[str, int]) -> Compared | None:
    """From what is kept, and from the register what is asked for beside it; None when what is kept may be wrong."""
    judged = standards(s, voices, here.id)
    usual = {one.category for one in (standards(s, (), here.id) if voices else judged)}
    kept = stored(s, here, [one for one in judged if one.category in usual], day)
    more = [one for one in judged if one.category not in usual]
    if kept is None or not more:
        return kept
    walk = walking(s, here.box)
    every = [*kept, *compared(s, here, judged_in(s, here, more, walk, day), walk, day)]
    return sorted(every, key=lambda one: one[0].standard.position)


def _fresh(
    s: Session, here: PlaceRecord, day: date, voices: Mapping[str, int], profile: str, needs: Collection[str]
) -> Compared:
    """From the register; what is in no question is not compared."""
    walk = walking(s, here.box, profile)
    every = measured(s, here, walk, day, needs, voices)
    asked = compared(s, here, [one for one in every if _is_in_question(one, voices)], walk, day)
    by_category = {measure.standard.category: (measure, known) for measure, known in asked}
    return [by_category.get(one.standard.category, (one, 0)) for one in every]


def _is_in_question(measure: Measure, voices: Mapping[str, int]) -> bool:
    return bool(voices.get(measure.standard.category)) or not is_enough(measure)


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
    measure = replace(measure, voiced_per_100=per_100(said, measure.households))
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
