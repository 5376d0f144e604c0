"""Figures about people leave as releases: trust.md P4, P7, P8, P10, P12, P22 and R11 on a real store."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from abcd.core.disclosure.arithmetic import rounded
from abcd.core.disclosure.cube import PLANS
from abcd.db.audit import last_event
from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, Person, Place, Release, ReleaseArea, ReleaseFigure
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound
from abcd.maps.releases import attack_again, discard, figures, make_release, publish, release, releases
from abcd.maps.releases.wording import again_words, finding_words, method
from abcd.people.actions import edit_person
from abcd.people.counting import CATEGORIES, category_name, changed_since, counts
from abcd.people.erasing import delete_person
from abcd.people.gift_drafts import OfferDraft, WishDraft
from abcd.people.offers import add_person_offer, end_person_offer, offers_of
from abcd.people.skills import load_skills
from abcd.people.traces import traces_of
from abcd.people.wishes import add_person_wish
from tests.builders import a_place
from tests.maps.releases.conftest import DAY, Town, a_town, people, settled
from tests.people.conftest import an_association, ask_as, grounds

NEXT = date(2026, 12, 5)


def shown(s: Session, release_id: UUID, by: Actor) -> dict[tuple[str, str], int | None]:
    return {(one.area.name, one.category): one.shown for one in figures(s, release_id, by=by)}


def published(s: Session, town: Town, day: date = DAY) -> UUID:
    made = make_release(s, by=town.by, day=day)
    return publish(s, made.id, by=town.by).id


def test_a_release_shows_each_area_and_category_rounded_on_its_own(s: Session, town: Town) -> None:
    made = make_release(s, by=town.by, day=DAY)
    told = shown(s, made.id, town.by)
    whole = next(area for area, _category in told if area.startswith("Millfield Homes"))
    assert told["North patch", "residents"] == 35
    assert told["North patch", "language-cy"] == 10
    assert told["South patch", "residents"] is None
    assert told["Old Mill", "residents"] == 55  # 23 + 12 + 8 + 14
    assert told["New Mill", "said-hope"] == 35
    assert told[whole, "residents"] == 100  # 99, the six of the close too
    assert "Millfield Close" not in {area for area, _category in told}
    assert made.name == "2026-11"
    assert made.plan == "everything"
    assert set(made.categories) == set(CATEGORIES)


def test_every_figure_is_what_the_rule_makes_of_its_count(s: Session, town: Town) -> None:
    made = make_release(s, by=town.by, day=DAY)
    counted = counts(s, town.whole)
    inside = {"Old Mill": (town.old_mill, town.north, town.south), "North patch": (town.north,),
              "South patch": (town.south,), "New Mill": (town.new_mill,)}  # fmt: skip
    for (area, category), value in shown(s, made.id, town.by).items():
        places = inside.get(area, (*inside["Old Mill"], town.new_mill, town.close))
        assert value == rounded(sum(counted.get((place, category), 0) for place in places))


def test_the_schema_takes_no_other_figure(s: Session, town: Town) -> None:
    made = make_release(s, by=town.by, day=DAY)
    for value in (0, 1, 5, 9, 11, 14, 23, -10):
        forged = update(ReleaseFigure).where(ReleaseFigure.release_id == made.id).values(shown=value)
        with pytest.raises(DBAPIError, match="shown"), s.begin_nested():
            s.execute(forged)


AREAS: dict[str, Callable[[UUID, UUID], dict[str, object]]] = {
    "an area that lies in none": lambda _whole, area: {"area_id": area, "parent_id": None, "depth": 1},
    "an area in one that is not there": lambda _whole, area: {"area_id": area, "parent_id": uuid4(), "depth": 1},
    "a second whole": lambda _whole, area: {"area_id": area, "parent_id": None, "depth": 0},
    "an area in itself": lambda _whole, area: {"area_id": area, "parent_id": area, "depth": 1},
    "an area twice": lambda whole, _area: {"area_id": whole, "parent_id": None, "depth": 0},
}


def test_the_schema_takes_one_nested_geography(s: Session, town: Town) -> None:
    made = make_release(s, by=town.by, day=DAY)
    s.execute(text("set constraints all immediate"))
    for wrong in AREAS.values():
        row = wrong(town.whole, uuid4()) | {"release_id": made.id, "name": "Wrong"}
        with pytest.raises(DBAPIError), s.begin_nested():
            s.execute(ReleaseArea.__table__.insert().values(row))


def test_an_area_that_crosses_another_has_no_figures(s: Session, town: Town) -> None:
    across = a_place(s, (380_200, 394_000), kind="patch", size=200, households=175, name="Across")
    people(s, town.by, across, 20)
    made = make_release(s, by=town.by, day=DAY)
    told = shown(s, made.id, town.by)
    assert "Across" not in {area for area, _category in told}
    assert ["Across", "Old Mill"] in made.attack["crossing"]
    assert any("Across has no figures of its own" in sentence for sentence in finding_words(made))
    assert {value for (area, category), value in told.items() if category == "residents"} >= {120}


def test_an_area_keeps_its_figures_when_a_new_one_crosses_it(s: Session, town: Town) -> None:
    published(s, town)
    a_place(s, (380_000, 394_000), size=300, kind="estate", households=400, name="New estate")
    people(s, town.by, town.north, 12)
    made = make_release(s, by=town.by, day=NEXT)
    assert ["New estate", "Old Mill"] not in made.attack["crossing"]
    areas = {area for area, _category in shown(s, made.id, town.by)}
    assert {"Old Mill", "North patch", "South patch"} <= areas


@pytest.mark.parametrize("households", [None, 0, 99])
def test_few_homes_are_no_area(s: Session, town: Town, households: int | None) -> None:
    s.execute(update(Place).where(Place.id == town.new_mill).values(households=households))
    made = make_release(s, by=town.by, day=DAY)
    assert "New Mill" not in {area for area, _category in shown(s, made.id, town.by)}
    assert made.attack["small"] == ["Millfield Close", "New Mill"]


# P12: nobody marked as a safety risk is in any of it, whoever makes it.


def test_somebody_at_risk_is_in_no_figure(s: Session, town: Town) -> None:
    before = counts(s, town.whole)
    people(s, town.by, town.new_mill, 40, said=("gift", "hope"), language="ur", safety_risk=True)
    assert counts(s, town.whole) == before
    assert shown(s, make_release(s, by=town.by, day=DAY).id, town.by)["New Mill", "residents"] == 35


def test_whoever_makes_it_makes_the_same(s: Session, town: Town, steward: Actor) -> None:
    people(s, town.by, town.new_mill, 3, safety_risk=True)
    mine = make_release(s, by=town.by, day=DAY)
    ask_as(s, steward)
    theirs = make_release(s, by=steward, day=DAY)
    assert theirs.sha256 == mine.sha256


def test_who_was_made_anonymous_is_in_no_figure(s: Session, town: Town) -> None:
    before = counts(s, town.whole)
    people(s, town.by, town.new_mill, 4, status="anonymised")
    assert counts(s, town.whole) == before
    people(s, town.by, town.new_mill, 4, status="inactive")
    assert counts(s, town.whole)[town.new_mill, "residents"] == 40


def test_people_of_another_association_are_in_no_figure(s: Session, town: Town) -> None:
    first = make_release(s, by=town.by, day=DAY)
    other = Actor("Stan", "owner", organisation_id=an_association(s, "Elsewhere Homes"))
    ask_as(s, other)
    people(s, other, town.new_mill, 50)
    ask_as(s, town.by)
    assert make_release(s, by=town.by, day=DAY).sha256 == first.sha256
    ask_as(s, other)
    assert shown(s, make_release(s, by=other, day=DAY).id, other)["New Mill", "residents"] == 50
    with pytest.raises(NotFound):
        release(s, "draft", by=replace(other, organisation_id=an_association(s, "Third Homes")))


# P8: what was published does not change.


def test_adding_or_erasing_somebody_changes_nothing_that_was_published(s: Session, town: Town) -> None:
    first = published(s, town)
    before = shown(s, first, town.by), release(s, "", by=town.by)
    [somebody] = people(s, town.by, town.new_mill, 1, language="so", said=("gift",))
    assert (shown(s, first, town.by), release(s, "", by=town.by)) == before
    delete_person(s, somebody, "asked", traces_of(s, somebody), by=town.by)
    assert (shown(s, first, town.by), release(s, "", by=town.by)) == before


CHANGES = (
    "update core.release set month = '2026-10-01' where id = :id",
    "update core.release set status = 'draft', published_at = null where id = :id",
    "delete from core.release where id = :id",
    "update core.release_figure set shown = 20 where release_id = :id and shown = 35",
    "delete from core.release_figure where release_id = :id and shown is null",
    "insert into core.release_figure (release_id, area_id, category) "
    "select :id, area_id, 'new' from core.release_area where release_id = :id limit 1",
    "delete from core.release_area where release_id = :id",
    "update core.release_area set name = 'Elsewhere' where release_id = :id",
    "insert into core.release_area (release_id, area_id, parent_id, depth, name) "
    "select :id, gen_random_uuid(), area_id, 1, 'New' from core.release_area where release_id = :id and depth = 0",
)


def test_a_published_release_never_changes(s: Session, town: Town) -> None:
    first = published(s, town)
    for change in CHANGES:
        with pytest.raises(DBAPIError, match="never changes"), s.begin_nested():
            s.execute(text(change), {"id": first})


def test_a_figure_of_a_draft_does_not_slip_into_a_published_release(s: Session, town: Town) -> None:
    first = published(s, town)
    people(s, town.by, town.north, 12)
    draft = make_release(s, by=town.by, day=NEXT)
    moved = update(ReleaseFigure).where(ReleaseFigure.release_id == draft.id).values(release_id=first)
    with pytest.raises(DBAPIError, match="never changes"), s.begin_nested():
        s.execute(moved)


def test_who_was_erased_is_not_in_the_next_release(s: Session, town: Town) -> None:
    first = published(s, town)
    gone = list(s.scalars(select(Person.id).where(Person.place_id == town.new_mill)))
    s.execute(delete(Person).where(Person.id.in_(gone)))
    second = published(s, town, NEXT)
    assert shown(s, first, town.by)["New Mill", "residents"] == 35
    assert shown(s, second, town.by)["New Mill", "residents"] is None


# When a release may follow another.


def test_a_month_has_one_release(s: Session, town: Town) -> None:
    published(s, town)
    people(s, town.by, town.north, 30)
    for day in (DAY, date(2026, 10, 30)):
        with pytest.raises(BadRequest, match="next month"):
            make_release(s, by=town.by, day=day)


def test_a_draft_takes_the_place_of_the_one_before(s: Session, town: Town) -> None:
    first = make_release(s, by=town.by, day=DAY)
    people(s, town.by, town.north, 1)
    second = make_release(s, by=town.by, day=DAY)
    assert [one.id for one in releases(s, by=town.by)] == [second.id]
    assert first.id != second.id


@pytest.mark.parametrize("changed", [0, 1, 9])
def test_too_few_changes_make_no_release(s: Session, town: Town, changed: int) -> None:
    published(s, town)
    people(s, town.by, town.north, changed)
    with pytest.raises(BadRequest, match="Fewer than 10 people"):
        make_release(s, by=town.by, day=NEXT)


def test_ten_changes_do(s: Session, town: Town) -> None:
    published(s, town)
    people(s, town.by, town.north, 10, language="ur", said=("hope",))
    made = make_release(s, by=town.by, day=NEXT)
    assert shown(s, made.id, town.by)["North patch", "residents"] == 45
    assert [one.name for one in releases(s, by=town.by)] == ["2026-12", "2026-11"]


def test_what_counts_as_a_change(s: Session, town: Town) -> None:
    since = last_event(s)

    def changed() -> int:
        s.flush()
        return changed_since(s, town.whole, since)

    [one, two] = people(s, town.by, town.north, 2)
    assert changed() == 2
    edit_person(s, one, {"phone": "07700 900456"}, version=1, by=town.by)
    people(s, town.by, town.north, 3, safety_risk=True)
    delete_person(s, two, "asked", traces_of(s, two), by=town.by)
    assert changed() == 1
    ids = list(s.scalars(select(Person.id).where(Person.place_id == town.south)))
    edit_person(s, ids[0], {"phone": "07700 900457"}, version=1, by=town.by)
    assert changed() == 1
    edit_person(s, ids[0], {"language": "ur"}, version=2, by=town.by)
    edit_person(s, ids[1], {"place_id": town.north}, version=1, by=town.by)
    assert changed() == 3
    delete_person(s, ids[2], "asked", traces_of(s, ids[2]), by=town.by)
    assert changed() == 4


def test_gifts_wishes_and_roles_are_counted_and_a_change_of_them_is_one(s: Session, town: Town) -> None:
    load_skills(s)
    ids = people(s, town.by, town.north, 14, roles=["fixer", "connector"])
    since = last_event(s)
    for one in ids[:12]:
        for skill in ("piano", "singing"):
            add_person_offer(s, one, OfferDraft("I play", skill=skill, grounds=grounds()), by=town.by)
        add_person_wish(s, one, WishDraft("A choir", theme="things-to-do", grounds=grounds()), by=town.by)
    counted = counts(s, town.whole)
    assert counted[town.north, "gift-arts-music-and-craft"] == 12
    assert counted[town.north, "wish-things-to-do"] == 12
    assert counted[town.north, "role-fixer"] == counted[town.north, "role-connector"] == 14
    assert changed_since(s, town.whole, since) == 12
    since = last_event(s)
    offer = offers_of(s, ids[0])[0]
    end_person_offer(s, offer.id, version=offer.version, by=town.by)
    edit_person(s, ids[1], {"roles": ["fixer"]}, version=1, by=town.by)
    assert changed_since(s, town.whole, since) == 2
    told = shown(s, make_release(s, by=town.by, day=DAY).id, town.by)
    assert told["North patch", "gift-arts-music-and-craft"] == 10
    assert told["North patch", "role-connector"] == 15


def test_who_withdrew_left_the_figures_then_and_not_when_their_row_goes(s: Session, town: Town) -> None:
    one, two = people(s, town.by, town.north, 2)
    s.execute(text("select set_config('abcd.sees_withdrawn', 'yes', true)"))
    s.execute(update(Person).where(Person.id == one).values(status="withdrawn"))
    s.flush()
    since = last_event(s)
    delete_person(s, one, "withdrew", traces_of(s, one), by=town.by)
    assert changed_since(s, town.whole, since) == 0
    s.execute(update(Person).where(Person.id == two).values(status="withdrawn"))
    delete_person(s, two, "withdrew", traces_of(s, two), by=town.by)
    assert changed_since(s, town.whole, since) == 1


# What happens to a draft.


def test_pressing_twice_makes_and_publishes_once(s: Session, town: Town) -> None:
    first, second = (make_release(s, by=town.by, day=DAY, key="one press") for _ in range(2))
    assert first == second
    left = [publish(s, first.id, by=town.by, key="another press") for _ in range(2)]
    assert left[0] == left[1] == publish(s, first.id, by=town.by)
    verbs = s.scalars(select(AuditEvent.verb).where(AuditEvent.thing_id == str(first.id)).order_by(AuditEvent.id))
    assert list(verbs) == ["make", "publish"]


def test_a_draft_can_be_thrown_away_and_a_release_cannot(s: Session, town: Town) -> None:
    discard(s, make_release(s, by=town.by, day=DAY).id, by=town.by)
    assert releases(s, by=town.by) == []
    with pytest.raises(Conflict, match="cannot be taken back"):
        discard(s, published(s, town), by=town.by)


def test_figures_that_somebody_changed_in_a_draft_do_not_leave(s: Session, town: Town) -> None:
    made = make_release(s, by=town.by, day=DAY)
    s.execute(
        update(ReleaseFigure).where(ReleaseFigure.release_id == made.id, ReleaseFigure.shown == 35).values(shown=40)
    )
    assert not release(s, "draft", by=town.by).is_whole
    with pytest.raises(Conflict, match="Make it anew"):
        publish(s, made.id, by=town.by)


def changing(s: Session, one: UUID, change: dict[str, object] | None) -> None:
    """Change somebody's row, or take it away."""
    s.execute(text("select set_config('abcd.sees_withdrawn', 'yes', true)"))
    s.execute((update(Person).values(**change) if change else delete(Person)).where(Person.id == one))
    s.execute(text("select set_config('abcd.sees_withdrawn', '', true)"))


