"""Like is compared with like, by one stated rule."""

from datetime import date
from uuid import UUID

import pytest
from shapely import box
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.db.tables import Households
from abcd.gaps.measures import measures
from abcd.gaps.possibilities import possibilities
from abcd.gaps.similar import Subject, alike
from tests.builders import HERE, TODAY, a_place, a_search, an_asset


def far(step: int) -> tuple[float, float]:
    return HERE[0] + 5000 * step, HERE[1]


def subject(place: UUID, households: int = 200) -> Subject:
    return Subject(place, "estate", households, 400.0**2)


def test_same_kind_nearest_in_households(s: Session) -> None:
    here = a_place(s, households=200)
    near = [a_place(s, far(i), households=200 + 10 * i) for i in range(1, 4)]
    a_place(s, far(4), households=2000)
    a_place(s, far(5), households=200, kind="ward")
    a_place(s, far(6), households=None)
    assert alike(s, subject(here), many=3) == near


def test_density_and_tenure_count_as_much_when_known(s: Session) -> None:
    here = a_place(s, households=200)
    crowded = a_place(s, far(1), households=200, size=100)
    like = a_place(s, far(2), households=210)
    assert alike(s, subject(here), many=1) == [like]
    twin = a_place(s, far(3), households=215)
    for place, rented in ((here, 180), (like, 0), (twin, 190)):
        s.add(Households(place_id=place, year=2021, measure="social_rented", count=rented))
    s.flush()
    assert alike(s, subject(here)) == [twin, like, crowded]


def test_a_place_without_households_has_no_like(s: Session) -> None:
    a_place(s, far(1), households=200)
    assert alike(s, subject(a_place(s), households=0)) == []


def test_how_similar_places_fare(s: Session) -> None:
    here = a_place(s, households=200)
    others = [a_place(s, far(i), households=200) for i in (1, 2, 3)]
    library = an_asset(s, at=far(1))
    an_asset(s, at=(far(2)[0] + 200 + 760, far(2)[1]))
    an_asset(s, at=(far(3)[0] + 200 + 780, far(3)[1]))
    s.execute(text("insert into core.place_asset values (:p, :a, 'within')"), {"p": others[0], "a": library})
    similar = next(one.similar for one in measures(s, here, on=TODAY) if one.standard.category == "library")
    # 15 minutes' walk is a straight line of 769.6 m from the edge of the place.
    assert (similar.n, similar.having, similar.typical) == (3, 2, pytest.approx(0.0))
    assert "same kind" in similar.rule


def test_green_spaces_of_similar_places_count_by_their_shape(s: Session) -> None:
    here, (east, north) = a_place(s, households=200), far(1)
    a_place(s, far(1), households=200)
    meadow = box(east + 390, north, east + 600, north + 100)
    an_asset(s, "park", geom=meadow, kind="physical")
    an_asset(s, "doorstep-greenspace", geom=box(*far(2), far(2)[0] + 20, far(2)[1] + 20), kind="physical")
    a_place(s, far(2), households=200)
    similar = next(one.similar for one in measures(s, here, on=TODAY) if one.standard.category == "doorstep-greenspace")
    # The park's edge is 190 m from the first place's edge and 2.1 ha; the second has too small a green.
    assert (similar.n, similar.having) == (2, 1)


def test_the_prior_comes_from_similar_places_where_somebody_knows(s: Session) -> None:
    here = a_place(s, households=200)
    others = [a_place(s, far(i), households=200) for i in range(1, 11)]
    for place in others[:5]:
        a_search(s, place, "library")
    a_search(s, others[9], "library", on=date(2025, 5, 1))
    known = next(one.knowledge for one in possibilities(s, here, on=TODAY) if one.category == "library")
    assert known.prior == pytest.approx(6 / 15)
