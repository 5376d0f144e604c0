"""Keys: a store restored without them goes on, an erased person never gets a new one."""

from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from abcd.db.session import Actor, session
from abcd.people.actions import add_person, edit_person
from abcd.people.history import history_of
from tests.builders import a_place
from tests.conftest import as_owner
from tests.people.conftest import a_draft, an_association


@pytest.fixture
def someone(store: str) -> tuple[Actor, UUID]:
    """Somebody who is really saved, so that the owner of the store sees their key too."""
    with session(Actor("maker")) as s:
        name = f"Homes {s.scalar(text('select count(*) from core.organisation'))}"
        manager, place = Actor("Mona", "manager", organisation_id=an_association(s, name)), a_place(s, kind="patch")
    with session(manager) as s:
        return manager, add_person(s, a_draft(place), by=manager).id


def phones(s: Session, person_id: UUID) -> list[object]:
    return [change.after["phone"] for change in history_of(s, person_id) if "phone" in change.after]


def test_history_is_opened_with_the_persons_key(someone: tuple[Actor, UUID]) -> None:
    manager, person_id = someone
    with session(manager) as s:
        edit_person(s, person_id, {"phone": "0161 496 0000"}, version=1, by=manager)
    with session(manager) as s:
        assert phones(s, person_id) == ["07700 900123", "0161 496 0000"]
    with session(Actor("Stan", "owner")) as s:
        assert phones(s, person_id) == [None, None]


def test_without_its_keys_a_store_goes_on_and_the_past_stays_shut(store: str, someone: tuple[Actor, UUID]) -> None:
    manager, person_id = someone
    with as_owner(store) as connection:
        connection.execute(text("delete from keyring.person_key"))
    with session(manager) as s:
        edit_person(s, person_id, {"phone": "0161 496 0000"}, version=1, by=manager)
    with session(manager) as s:
        assert phones(s, person_id) == [None, "0161 496 0000"]


@pytest.mark.parametrize(
    "end", ["delete from core.person where id = :id", "update core.person set status = 'anonymised' where id = :id"]
)
def test_a_key_goes_with_its_person_and_never_comes_back(someone: tuple[Actor, UUID], end: str) -> None:
    manager, person_id = someone
    with session(manager) as s:
        s.execute(text(end), {"id": person_id})
    with session(manager) as s, pytest.raises(DBAPIError, match="no key"), s.begin_nested():
        s.scalar(select(func.core.sealed(person_id, "Ada")))
    with session(manager) as s:
        assert phones(s, person_id) == [None]
