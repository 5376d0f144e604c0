"""Millfield's streets, steps and railway: one piece to walk on, cut where the trains run."""

import numpy as np
import pytest
from sqlalchemy import func, select

from abcd.db.session import Actor, session
from abcd.db.tables import Street
from abcd.gaps.streets.loaded import in_use, streets
from abcd.gaps.streets.network import STEPPED
from abcd.gaps.streets.walk import StreetWalk, walking
from abcd.intake.millfield_ways import lay_ways
from abcd.places.barriers import barriers_listed

BOX = (312_800.0, 440_600.0, 314_400.0, 442_100.0)
WEST, EAST = (313_300.0, 441_338.0), (313_640.0, 441_338.0)
FAR_WEST, FAR_EAST = (313_300.0, 440_938.0), (313_640.0, 440_938.0)


@pytest.fixture(scope="module")
def laid(store: str, owner: Actor) -> Actor:
    for _ in range(2):
        lay_ways(actor=owner)
    return owner


def test_the_streets_are_one_piece_and_some_are_steps(laid: Actor) -> None:
    with session(laid) as s:
        found = in_use(s, BOX)
        assert found is not None
        network = streets(s, *found).network
        steps = s.scalar(select(func.sum(Street.metres)).where(Street.map_id == found[0], Street.marks == STEPPED))
    assert found[1] == "invented"
    assert (network.piece == 0).mean() > 0.98
    assert 1_000 < steps < 4_000


def test_the_railway_is_crossed_at_the_level_crossing_and_by_the_footbridge(laid: Actor) -> None:
    with session(laid) as s:
        drawn = {one.name: one for one in barriers_listed(s)}
        assert {name: len(one.crossings) for name, one in drawn.items()} == {
            "Millfield branch line": 2, "Towpath after dark": 0,
        }  # fmt: skip
        walk = walking(s, BOX)
        assert isinstance(walk, StreetWalk)
        here, there = np.array([WEST, FAR_WEST]), np.array([EAST, FAR_EAST])
        through, round_it = np.diag(walk.minutes(here, there))
        assert through == pytest.approx(340 / 66.7, rel=0.1), "Loom Road goes straight on"
        assert round_it > 1_000 / 66.7, "Bobbin Lane ends at the line: up to Loom Road and down again"
