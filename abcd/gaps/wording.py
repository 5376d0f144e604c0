"""The words of a possibility: six parts anybody can read, and how each figure was worked out."""

from datetime import date

from abcd.core.language import _, ngettext
from abcd.gaps.formulas import wilson_limits
from abcd.gaps.knowing import METHODS, PRIOR
from abcd.gaps.needs import need_words
from abcd.gaps.records import Knowledge, Measure, Search, Standard
from abcd.gaps.walk import CUT_OFF_MINUTES
from abcd.places.records import PlaceRecord


def order_name(order: int) -> str:
    """The heading of each step of the order of product.md D.1."""
    return {
        1: _("Neighbours asked for it"),
        2: _("Here, but not usable by everyone"),
        3: _("We looked and did not find it"),
        4: _("Here, but far for many homes"),
        5: _("To go and ask"),
    }[order]


def six_parts(here: PlaceRecord, measure: Measure, known: Knowledge, voices: int) -> dict[str, str]:
    """The six parts of a gap (product.md D.1) as sentences."""
    return {
        "for_whom": for_whom(here, measure),
        "of_what": measure.standard.name,
        "judged_by": judged_by(measure.standard, voices),
        "how_big": how_big(measure),
        "how_sure": how_sure(measure, known),
        "as_of": as_of(measure, known),
    }


def for_whom(here: PlaceRecord, measure: Measure) -> str:
    """The place and its households."""
    if not measure.households:
        return _("{place}; its number of households is not known").format(place=here.name)
    return _("{households:,} households in {place}").format(households=measure.households, place=here.name)


def judged_by(standard: Standard, voices: int = 0) -> str:
    """The wish or the standard that it is judged by, with its source."""
    near = _("{near} ({source})").format(near=near_words(standard), source=standard.source)
    if not voices:
        return near
    asked = ngettext("{n} neighbour asked for it", "{n} neighbours asked for it", voices).format(n=voices)
    return _("{asked}; also {near}").format(asked=asked, near=near)


def near_words(standard: Standard) -> str:
    """What counts as near for a standard."""
    if standard.metres_from_boundary is None:
        return _("within {minutes:g} minutes’ walk").format(minutes=standard.minutes)
    return _("at least {area:g} ha within {metres:g} m, in a straight line from its edge").format(
        area=(standard.minimum_area_m2 or 0) / 10_000, metres=standard.metres_from_boundary
    )


def near_one(standard: Standard) -> str:
    """Near one of them, as part of a sentence about homes."""
    if standard.metres_from_boundary is None:
        return _("within {minutes:g} minutes’ walk of one").format(minutes=standard.minutes)
    return _("within {metres:g} m of the edge of one of at least {area:g} ha").format(
        area=(standard.minimum_area_m2 or 0) / 10_000, metres=standard.metres_from_boundary
    )


def how_big(measure: Measure) -> str:
    """How many homes are near one, how far half of them walk, and where the nearest is."""
    return " ".join(part for part in (_near_share(measure), _median(measure), _nearest(measure)) if part)


def _near_share(measure: Measure) -> str:
    near = near_one(measure.standard)
    if not measure.in_reach:
        return _("No home is known to be {near}.").format(near=near)
    if measure.usable_coverage is None:
        return ngettext("{n} is near.", "{n} are near.", measure.in_reach).format(n=measure.in_reach)
    share = _("{share:.0%} of homes are {near}").format(share=measure.usable_coverage, near=near)
    if not measure.needs:
        return share + "."
    wanted = ", ".join(need_words(need) for need in measure.needs)
    return _("{share} known to be {needs}; {n} of the {all} near are.").format(
        share=share, needs=wanted, n=measure.usable, all=measure.in_reach
    )


def _median(measure: Measure) -> str:
    if not measure.in_reach or measure.coverage is None:
        return ""
    if measure.median_minutes is None:
        return _("More than half of homes are over {minutes:g} minutes away.").format(minutes=CUT_OFF_MINUTES)
    return _("Half of homes are within {minutes:.0f} minutes.").format(minutes=measure.median_minutes)