@pytest.mark.parametrize("change", [{"safety_risk": True}, {"status": "withdrawn"}, {"status": "anonymised"}, None])
def test_whoever_left_since_a_draft_was_made_does_not_leave_with_it(
    s: Session, town: Town, change: dict[str, object] | None
) -> None:
    one = people(s, town.by, town.north, 1)[0]
    made = make_release(s, by=town.by, day=DAY)
    changing(s, one, change)
    with pytest.raises(Conflict, match="Make it anew, and look"):
        publish(s, made.id, by=town.by)
    assert publish(s, make_release(s, by=town.by, day=DAY).id, by=town.by).is_published


def test_whoever_of_another_association_leaves_keeps_no_draft_back(s: Session, town: Town) -> None:
    theirs = replace(town.by, organisation_id=an_association(s, "Elsewhere Homes"))
    ask_as(s, theirs)
    one = people(s, theirs, town.north, 1)[0]
    ask_as(s, town.by)
    made = make_release(s, by=town.by, day=DAY)
    people(s, town.by, town.north, 1)
    ask_as(s, theirs)
    changing(s, one, {"safety_risk": True, "status": "withdrawn"})
    ask_as(s, town.by)
    assert publish(s, made.id, by=town.by).is_published


def test_who_may_do_what(s: Session, town: Town, steward: Actor) -> None:
    officer = replace(town.by, role="officer")
    with pytest.raises(NotAllowed):
        make_release(s, by=officer, day=DAY)
    made = make_release(s, by=steward, day=DAY)
    with pytest.raises(NotAllowed):
        publish(s, made.id, by=steward)
    assert release(s, "draft", by=officer) == made
    with pytest.raises(NotAllowed):
        releases(s, by=replace(town.by, role="partner_viewer"))
    with pytest.raises(NotAllowed, match="no association"):
        releases(s, by=replace(town.by, organisation_id=""))
    with pytest.raises(NotAllowed):
        make_release(s, by=replace(town.by, places=frozenset({str(town.north)})), day=DAY)


