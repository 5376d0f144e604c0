"""With or without one more person (trust.md P6): a thousand pairs of associations that differ by a canary alone."""

from random import Random

from abcd.core.disclosure.cube import PLANS, TOTAL, Key, published, summed
from abcd.core.disclosure.differencing import is_enough
from tests.core.disclosure.towns import CATEGORIES, a_town

PAIRS = 1_000
AREA, KIND = "canary", "ur"


def pair(seed: int) -> tuple[dict[str, str | None], dict[Key, int], dict[Key, int]]:
    """A town with a patch where nobody is known, and the same with one person there."""
    parents, without = a_town(seed, estates=2, patches=1, mean=Random(seed).uniform(2, 60))
    parents[AREA] = "e0"
    return parents, without, without | {(AREA, TOTAL): 1, (AREA, KIND): 1, (AREA, "gift"): 1}


def leaving(parents: dict[str, str | None], counts: dict[Key, int]) -> dict[Key, int | None]:
    return published(counts, parents, CATEGORIES, PLANS[0])


def test_no_cell_of_the_canary_alone_ever_differs() -> None:
    """First releases of both worlds: what differs counts the canary among ten others or more."""
    differing = []
    for seed in range(PAIRS):
        parents, without, with_canary = pair(seed)
        one, other = leaving(parents, without), leaving(parents, with_canary)
        changed = {key for key in one if one[key] != other[key]}
        sums = summed(with_canary, parents)
        assert all(sums[key] >= 10 for key in changed)
        assert AREA not in {area for area, _category in changed}
        differing.append(len(changed) / len(one))
    assert sum(differing) / PAIRS < 0.05  # of the cells that leave, fewer than one in twenty


def test_a_canary_alone_makes_no_release() -> None:
    """Between releases the worlds are equal to the byte: what changed is too little for the next one."""
    equal = 0
    for seed in range(PAIRS):
        parents, before, _with_canary = pair(seed)
        random = Random(seed)
        told = leaving(parents, before)
        others = random.choice((0, 0, 1, 3, 8))
        worlds = []
        for canary in (0, 1):
            after = dict(before)
            for _change in range(others):
                after["e0", TOTAL] = after.get(("e0", TOTAL), 0) + 1
            after |= {(AREA, TOTAL): canary}
            worlds.append(leaving(parents, after) if is_enough(others + canary) else told)
        equal += worlds[0] == worlds[1]
    assert equal / PAIRS >= 0.95


def test_without_the_rule_the_canary_would_show() -> None:
    """The control: did every change make a release, whole worlds would differ in many pairs."""
    differ = 0
    for seed in range(PAIRS):
        parents, without, with_canary = pair(seed)
        differ += leaving(parents, without) != leaving(parents, with_canary)
    assert differ / PAIRS > 0.05
