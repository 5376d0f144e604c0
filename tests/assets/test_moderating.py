"""Suggestions: nothing is live until it is approved, field by field, and what was approved can be taken back."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from shapely import Point
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from abcd.access.sealing import SHARE_FILE, unsealed
from abcd.assets.actions import edit_asset
from abcd.assets.contributions import Suggestion, contribute, forget_old
from abcd.assets.moderating import (
    approve_contribution,
    let_in_contribution,
    refuse_contribution,
    take_back_contribution,
    tell_contribution,
)
from abcd.assets.queries import asset
from abcd.assets.suggested import suggested, suggestions, waiting_count
from abcd.core.clock import now, today
from abcd.db.holding import assign
from abcd.db.session import Actor
from abcd.db.tables import Asset, AuditEvent, Contribution, Postcode, RowChange, Verification
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound
from tests.builders import HERE, a_place, an_asset, shape

READER = Actor("share 1", "partner_viewer")
OLD = date(2024, 1, 1)


@pytest.fixture(autouse=True)
def home(s: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))


@pytest.fixture
def library(s: Session) -> UUID:
    return an_asset(s, name="Mill Library", opening_hours="Mo 10:00-12:00", phone="1", checked=OLD, cost="free")


def a_correction(s: Session, about: UUID | None, proposed: dict[str, str], **more: Any) -> UUID:
    seen = {"opening_hours": "Mo 10:00-12:00"} | more.pop("seen", {})
    usual: dict[str, Any] = {"kind": "correction", "came_by": "shared map", "asset_id": about}
    one = Suggestion(proposed=proposed, seen=seen, **(usual | more))
    return contribute(s, one, key=str(uuid4()), by=READER)


def test_the_last_approved_version_stays_live_until_somebody_approves(s: Session, owner: Actor, library: UUID) -> None:
    wish = a_correction(s, library, {"opening_hours": "Tu 14:00-16:00", "cost": ""})
    assert asset(s, library).opening_hours == "Mo 10:00-12:00"
    (line,) = suggestions(s, by=owner)
    assert (line.id, line.name, line.kind, line.state) == (wish, "Mill Library", "correction", "waiting")
    one = suggested(s, wish, by=owner)
    assert (one.proposed, one.seen) == ({"opening_hours": "Tu 14:00-16:00"}, {"opening_hours": "Mo 10:00-12:00"})
    approve_contribution(s, wish, one.proposed, version=1, asset_version=1, by=owner)
    live = asset(s, library)
    assert (live.opening_hours, live.assured_by, live.line.assured_on) == ("Tu 14:00-16:00", "partner list", today())
    assert s.scalars(select(Verification.method)).all() == ["partner list"]
    told = s.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)).all()
    assert list(told) == ["suggest", "edit", "confirm", "approve"]
    assert (suggestions(s, by=owner), waiting_count(s, by=owner)) == ([], 0)
    assert [one.state for one in suggestions(s, by=owner, state="settled")] == ["approved"]


@pytest.mark.parametrize(("came_by", "method"), [("shared map", "partner list"), ("open map", "hearsay"),
                                                 ("group", "group")])  # fmt: skip
def test_how_far_it_is_trusted_follows_from_its_door(
    s: Session, owner: Actor, library: UUID, came_by: str, method: str
) -> None:
    wish = a_correction(s, library, {"cost": "£2"}, came_by=came_by)
    approve_contribution(s, wish, {"cost": "£2"}, version=1, asset_version=1, by=owner)
    assert asset(s, library).assured_by == method


def test_part_of_it_or_a_mended_value_is_partly(s: Session, owner: Actor, library: UUID) -> None:
    for taken in ({"cost": "£2"}, {"cost": "£2 a week", "opening_hours": "Tu 14:00-16:00"}):
        wish = a_correction(s, library, {"cost": "£2", "opening_hours": "Tu 14:00-16:00"})
        approve_contribution(s, wish, taken, version=1, asset_version=asset(s, library).version, by=owner)
        assert suggested(s, wish, by=owner).state == "partly"
        assert {name: getattr(asset(s, library), name) for name in taken} == taken
    wish = a_correction(s, library, {"cost": "£9"})
    with pytest.raises(BadRequest, match="Then refuse it"):
        approve_contribution(s, wish, {}, version=1, asset_version=9, by=owner)


def test_an_approval_names_the_version_that_was_looked_at(s: Session, owner: Actor, library: UUID) -> None:
    wish = a_correction(s, library, {"cost": "£2"})
    edit_asset(s, library, {"cost": "50p"}, version=1, by=owner)
    with pytest.raises(Conflict) as told:
        approve_contribution(s, wish, {"cost": "£2"}, version=1, asset_version=1, by=owner)
    assert (told.value.theirs, told.value.ours) == ({"cost": "50p"}, {"cost": "£2"})


def test_what_is_settled_is_settled_once(s: Session, owner: Actor, library: UUID) -> None:
    wish = a_correction(s, library, {"cost": "£2"})
    for _ in range(2):
        approve_contribution(s, wish, {"cost": "£2"}, version=1, asset_version=1, by=owner, key="press")
    with pytest.raises(Conflict):
        refuse_contribution(s, wish, "No", version=1, by=owner)
    with pytest.raises(BadRequest, match="settled this already"):
        refuse_contribution(s, wish, "No", version=2, by=owner)
    with pytest.raises(BadRequest, match="Say why"):
        refuse_contribution(s, wish, " ", version=2, by=owner)


def test_a_closing_retires_it_and_can_be_taken_back(s: Session, owner: Actor, library: UUID) -> None:
    wish = a_correction(s, library, {"status": "defunct", "cost": "£2"})
    assert suggested(s, wish, by=owner).kind == "closing"
    approve_contribution(s, wish, {"status": "defunct", "cost": "£2"}, version=1, asset_version=1, by=owner)
    assert (asset(s, library).line.status, asset(s, library).end_date) == ("defunct", today())
    take_back_contribution(s, wish, version=2, by=owner)
    live = asset(s, library)
    assert (live.line.status, live.end_date, live.cost, live.line.assured_on) == ("active", None, "free", OLD)
    assert suggested(s, wish, by=owner).state == "waiting"


def test_an_approval_is_taken_back_unless_somebody_went_on(s: Session, owner: Actor, library: UUID) -> None:
    wish = a_correction(s, library, {"cost": "£2"})
    approve_contribution(s, wish, {"cost": "£2"}, version=1, asset_version=1, by=owner)
    take_back_contribution(s, wish, version=2, by=owner)
    assert (asset(s, library).cost, asset(s, library).line.assured_on) == ("free", OLD)
    approve_contribution(s, wish, {"cost": "£2"}, version=3, asset_version=asset(s, library).version, by=owner)
    edit_asset(s, library, {"cost": "£3"}, version=asset(s, library).version, by=owner)
    with pytest.raises(BadRequest, match="same things since"):
        take_back_contribution(s, wish, version=4, by=owner)
    assert asset(s, library).cost == "£3"


def test_a_move_is_taken_back_to_the_metre(s: Session, owner: Actor, library: UUID) -> None:
    east, north = HERE
    s.add(Postcode(postcode="M167AA", point=shape(Point(east + 500, north))))
    wish = a_correction(s, library, {"postcode": "m16 7aa"})
    approve_contribution(s, wish, {"postcode": "M16 7AA"}, version=1, asset_version=1, by=owner)
    assert asset(s, library).line.easting == east + 500
    take_back_contribution(s, wish, version=2, by=owner)
    assert (asset(s, library).line.easting, asset(s, library).line.postcode) == (east, "")


def test_something_new_is_added_with_what_the_officer_completed(s: Session, owner: Actor) -> None:
    wish = a_correction(s, None, {"name": "Chess club", "address": "Weavers Hall", "reach": "ask Ali"}, kind="addition")
    east, north = HERE
    taken = suggested(s, wish, by=owner).proposed | {"category": "arts-and-music", "easting": east, "northing": north}
    made = approve_contribution(s, wish, taken, version=1, by=owner)
    assert made
    assert (asset(s, made).name, asset(s, made).source_kind) == ("Chess club", "partner list")
    assert suggested(s, wish, by=owner).asset_id == made
    take_back_contribution(s, wish, version=2, by=owner)
    assert asset(s, made).line.status == "defunct"
    assert suggested(s, wish, by=owner).asset_id is None


@pytest.mark.parametrize(
    ("kind", "proposed", "says"),
    [("correction", {}, "at least one field"), ("correction", {"opening_hours": "Mo 10:00-12:00"}, "at least one"),
     ("correction", {"version": "9", "id": "x"}, "at least one field"), ("correction", {"step_free": "<b>"}, "offered"),
     ("correction", {"status": "active"}, "offered"), ("correction", {"postcode": "M16"}, "full postcode"),
     ("correction", {"name": "x" * 201}, "200 letters"), ("addition", {"address": "Here"}, "Give it a name"),
     ("addition", {"name": "Chess"}, "roughly where"),
     ("addition", {"name": "Chess", "address": "Here", "category": "nonsense"}, "not a category")],
)  # fmt: skip
def test_what_cannot_be_kept_is_a_sentence(
    s: Session, library: UUID, kind: str, proposed: dict[str, str], says: str
) -> None:
    with pytest.raises(BadRequest, match=says):
        a_correction(s, library if kind == "correction" else None, proposed, kind=kind)


def test_sent_twice_it_is_kept_once(s: Session, owner: Actor, library: UUID) -> None:
    one = Suggestion("correction", "shared map", {"cost": "£2"}, asset_id=library)
    assert {contribute(s, one, key="same", by=READER) for _ in range(3)} == {suggestions(s, by=owner)[0].id}


def test_how_to_reach_them_is_sealed_and_gone_once_they_were_told(s: Session, owner: Actor, library: UUID) -> None:
    wish = a_correction(s, library, {"cost": "£2"}, told_by="nia@example.org", role_words="link worker")
    kept = s.get_one(Contribution, wish).reach
    assert "nia" not in kept
    assert unsealed(kept, key=SHARE_FILE) == suggested(s, wish, by=owner).told_by == "nia@example.org"
    with pytest.raises(BadRequest, match="Settle it first"), s.begin_nested():
        tell_contribution(s, wish, version=1, by=owner)
    refuse_contribution(s, wish, "It is free", version=1, by=owner)
    assert [one.is_to_be_told for one in suggestions(s, by=owner, state="settled")] == [True]
    tell_contribution(s, wish, version=2, by=owner)
    assert suggested(s, wish, by=owner).told_by == ""
    assert [one.is_to_be_told for one in suggestions(s, by=owner, state="settled")] == [False]


def test_nothing_that_was_typed_stands_in_the_trail(s: Session, owner: Actor, library: UUID) -> None:
    wish = a_correction(
        s, library, {"cost": "canary-1"}, own_words="canary-2", role_words="canary-3", told_by="canary-4"
    )
    refuse_contribution(s, wish, "No", version=1, by=owner)
    s.flush()
    said = [str(one) for table in (AuditEvent, RowChange) for one in s.execute(select(table.before, table.after))]
    assert said
    assert [one for one in said if "canary" in one] == []


@pytest.mark.parametrize(("days", "left"), [(27, True), (29, False)])
def test_28_days_are_enough_for_reach_and_for_the_trap(
    s: Session, owner: Actor, library: UUID, days: int, left: bool
) -> None:
    waits = a_correction(s, library, {"cost": "£2"}, told_by="nia@example.org")
    a_correction(s, library, {"cost": "£3"}, kept_apart=True)
    s.execute(update(Contribution).values(received_at=now() - timedelta(days=days)))
    forget_old(s)
    assert bool(suggested(s, waits, by=owner).told_by) is left
    assert bool(suggestions(s, by=owner, state="apart")) is left
    assert len(suggestions(s, by=owner)) == 1


def test_what_was_settled_goes_after_a_year(s: Session, owner: Actor, library: UUID) -> None:
    refuse_contribution(s, a_correction(s, library, {"cost": "£2"}), "No", version=1, by=owner)
    s.execute(text("update core.contribution set settled_at = now() - interval '364 days'"))
    forget_old(s)
    assert s.scalars(select(Contribution)).all()
    s.execute(text("update core.contribution set settled_at = now() - interval '366 days'"))
    forget_old(s)
    assert s.scalars(select(Contribution.id)).all() == []


def test_what_fell_into_the_trap_waits_apart(s: Session, owner: Actor, library: UUID) -> None:
    wish = a_correction(s, library, {"cost": "£2"}, kept_apart=True)
    assert (suggestions(s, by=owner), waiting_count(s, by=owner)) == ([], 0)
    let_in_contribution(s, wish, version=1, by=owner)
    assert [one.id for one in suggestions(s, by=owner)] == [wish]


def test_the_oldest_come_first(s: Session, owner: Actor, library: UUID) -> None:
    wishes = [a_correction(s, library, {"cost": f"£{n}"}) for n in range(3)]
    for days, wish in enumerate(wishes):
        s.execute(update(Contribution).where(Contribution.id == wish).values(received_at=now() - timedelta(days=days)))
    assert [one.id for one in suggestions(s, by=owner)] == wishes[::-1]


def test_officers_see_and_settle_what_lies_in_their_places(s: Session, owner: Actor) -> None:
    east, north = HERE
    here, there = a_place(s), a_place(s, (east + 5_000, north), name="There")
    made = [an_asset(s, at=at, name=name) for at, name in ((HERE, "Here"), ((east + 5_000, north), "There"))]
    assign(s, asset_ids=made)
    wishes = [a_correction(s, one, {"cost": "£2"}) for one in made]
    named = {"name": "Chess", "address": "x"}
    news = [a_correction(s, None, named, kind="addition", place_ids=places) for places in ((here,), (there,), ())]
    cara = Actor("Cara", "coach", places=frozenset({str(here)}))
    assert {one.id for one in suggestions(s, by=cara)} == {wishes[0], news[0], news[2]}
    assert waiting_count(s, by=cara) == 3
    assert {one.id for one in suggestions(s, by=owner, place_id=there)} == {wishes[1], news[1]}
    with pytest.raises(NotFound):
        approve_contribution(s, wishes[1], {"cost": "£2"}, version=1, asset_version=1, by=cara)
    with pytest.raises(NotFound):
        refuse_contribution(s, news[1], "No", version=1, by=cara)
    approve_contribution(s, wishes[0], {"cost": "£2"}, version=1, asset_version=1, by=cara)
    with pytest.raises(NotAllowed):
        suggestions(s, by=Actor("Pat", "partner_viewer"))
    assert s.get_one(Asset, made[1]).cost == ""
