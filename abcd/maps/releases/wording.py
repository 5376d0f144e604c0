"""A release in words: what it shows, why, and what the attack on it found."""

from abcd.core.disclosure.arithmetic import BASE, LEAST_CHOICE, THRESHOLD
from abcd.core.disclosure.differencing import Finding
from abcd.core.language import _, ngettext
from abcd.maps.releases.records import ReleaseRecord
from abcd.people.counting import category_name


def figure_words(shown: int | None) -> str:
    """A figure as it is read."""
    return _("fewer than {n}").format(n=THRESHOLD) if shown is None else _("about {n}").format(n=shown)


def plan_words(plan: str) -> str:
    """Which figures a plan shows."""
    return {
        "everything": _("every area, every category"),
        "categories outside": _("every area; categories for the association and its outermost areas alone"),
        "two levels": _("the association and its outermost areas, every category"),
        "residents of two levels": _("every category for the association; for its outermost areas neighbours alone"),
        "one level": _("neighbours in each outermost area, and nothing else"),
        "the whole": _("neighbours of the whole association, and nothing else"),
    }[plan]


def method() -> list[str]:
    """How a figure comes about, step by step."""
    return [
        _(
            "Count: people who belong to an area or to anything in it, each once in a category. Nobody marked as a "
            "safety risk, and nobody who was made anonymous, is counted."
        ),
        _("Mask: 0 to {most} read “fewer than {n}”, so that nothing is told by an absence either.").format(
            most=THRESHOLD - 1, n=THRESHOLD
        ),
        _("Round: everything else to the nearest {n}. {a} to {b} read “about {shown}”.").format(
            n=BASE, a=18, b=22, shown=20
        ),
        _("Areas and wholes are each rounded on their own, from the unrounded count: they need not add up."),
        _(
            "Attack: for every number of people that is not shown, the least and the greatest that fit all figures "
            "ever published are worked out by integer programming. With fewer than {n} possible numbers anywhere, "
            "less is shown, or nothing."
        ).format(n=LEAST_CHOICE),
        _("Freeze: a published release never changes. Whoever comes or is erased changes the next one."),
    ]


def finding_words(told: ReleaseRecord) -> list[str]:
    """What the attack on a release looked at and found, in sentences; cells only where the record names them."""
    found = told.attack
    said = [
        _("{n} unknown numbers were attacked with {programs} programs; each could be at least {least} numbers.").format(
            n=f"{found['unknowns']:,}", programs=found["programs"], least=LEAST_CHOICE
        )
    ]
    for one in found["dropped"]:
        said.append(
            _("Not shown, because something could have been worked out: {plan}.").format(plan=plan_words(one["plan"]))
        )
        said += [_("  It was about: {cells}.").format(cells=_cells(one["cells"]))] if one["cells"] else []
    crossing = _("{area} has no figures of its own: it crosses {other}, and the two could be subtracted.")
    said += [crossing.format(area=area, other=other) for area, other in found["crossing"]]
    if found["small"]:
        n = len(found["small"])
        least = ngettext(
            "{n} area has no figures of its own: fewer than 100 households are known there.",
            "{n} areas have no figures of their own: fewer than 100 households are known there.",
            n,
        )
        said.append(least.format(n=n))
    return said


def again_words(finding: Finding) -> str:
    """What the attack on everything that was published found."""
    if finding.withstood:
        return _("Everything published so far withstands: {n} unknown numbers, {programs} programs.").format(
            n=f"{finding.unknowns:,}", programs=finding.programs
        )
    return _("{n} numbers of people could be worked out from what was published. Publish nothing more.").format(
        n=len(finding.pinned)
    )


def _cells(cells: list[list[str]]) -> str:
    return "; ".join(f"{area}, {category_name(category)}" for area, category in cells)
