"""The labelled set (``labelled/README.md``), and how well an order of offers answers its wishes."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import fmean

FOLDER = Path(__file__).parent / "labelled"

#: A wish's words and its ticked ``theme`` and ``gift_group`` in; ids of offers, best first, out.
Scorer = Callable[["Labelled"], Sequence[str]]


@dataclass(frozen=True)
class Labelled:
    """An offer or a wish of the set; ``fits`` (of a wish) are the ids of the offers that fit, graded 1 or 2."""

    id: str
    topic: str
    language: str
    words: str
    gift_group: str
    theme: str = ""
    fits: Mapping[str, int] | None = None


def is_held_back(topic: str) -> bool:
    """Whether the wishes of a topic are only ever counted."""
    return int(sha256(topic.encode()).hexdigest(), 16) % 2 == 1


def offers() -> list[Labelled]:
    """All offers of the set."""
    return [
        Labelled(row["offer"], row["topic"], row["language"], row["own_words"], row["gift_group"])
        for row in _rows("offers")
    ]


def wishes(*, held_back: bool) -> list[Labelled]:
    """The wishes of one half, with what fits them."""
    fits: dict[str, dict[str, int]] = {}
    for row in _rows("pairs"):
        fits.setdefault(row["wish"], {})[row["offer"]] = int(row["fits"])
    return [
        Labelled(
            row["wish"], row["topic"], row["language"], row["own_words"], row["gift_group"], row["theme"],
            {offer: grade for offer, grade in fits[row["wish"]].items() if grade},
        )
        for row in _rows("wishes")
        if is_held_back(row["topic"]) is held_back
    ]  # fmt: skip


def measure(asked: Iterable[Labelled], scorer: Scorer, first: int = 5) -> dict[str, float]:
    """Means over wishes, each from 0 to 1.

    ``precision``: the share of the first five places that hold something that fits; ``possible``: the best that any
    order could reach, as few wishes have five offers that fit; ``recall``: the share of what fits that is among the
    first five; ``first_fits``: how often the very first one does.
    """
    found = [(wish.fits or {}, list(scorer(wish))[:first]) for wish in asked]
    hits = [(fits, [offer for offer in ranked if offer in fits], ranked) for fits, ranked in found]
    return {
        "precision": fmean(len(hit) / first for _, hit, _ in hits),
        "possible": fmean(min(len(fits), first) / first for fits, _, _ in hits),
        "recall": fmean(len(hit) / len(fits) for fits, hit, _ in hits),
        "first_fits": fmean(bool(ranked) and ranked[0] in fits for fits, _, ranked in hits),
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
