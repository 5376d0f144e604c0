"""Barriers and crossings that people draw, change and end."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import shapely
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from abcd.core.geo import to_degrees
from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, Barrier, Crossing
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound, VersionMissing
from abcd.places.barrier_deeds import BarrierDraft, add_barrier, edit_barrier, end_barrier
from abcd.places.barriers import barrier, barriers_listed, barriers_mark, barriers_near
from abcd.places.crossing_deeds import CrossingDraft, add_crossing, edit_crossing, end_crossing
from tests.builders import HERE, a_place

EAST, NORTH = HERE
LONG_AGO = datetime(2025, 3, 1, tzinfo=UTC)
BOX = (EAST - 100, NORTH - 100, EAST + 100, NORTH + 100)


def drawn(*corners: tuple[float, float]) -> dict[str, Any]:
    """A line through corners in metres from here, as the map tells it."""
    lon, lat = to_degrees([EAST + x for x, _ in corners], [NORTH + y for _, y in corners])
    return {"type": "LineString", "coordinates": [list(pair) for pair in zip(lon, lat, strict=True)]}


def at(x: float, y: float, name: str = "Footbridge", step_free: str = "unknown") -> CrossingDraft:
    lon, lat = to_degrees([EAST + x], [NORTH + y])
    return CrossingDraft(name, float(lon[0]), float(lat[0]), step_free)


@pytest.fixture
def railway(s: Session, owner: Actor) -> UUID:
    line = drawn((-500, 0), (500, 0))
    return add_barrier(s, BarrierDraft(" Railway ", line, "railway", True, "Walked it"), by=owner)


def told(s: Session, thing: UUID) -> list[tuple[str, str | None]]:
    """What was done to a barrier, with the reason or the crossing."""
    events = s.execute(select(AuditEvent.verb, AuditEvent.after).where(AuditEvent.thing_id == str(thing))
                       .order_by(AuditEvent.id))  # fmt: skip
    return [(verb, after.get("reason") or after.get("crossing")) for verb, after in events]


def test_the_mark_of_some_barriers_differs_with_each_change_and_with_nothing_else(
    s: Session, railway: UUID, owner: Actor
) -> None:
    marks = [barriers_mark(s, BOX)]
    assert not barriers_mark(s, (EAST + 600, NORTH - 100, EAST + 700, NORTH + 100)), "none lies there"
    crossing = add_crossing(s, railway, at(0, 0), by=owner)
    marks.append(barriers_mark(s, BOX))
    edit_crossing(s, crossing, {"step_free": "yes"}, version=1, by=owner)
    marks.append(barriers_mark(s, BOX))
    far = drawn((2_000, 0), (3_000, 0))
    add_barrier(s, BarrierDraft("Brook", far, "river", True, "Walked it"), by=owner)
    assert barriers_mark(s, BOX) == marks[-1], "what lies elsewhere is no change here"
    end_crossing(s, crossing, "It was taken away", version=2, by=owner)
    assert barriers_mark(s, BOX) == marks[0], "as before the crossing was drawn"
    end_barrier(s, railway, "It was taken up", version=1, by=owner)
    assert len({*marks, barriers_mark(s, BOX)}) == 4


def test_a_drawn_barrier_is_found_where_it_lies_and_in_the_list(s: Session, railway: UUID) -> None:
    (near,) = barriers_near(s, BOX)
    assert (near.id, near.source) == (railway, ""), "who told of it is for its own page"
    found = barrier(s, railway)
    assert (found.id, found.name, found.nature, found.is_hard, found.source) == (
        railway, "Railway", "railway", True, "Walked it",
    )  # fmt: skip
    assert found.line.length == pytest.approx(1_000, abs=0.01)
    assert not barriers_near(s, (EAST + 600, NORTH - 100, EAST + 700, NORTH + 100))
    assert [one.id for one in barriers_listed(s, "rail")] == [railway]
    assert not barriers_listed(s, "r%l")


def test_a_crossing_is_moved_onto_the_line_and_may_not_be_far_from_it(s: Session, owner: Actor, railway: UUID) -> None:
    add_crossing(s, railway, at(100, 35, step_free="yes"), by=owner)
    (crossing,) = barrier(s, railway).crossings
    assert (crossing.easting, crossing.northing) == (
        pytest.approx(EAST + 100, abs=0.01),
        pytest.approx(NORTH, abs=0.01),
    )
    assert crossing.step_free == "yes"
    with pytest.raises(BadRequest, match="onto the line"):
        add_crossing(s, railway, at(100, 70), by=owner)


def test_crossings_follow_a_line_that_is_drawn_anew_or_hold_it_back(s: Session, owner: Actor, railway: UUID) -> None:
    add_crossing(s, railway, at(100, 0), by=owner)
    edit_barrier(s, railway, {"is_hard": False}, version=1, by=owner, line=drawn((-500, 0), (500, 40)))
    found = barrier(s, railway)
    assert (found.version, found.is_hard) == (2, False)
    assert found.line.distance(shapely.Point(found.crossings[0].easting, found.crossings[0].northing)) < 1e-6
    with pytest.raises(BadRequest, match="“Footbridge” would no longer lie on the line"):
        edit_barrier(s, railway, {}, version=2, by=owner, line=drawn((-500, 300), (500, 300)))


def test_when_a_line_and_its_crossing_last_changed_is_noted(s: Session, owner: Actor, railway: UUID) -> None:
    crossing = add_crossing(s, railway, at(100, 0), by=owner)
    for table, key in ((Barrier, railway), (Crossing, crossing)):
        s.execute(update(table).where(table.id == key).values(updated_at=LONG_AGO))
        changed = select(table.updated_at).where(table.id == key)
        assert s.scalar(changed) == LONG_AGO
        edit = edit_barrier if table is Barrier else edit_crossing
        edit(s, key, {"name": "New name"}, version=1, by=owner)
        assert s.scalar(changed) > LONG_AGO


def test_ends_have_reasons_and_a_history(s: Session, owner: Actor, railway: UUID) -> None:
    crossing = add_crossing(s, railway, at(0, 0), by=owner)
    edit_crossing(s, crossing, {"step_free": "no"}, version=1, by=owner)
    with pytest.raises(BadRequest, match="Say why"):
        end_crossing(s, crossing, " ", version=2, by=owner)
    end_crossing(s, crossing, "Bricked up", version=2, by=owner)
    assert barrier(s, railway).crossings == ()
    end_barrier(s, railway, "The line was lifted", version=1, by=owner)
    with pytest.raises(NotFound):
        barrier(s, railway)
    assert told(s, railway) == [
        ("add", None), ("add", "Footbridge"), ("edit", "Footbridge"), ("end", "Bricked up"),
        ("end", "The line was lifted"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "message"),
    [
        (BarrierDraft(" ", drawn((0, 0), (50, 0))), "needs a name"),
        (BarrierDraft("Wall", drawn((0, 0), (1, 0))), "between 5 metres"),
        (BarrierDraft("Wall", None), "could not be read|one line"),
        (BarrierDraft("Wall", drawn((0, 0), (50, 0)), "fence"), "is one of"),
        (BarrierDraft("Wall", {"type": "Point", "coordinates": [-2, 53]}), "one line"),
    ],
)
def test_what_is_no_barrier_is_refused(s: Session, owner: Actor, draft: BarrierDraft, message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        add_barrier(s, draft, by=owner)


def test_an_edit_names_its_version_and_is_made_once(s: Session, owner: Actor, railway: UUID) -> None:
    with pytest.raises(VersionMissing):
        edit_barrier(s, railway, {"name": "x"}, version=None, by=owner)
    for _ in range(2):
        edit_barrier(s, railway, {"name": "Line"}, version=1, by=owner, key="twice")
    assert barrier(s, railway).version == 2
    with pytest.raises(Conflict):
        edit_barrier(s, railway, {"name": "Other"}, version=1, by=owner)


def test_a_coach_draws_only_what_touches_their_places_and_a_partner_draws_nothing(s: Session, owner: Actor) -> None:
    here, far = a_place(s, kind="patch"), a_place(s, (EAST + 9_000, NORTH), kind="patch", name="Far")
    line = drawn((-500, 0), (500, 0))
    near = Actor("Cara Coach", "coach", places=frozenset({str(here)}))
    made = add_barrier(s, BarrierDraft("Brook", line, "river"), by=near)
    assert barrier(s, made).made_by == "Cara Coach"
    elsewhere = Actor("Fay Far", "coach", places=frozenset({str(far)}))
    with pytest.raises(NotAllowed, match="outside your places"):
        add_barrier(s, BarrierDraft("Brook", line, "river"), by=elsewhere)
    with pytest.raises(NotAllowed):
        add_crossing(s, made, at(0, 0), by=elsewhere)
    with pytest.raises(NotAllowed):
        end_barrier(s, made, "No brook", version=1, by=near)
    with pytest.raises(NotAllowed):
        add_barrier(s, BarrierDraft("Brook", line), by=Actor("Pat Partner", "partner_viewer"))