def test_a_release_is_named_by_its_month(s: Session, town: Town) -> None:
    first = published(s, town)
    assert release(s, "2026-11", by=town.by).id == first
    for unknown in ("2026-10", "draft"):
        with pytest.raises(NotFound):
            release(s, unknown, by=town.by)
    with pytest.raises(BadRequest):
        release(s, "last month", by=town.by)


# What the attack refuses, and what of that is told to whom.


@pytest.fixture
def tight(s: Session) -> Town:
    """Two estates whose sum is rounded so that both can be told to within one."""
    town = a_town(s)
    people(s, town.by, town.old_mill, 13)
    people(s, town.by, town.new_mill, 13)
    return town


def test_a_plan_that_tells_too_much_is_dropped_and_a_barer_one_leaves(s: Session, tight: Town) -> None:
    made = make_release(s, by=tight.by, day=DAY)
    assert made.plan == "one level"
    assert made.attack["dropped"][0]["plan"] == "everything"
    told = " ".join(finding_words(made))
    assert "Old Mill, Neighbours we know" in told
    assert not re.search(r"\b1[34]\b", told)


def test_the_cells_that_could_be_told_are_not_for_everybody(s: Session, tight: Town) -> None:
    make_release(s, by=tight.by, day=DAY)
    seen = release(s, "draft", by=replace(tight.by, role="officer"))
    assert [one["cells"] for one in seen.attack["dropped"]] == [[]] * 4
    assert "Old Mill" not in " ".join(finding_words(seen))


