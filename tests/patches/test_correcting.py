"""A plan in people's hands: moved, joined, parted, kept with a reason; coaches and people follow their patch."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from geoalchemy2.shape import to_shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access.accounts import Reach, add_account
from abcd.access.invitations import invite
from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import AccountPlace, Invitation, PatchPlan, Person, Place
from abcd.errors import BadRequest, NotAllowed, NotFound
from abcd.patches.adopting import adopt
from abcd.patches.coaches import assign_coach, can_be_coach, coaches_of, coaches_on, patches_of
from abcd.patches.correcting import Drawing, joined, keep_corrected, moved, opened, parted, warnings
from abcd.patches.locks import Lock
from abcd.patches.net import components
from abcd.patches.plans import draw, plan_record
from abcd.patches.quality import plan_quality
from abcd.people.actions import add_person
from tests.builders import a_place
from tests.patches.test_plans import town  # noqa: F401
from tests.people.conftest import a_draft, an_association, ask_as


@pytest.fixture
def drawing(s: Session, town: UUID, owner: Actor) -> Drawing:  # noqa: F811
    return opened(s, draw(s, "TOWN", target=600, seed=3, by=owner)[1].id)


def border(drawing: Drawing) -> tuple[int, int]:
    """A block beside another patch, and that patch."""
    return next((block, drawing.neighbours(block)[1]) for block in range(len(drawing.part))
                if len(drawing.neighbours(block)) > 1)  # fmt: skip


def afresh(drawing: Drawing) -> object:
    """The measures of the whole worked out from nothing."""
    return plan_quality(drawing.homes, drawing.part, drawing.shapes, drawing.room, now=drawing.now)


def test_a_moved_block_changes_two_patches_and_what_is_said_of_the_whole(drawing: Drawing) -> None:
    block, patch = border(drawing)
    after = moved(drawing, block, patch)
    changed = {k for k in range(6) if after.each[k] != drawing.each[k]}
    assert changed == {int(drawing.part[block]), patch}
    assert sum(each.households for each in after.each) == 3640
    assert after.quality == afresh(after)
    assert after.moves == 1


def test_patches_are_joined_and_parted(drawing: Drawing) -> None:
    block, patch = border(drawing)
    one = joined(drawing, int(drawing.part[block]), patch)
    assert len(one.each) == 5
    assert one.quality == afresh(one)
    big = int(np.argmax([each.households for each in one.each]))
    two = parted(one, big)
    assert len(two.each) == 6
    assert abs(two.each[big].households - two.each[-1].households) <= 200
    assert two.quality == afresh(two)
    with pytest.raises(BadRequest, match="two patches"):
        joined(drawing, 1, 1)


def test_a_lock_over_two_patches_counts_inside_each(drawing: Drawing) -> None:
    """A lock may be younger than the plan: of what it keeps together only what lies in the patch is cut or kept."""
    block, beside = border(drawing)
    patch = int(drawing.part[block])
    about = {k for each in drawing.blocks(patch).tolist() for k in drawing.neighbours(each)}
    one = joined(drawing, patch, min(about - {patch, beside}))
    patch = int(one.part[block])
    beside = next(k for k in one.neighbours(block) if k != patch)
    inside = [int(b) for b in one.blocks(patch) if beside in one.neighbours(int(b))][:3]
    whole = [*inside, *one.blocks(beside).tolist()]
    kept = Lock(UUID(int=1), "Court", tuple(one.homes.members[b][0] for b in whole), "Ann", datetime.now(UTC), 1)
    two = parted(replace(one, locks=(kept,)), patch)
    assert len(two.each) == len(one.each) + 1
    assert [each.pieces for each in two.each] == [1] * len(two.each)
    assert np.array_equal(two.part == beside, one.part == beside), "the other patch is left as it was"
    linked = components(one.homes.net, np.where(np.isin(np.arange(len(one.part)), inside), 1, -1))
    assert all(len(set(two.part[[b for b in inside if linked[b] == linked[a]]])) == 1 for a in inside)
    assert abs(two.each[patch].households - two.each[-1].households) <= one.homes.households[inside].sum() + 200


def test_a_patch_that_loses_its_last_block_goes(drawing: Drawing) -> None:
    block, patch = border(drawing)
    own = int(drawing.part[block])
    after = drawing
    for one in drawing.blocks(own):
        after = moved(after, int(one), int(after.part[drawing.blocks(patch)[0]]))
    assert len(after.each) == 5
    assert sorted(np.unique(after.part)) == list(range(5))


def test_what_a_move_does_is_said_and_not_forbidden(drawing: Drawing) -> None:
    assert warnings(drawing) == []
    far = next(block for block in range(36) for k in range(6) if k not in drawing.neighbours(block))
    k = next(k for k in range(6) if k not in drawing.neighbours(far))
    told = " ".join(warnings(moved(drawing, far, k)))
    assert "Not in one piece" in told
    assert "%" in told


def test_a_correction_is_kept_with_its_reason_as_a_plan_of_its_own(s: Session, drawing: Drawing, owner: Actor) -> None:
    block, patch = border(drawing)
    after = moved(drawing, block, patch)
    with pytest.raises(BadRequest, match="Say why"):
        keep_corrected(s, after, " ", by=owner)
    with pytest.raises(BadRequest, match="Nothing was moved"):
        keep_corrected(s, drawing, "no reason", by=owner)
    with pytest.raises(NotAllowed):
        keep_corrected(s, after, "a court", by=Actor("Vi", "partner_viewer"))
    new = keep_corrected(s, after, "Keep the court together", by=owner, key="k1")
    assert keep_corrected(s, after, "Keep the court together", by=owner, key="k1") == new
    row = s.get_one(PatchPlan, new)
    assert (row.leaning, row.derived_from, row.reason) == ("hand", drawing.plan_id, "Keep the court together")
    assert plan_record(s, new).quality == after.quality
    assert plan_record(s, drawing.plan_id).quality == drawing.quality


def test_two_corrections_are_two_plans(s: Session, drawing: Drawing, owner: Actor) -> None:
    new = len(drawing.each)
    one, other = (keep_corrected(s, moved(drawing, block, new), "A court", by=owner) for block in (35, 30))
    assert one != other
    assert keep_corrected(s, moved(drawing, 35, new), "A court", by=owner) == one


def test_a_block_or_patch_that_is_not_there_is_not_moved(drawing: Drawing) -> None:
    for block, patch in ((99, 0), (0, 99), ([], 0)):
        with pytest.raises(BadRequest):
            moved(drawing, block, patch)


def test_people_and_coaches_follow_their_patch(s: Session, town: UUID, owner: Actor) -> None:  # noqa: F811
    leader = Actor("Lee", "owner", organisation_id=an_association(s, "Millfield Homes"))
    ask_as(s, leader)
    first = draw(s, "TOWN", target=600, seed=3, by=leader)[1]
    old = adopt(s, first.id, first_day=today() - timedelta(800), version=1, by=leader)
    coach = UUID(add_account(s, "Col Coach", "coach", by=leader, email="col@example.org").account_id)
    s.add(AccountPlace(account_id=coach, place_id=old[0]))
    assign_coach(s, old[0], coach, from_on=today() - timedelta(750), by=leader)
    someone = add_person(s, a_draft(old[0]), by=leader)
    reach = Reach("coach", UUID(leader.organisation_id), frozenset({old[0]}))
    invite(s, "cara@example.org", reach, by=leader)
    again = draw(s, "TOWN", target=600, seed=9, by=leader)[2]
    new = adopt(s, again.id, first_day=today(), version=1, by=leader)
    s.expire_all()
    assert s.scalars(select(Invitation.places)).one() == [new[0]], "whoever was invited finds the patch of today"
    assert s.get_one(Person, someone.id).place_id == new[0]
    assert coaches_on(s, new)[new[0]].account_id == coach
    assert patches_of(s, coach)[-1] == new[0]
    assert list(s.scalars(select(AccountPlace.place_id).where(AccountPlace.account_id == coach))) == [new[0]]


def test_people_of_a_patch_that_nobody_follows_belong_where_most_of_its_homes_are(
    s: Session,
    town: UUID,  # noqa: F811
    owner: Actor,
) -> None:
    leader = Actor("Lee", "owner", organisation_id=an_association(s, "Millfield Homes"))
    ask_as(s, leader)
    six = draw(s, "TOWN", target=600, seed=3, by=leader)[1]
    old = adopt(s, six.id, first_day=today() - timedelta(800), version=1, by=leader)
    who = {one: add_person(s, a_draft(one, preferred_name=f"Of {one}"), by=leader).id for one in old}
    coaches = {one: UUID(add_account(s, f"Coach {n}", "coach", by=leader, email=f"{n}@x.org").account_id)
               for n, one in enumerate(old)}  # fmt: skip
    s.add_all(AccountPlace(account_id=coach, place_id=one) for one, coach in coaches.items())
    two = draw(s, "TOWN", target=1820, seed=9, by=leader)[0]
    new = adopt(s, two.id, first_day=today(), version=1, by=leader)
    s.expire_all()
    shapes = {row.id: to_shape(row.geom) for row in s.scalars(select(Place).where(Place.id.in_([*old, *new])))}
    named = {row.id: row.reference for row in s.scalars(select(Place).where(Place.id.in_(shapes)))}
    assert len(new) == 2
    for one, person in who.items():
        shared = {each: shapes[each].intersection(shapes[one]).area for each in new}
        follower = [each for each in new if named[each] == named[one]]
        assert s.get_one(Person, person).place_id == (follower[0] if follower else max(shared, key=shared.__getitem__))
        (sees,) = s.scalars(select(AccountPlace.place_id).where(AccountPlace.account_id == coaches[one]))
        assert sees == (follower[0] if follower else one), "nobody's coach sees the people of another's patch"


def test_a_new_coach_ends_the_one_before(s: Session, owner: Actor) -> None:
    patch, other = a_place(s, kind="patch"), a_place(s, kind="patch", name="South")
    one, two = (UUID(add_account(s, name, "coach", by=owner, email=f"{name}@x.org").account_id) for name in ("A", "B"))
    s.add_all([AccountPlace(account_id=one, place_id=patch), AccountPlace(account_id=one, place_id=other)])
    s.flush()
    assign_coach(s, patch, one, from_on=date(2026, 1, 1), by=owner)
    assign_coach(s, patch, two, from_on=date(2026, 6, 1), by=owner)
    assert [(each.name, each.until_on) for each in coaches_of(s, patch)] == [("B", None), ("A", date(2026, 6, 1))]
    assert coaches_on(s, [patch], date(2026, 5, 31))[patch].name == "A"
    assert list(s.scalars(select(AccountPlace.place_id).where(AccountPlace.account_id == one))) == [other]
    with pytest.raises(BadRequest, match="already"):
        assign_coach(s, patch, one, from_on=date(2026, 5, 1), by=owner)
    with pytest.raises(BadRequest, match="ahead"):
        assign_coach(s, patch, one, from_on=today() + timedelta(1), by=owner)
    with pytest.raises(NotFound):
        assign_coach(s, patch, UUID(int=1), from_on=today(), by=owner)
    with pytest.raises(NotAllowed):
        assign_coach(s, patch, one, from_on=today(), by=Actor("Otis", "officer"))
    ask_as(s, elsewhere := Actor("Mona", "manager", organisation_id=an_association(s, "Elsewhere Homes")))
    assert can_be_coach(s) == {}, "a manager shares patches out among the colleagues of their own association"
    with pytest.raises(NotFound):
        assign_coach(s, patch, one, from_on=today(), by=elsewhere)
