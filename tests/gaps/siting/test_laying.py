"""Where one more would help, in an estate whose walks can be worked out by hand, and what if it stood elsewhere."""

from uuid import UUID, uuid4

import numpy as np
import pytest
from shapely import LineString, Point
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.db.tables import Barrier, Dwelling, Postcode, Venue
from abcd.errors import BadRequest, NotAllowed, NotFound
from abcd.gaps.siting.clusters import MOST, SHOWN, clusters, shown
from abcd.gaps.siting.ground import ground
from abcd.gaps.siting.laying import laid_out, siting
from abcd.gaps.siting.trying import trial
from tests.builders import HERE, a_place, a_small_area, a_venue, an_asset, shape
from tests.people.conftest import ask_as

MINUTE = 66.7 / 1.3
"""Metres of a straight line that a minute's walk covers."""


def east(metres: float, north: float = 0) -> tuple[float, float]:
    return HERE[0] + metres, HERE[1] + north


def a_long_estate(s: Session, households: tuple[int, ...] = (100, 50, 150, 40, 60)) -> UUID:
    """Homes at -1200, -600, 0, 600 and 1200 metres: an older people's group counts within 10 minutes, 513 metres."""
    for at, count in zip((-1200, -600, 0, 600, 1200), households, strict=True):
        a_small_area(s, east(at), count)
    return a_place(s, size=2600)


def own_room(s: Session, metres: float, **more: object) -> UUID:
    venue = a_venue(s, "common-room", east(metres), **more)  # type: ignore[arg-type]
    s.get_one(Venue, venue).ha_owned = True
    s.flush()
    return venue


def test_our_own_rooms_come_first_then_partners_then_a_new_place(s: Session) -> None:
    place = a_long_estate(s)
    an_asset(s, "older-peoples-group", east(0), kind="association")
    ours = own_room(s, 900, name="Mill Court common room")
    theirs = a_venue(s, "community-centre", east(-900), name="St John's hall")
    found = siting(s, place, "older-peoples-group")
    assert (found.households, found.near, found.share) == (400, 150, 0.375)
    own, partner, new = found.pools
    # From 900 m both homes to the east are 300 m away; from -900 m both to the west; from a home only that one.
    assert [(one.sites[0].asset_id, one.gained, one.near) for one in own.steps] == [(ours, 100, 250)]
    assert [(one.gained, {site.asset_id for site in one.sites}) for one in partner.steps] == [
        (150, {theirs}), (250, {ours, theirs}),
    ]  # fmt: skip
    assert [one.gained for one in new.steps] == [150, 250]
    assert all(site.kind != "new" for one in new.steps for site in one.sites)
    assert (partner.tried, new.tried) == (2, 7)
    assert all(step.is_proven for pool in found.pools for step in pool.steps)


def test_who_is_left_out_is_named_with_households_and_where(s: Session) -> None:
    place = a_long_estate(s)
    s.add(Postcode(postcode="M330AB", point=shape(Point(east(-1150)))))
    s.flush()
    found = siting(s, place, "older-peoples-group").pool("new").steps
    first = found[0]
    assert (first.gained, first.sites[0].name) == (150, "A new place in the middle")
    assert [(one.households, one.where) for one in first.left_out] == [
        (100, "round M33 0AB, in the west"), (60, "in the east"), (50, "in the west"), (40, "in the east"),
    ]  # fmt: skip
    assert [step.gained for step in found] == [150, 250, 310, 360, 400]
    assert found[-1].left_out == ()
    assert found[1].each == (150, 100)


def test_what_is_there_stays_and_nothing_is_added_where_all_are_near(s: Session) -> None:
    place = a_long_estate(s)
    for at in (-900, 0, 900):
        an_asset(s, "older-peoples-group", east(at), kind="association")
    found = siting(s, place, "older-peoples-group", voices=12)
    assert (found.near, found.left_out) == (400, ())
    assert [pool.steps for pool in found.pools] == [(), (), ()]


def test_those_who_asked_decide_between_rooms_that_reach_as_many(s: Session) -> None:
    place = a_long_estate(s, (100, 80, 200, 0, 100))
    an_asset(s, "older-peoples-group", east(-300), kind="association")
    first, second = own_room(s, 900, name="A common room"), own_room(s, -900, name="Z common room")
    # Each reaches 100 households that are near none; the second also 80 that are, some of whom asked all the same.
    chosen = {voices: siting(s, place, "older-peoples-group", voices=voices).pool("own") for voices in (0, 40)}
    assert {voices: pool.steps[0].sites[0].asset_id for voices, pool in chosen.items()} == {0: first, 40: second}
    assert {pool.steps[0].gained for pool in chosen.values()} == {100}


