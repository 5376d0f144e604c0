"""Who shares what there is, and what is there but not usable: by hand, and against another's implementation."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from access import fca, weights
from scipy.linalg import block_diag
from sqlalchemy.orm import Session

from abcd.errors import BadRequest
from abcd.gaps.catchments import accesses, supply_of
from abcd.gaps.formulas import Numbers, access_per_1000, gaussian, per_100, plain, stepped
from abcd.gaps.ground import ground_of
from abcd.gaps.measures import measures
from abcd.gaps.records import Access, Filtered
from tests.builders import TODAY, a_place, a_small_area, a_venue, an_asset
from tests.gaps.test_measures import a_settlement, east, of

CASES = 200
LIMIT = 15.0
WAYS = (
    (plain, None), (stepped, weights.step_fn({5: 1, 10: 0.68, 15: 0.22})), (gaussian, weights.gaussian(LIMIT / 2)),
)  # fmt: skip


Case = tuple[Numbers, Numbers, Numbers]
"""Minutes (homes, things), households (homes,), supply (things,)."""


def by_access(cases: Sequence[Case], weigh: object) -> Numbers:
    """The same by PySAL access, per 1,000 households, of cases far from each other; 0 where nothing is in range."""
    minutes = block_diag(*(case[0] for case in cases))
    is_one = block_diag(*(np.ones_like(case[0]) for case in cases)) > 0
    homes, things = np.nonzero(is_one)
    demand = pd.DataFrame({"demand": np.concatenate([case[1] for case in cases])}).rename_axis("geoid")
    supplied = pd.DataFrame({"supply": np.concatenate([case[2] for case in cases])}).rename_axis("geoid")
    cost = pd.DataFrame({"origin": homes, "dest": things, "cost": minutes[is_one]})
    found = fca.two_stage_fca(demand, supplied, cost, max_cost=LIMIT, weight_fn=weigh)
    return np.asarray(1000 * found.reindex(range(len(minutes))).fillna(0.0), dtype=float)


def some_cases(many: int) -> list[Case]:
    chance = np.random.default_rng(20261122)
    sizes = zip(chance.integers(1, 12, many), chance.integers(1, 8, many), strict=True)
    return [
        (np.round(chance.uniform(0, 30, size), 1), chance.integers(1, 300, size[0]).astype(float),
         chance.integers(1, 50, size[1]).astype(float))
        for size in sizes
    ]  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs"), WAYS, ids=["plain", "stepped", "gaussian"])
def test_two_hundred_random_cases_equal_pysal_access(ours: Callable[..., Numbers], theirs: object) -> None:
    """Some supplies reach nobody, and some homes reach nothing."""
    cases = some_cases(CASES)
    found = np.concatenate([access_per_1000(*case, LIMIT, ours) for case in cases])
    assert found == pytest.approx(by_access(cases, theirs), rel=1e-12, abs=1e-12)
    assert (found == 0).any()


def access_of(s: Session, place: object, category: str = "library") -> Access:
    return accesses(s, ground_of(s, place, on=TODAY))[category]  # type: ignore[arg-type]


def test_what_homes_share_by_hand(s: Session) -> None:
    place = a_settlement(s)  # 100, 50 and 150 households at -500, 0 and 500
    an_asset(s, at=east(-500))
    an_asset(s, at=east(500))
    an_asset(s, at=east(5000))
    found = access_of(s, place)
    # Walks: 0 or 19.5 minutes from the ends (only their own is within 15), 9.7 minutes from the middle to both.
    first, last = 1 / (100 + 0.68 * 50), 1 / (150 + 0.68 * 50)
    share = 100 * first + 50 * 0.68 * (first + last) + 150 * last
    assert found.per_1000_stepped == pytest.approx(1000 * share / 300)
    assert (found.supply, found.amount, found.assets, found.sharing) == ("one", 2.0, 2, 300)
    weight = float(np.exp(-((500 * 1.3 / 66.7) ** 2) / (2 * 7.5**2)))
    first, last = 1 / (100 + weight * 50), 1 / (150 + weight * 50)
    smooth = 100 * first + 50 * weight * (first + last) + 150 * last
    assert found.per_1000_gaussian == pytest.approx(1000 * smooth / 300)


def test_homes_outside_share_too(s: Session) -> None:
    place = a_place(s, size=200)
    a_small_area(s, east(0), 100)
    an_asset(s, at=east(0))
    assert access_of(s, place).per_1000_stepped == pytest.approx(10)
    a_small_area(s, east(200), 300)  # 3.9 minutes on foot, outside
    a_small_area(s, east(5000), 900)
    found = access_of(s, place)
    assert (found.per_1000_stepped, found.sharing) == (pytest.approx(2.5), 400)


def test_a_supply_is_capacity_or_hours_where_all_say_it(s: Session) -> None:
    place = a_settlement(s)
    a_venue(s, at=east(0), capacity=40, opening_hours="Mo 10:00-12:00")
    assert (access_of(s, place, "community-centre").supply, access_of(s, place, "community-centre").amount) == (
        "capacity", 40.0,
    )  # fmt: skip
    a_venue(s, at=east(0), opening_hours="Tu 09:00-17:00")
    found = access_of(s, place, "community-centre")
    assert (found.supply, found.amount) == ("hours", 10.0)
    a_venue(s, at=east(0))
    assert access_of(s, place, "community-centre").supply == "one"
    assert supply_of([])[0] == "capacity"


def test_nothing_is_shared_where_nothing_is_in_reach_or_households_are_unknown(s: Session) -> None:
    place = a_settlement(s)
    an_asset(s, at=east(5000))
    assert accesses(s, ground_of(s, place, on=TODAY)) == {}
    unknown = a_place(s, (300_000.0, 394_000.0))
    an_asset(s, at=(300_000.0, 394_000.0))
    assert accesses(s, ground_of(s, unknown, on=TODAY)) == {}


def test_there_but_not_usable(s: Session) -> None:
    place = a_settlement(s)
    an_asset(s, at=east(-500), step_free="yes", languages=["en", "cy"])
    an_asset(s, at=east(500), cost="Free", open_grid=0b100)
    library = of(s, place)
    by_need = {one.need: one for one in library.filtered}
    assert library.coverage == pytest.approx(1.0)
    assert by_need["step_free"] == Filtered("step_free", 1, pytest.approx(0.5), pytest.approx(0.5))
    assert by_need["evening"] == Filtered("evening", 1, pytest.approx(200 / 300), pytest.approx(100 / 300))
    assert by_need["weekend"] == Filtered("weekend", 0, 0.0, pytest.approx(1.0))
    assert by_need["language:cy"].coverage == pytest.approx(0.5)
    assert "language:en" not in by_need


def test_voices_for_each_hundred_households(s: Session) -> None:
    place = a_settlement(s)
    an_asset(s, at=east(0))
    assert of(s, place, voiced={"library": 6}).voiced_per_100 == pytest.approx(2.0)
    assert of(s, place, "allotment", voiced={"allotment": 3}).voiced_per_100 == pytest.approx(1.0)
    assert of(s, place).voiced_per_100 is None
    assert (per_100(6, 0), of(s, place).access is not None, of(s, place).homes_kind) == (None, True, "area")


def test_a_language_is_a_need_like_any_other(s: Session) -> None:
    place = a_settlement(s)
    an_asset(s, at=east(0), languages=["pa-Guru"])
    both = of(s, place, needs=["language:pa", "free"])
    assert (both.needs, both.usable) == (("free", "language:pa"), 0)
    assert of(s, place, needs=["language:pa"]).usable_coverage == pytest.approx(1.0)
    with pytest.raises(BadRequest, match="language:cy"):
        measures(s, place, needs=["language:Welsh please"])
