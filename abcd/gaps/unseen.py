"""How much of what is here nobody has written down: the estimate from two lists (product.md D.3).

Somebody looked without our list in hand, and told how many of those that they found were on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log, sqrt
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.clock import months_after, today
from abcd.core.language import _, chosen

MONTHS = 24
"""Older lists tell of another time."""

ROUGH = 7
"""With fewer than so many on both lists the estimate is rough (a rule of thumb of Robson and Regier, 1964)."""

Z = 1.96

LISTS = text("""
select distinct on (e.category) e.category, coalesce(case when :welsh then nullif(t.name_cy, '') end, t.name) as name,
  e.method, e.looked_on, e.listed_n, e.found_n, e.known_n
from core.search_effort e join core.term t on t.slug = e.category
where e.place_id = :place_id and e.looked_on between :since and :on
  and e.known_n is not null and e.found_n > 0 and e.listed_n > 0
order by e.category, e.looked_on desc, e.id""")


@dataclass(frozen=True)
class TwoLists:
    """Of one category: ``listed`` in the register, ``found`` by those who looked, ``both`` by both.

    ``every`` is how many there are in all by Chapman's estimate, ``unseen`` how many of them on neither list, with its
    95 % limits ``low`` and ``high``.
    """

    category: str
    name: str
    listed: int
    found: int
    both: int
    looked_on: date

    @property
    def every(self) -> float:
        """``(listed + 1) (found + 1) / (both + 1) - 1`` (Chapman 1951)."""
        return (self.listed + 1) * (self.found + 1) / (self.both + 1) - 1

    @property
    def unseen(self) -> float:
        """What is on neither list."""
        return self.every - (self.listed + self.found - self.both)

    @property
    def limits(self) -> tuple[float, float]:
        """95 % limits of what is on neither: Seber's variance (1970), taken to be log-normal (Chao 1987)."""
        only = (self.listed - self.both) * (self.found - self.both)
        if not only:
            return 0.0, 0.0
        variance = (self.listed + 1) * (self.found + 1) * only / ((self.both + 1) ** 2 * (self.both + 2))
        wide = exp(Z * sqrt(log(1 + variance / self.unseen**2)))
        return self.unseen / wide, self.unseen * wide

    @property
    def is_rough(self) -> bool:
        """Whether too few are on both lists to rely on it."""
        return self.both < ROUGH


def unseen(s: Session, place_id: UUID, on: date | None = None) -> list[TwoLists]:
    """The newest two lists of each category in a place for which somebody compared what they found with the register.

    Of several categories the last is all of them together, under no category.
    """
    day = on or today()
    asked = {"place_id": place_id, "on": day, "since": months_after(day, -MONTHS), "welsh": chosen() == "cy"}
    rows = s.execute(LISTS, asked)
    found = [TwoLists(row.category, row.name, row.listed_n, row.found_n, row.known_n, row.looked_on) for row in rows]
    return [*found, together(found)] if len(found) > 1 else found


def together(found: Sequence[TwoLists]) -> TwoLists:
    """Several categories as one pair of lists, so that small figures tell more."""
    listed, seen, both = (sum(getattr(one, name) for one in found) for name in ("listed", "found", "both"))
    return TwoLists("", _("All of them together"), listed, seen, both, max(one.looked_on for one in found))


def unseen_words(one: TwoLists) -> str:
    """What the two lists say, as a sentence."""
    low, high = one.limits
    said = _(
        "{name}: {listed} were written down and {found} were found, {both} of them the same. So there may be about "
        "{every:.0f}, of which about {unseen:.0f} that nobody has written down ({low:.0f} to {high:.0f})."
    ).format(
        name=one.name, listed=one.listed, found=one.found, both=one.both, every=one.every, unseen=one.unseen,
        low=low, high=high,
    )  # fmt: skip
    return f"{said} {_('This is rough: few are on both lists.')}" if one.is_rough else said


def unseen_lines() -> tuple[str, ...]:
    """Formula and weak points, one plain line each."""
    return (
        _("In all: (written down + 1) × (found + 1) ÷ (on both + 1) – 1 (Chapman’s estimate from two lists)."),
        _("The limits hold 95 times in 100 (Seber’s variance, taken to be log-normal)."),
        _(
            "It holds when the two lists do not know of each other. Whoever looks with our list in hand finds what is "
            "on it, and what everybody knows is on both: then there are more than it says."
        ),
        _("Both lists are of one time and one place; those older than {n} months are left out.").format(n=MONTHS),
    )
