"""Blocks from dwellings: whole streets where they are short, nothing over a railway, locks kept, misfits explained."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from uuid import UUID

import numpy as np
import pytest
import shapely
from sqlalchemy.orm import Session

from abcd.core.language import use
from abcd.db.session import Actor
from abcd.db.tables import Barrier, Crossing, Dwelling, PatchLock, Place
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound
from abcd.patches.adopting import adopt
from abcd.patches.chunks import MOST, along, blocks_of
from abcd.patches.correcting import Drawing, keep_corrected, moved, opened, parted, warnings
from abcd.patches.feasible import Room
from abcd.patches.ground_rows import ground, keep_ground
from abcd.patches.grounds import Choice, homes_of
from abcd.patches.homes import Homes
from abcd.patches.locks import lock, locks_of, unlock
from abcd.patches.near import edges
from abcd.patches.net import components, tails
from abcd.patches.plans import alternatives, draw, patches_now, plan_record, plan_row, prepared
from abcd.patches.starting import base_at
from abcd.places.queries import place, places_of_kind
from tests.builders import HERE, a_group, a_place, a_term, a_venue, shape

EAST, NORTH = HERE
STREETS, LONG, GAP, FRONT = 8, 24, 60.0, 20.0
RAIL = 4
"""The railway runs south of the fifth street."""

_doors = count(1)
Village = Callable[..., UUID]


def dwell(s: Session, east: float, north: float, street: str = "", households: int = 1, workload: float = 1.0) -> str:
    """A dwelling at a point; returns its reference."""
    one = Dwelling(reference=f"D{next(_doors):05d}", kind="dwelling", street=street, households=households,
                   workload=workload, point=shape(shapely.Point(east, north)))  # fmt: skip
    s.add(one)
    return one.reference


@pytest.fixture
def village(s: Session) -> Village:
    """Eight streets of 24 pairs of houses, 60 m apart; with a railway between the fourth and the fifth if asked."""

    def made(railway: bool = False, streets: int = STREETS) -> UUID:
        whole = a_place(s, (EAST + 250, NORTH + 250), size=900, name="Village")
        s.get_one(Place, whole).reference = "VILLAGE"
        for row in range(streets):
            for door in range(LONG):
                for side in (-6, 6):
                    dwell(s, EAST + FRONT * door, NORTH + GAP * row + side, f"Row {row + 1}")
        if railway:
            north = NORTH + GAP * (RAIL - 0.5)
            wall = Barrier(name="The line", nature="railway", made_by="test",
                           geom=shape(shapely.LineString([(EAST - 200, north), (EAST + 800, north)])))  # fmt: skip
            s.add(wall)
            s.flush()
            s.add(Crossing(barrier_id=wall.id, name="Bridge", point=shape(shapely.Point(EAST + 100, north)),
                           made_by="test"))  # fmt: skip
        s.flush()
        return whole

    return made


def homes_in(s: Session, **choice: object) -> Homes:
    """The homes of the village."""
    return homes_of(s, place(s, "VILLAGE"), Choice(**{"reach": 150.0} | choice), Room(175, 0.1))


def crosses(homes: Homes) -> bool:
    """Whether any link goes over the railway."""
    north = homes.points[:, 1] > NORTH + GAP * (RAIL - 0.5)
    return bool((north[tails(homes.net)] != north[homes.net.to]).any())


def test_dwellings_become_blocks_of_at_most_ten_of_one_street(s: Session, village: Village) -> None:
    village()
    homes = homes_in(s)
    assert homes.finest == "dwellings"
    assert homes.households.sum() == STREETS * LONG * 2
    assert homes.households.max() <= MOST
    assert len(homes.called) == STREETS * 5, "48 households of a street make five blocks"
    assert homes.names[0].startswith("Row ")
    assert len({name.split(", ")[0] for name in homes.names}) == len(np.unique(homes.street)) == STREETS
    assert sorted(member for inside in homes.members for member in inside) == sorted(
        {member for inside in homes.members for member in inside}
    )
    assert len(np.unique(components(homes.net))) == 1, "streets 60 m apart are neighbours"


def test_no_link_goes_over_a_railway_and_the_bridge_is_named(s: Session, village: Village) -> None:
    village(railway=True)
    homes = homes_in(s)
    assert not crosses(homes)
    assert len(np.unique(components(homes.net))) == 2
    assert len(homes.walled) > 3
    (way,) = homes.ways
    assert (way.name, way.barrier) == ("Bridge", "The line")
    assert {homes.points[way.here][1] > NORTH + 210, homes.points[way.there][1] > NORTH + 210} == {True, False}
    allowed = homes_in(s, over=(way.crossing_id,))
    assert crosses(allowed)
    assert (allowed.net.bond < 0).sum() == 2, "there and back over the one crossing"


def test_a_soft_barrier_is_a_price_and_no_wall(s: Session, village: Village) -> None:
    village(railway=True)
    s.query(Barrier).update({"is_hard": False})
    homes = homes_in(s)
    assert len(np.unique(components(homes.net))) == 1
    over = homes.net.bond < 0
    north = homes.points[:, 1] > NORTH + GAP * (RAIL - 0.5)
    assert (over == (north[tails(homes.net)] != north[homes.net.to])).all()


def test_how_far_neighbours_live_apart_is_asked(s: Session, village: Village) -> None:
    village()
    dwell(s, EAST + 250, NORTH + GAP * 7 + 140)
    s.flush()
    assert len(np.unique(components(homes_in(s).net))) == 2, "140 m by straight line are a walk of 174 m"
    assert len(np.unique(components(homes_in(s, reach=200.0).net))) == 1
    for wrong in ({"reach": 0.0}, {"reach": 5_000.0}, {"finest": "doors"}):
        with pytest.raises(BadRequest):
            homes_in(s, **wrong)


def test_what_is_not_known_says_what_to_import(s: Session) -> None:
    whole = a_place(s, (310_000.0, 310_000.0))
    for finest, words in (("dwellings", "import dwellings"), ("streets", "import streets"), ("auto", "small areas")):
        with pytest.raises(BadRequest, match=words):
            homes_of(s, place(s, whole), Choice(finest), Room(175, 0.1))


def test_workload_weighs_and_is_no_household(s: Session, village: Village) -> None:
    village(streets=1)
    dwell(s, EAST + 3, NORTH + 20, "Elder Court", households=20, workload=1.5)
    s.flush()
    homes = homes_in(s)
    at = homes.names.index("Elder Court")
    assert (homes.households[at], homes.stock.weight[at]) == (20, 30)


def test_homes_at_one_spot_are_one_block() -> None:
    points = np.array([[0.0, 0.0], [0.0, 30.0], [0.0, 60.0]])
    assert len(set(blocks_of(points, np.array([40.0, 1.0, 1.0]), np.zeros(3, np.int64)))) == 2
    assert along(np.array([[0.0, 0.0], [3.0, 4.0]])) == pytest.approx([-2.5, 2.5])


def test_edges_of_rows_and_heaps() -> None:
    row = np.column_stack([np.arange(6) * 10.0, np.zeros(6)])
    assert {(int(a), int(b)) for a, b in zip(*edges(row, 15.0), strict=True)} >= {(k, k + 1) for k in range(5)}
    assert len(edges(np.zeros((3, 2)), 1.0)[0]) == 3
    assert len(edges(np.zeros((9, 2)), 1.0)[0]) >= 8
    assert len(edges(np.empty((0, 2)), 1.0)[0]) == 0


def test_what_a_plan_was_drawn_on_is_kept_as_it_was(s: Session, village: Village, owner: Actor) -> None:
    village(railway=True)
    homes = homes_in(s)
    again = ground(s, keep_ground(s, place(s, "VILLAGE"), homes, by=owner))
    assert (again.names, again.members, again.ways) == (homes.names, homes.members, homes.ways)
    assert again.finest == "dwellings"
    for one, two in ((homes.net.to, again.net.to), (homes.net.bond, again.net.bond), (homes.walled, again.walled)):
        assert np.array_equal(one, two)
    assert again.points == pytest.approx(homes.points)
    assert shapely.area(again.shapes) == pytest.approx(shapely.area(homes.shapes))


def test_what_a_block_is_called_is_said_in_the_readers_language(s: Session, village: Village, owner: Actor) -> None:
    village()
    kept = ground(s, keep_ground(s, place(s, "VILLAGE"), homes_in(s), by=owner))
    assert set(kept.called) == {f"Row {k + 1}" for k in range(STREETS)}, "no word of ours is stored"
    nameless = replace(kept, called=("", "", *kept.called[2:]))
    assert nameless.names[:2] == ("Block, part 1", "Block, part 2")
    use("cy")
    try:
        assert nameless.names[:2] == ("Bloc, rhan 1", "Bloc, rhan 2")
        assert all(", rhan " in name for name in kept.names)
    finally:
        use("en")


def test_plans_of_dwellings_are_whole_even_and_on_one_side(s: Session, village: Village, owner: Actor) -> None:
    village(railway=True)
    a_group(s, a_term(s, "gardening-group"), at=(EAST + 30, NORTH + 10))
    a_venue(s, a_hall(s), at=(EAST + 30, NORTH + 10))
    choice = Choice(base=(EAST, NORTH), base_name="Office")
    even, compact = draw(s, "VILLAGE", target=48, tolerance=0.15, seed=1, choice=choice, by=owner)
    for plan in (even, compact):
        found = plan.quality
        assert (plan.finest, plan.base_name, plan.misfits) == ("dwellings", "Office", ())
        assert (plan.patches, found.within, found.hard_crossings) == (8, 1.0, 0)
        assert [each.pieces for each in found.patches] == [1] * 8
        assert sum(each.households for each in found.patches) == STREETS * LONG * 2
        assert (found.streets, sum(each.groups for each in found.patches)) == (STREETS, 1)
        assert sum(each.venues for each in found.patches) == 1
        assert found.bare == 8 - 1
        assert min(each.to_base for each in found.patches) < found.to_base < max(e.to_base for e in found.patches)
    assert plan_record(s, even.id) == even


def a_hall(s: Session) -> str:
    """A category of places with rooms."""
    return a_term(s, "hall-to-hire", has_room=True)


def test_adopted_patches_lie_round_their_homes_alone(s: Session, village: Village, owner: Actor) -> None:
    village()
    plan = draw(s, "VILLAGE", target=48, tolerance=0.2, seed=1, by=owner)[1]
    adopt(s, plan.id, first_day=date(2026, 1, 5), version=1, by=owner)
    made = places_of_kind(s, "patch")
    assert sum(each.households for each in made) == STREETS * LONG * 2
    assert 0.1 < sum(each.area_km2 for each in made) < 0.35, "50 m round the homes, and no more"
    assert "stock list" in made[0].denominators_source
    change = draw(s, "VILLAGE", target=48, tolerance=0.2, seed=5, by=owner)[2]
    assert (change.leaning, change.quality.changed) == ("change", 0.0)
    s.query(Dwelling).filter(Dwelling.reference == homes_in(s).members[0][0]).delete()
    dwell(s, EAST + 5, NORTH + 1, "Row 1", households=2)
    s.flush()
    assert (patches_now(s, homes_in(s), plan_row(s, plan.id).place_id) >= 0).all(), (
        "new homes belong to the patch on whose land they stand"
    )


def test_a_misfit_tells_its_sums_and_what_would_mend_it(s: Session, village: Village, owner: Actor) -> None:
    village(railway=True, streets=5)
    plan = draw(s, "VILLAGE", target=80, tolerance=0.1, seed=1, by=owner)[0]
    sums = {misfit.households: misfit for misfit in plan.misfits}
    assert set(sums) == {48.0, 192.0} or set(sums) == {48.0}
    (mend, *_rest) = sums[48.0].mends
    assert (mend.name, mend.barrier, mend.households) == ("Bridge", "The line", 192.0)
    assert {homes_in(s).called[block] for block in sums[48.0].blocks} == set(sums[48.0].streets) != set()
    told = " ".join(sums[48.0].mending(plan.room))
    assert "Bridge (The line) would join it to 192 households more. 240 fit 3 patches." in told
    crossing = Choice(over=(mend.crossing_id,))
    mended = draw(s, "VILLAGE", target=80, tolerance=0.1, seed=1, choice=crossing, by=owner)[0]
    assert (mended.misfits, mended.quality.within, mended.patches) == ((), 1.0, 3)
    assert mended.quality.soft_crossings == 1


def test_homes_far_off_are_offered_as_neighbours(s: Session, village: Village, owner: Actor) -> None:
    village(streets=4)
    for door in range(20):
        dwell(s, EAST + FRONT * door, NORTH + GAP * 3 + 250, "Far Row", households=2)
    s.flush()
    plan = draw(s, "VILLAGE", target=58, choice=Choice(reach=150.0), by=owner)[0]
    (far,) = [misfit for misfit in plan.misfits if misfit.households == 40]
    assert far.mends[0].barrier == ""
    assert "Neighbours up to 2" in far.mending(plan.room)[0]
    assert plan.room.fitting(192 + 40) is not None
    joined = draw(s, "VILLAGE", target=58, by=owner)[0]
    assert (joined.reach, joined.misfits, joined.patches, joined.quality.within) == (500.0, (), 4, 1.0)


@pytest.fixture
def drawing(s: Session, village: Village, owner: Actor) -> Drawing:
    """A plan of the village in somebody's hands, with two blocks that stay together."""
    whole = village(railway=True)
    homes = homes_in(s)
    court = [k for k, name in enumerate(homes.names) if name.startswith("Row 1,")][:2]
    lock(s, whole, " The  court ", [member for k in court for member in homes.members[k]], by=owner, key="lock 1")
    return opened(s, draw(s, "VILLAGE", target=48, tolerance=0.15, seed=1, by=owner)[0].id)


