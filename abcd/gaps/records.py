"""What the gaps room gives back: one measure, what is known, and the possibility made of both."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Standard:
    """What a category is judged by in a place.

    ``minutes`` is the walk that counts as near. With ``metres_from_boundary`` set the standard is a straight line
    from the edge of a green space of at least ``minimum_area_m2`` instead. ``source`` says who uses it. Where a place
    has a threshold of its own, ``usual`` is what counts everywhere else, and ``version`` that of the threshold.
    """

    category: str
    name: str
    theme: str
    minutes: float
    source: str
    metres_from_boundary: float | None = None
    minimum_area_m2: float | None = None
    fresh_months: int = 12
    position: int = 0
    has_room: bool = False
    needs_room: bool = False
    usual: "Standard | None" = None
    version: int | None = None


@dataclass(frozen=True)
class Access:
    """What there is for each 1,000 households once all homes round about share it (E2SFCA, product.md D.2, 3).

    ``per_1000_stepped`` weighs walks 1, 0.68 and 0.22 up to 5, 10 and 15 minutes, ``per_1000_gaussian`` smoothly.
    ``supply`` says what an asset counts for: ``capacity`` (people), ``hours`` (open in a week) or ``one``; ``amount``
    is how much of it the ``assets`` that somebody reaches hold, ``sharing`` how many households share them.
    """

    per_1000_stepped: float
    per_1000_gaussian: float
    supply: str
    amount: float
    assets: int
    sharing: int


@dataclass(frozen=True)
class Filtered:
    """Coverage once only things count that are known to meet ``need``: ``usable`` of them are in reach.

    ``lost`` is the share of homes near one of any kind and near none of these: there, but not usable (D.2, 2).
    """

    need: str
    usable: int
    coverage: float
    lost: float


@dataclass(frozen=True)
class Nearest:
    """The nearest known asset of a category: ``metres`` in a straight line, ``minutes`` on foot from a home."""

    asset_id: UUID
    name: str
    metres: float
    minutes: float


@dataclass(frozen=True)
class Rate:
    """``count`` things per 1,000 households with the limits of its 95 % interval; None when households are unknown."""

    count: int
    per_1000: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Comparison:
    """How ``n`` places like this one fare: ``having`` of them have one near, ``typical`` is their median rate."""

    n: int
    having: int
    typical: float | None
    rule: str


@dataclass(frozen=True)
class Measure:
    """One category in one place. Shares are 0-1, minutes are walked; None where nothing can be worked out.

    ``usable`` is how many of the ``in_reach`` assets meet every chosen need for certain, ``usable_coverage`` the share
    of homes near one of those; both equal the plain figures when nothing was chosen. ``newest_check`` is the
    latest check among the assets in reach. ``median_minutes`` None means more than half of the homes
    walk longer than the 30 minutes we look at. ``homes`` points stand for the households, each the middle of an
    ``area``, a ``dwelling``, a ``postcode``, or the ``place`` itself (``homes_kind``). ``access`` and ``filtered`` are
    worked out for whoever looks closer (``measures``) and empty elsewhere. ``voiced_per_100`` are the voices for it in
    24 months for each 100 households, None when none is told.
    """

    standard: Standard
    households: int
    homes: int
    in_reach: int
    usable: int
    fresh: int
    coverage: float | None
    usable_coverage: float | None
    median_minutes: float | None
    nearest: Nearest | None
    provision: Rate
    similar: Comparison
    newest_check: date | None
    confidence: float
    walk: str
    needs: tuple[str, ...] = ()
    homes_kind: str = "area"
    access: Access | None = None
    filtered: tuple[Filtered, ...] = ()
    voiced_per_100: float | None = None


@dataclass(frozen=True)
class Search:
    """Somebody looked: how, when and what they found."""

    method: str
    looked_on: date
    found: int
    by_role: str = ""
    note: str = ""


@dataclass(frozen=True)
class Knowledge:
    """The state of knowing of one category in one place, with the words it is shown as.

    ``absence`` is the probability that there is none (product.md D.3), None when there is one;
    ``prior`` the share of comparable places that have it. ``asked_again`` is the day on which this is a question once
    more if nobody looks before; None when it is one already, or never will be.
    """

    state: str
    shown: str
    absence: float | None
    prior: float
    searches: tuple[Search, ...] = ()
    asked_again: date | None = None


@dataclass(frozen=True)
class Possibility:
    """Something that may be missing, as a statement in six parts, or as a question.

    ``order`` 1 voiced and not met, 2 there but not usable, 3 absent and looked for, 4 below standard, 5 to go and ask.
    ``theme`` and the six parts are words ready to show; ``how`` says line by line how they were worked out.
    """

    category: str
    name: str
    theme: str
    order: int
    order_name: str
    state: str
    shown: str
    is_question: bool
    for_whom: str
    of_what: str
    judged_by: str
    how_big: str
    how_sure: str
    as_of: str
    priority: float
    voices: int
    measure: Measure
    knowledge: Knowledge
    how: tuple[str, ...]
