"""Reading what was done: by thing, by actor, by day, a page at a time, with what really changed."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from abcd.assets.actions import edit_asset
from abcd.core.clock import today
from abcd.db.audit import record
from abcd.db.chain import seal, verify
from abcd.db.session import Actor, session
from abcd.db.tables import Account, Asset, Organisation
from abcd.db.trail import Deed, Page, Wanted, actors, deeds, erased_on
from abcd.people.actions import add_person
from abcd.people.drafts import Grounds, PersonDraft
from abcd.people.erasing import delete_person
from abcd.people.traces import traces_of
from tests.builders import a_place, a_term, an_asset
from tests.conftest import as_owner

ANN = Actor("Ann Officer", "officer", account_id=str(uuid4()))


def renamed(owner: Actor, made: UUID, name: str) -> None:
    with session(owner) as s:
        version = s.get_one(Asset, made).version
        edit_asset(s, made, {"name": name}, version=version, by=owner)


def of(owner: Actor, before: int | None = None, limit: int = 25, **said: object) -> Page:
    with session(owner) as s:
        return deeds(s, Wanted(**said), before, limit)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def library(store: str, owner: Actor) -> UUID:
    with session(owner) as s:
        a_term(s, "library")
    with session(owner) as s:
        made = an_asset(s, name="Library 0")
        record(s, "add", "asset", made, by=owner, after={"name": "Library 0"})
    for number in range(1, 4):
        renamed(owner, made, f"Library {number}")
    return made


def test_the_history_of_a_record_tells_who_and_what(library: UUID, owner: Actor) -> None:
    newest, *others = of(owner, thing_kind="asset", thing_id=str(library)).deeds
    assert (newest.by, newest.verb, newest.login) == (owner.name, "edit", "postgres")
    (change,) = newest.changes
    assert (change.before["name"], change.after["name"]) == ("Library 2", "Library 3")
    assert [deed.verb for deed in others] == ["edit", "edit", "add"]


def test_a_page_after_a_page_tells_everything_once(library: UUID, owner: Actor) -> None:
    whole = of(owner, limit=1000).deeds
    told: list[Deed] = []
    page, turns = of(owner, limit=2), 0
    while True:
        told += page.deeds
        if page.older is None:
            break
        page, turns = of(owner, before=page.older, limit=2), turns + 1
    assert [deed.id for deed in told] == [deed.id for deed in whole]
    assert turns >= 2


def test_somebody_at_work_in_the_database_is_told_without_an_event(library: UUID, owner: Actor, store: str) -> None:
    with as_owner(store) as connection:
        connection.execute(text("update core.asset set phone = '1' where id = :id"), {"id": library})
    newest = of(owner, thing_kind="asset", thing_id=str(library)).deeds[0]
    assert (newest.verb, newest.by, newest.part_of) == ("", "Test", ("", ""))
    assert newest.changes[0].after["phone"] == {"hidden": True}


def test_what_was_a_part_of_something_else_says_of_what(library: UUID, owner: Actor) -> None:
    with session(owner) as s:
        s.get_one(Asset, library).phone = "2"
        record(s, "import", "import", uuid4(), by=owner)
    newest = of(owner, thing_kind="asset", thing_id=str(library)).deeds[0]
    assert (newest.verb, newest.part_of) == ("", ("import", "import"))


def test_many_rows_are_told_by_their_number(library: UUID, owner: Actor) -> None:
    with session(owner) as s:
        s.execute(
            text("""insert into core.asset (asset_kind, category, name)
                          select 'institution', 'library', 'Many' from generate_series(1, 1500)""")
        )
    newest = of(owner, thing_kind="asset").deeds[0]
    assert newest.changes[0].rows == 1500


def test_one_actor_one_kind_one_day(library: UUID, owner: Actor) -> None:
    with session(ANN) as s:
        record(s, "look", "thing", "1", by=ANN)
    assert [deed.verb for deed in of(owner, by="Ann Officer").deeds] == ["look"]
    assert {deed.thing_kind for deed in of(owner, thing_kind="thing").deeds} == {"thing"}
    assert {"Ann Officer", owner.name} <= set(actors_of(owner))
    everything = [deed.id for deed in of(owner, limit=500).deeds]
    for _ in range(2):
        assert [deed.id for deed in of(owner, day=today(), limit=500).deeds] == everything
        with session(owner) as s:
            seal(s)
    assert of(owner, day=today() - timedelta(days=3)).deeds == []


def actors_of(owner: Actor) -> list[str]:
    with session(owner) as s:
        return actors(s)


def test_an_association_does_not_see_the_deeds_of_anothers_accounts(library: UUID, owner: Actor) -> None:
    with session(owner) as s:
        ours, theirs = (Organisation(name=name) for name in ("Ours", "Theirs"))
        s.add_all([ours, theirs])
        s.flush()
        accounts = [Account(name=name, role="officer", organisation_id=of_whom.id)
                    for name, of_whom in (("Olwen", ours), ("Theo", theirs))]  # fmt: skip
        s.add_all(accounts)
        s.flush()
        known = [Actor(one.name, "officer", str(one.id)) for one in accounts]
        organisation = str(ours.id)
    for actor in known:
        with session(actor) as s:
            record(s, "look", "other thing", "1", by=actor)
    seen = of(owner, thing_kind="other thing", organisation_id=organisation).deeds
    assert [deed.by for deed in seen] == ["Olwen"]


def a_person(owner: Actor) -> tuple[Actor, UUID]:
    with session(owner) as s:
        organisation = Organisation(name=f"Homes {uuid4()}")
        s.add(organisation)
        s.flush()
        keeper = Actor("Kay Keeper", "owner", organisation_id=str(organisation.id))
        place = a_place(s)
    with session(keeper) as s:
        grounds = Grounds("introductions", "consent", today(), "conversation")
        draft = PersonDraft("Canary Zed", place, grounds, phone="0161 496 0001", adult_confirmed=True)
        return keeper, add_person(s, draft, by=keeper).id


def values_in(page: Page) -> str:
    return str([(change.before, change.after) for deed in page.deeds for change in deed.changes])


def test_a_persons_history_opens_for_their_association_and_closes_when_they_are_erased(
    store: str, owner: Actor
) -> None:
    keeper, person = a_person(owner)
    about = {"thing_kind": "person", "thing_id": str(person)}
    assert "Canary Zed" in values_in(of(keeper, **about))
    assert of(Actor("Sam Stranger", "owner", organisation_id=str(uuid4())), **about).deeds == []
    with session(keeper) as s:
        assert erased_on(s, str(person)) is None
        delete_person(s, person, "asked", traces_of(s, person), by=keeper)
    told = of(keeper, **about)
    assert "erase" in {deed.verb for deed in told.deeds}
    assert "Canary Zed" not in values_in(told)
    assert "sealed" in values_in(told)
    with session(keeper) as s:
        assert erased_on(s, str(person)) is not None


def test_the_order_is_that_of_numbers_whatever_the_clock_did(store: str, owner: Actor) -> None:
    """The clock went back an hour between two events, and over midnight: the later one stays the later one."""
    with as_owner(store) as connection:
        connection.execute(text("alter table core.audit_event disable trigger stamp"))
        for verb, moment in (("first", "2026-03-29 00:30Z"), ("second", "2026-03-28 23:30Z"), ("third", "2038-01-20Z")):
            connection.execute(
                text("insert into core.audit_event (id, at, by, verb, thing_kind, transaction)"
                     f" values (nextval('core.audit_event_id_seq'), '{moment}', 'Clock', '{verb}', 'clock', 1)")
            )  # fmt: skip
        connection.execute(text("alter table core.audit_event enable trigger stamp"))
    assert [deed.verb for deed in of(owner, thing_kind="clock").deeds] == ["third", "second", "first"]
    for _ in range(2):
        with session(owner) as s:
            seal(s)
    with session(owner) as s:
        assert verify(s) == []
        days = s.execute(text("select day::text, seed_id from core.audit_day where events = 1 order by seed_id")).all()
    assert [day for day, _seed in days] == ["2026-03-29", "2026-03-28", "2038-01-20"]
