"""The social-infrastructure lens: each part by hand, compared with similar places, and no sum of them anywhere."""

from dataclasses import fields
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.db.tables import Group
from abcd.errors import NotFound
from abcd.gaps.lens import DOMAINS, Lens, LensPart, lens
from abcd.gaps.needs import EVENINGS
from tests.builders import HERE, a_group, a_place, a_small_area, a_venue, an_asset


def inside(s: Session, place: UUID, *assets: UUID) -> None:
    for asset in assets:
        s.execute(text("insert into core.place_asset values (:p, :a, 'within')"), {"p": place, "a": asset})


def part(found: Lens, slug: str) -> LensPart:
    return next(one for domain in found.domains for one in domain.parts if one.slug == slug)


def a_known_place(s: Session) -> UUID:
    """An estate of 200 households, three quarters of which live ten minutes from its hall."""
    place = a_place(s, households=200)
    a_small_area(s, (HERE[0] + 100, HERE[1]), 150)
    a_small_area(s, (HERE[0] - 199, HERE[1]), 50)
    hall = a_venue(s, "community-centre", (HERE[0] + 560, HERE[1]), open_grid=EVENINGS, is_underused=True)
    cafe = a_venue(s, "cafe", (HERE[0] + 590, HERE[1]), open_grid=1)
    school = a_venue(s, "school", HERE)
    led = a_group(s, run_by="residents", meets_at=hall, open_to_new="yes")
    staffed = a_group(s, run_by="staff")
    s.get_one(Group, led).streets_mix = "mixed"
    s.flush()
    inside(s, place, hall, cafe, school, led, staffed, a_group(s), an_asset(s, "festival", kind="story"))
    return place


def test_each_part_by_hand(s: Session) -> None:
    found = lens(s, a_known_place(s))
    assert {one.slug: (one.value, one.count, one.of) for domain in found.domains for one in domain.parts} == {
        "rooms": (10.0, 2, 200), "rooms_near": (0.75, 0, 200), "spare": (5.0, 1, 200), "rooms_late": (0.5, 1, 2),
        "tied": (pytest.approx(1 / 3), 1, 3), "mixed": (1.0, 1, 1), "bus_near": (0.0, 0, 200),
        "online_near": (0.0, 0, 200), "groups": (15.0, 3, 200), "resident_led": (0.5, 1, 2), "welcoming": (1.0, 1, 1),
        "gatherings": (5.0, 1, 200),
    }  # fmt: skip


def test_what_nobody_was_asked_is_unknown_and_not_none(s: Session) -> None:
    found = lens(s, a_place(s, households=100))
    assert {part(found, slug).value for slug in ("mixed", "resident_led", "welcoming", "rooms_late", "tied")} == {None}
    assert part(found, "rooms").value == 0
    assert part(lens(s, a_place(s)), "rooms").value is None


def test_similar_places_are_told_by_their_median(s: Session) -> None:
    place = a_known_place(s)
    for number, rooms in enumerate((1, 2, 4)):
        other = a_place(s, (HERE[0] + 20_000 * (number + 1), HERE[1]), households=200)
        for _again in range(rooms):
            inside(s, other, a_venue(s, "library", (HERE[0] + 20_000 * (number + 1), HERE[1])))
    found = lens(s, place)
    assert (found.similar, part(found, "rooms").similar, part(found, "spare").similar) == (3, 10.0, 0.0)
    assert part(found, "resident_led").similar is None


def test_there_is_no_index(s: Session) -> None:
    assert [one.name for one in fields(Lens)] == ["domains", "similar"]
    found = lens(s, a_place(s, households=100))
    assert [(one.slug, tuple(part.slug for part in one.parts)) for one in found.domains] == list(DOMAINS.items())
    with pytest.raises(NotFound):
        lens(s, uuid4())
