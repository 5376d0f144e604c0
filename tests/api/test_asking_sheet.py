"""A walking sheet on paper: boxes and lines for each question, in two languages, telephones only for those who may."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from httpx import Response
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.api import asking_sheet
from abcd.api.answers import told
from abcd.api.gate import Gate
from abcd.assets.taxonomy import load_taxonomy
from abcd.core.clock import today
from abcd.db.holding import assign
from abcd.db.session import SYSTEM, Actor, session
from abcd.errors import AbcdError
from abcd.gaps.asking import go_and_ask
from abcd.gaps.sheets import make_sheet
from tests.builders import HERE, a_place, an_asset

NAME = "Tea & <img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def paper(store: str) -> tuple[UUID, dict[str, str]]:
    """A sheet of an estate with a hostile name on it, and a cookie for each of three people."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        old = today() - timedelta(500)
        estate = a_place(s, name="Old Mill")
        an_asset(s, "cafe", HERE, name=NAME, checked=old, phone="0161 496 0000", address="1 Mill Lane")
        assign(s)
        coach = add_account(s, "Cara", "coach", by=SYSTEM, places=[estate])
        people = {
            "coach": coach, "partner": add_account(s, "Pat", "partner_viewer", by=SYSTEM),
            "elsewhere": add_account(s, "Ed", "coach", by=SYSTEM, places=[a_place(s, (HERE[0] + 9_000, HERE[1]))]),
        }  # fmt: skip
        cookies = {name: open_session(s, one) for name, one in people.items()}
    owner = Actor("Olive Owner", "owner")
    with session(owner) as s:
        questions = [one for one in go_and_ask(s, estate) if one.round == 1]
        return make_sheet(s, estate, questions, by=owner), cookies


@pytest.fixture(scope="module")
def desk(paper: tuple[UUID, dict[str, str]]) -> Iterator[TestClient]:
    app = Starlette(
        routes=asking_sheet.ROUTES, middleware=[Middleware(Gate, routes=asking_sheet.ROUTES)],
        exception_handlers={AbcdError: told},
    )  # fmt: skip
    with TestClient(app) as opened:
        yield opened


def asked(desk: TestClient, paper: tuple[UUID, dict[str, str]], who: str = "coach", lang: str = "en") -> Response:
    return desk.get(f"/sheets/{paper[0]}?lang={lang}", headers={"Cookie": f"{COOKIE}={paper[1][who]}"})


def test_each_question_has_its_boxes_and_its_line(desk: TestClient, paper: tuple[UUID, dict[str, str]]) -> None:
    answer = asked(desk, paper)
    page = answer.text
    for said in ("Tea &amp; &lt;img src=x", "1 Mill Lane", "0161 496 0000", "Last checked", paper[0].hex[:4].upper(),
                 "Write no names of residents here"):  # fmt: skip
        assert said in page, said
    assert "<img src=x" not in page
    assert page.count("still right") == page.count("closed for good") == 1
    assert page.count("looked, found none") == page.count("of which on our list:") == 8
    assert page.index("what is good here") < page.index("Doors, in walking order")
    assert answer.headers["cache-control"] == "private, no-store"


def test_it_speaks_welsh(desk: TestClient, paper: tuple[UUID, dict[str, str]]) -> None:
    page = asked(desk, paper, lang="cy").text
    assert "Drysau, yn nhrefn y daith" in page
    assert "still right" not in page


def test_a_partner_and_a_coach_of_elsewhere_get_none(desk: TestClient, paper: tuple[UUID, dict[str, str]]) -> None:
    for who in ("partner", "elsewhere"):
        answer = asked(desk, paper, who)
        assert answer.status_code == 403
        assert "Mill Lane" not in answer.text
    headers = {"Cookie": f"{COOKIE}={paper[1]['coach']}"}
    assert desk.get(f"/sheets/{uuid4()}", headers=headers).status_code == 404