def test_a_room_with_steps_is_no_answer_for_those_who_need_none(s: Session) -> None:
    place = a_long_estate(s)
    an_asset(s, "library", east(0), step_free="no")
    assert siting(s, place, "library", "slower").near > siting(s, place, "library", "slower", ("step_free",)).near == 0


def test_a_category_that_stands_in_no_room_is_only_sited_among_homes(s: Session) -> None:
    place = a_long_estate(s)
    own_room(s, 900)
    found = siting(s, place, "bus-stop")
    assert [len(pool.steps) > 0 for pool in found.pools] == [False, False, True]


def test_where_single_homes_are_is_the_teams_to_try_out(s: Session) -> None:
    place, partner = a_long_estate(s), Actor("Pat Partner", "partner_viewer")
    ask_as(s, partner)
    assert ground(s, place, "older-peoples-group").homes.kind == "area"
    ask_as(s, Actor("Cara Coach", "coach"))
    s.add(Dwelling(reference="D1", kind="dwelling", street="", point=shape(Point(*east(0))), households=400))
    s.flush()
    about = ground(s, place, "older-peoples-group")
    assert about.homes.kind == "dwelling"
    assert about.nbytes >= about.minutes.nbytes
    ask_as(s, partner)
    with pytest.raises(NotAllowed):
        ground(s, place, "older-peoples-group")


def test_hundreds_of_dwellings_become_a_list_that_can_be_read() -> None:
    points = np.array([east(40 * (number % 25), 40 * (number // 25)) for number in range(600)])
    found = clusters(points, np.full(600, 2.0))
    assert 60 < len(found) <= MOST
    assert sum(one.households for one in found) == 1200
    assert {(one.easting, one.northing) for one in found} <= {tuple(point) for point in points.tolist()}
    assert found == clusters(points[::-1], np.full(600, 2.0))


def test_homes_on_a_list_or_map_stand_in_the_middle_of_a_square_and_at_nobodys_door() -> None:
    points = np.array([east(10, 10), east(20, 30), east(210, 10), east(330, 15)])
    found = shown(points, np.array([1.0, 4.0, 2.0, 0.0]))
    assert [one.households for one in found] == [5, 2]
    for one in found:
        assert (one.easting % SHOWN, one.northing % SHOWN) == (SHOWN / 2, SHOWN / 2)
    assert shown(points[:0], np.zeros(0)) == []


def test_a_railway_between_a_room_and_homes_is_walked_round(s: Session) -> None:
    place = a_long_estate(s)
    own_room(s, 1000)
    assert siting(s, place, "older-peoples-group").pool("own").steps[0].gained == 100
    line = LineString([east(1150, -3000), east(1150, 3000)])
    s.add(Barrier(nature="railway", name="The line", is_hard=True, geom=shape(line), made_by="Test"))
    s.flush()
    assert siting(s, place, "older-peoples-group").pool("own").steps[0].gained == 40


def test_green_spaces_and_what_nobody_judges_by_a_walk_are_refused(s: Session) -> None:
    place = a_long_estate(s)
    for category in ("doorstep-greenspace", "online-group", "no-such-thing"):
        with pytest.raises(BadRequest):
            siting(s, place, category)
    with pytest.raises(NotFound):
        siting(s, uuid4(), "library")
    with pytest.raises(BadRequest):
        siting(s, place, "library", "running")


def test_moving_a_venue_says_who_gains_and_who_loses(s: Session) -> None:
    place = a_long_estate(s)
    group = an_asset(s, "older-peoples-group", east(-900), kind="association")
    about = ground(s, place, "older-peoples-group")
    moved = trial(s, about, east(300), group)
    assert (moved.before.households, moved.after.households) == (150, 190)
    assert moved.before.median_minutes == pytest.approx(900 / MINUTE)
    assert moved.after.median_minutes == pytest.approx(900 / MINUTE)
    assert {one.households for one in moved.gained} == {150, 40}
    assert {one.households for one in moved.lost} == {100, 50}
    more = trial(s, about, east(300))
    assert (more.after.households, more.lost) == (340, ())
    assert more.after.share == pytest.approx(340 / 400)
    with pytest.raises(BadRequest):
        trial(s, about, east(300), uuid4())


def test_the_answer_is_kept_until_the_register_changes(s: Session) -> None:
    place = a_long_estate(s)
    first = laid_out(s, place, "library")
    assert laid_out(s, place, "library") == first
    assert laid_out(s, place, "library", "slower").near <= first.near
