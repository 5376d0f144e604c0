"""The parts of product.md E.2, exactly."""

from datetime import date
from types import SimpleNamespace
from uuid import UUID, uuid4

import numpy as np
import pytest

from abcd.connections.near import Thing
from abcd.connections.pairs import Pairs
from abcd.connections.score import WEIGHTS, bridging, decay, overlap, room_match, theme_match, tier_name


@pytest.mark.parametrize(("minutes", "value"), [(0, 1.0), (5, 0.707), (10, 0.5), (15, 0.354), (20, 0.25)])
def test_half_value_at_ten_minutes(minutes: float, value: float) -> None:
    assert decay(np.array([minutes]))[0] == pytest.approx(value, abs=0.0005)


def test_themes() -> None:
    ours = ("gardening-group", "green-and-growing", "groups")
    assert theme_match(ours, ours) == 1
    assert theme_match(ours, ("community-garden", "green-and-growing", "green-and-play")) == 0.7
    assert theme_match(ours, ("faith-group", "culture-and-faith", "groups")) == 0.3
    assert theme_match(ours, ("shop", "food", "meeting-places")) == 0
    assert theme_match(("a", "", ""), ("b", "", "")) == 0


def test_times_that_fit_are_a_share_of_the_times_needed() -> None:
    needed, offered = np.array([0b111, 0b1, 0b1, 0]), np.array([0b110, 0b1, 0b10, 0b1])
    assert overlap(needed, offered) == pytest.approx([2 / 3, 1, 0, 1])


def test_a_need_and_a_room_on_record_beat_what_is_usual() -> None:
    assert list(room_match(np.array([0, 1, 2]))) == [0.3, 0.7, 1.0]


def test_bridging_is_one_minus_jaccard() -> None:
    assert bridging({1, 2, 3}, {3, 4}) == pytest.approx(0.75)
    assert bridging({1}, {1}) == 0
    assert bridging(set(), set()) is None


def test_the_score_is_the_weighted_mean_of_what_is_known() -> None:
    columns = {"T": [1.0], "D": [0.5], "A": [np.nan], "B": [np.nan], "Q": [0.8]}
    values = {letter: np.array(column) for letter, column in columns.items()}
    pairs = Pairs("theme", np.array([0]), np.array([1]), np.array([1]), np.array([10.0]), values)
    assert pairs.scores() == pytest.approx([(0.40 * 1 + 0.20 * 0.5 + 0.05 * 0.8) / 0.65])
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_tiers_are_named_community_first() -> None:
    assert [tier_name(tier).split()[0] for tier in range(1, 6)] == [
        "Neighbours",
        "Resident-led",
        "Spaces",
        "Voluntary",
        "Landlord",
    ]


@pytest.fixture
def row() -> SimpleNamespace:
    unknown: UUID | None = None
    return SimpleNamespace(id=uuid4(), asset_kind="physical", category="library", is_group=False, is_venue=False,
                           needs_room=None, meets_at=unknown, organisation_id=unknown, is_underused=None,
                           spare_grid=None, source_kind="group", assured_on=date(2026, 6, 1))  # fmt: skip


def test_who_seeks_a_room(row: SimpleNamespace) -> None:
    def seeks(usually: bool, **more: object) -> bool:
        return Thing(SimpleNamespace(**{**vars(row), **more}), "", "", "", 1, usually, False).seeks_room

    assert seeks(True)
    assert not seeks(False)
    assert not seeks(True, is_group=True, needs_room=False)
    assert seeks(False, is_group=True, needs_room=True)
