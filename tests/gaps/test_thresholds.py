"""Thresholds of a place's own: set with a source, used by every measure, taken back."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, Dwelling
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound, VersionMissing
from abcd.gaps.possibilities import possibilities
from abcd.gaps.records import Standard
from abcd.gaps.standards import standards
from abcd.gaps.thresholds import ThresholdDraft, forget_threshold, set_threshold
from tests.builders import TODAY, a_place, an_asset, shape
from tests.gaps.test_measures import a_settlement, east, of

FIVE = ThresholdDraft("Residents’ meeting in May", minutes=5)


def standard(s: Session, place: UUID, category: str = "library") -> Standard | None:
    return next((one for one in standards(s, place_id=place) if one.category == category), None)


def test_a_place_is_judged_by_its_own_with_the_usual_beside_it(s: Session, owner: Actor) -> None:
    place = a_settlement(s)
    an_asset(s, at=east(0))
    before = of(s, place)
    set_threshold(s, place, "library", FIVE, by=owner)
    after = of(s, place)
    assert (before.coverage, after.coverage) == (pytest.approx(1.0), pytest.approx(50 / 300))
    assert (after.standard.minutes, after.standard.source) == (5, "Residents’ meeting in May")
    assert (after.standard.usual, after.standard.version) == (before.standard, 1)
    assert of(s, a_settlement(s)).standard == before.standard


def test_a_category_that_nobody_judges_everywhere_is_judged_here(s: Session, owner: Actor) -> None:
    place = a_place(s)
    assert standard(s, place, "allotment") is None
    set_threshold(s, place, "allotment", FIVE, by=owner)
    found = standard(s, place, "allotment")
    assert found is not None
    assert found.minutes == 5
    set_threshold(s, place, "car-park", FIVE, by=owner)  # it has no walk of its own in the taxonomy
    without = standard(s, place, "car-park")
    assert without is not None
    assert (without.minutes, without.usual) == (5, None)


def test_a_green_space_by_its_edge_and_size(s: Session, owner: Actor) -> None:
    place = a_place(s)
    draft = ThresholdDraft("Local plan", metres=400, minimum_area_m2=20_000)
    set_threshold(s, place, "doorstep-greenspace", draft, by=owner)
    found = standard(s, place, "doorstep-greenspace")
    assert found is not None
    assert (found.metres_from_boundary, found.minimum_area_m2, round(found.minutes, 2)) == (400, 20_000, 6.0)
    with pytest.raises(BadRequest, match="metres"):
        set_threshold(s, place, "doorstep-greenspace", FIVE, by=owner, version=1)


def test_setting_again_names_the_version_it_saw(s: Session, owner: Actor) -> None:
    place = a_place(s)
    set_threshold(s, place, "library", FIVE, by=owner)
    with pytest.raises(VersionMissing):
        set_threshold(s, place, "library", FIVE, by=owner)
    set_threshold(s, place, "library", replace(FIVE, minutes=7), by=owner, version=1)
    with pytest.raises(Conflict) as clash:
        set_threshold(s, place, "library", replace(FIVE, minutes=9), by=owner, version=1)
    assert (clash.value.theirs["minutes"], clash.value.ours["minutes"]) == (7, 9)


def test_going_back_to_the_usual(s: Session, owner: Actor) -> None:
    place = a_place(s)
    usual = standard(s, place)
    set_threshold(s, place, "library", FIVE, by=owner)
    with pytest.raises(Conflict):
        forget_threshold(s, place, "library", by=owner, version=4)
    forget_threshold(s, place, "library", by=owner, version=1)
    assert standard(s, place) == usual
    with pytest.raises(NotFound):
        forget_threshold(s, place, "library", by=owner, version=1)
    with pytest.raises(NotFound):
        set_threshold(s, place, "library", FIVE, by=owner, version=1)


def test_the_same_key_does_it_once_and_each_deed_has_one_event(s: Session, owner: Actor) -> None:
    place, key = a_place(s), str(uuid4())
    for _time in range(2):
        set_threshold(s, place, "library", FIVE, by=owner, key=key)
    forget_threshold(s, place, "library", by=owner, version=1)
    told = select(AuditEvent.verb).where(AuditEvent.thing_id == str(place)).order_by(AuditEvent.id)
    assert list(s.scalars(told)) == ["set threshold", "forget threshold"]


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (ThresholdDraft(" ", minutes=5), "Say who"), (ThresholdDraft("Plan"), "between 1 and 30"),
        (ThresholdDraft("Plan", minutes=31), "between 1 and 30"), (ThresholdDraft("Plan", minutes=0.2), "between 1"),
    ],
)  # fmt: skip
def test_values_that_cannot_be(s: Session, owner: Actor, draft: ThresholdDraft, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        set_threshold(s, a_place(s), "library", draft, by=owner)


def test_who_may_and_where(s: Session, owner: Actor) -> None:
    place, other = a_place(s), a_place(s)
    with pytest.raises(NotAllowed):
        set_threshold(s, place, "library", FIVE, by=Actor("Kit Coach", "coach"))
    here_alone = Actor("Mo Manager", "manager", places=frozenset({str(place)}))
    set_threshold(s, place, "library", FIVE, by=here_alone)
    with pytest.raises(NotAllowed):
        set_threshold(s, other, "library", FIVE, by=here_alone)
    for place_id, category in ((uuid4(), "library"), (place, "no-such"), (place, "meeting-places")):
        with pytest.raises(NotFound):
            set_threshold(s, place_id, category, FIVE, by=owner)


def test_the_words_name_the_threshold_of_its_own_and_where_homes_are(s: Session, owner: Actor) -> None:
    place = a_place(s)
    for metres, households in ((-100, 6), (100, 4)):
        point = shape(Point(east(metres)))
        s.add(Dwelling(reference=f"H{metres}", kind="dwelling", point=point, households=households))
    s.flush()
    set_threshold(s, place, "library", FIVE, by=owner)
    found = possibilities(s, place, on=TODAY, voiced={"library": 2})
    library = next(one for one in found if one.category == "library")
    how = "\n".join(library.how)
    for words in ("the place’s own. Everywhere else: within 15 minutes’ walk (", "2 buildings of a list",
                  "20.0 voices for each 100 households"):  # fmt: skip
        assert words in how
    assert "within 5 minutes’ walk (Residents’ meeting in May)" in library.judged_by
    assert library.measure.voiced_per_100 == pytest.approx(20)