def _nearest(measure: Measure) -> str:
    if measure.nearest is None:
        return _("None is known within 30 km.")
    walk = _("about {walk}").format(walk=walk_words(measure.nearest.minutes))
    away = walk if measure.nearest.minutes <= 60 else _("{km:.1f} km away").format(km=measure.nearest.metres / 1000)
    return _("The nearest known is {name}, {away}.").format(name=measure.nearest.name, away=away)


def how_sure(measure: Measure, known: Knowledge) -> str:
    """How far it can be relied on, in words with their number."""
    if known.absence is None:
        return _sure_of_presence(measure)
    if not known.searches:
        return _("Not sure at all: nobody has looked yet, so this is a question.")
    looked = ngettext("{n} search", "{n} searches", len(known.searches)).format(n=len(known.searches))
    return _("{share:.0%} sure that there is none, after {looked}.").format(share=known.absence, looked=looked)


def _sure_of_presence(measure: Measure) -> str:
    if measure.fresh:
        return _("{fresh} of {n} checked within {months} months.").format(
            fresh=measure.fresh, n=measure.in_reach, months=measure.standard.fresh_months
        )
    return ngettext(
        "Not sure: the one known here was not checked within {months} months.",
        "Not sure: none of the {n} known here was checked within {months} months.",
        measure.in_reach,
    ).format(n=measure.in_reach, months=measure.standard.fresh_months)


def as_of(measure: Measure, known: Knowledge) -> str:
    """The day that the statement stands on."""
    if known.absence is not None:
        if not known.searches:
            return _("No date: nobody has looked")
        said = _("Last looked {day}").format(day=day_words(known.searches[0].looked_on))
    elif measure.newest_check is None:
        return _("No date of a check is known")
    else:
        said = _("Last checked {day}").format(day=day_words(measure.newest_check))
    if known.asked_again is None:
        return said
    return _("{said}; a question again in {month}").format(said=said, month=month_words(known.asked_again))


def walk_words(minutes: float) -> str:
    """A walk in whole minutes, at least one."""
    whole = max(1, round(minutes))
    return ngettext("{n} minute’s walk", "{n} minutes’ walk", whole).format(n=whole)


def day_words(day: date) -> str:
    """A day as people write it: 3 May 2026."""
    return f"{day.day} {month_words(day)}"


def month_words(day: date) -> str:
    """The month of a day: May 2026."""
    months = (
        _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August"),
        _("September"), _("October"), _("November"), _("December"),
    )  # fmt: skip
    return f"{months[day.month - 1]} {day.year}"


def how_worked_out(here: PlaceRecord, measure: Measure, known: Knowledge, on: date) -> tuple[str, ...]:
    """Formula, inputs, date and weak points of every figure, one plain line each."""
    lines = [*_coverage_lines(measure), *_provision_lines(here, measure), *_similar_lines(measure)]
    lines += _absence_lines(known) if known.absence is not None else _presence_lines(measure)
    return (*lines, _("Worked out on {day} from what is in the register.").format(day=day_words(on)))


def presence_worked_out(here: PlaceRecord, measure: Measure, on: date) -> tuple[str, ...]:
    """As ``how_worked_out`` for what is here and near enough, which is not compared with similar places."""
    lines = [*_coverage_lines(measure), *_provision_lines(here, measure), *_presence_lines(measure)]
    return (*lines, _("Worked out on {day} from what is in the register.").format(day=day_words(on)))


def _coverage_lines(measure: Measure) -> list[str]:
    coverage = _("Share near one: households {near}, divided by all households.").format(
        near=near_one(measure.standard)
    )
    line = _("Distances are straight lines to the edge of the green space, as this standard says; a point without a "
             "shape has no size and does not count.")  # fmt: skip
    own = [_own_line(measure.standard)] if measure.standard.version else []
    walked = measure.walk if measure.standard.metres_from_boundary is None else line
    return [coverage, *own, homes_line(measure), walked]


