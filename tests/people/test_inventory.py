"""The inventory: everything somebody told in one go, or nothing; several paper forms at once, faults by form."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, Person
from abcd.errors import BadRequest, NotAllowed
from abcd.people.consents import ConsentDraft, consents_of
from abcd.people.drafts import NoteDraft, PersonDraft
from abcd.people.gift_drafts import OfferDraft, WishDraft
from abcd.people.gifts_said import gift_said
from abcd.people.inventory import Inventory, PapersRefused, take_inventory, take_papers
from abcd.people.offers import offers_of
from abcd.people.queries import homes, notes_of, people_here, person
from abcd.people.skills import load_skills, skills
from abcd.people.wishes import wishes_of
from tests.builders import a_place
from tests.people.conftest import a_draft, ask_as, grounds

WHY = grounds()


def an_inventory(place_id: UUID, **more: object) -> Inventory:
    """Somebody with two gifts, a hope, something they care about, and a yes."""
    said = Inventory(
        a_draft(place_id, speaks=("cy",), roles=("connector",), access_needs=("step_free",), max_walk_minutes=15),
        offers=(OfferDraft("Bread and soup", "hands", grounds=WHY), OfferDraft("Listening", "heart", grounds=WHY)),
        wishes=(WishDraft("A choir to sing in", grounds=WHY),),
        notes=(NoteDraft("interest", "My grandchildren", WHY),),
        consents=(ConsentDraft("introductions", "in_person"),),
    )
    return replace(said, **more)  # type: ignore[arg-type]


def test_all_of_it_is_written_down_once(s: Session, patch: UUID, manager: Actor) -> None:
    new = take_inventory(s, an_inventory(patch), by=manager, key="one")
    assert take_inventory(s, an_inventory(patch), by=manager, key="one") == new
    told = person(s, new)
    assert (told.roles, told.speaks, told.access_needs, told.max_walk_minutes) == (
        ["connector"], ["cy"], ["step_free"], 15,
    )  # fmt: skip
    assert sorted(one.own_words for one in offers_of(s, new)) == ["Bread and soup", "Listening"]
    assert [one.own_words for one in wishes_of(s, new)] == ["A choir to sing in"]
    assert [one.words for one in notes_of(s, new)] == ["My grandchildren"]
    assert [one.purpose for one in consents_of(s, new)] == ["introductions"]


def test_no_word_of_it_is_in_the_trail(s: Session, patch: UUID, manager: Actor) -> None:
    new = take_inventory(s, an_inventory(patch), by=manager)
    s.flush()
    told = str(s.execute(select(AuditEvent.before, AuditEvent.after).where(AuditEvent.thing_id == str(new))).all())
    assert "Ada" not in told
    assert "soup" not in told
    # Row changes keep what is personal sealed with the person's key.
    rows = str(s.execute(text("select before, after from core.row_change")).all())
    for words in ("Ada of Millfield", "soup", "choir", "grandchildren"):
        assert words not in rows


def test_somebody_who_may_be_known_needs_a_word_that_it_is_another(s: Session, patch: UUID, manager: Actor) -> None:
    take_inventory(s, an_inventory(patch), by=manager)
    with pytest.raises(BadRequest, match="somebody else"):
        take_inventory(s, an_inventory(patch), by=manager)
    take_inventory(s, an_inventory(patch, is_somebody_else=True), by=manager)
    assert s.scalar(select(func.count()).select_from(Person)) == 2


def test_somebody_out_of_sight_warns_nobody(s: Session, patch: UUID, manager: Actor, officer: Actor) -> None:
    hidden = an_inventory(patch, person=a_draft(patch, safety_risk=True), consents=())
    take_inventory(s, hidden, by=manager)
    ask_as(s, officer)
    take_inventory(s, an_inventory(patch), by=officer)


def test_papers_are_all_saved_or_none_and_each_fault_is_told(s: Session, patch: UUID, manager: Actor) -> None:
    papers = {
        1: an_inventory(patch, person=PersonDraft("Fay", patch, WHY)),
        3: an_inventory(patch, person=PersonDraft(" ", patch, WHY)),
        4: an_inventory(patch, person=PersonDraft("Gus", patch, WHY, phone="12")),
    }
    with pytest.raises(PapersRefused, match=r"Form 3: .* Form 4: ") as refused, s.begin_nested():
        take_papers(s, papers, by=manager)
    assert sorted(refused.value.faults) == [3, 4]
    assert people_here(s) == []
    cured = papers | {3: an_inventory(patch, person=PersonDraft("Hal", patch, WHY))} | {4: papers[1]}
    with pytest.raises(PapersRefused, match="Form 4: Somebody of that name"), s.begin_nested():
        take_papers(s, cured, by=manager)
    del cured[4]
    assert len(take_papers(s, cured, by=manager, key="all")) == 2
    assert [line.gifts for line in people_here(s)] == [("Bread and soup", "Listening")] * 2


def test_a_role_without_casework_takes_no_inventory(s: Session, patch: UUID, manager: Actor) -> None:
    keeper = replace(manager, name="Dai Data", role="data_officer")
    with pytest.raises(NotAllowed):
        take_inventory(s, an_inventory(patch), by=keeper)
    take_inventory(s, an_inventory(patch), by=manager)
    ask_as(s, keeper)
    assert [line.gifts for line in people_here(s)] == [()]


@pytest.mark.parametrize(
    "more",
    [{"roles": ("problem",)}, {"access_needs": ("everything",)}, {"speaks": ("Welsh!",)}, {"max_walk_minutes": 0},
     {"max_walk_minutes": 500}],
)  # fmt: skip
def test_what_is_not_in_the_lists_cannot_be_written(
    s: Session, patch: UUID, manager: Actor, more: dict[str, object]
) -> None:
    with pytest.raises(BadRequest):
        take_inventory(s, an_inventory(patch, person=a_draft(patch, **more)), by=manager)


def test_whoever_is_scoped_to_a_place_sees_the_people_of_what_lies_in_it(
    s: Session, patch: UUID, manager: Actor
) -> None:
    estate = a_place(s, kind="estate", name="The Mill")
    other = a_place(s, kind="patch", name="South patch")
    s.execute(
        text("insert into core.place_parent (place_id, parent_id, share) values (:patch, :estate, 1)"),
        {"patch": patch, "estate": estate},
    )
    take_inventory(s, an_inventory(patch), by=manager)
    take_inventory(s, an_inventory(other, person=PersonDraft("Zed", other, WHY)), by=manager)
    coach = replace(manager, name="Cara Coach", role="coach", places=frozenset({str(estate)}))
    ask_as(s, coach)
    assert [line.preferred_name for line in people_here(s)] == ["Ada of Millfield"]
    assert {name for _key, name, _kind in homes(s)} == {"North patch", "The Mill"}


@pytest.mark.parametrize(
    ("words", "slug"),
    [("I used to play the piano in chapel", "piano"), ("Cymorth cyntaf", "first-aid"), ("juggling otters", None)],
)
def test_own_words_name_a_gift(s: Session, words: str, slug: str | None) -> None:
    load_skills(s)
    found = gift_said(words, skills(s))
    assert (found.slug if found else None) == slug