def test_locks_hold_in_plans_and_in_hands(s: Session, drawing: Drawing, owner: Actor) -> None:
    (court,) = drawing.locks
    inside = [k for k, held in enumerate(drawing.homes.members) if set(held) & set(court.members)]
    assert (court.name, len(inside)) == ("The court", 2)
    ready = prepared(s, "VILLAGE", target=48, tolerance=0.15, by=owner)
    for plan in alternatives(ready, seed=9):
        assert len(set(plan.part[inside])) == 1
    other = next(k for k in range(len(drawing.each)) if k != drawing.part[inside[0]])
    after = moved(drawing, inside[0], other)
    assert set(after.part[inside]) == {other}
    cut = parted(drawing, int(drawing.part[inside[0]]))
    assert len(set(cut.part[inside])) == 1
    assert len(cut.each) == len(drawing.each) + 1


def test_several_blocks_move_at_once_into_a_new_patch(s: Session, drawing: Drawing, owner: Actor) -> None:
    away = [int(k) for k in drawing.blocks(5)[:2]]
    after = moved(drawing, away, len(drawing.each))
    assert len(after.each) == len(drawing.each) + 1
    assert set(after.part[away]) == {len(drawing.each)}
    kept = keep_corrected(s, after, "a small one", by=owner)
    assert plan_record(s, kept).quality == after.quality


