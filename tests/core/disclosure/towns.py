"""Invented associations to count, round and attack; and what an attacker could know by trying every world."""

from collections.abc import Iterator, Mapping
from random import Random

import numpy as np

from abcd.core.disclosure.arithmetic import Interval, possible
from abcd.core.disclosure.cube import PLANS, TOTAL, Dimension, Key, Parents, published
from abcd.core.disclosure.differencing import Finding, Published, attack

LANGUAGE = Dimension("language", ("cy", "pl", "ur"), exclusive=True)
SAID = Dimension("said", ("gift", "hope"))
DIMENSIONS = (LANGUAGE, SAID)
CATEGORIES = (TOTAL, *LANGUAGE.categories, *SAID.categories)


def a_town(
    seed: int, estates: int = 3, patches: int = 3, mean: float = 20
) -> tuple[dict[str, str | None], dict[Key, int]]:
    """Areas and the people of each, by category; every second estate has people of its own beside its patches."""
    random = Random(seed)
    parents: dict[str, str | None] = {"whole": None}
    for estate in range(estates):
        parents |= {f"e{estate}": "whole", **{f"e{estate}p{patch}": f"e{estate}" for patch in range(patches)}}
    counts: dict[Key, int] = {}
    for area in list(parents)[1:]:
        if "p" in area or random.random() < 0.5 or not patches:
            for _person in range(int(random.expovariate(1 / mean))):
                for category in (TOTAL, *_a_person(random)):
                    counts[area, category] = counts.get((area, category), 0) + 1
    return parents, counts


def _a_person(random: Random) -> Iterator[str]:
    if random.random() < 0.35:
        yield random.choice(LANGUAGE.categories)
    yield from (kind for kind in SAID.categories if random.random() < 0.4)


def released(parents: Parents, counts: Mapping[Key, int], *before: Published) -> tuple[Published | None, list[Finding]]:
    """The fullest plan that withstands, if any does, and what every attack found; as the store does it."""
    findings = []
    for plan in PLANS:
        told = Published(published(counts, parents, CATEGORIES, plan))
        findings.append(attack(parents, DIMENSIONS, [*before, told], held=len(before)))
        if findings[-1].withstood:
            return told, findings
    return None, findings


def intervals(cells: Mapping[Key, int | None]) -> dict[Key, Interval]:
    """What each figure may stand for."""
    return {key: possible(shown) for key, shown in cells.items()}


def by_hand(
    cells: Mapping[Key, Interval], most: int, names: tuple[str, ...], holds: Mapping[Key, tuple[str, ...]]
) -> dict[str, Interval]:
    """The bounds of each of ``names`` by trying every world with numbers from 0 to ``most``.

    ``holds``: for each cell the numbers that add up to it.
    """
    worlds = dict(zip(names, np.indices((most + 1,) * len(names), dtype=np.int16), strict=True))
    fits = np.ones((most + 1,) * len(names), dtype=bool)
    for key, (low, high) in cells.items():
        total = sum(worlds[name] for name in holds[key])
        fits &= (total >= low) & (total <= high)
    return {name: Interval(int(found[fits].min()), int(found[fits].max())) for name, found in worlds.items()}