def homes_line(measure: Measure) -> str:
    """Where the homes are taken to be, and how many households they are."""
    if measure.homes_kind == "dwelling":
        said = ngettext(
            "Homes: {n} building of a list; the place has {households:,} households.",
            "Homes: {n} buildings of a list; the place has {households:,} households.",
            measure.homes,
        )
    elif measure.homes_kind == "postcode":
        said = ngettext(
            "Homes: {n} postcode, every home in its middle; the place has {households:,} households.",
            "Homes: {n} postcodes, every home in the middle of its own; the place has {households:,} households.",
            measure.homes,
        )
    else:
        said = ngettext(
            "Homes: {n} point with {households:,} households; every home is taken to be at its point.",
            "Homes: {n} small areas with {households:,} households together; every home is taken to be in the middle "
            "of its area.", measure.homes,
        )  # fmt: skip
    return said.format(n=measure.homes, households=measure.households)


def _own_line(standard: Standard) -> str:
    """That a place has a threshold of its own, and what counts elsewhere."""
    if standard.usual is None:
        return _("This threshold is the place’s own; nothing counts everywhere.")
    return _("This threshold is the place’s own. Everywhere else: {near} ({source}).").format(
        near=near_words(standard.usual), source=standard.usual.source
    )


def _provision_lines(here: PlaceRecord, measure: Measure) -> list[str]:
    rate = measure.provision
    if rate.per_1000 is None or rate.low is None or rate.high is None:
        return [_("Inside {place} or serving it: {n}. No rate: households are not known.").format(
            place=here.name, n=rate.count)]  # fmt: skip
    return [*_each_for(measure),
        _("Inside {place} or serving it: {n}, which is {rate:.2f} per 1,000 households (95 % interval {low:.2f} to "
          "{high:.2f}, Byar’s limits, exact below 10). A boundary has edges: what is just outside does not "
          "count.").format(place=here.name, n=rate.count, rate=rate.per_1000, low=rate.low, high=rate.high)
    ]  # fmt: skip


def _each_for(measure: Measure) -> list[str]:
    """Households for each one, and voices for each hundred of them, where there are any."""
    told = []
    if measure.provision.count:
        told.append(_("One for every {n:,} households.").format(n=round(measure.households / measure.provision.count)))
    if measure.voiced_per_100 is not None:
        told.append(_("Voiced: {rate:.1f} voices for each 100 households in 24 months, with nothing done yet.").format(
            rate=measure.voiced_per_100))  # fmt: skip
    return told


def _similar_lines(measure: Measure) -> list[str]:
    similar = measure.similar
    if not similar.n:
        return [_("No similar places are known to compare with.")]
    low, high = wilson_limits(similar.having, similar.n)
    said = _(
        "{having} of {n} similar places have one near (95 % interval {low:.0%} to {high:.0%}, Wilson’s limits); their "
        "median is {typical:.2f} per 1,000 households."
    )
    return [
        said.format(having=similar.having, n=similar.n, low=low, high=high, typical=similar.typical or 0.0),
        similar.rule,
    ]


def _absence_lines(known: Knowledge) -> list[str]:
    prior = _(
        "Before anybody looks, a place like this is taken to have one with probability {prior:.2f}: {default} as if "
        "from ten places, together with the similar places where one is known or somebody looked within a year."
    ).format(prior=known.prior, default=PRIOR)
    formula = _(
        "Sure that there is none: (1 – prior) / ((1 – prior) + prior × chance that every search missed it). "
        "A search is half as telling a year later."
    )
    again = [_asked_again_line(known.asked_again)] if known.asked_again else []
    return [prior, formula, *(_search_line(search) for search in known.searches), *again, _register_line()]


def _asked_again_line(day: date) -> str:
    return _("This finding turns into a question again in {month}, unless somebody looks before.").format(
        month=month_words(day)
    )


def _search_line(search: Search) -> str:
    return _("{day}: {method}, found {n}; such a search finds {share:.0%} of what is there.").format(
        day=day_words(search.looked_on), method=search.method, n=search.found, share=METHODS[search.method]
    )


def _presence_lines(measure: Measure) -> list[str]:
    return [
        _("Known here: {n}, of which {fresh} checked within {months} months.").format(
            n=measure.in_reach, fresh=measure.fresh, months=measure.standard.fresh_months
        ),
        _register_line(),
    ]


def _register_line() -> str:
    return _("A register misses informal groups: what is not written down may still be here.")