def test_over_the_railway_by_hand_is_said(drawing: Drawing) -> None:
    a, b = (int(k) for k in drawing.homes.walled[0])
    after = moved(drawing, a, int(drawing.part[b]))
    assert after.quality.hard_crossings > 0
    assert any("cannot be walked across" in told for told in warnings(after))


def test_a_lock_is_named_told_and_ended(s: Session, village: Village, owner: Actor) -> None:
    whole = village(streets=2)
    with pytest.raises(BadRequest, match="name"):
        lock(s, whole, " ", ["a", "b"], by=owner)
    with pytest.raises(BadRequest, match="two"):
        lock(s, whole, "Court", ["a", "a"], by=owner)
    with pytest.raises(NotAllowed):
        lock(s, whole, "Court", ["a", "b"], by=Actor("C", "coach"))
    made = lock(s, whole, "Court", ["a", "b"], by=owner, key="k")
    assert lock(s, whole, "Court", ["a", "b"], by=owner, key="k") == made
    (one,) = locks_of(s, whole)
    assert (one.name, one.members, one.made_by, one.version) == ("Court", ("a", "b"), owner.name, 1)
    with pytest.raises(Conflict):
        unlock(s, made, version=7, by=owner)
    unlock(s, made, version=1, by=owner)
    assert locks_of(s, whole) == ()
    assert s.get_one(PatchLock, made).ended_on is not None
    with pytest.raises(BadRequest, match="already"):
        unlock(s, made, version=2, by=owner)


def test_where_coaches_start_from(s: Session) -> None:
    assert base_at(s, "380000, 394000") == ((380_000.0, 394_000.0), "380000, 394000")
    hall = a_venue(s, a_hall(s), name="The Hall")
    assert base_at(s, str(hall)) == (HERE, "The Hall")
    for unknown in ("M1 1AA", "somewhere", "00000000-0000-0000-0000-000000000001"):
        with pytest.raises(NotFound):
            base_at(s, unknown)
