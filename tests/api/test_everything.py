"""Everything about one person as a file: for keepers of their own association, and written down."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.api import server
from abcd.api.answers import told
from abcd.api.gate import Gate
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import AuditEvent, Organisation
from abcd.errors import AbcdError
from abcd.people.actions import add_note, add_person
from abcd.people.drafts import Grounds, NoteDraft, PersonDraft
from tests.builders import a_place

WHY = Grounds("introductions", "consent", date(2026, 5, 1), "the person")


@pytest.fixture(scope="module")
def house(store: str) -> Iterator[TestClient]:
    """Our own routes behind the gate."""
    app = Starlette(
        routes=server.ROUTES, middleware=[Middleware(Gate, routes=server.ROUTES)], exception_handlers={AbcdError: told}
    )
    with TestClient(app, follow_redirects=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def town(store: str) -> dict[str, str]:
    """Cookies of three people, and the id of a resident of the association of the first two."""
    with session(SYSTEM) as s:
        here, there = Organisation(name="Millfield Homes"), Organisation(name="Elsewhere Homes")
        s.add_all([here, there])
        s.flush()
        made = {
            "keeper": add_account(s, "Kit Keeper", "data_officer", by=SYSTEM, organisation_id=here.id),
            "coach": add_account(s, "Cara Coach", "coach", by=SYSTEM, organisation_id=here.id),
            "stranger": add_account(s, "Stan Stranger", "data_officer", by=SYSTEM, organisation_id=there.id),
        }
        cookies = {name: open_session(s, actor) for name, actor in made.items()}
        home, patch = str(here.id), a_place(s, kind="patch", name="North patch")
    manager = Actor("Mona Manager", "manager", organisation_id=home)
    with session(manager) as s:
        ada = add_person(s, PersonDraft("Ada <b>Weaver", patch, WHY), by=manager)
        add_note(s, ada.id, NoteDraft("gift", "I bake bread", WHY), by=manager)
    return cookies | {"ada": str(ada.id)}


def ask(house: TestClient, town: dict[str, str], who: str, ending: str, of: str = "") -> tuple[int, str, str]:
    """(status, text, name of the file)."""
    path = f"/export/person/{of or town['ada']}/everything.{ending}"
    answer = house.get(path, headers={"Cookie": f"{COOKIE}={town[who]}"})
    return answer.status_code, answer.text, answer.headers.get("content-disposition", "")


def test_a_keeper_hands_over_everything_in_two_forms(house: TestClient, town: dict[str, str]) -> None:
    status, page, name = ask(house, town, "keeper", "html")
    assert (status, name) == (200, 'attachment; filename="everything.html"')
    assert "I bake bread" in page
    assert "Ada &lt;b&gt;Weaver" in page
    assert "I bake bread" in ask(house, town, "keeper", "json")[1]
    with session(SYSTEM) as s:
        asked = s.scalars(select(AuditEvent.thing_id).where(AuditEvent.verb == "give_all_data")).all()
    assert asked == [town["ada"]] * 2


@pytest.mark.parametrize(
    ("who", "ending", "of", "status"),
    [("coach", "html", "", 403), ("stranger", "html", "", 404), ("keeper", "xlsx", "", 404),
     ("keeper", "json", str(UUID(int=7)), 404)],
)  # fmt: skip
def test_nobody_else_gets_a_word_of_it(
    house: TestClient, town: dict[str, str], who: str, ending: str, of: str, status: int
) -> None:
    found, said, _name = ask(house, town, who, ending, of)
    assert found == status
    assert "Ada" not in said
