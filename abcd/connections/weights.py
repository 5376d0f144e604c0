"""The weights and thresholds of product.md E.2: their defaults, where each comes from, how an owner changes them."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Setting
from abcd.errors import BadRequest, Conflict

NAME = "matching"
#: The letter of each part of a score, and the weight that it has.
LETTERS = {"T": "theme", "D": "distance", "A": "times", "F": "fairness", "B": "bridging", "Q": "quality"}


@dataclass(frozen=True)
class Weights:
    """How suggestions are weighed and held back: six weights that make 1, then thresholds.

    ``least`` is the score below which nothing is shown; ``half_minutes`` the walk at which nearness counts half;
    ``furthest_minutes`` the walk taken for whoever named none; ``hours_in_a_part`` of a morning, an afternoon, an
    evening; ``times_met`` the share of the hours needed that must suit both; ``fair_days`` back over which
    introductions are counted; ``most_open`` introductions of one person at a time; ``of_one_tier`` so many people, and
    so many groups, of one tier while others have something to give.
    """

    theme: float = 0.40
    distance: float = 0.20
    times: float = 0.15
    fairness: float = 0.10
    bridging: float = 0.10
    quality: float = 0.05
    least: float = 0.35
    half_minutes: float = 10.0
    furthest_minutes: float = 30.0
    hours_in_a_part: float = 3.0
    times_met: float = 1.0
    fair_days: int = 90
    most_open: int = 2
    of_one_tier: int = 3

    def of(self, letter: str) -> float:
        """The weight of a part by its letter."""
        weight: float = getattr(self, LETTERS[letter])
        return weight


#: What each may be: the least and the most.
BOUNDS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(LETTERS.values(), (0.0, 1.0)), "least": (0.0, 0.95), "half_minutes": (1.0, 60.0),
    "furthest_minutes": (5.0, 60.0), "hours_in_a_part": (1.0, 5.0), "times_met": (0.05, 1.0), "fair_days": (1, 730),
    "most_open": (1, 20), "of_one_tier": (1, 20),
}  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """The weights in use, and for each that was changed where its value comes from, in the words of who changed it."""

    weights: Weights
    sources: dict[str, str]

    def source(self, name: str) -> str:
        """Where a value comes from."""
        return self.sources.get(name) or default_source(name)


def weights(s: Session) -> Weights:
    """The weights and thresholds in use."""
    return chosen_weights(s).weights


def chosen_weights(s: Session) -> Chosen:
    """The same, with their sources."""
    kept: Any = s.scalar(select(Setting.value).where(Setting.name == NAME)) or {}
    values = {name: value for name, value in kept.get("values", {}).items() if name in BOUNDS}
    return Chosen(replace(Weights(), **values), dict(kept.get("sources", {})))


def set_weights(s: Session, wanted: Weights, source: str, *, seen: Weights, by: Actor) -> Weights:
    """Use ``wanted`` from now on; ``source`` says where its changed values come from, ``seen`` what ``by`` looked at.

    Raises:
        BadRequest: a value that cannot be, weights that do not make 1, or no source.
        Conflict: somebody changed them since they were ``seen``.
        NotAllowed: ``by`` is no owner.
    """
    require(by, "edit", "setting")
    now = chosen_weights(s)
    changed = [one.name for one in fields(Weights) if getattr(wanted, one.name) != getattr(now.weights, one.name)]
    if now.weights != seen:
        raise Conflict(_("Somebody else changed these settings meanwhile."), asdict(now.weights), asdict(wanted))
    _check(wanted)
    if not changed:
        return wanted
    if not tidy(source):
        raise BadRequest(_("Say where the new values come from, so that others can follow them."))
    value = {"values": asdict(wanted), "sources": _sources(now, wanted, changed, tidy(source))}
    new = insert(Setting).values(name=NAME, value=value, source="the page Settings")
    s.execute(new.on_conflict_do_update(index_elements=[Setting.name], set_={"value": value}))
    record(s, "edit", "setting", NAME, by=by, before=_part(now.weights, changed), after=_part(wanted, changed))
    return wanted


def _sources(now: Chosen, wanted: Weights, changed: list[str], source: str) -> dict[str, str]:
    """A value that is the default again has the default's source."""
    told = now.sources | dict.fromkeys(changed, source)
    return {name: words for name, words in told.items() if getattr(wanted, name) != getattr(Weights(), name)}


def _part(which: Weights, names: list[str]) -> dict[str, Any]:
    return {name: getattr(which, name) for name in names}


def _check(wanted: Weights) -> None:
    for name, (low, high) in BOUNDS.items():
        if not low <= getattr(wanted, name) <= high:
            asked = _("“{name}” lies between {low:g} and {high:g}.")
            raise BadRequest(asked.format(name=weight_name(name), low=low, high=high))
    if abs(sum(wanted.of(letter) for letter in LETTERS) - 1) > 1e-6:
        raise BadRequest(_("The six weights make 1 together. Change another one too."))


def default_source(name: str) -> str:
    """Where a default comes from."""
    if name in {"fairness", "fair_days", "most_open", "of_one_tier"}:
        return _("Our own judgement: nobody is asked again and again while others wait.")
    if name in {"half_minutes", "furthest_minutes"}:
        return _("Our own judgement, from 15 minutes' walk as what most standards call near.")
    return _("Our own judgement. Change it when what neighbours tell you says otherwise.")


def weight_name(name: str) -> str:
    """A weight or threshold in words."""
    return {
        "theme": _("Same theme"), "distance": _("Near"), "times": _("Times fit"), "fairness": _("Fair share"),
        "bridging": _("New to each other"), "quality": _("Records are fresh"),
        "least": _("Show nothing below this score"),
        "half_minutes": _("Minutes’ walk at which nearness counts half"),
        "furthest_minutes": _("Longest walk, for whoever named none (minutes)"),
        "hours_in_a_part": _("Hours in a morning, afternoon or evening"),
        "times_met": _("Share of the hours needed that must suit both"),
        "fair_days": _("Days back over which introductions are counted"),
        "most_open": _("Open introductions of one person at a time, at most"),
        "of_one_tier": _("People, or groups, of one tier while others have some"),
    }[name]  # fmt: skip