def test_what_left_before_is_not_completed_later(s: Session, tight: Town) -> None:
    """The total alone, then the parts: whoever keeps the first release would know."""
    first = published(s, tight)
    assert release(s, "", by=tight.by).plan == "one level"
    people(s, tight.by, tight.close, 12, language="cy")
    made = make_release(s, by=tight.by, day=NEXT)
    assert made.plan in ("everything", "one level", "residents of two levels", "two levels", "categories outside")
    assert attack_again(s, by=tight.by).withstood
    assert shown(s, first, tight.by)["Old Mill", "residents"] == 15


def test_everything_published_withstands_together(s: Session, town: Town) -> None:
    published(s, town)
    people(s, town.by, town.new_mill, 17, language="ur", said=("hope",))
    published(s, town, NEXT)
    found = attack_again(s, by=town.by)
    assert found.withstood
    assert "withstands" in again_words(found)


def test_figures_that_somebody_forced_in_are_found_out(s: Session, town: Town) -> None:
    """The control: a release that rounding alone would let leave."""
    forced = Release(organisation_id=town.whole, month=date(2026, 9, 1), plan="everything", categories=["residents"],
                     sha256="0" * 64, counted_to=0, made_by="Mallory")  # fmt: skip
    s.add(forced)
    s.flush()
    for area, parent, depth, value in (
        (town.whole, None, 0, 25),
        (town.old_mill, town.whole, 1, 15),
        (town.new_mill, town.whole, 1, 15),
    ):
        s.add(ReleaseArea(release_id=forced.id, area_id=area, parent_id=parent, depth=depth, name="Forced"))
        s.flush()
        s.add(ReleaseFigure(release_id=forced.id, area_id=area, category="residents", shown=value))
    s.flush()
    s.execute(
        text("update core.release set status = 'published', published_at = now() where id = :id"), {"id": forced.id}
    )
    found = attack_again(s, by=town.by)
    assert not found.withstood
    assert "could be worked out" in again_words(found)


def test_nothing_leaves_when_no_plan_withstands(s: Session, tight: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("abcd.maps.releases.making.PLANS", PLANS[:1])
    with pytest.raises(BadRequest, match="Nothing was released"):
        make_release(s, by=tight.by, day=DAY)
    assert releases(s, by=tight.by) == []


def test_every_category_has_words() -> None:
    assert len({category_name(category) for category in CATEGORIES}) == len(CATEGORIES)
    assert len(method()) == 6


def test_the_trail_learns_no_figure(s: Session, town: Town) -> None:
    made = make_release(s, by=town.by, day=DAY)
    event = s.scalars(select(AuditEvent).where(AuditEvent.thing_id == str(made.id))).one()
    assert event.after == {"month": "2026-11-01", "sha256": made.sha256}


def test_a_draft_is_seen_by_nobody_outside(s: Session, town: Town) -> None:
    settled(s, town)
    make_release(s, by=town.by, day=DAY)
    assert s.scalar(text("select count(*) from pub.release_figure")) == 0
    publish(s, release(s, "draft", by=town.by).id, by=town.by)
    assert s.scalar(text("select count(*) from pub.release_figure")) == 5 * len(CATEGORIES)
