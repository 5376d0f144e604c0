"""The receipt of a share: what was shared, with whom, until when, and nothing that opens it."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.api import receipts
from abcd.api.answers import told
from abcd.api.gate import Gate
from abcd.db.session import SYSTEM, session
from abcd.errors import AbcdError
from tests.api.shares import a_share, revoked, secret_of
from tests.builders import a_place, a_term, an_asset


@pytest.fixture(scope="module")
def desk(store: str) -> Iterator[TestClient]:
    """The receipts behind the gate, with an officer signed in."""
    app = Starlette(
        routes=receipts.ROUTES, middleware=[Middleware(Gate, routes=receipts.ROUTES)],
        exception_handlers={AbcdError: told},
    )  # fmt: skip
    with session(SYSTEM) as s:
        a_term(s, "library")
        an_asset(s, "library", None, name="Quiet House", is_sensitive=True)
        cookie = open_session(s, add_account(s, "Ola", "officer", by=SYSTEM))
    with TestClient(app, headers={"Cookie": f"{COOKIE}={cookie}"}) as opened:
        yield opened


def test_it_says_what_with_whom_until_when_and_holds_no_secret(desk: TestClient) -> None:
    one = revoked(a_share(title="<b>Around</b> Old Mill", partner="Millfield PCN", contact="Ola, at the desk"))
    answer = desk.get(f"/shares/{one.share.id}/receipt")
    for said in ("&lt;b&gt;Around&lt;/b&gt; Old Mill", "Millfield PCN", "Ola, at the desk", "taken back",
                 f"{one.share.expires_at:%d.%m.%Y}", "1 without their place", str(one.share.id)):  # fmt: skip
        assert said in answer.text, said
    assert secret_of(one) not in answer.text
    assert one.share.slug not in answer.text


def test_it_speaks_welsh(desk: TestClient) -> None:
    assert "Gyda phwy" in desk.get(f"/shares/{a_share().share.id}/receipt?lang=cy").text


def test_another_number_gives_nothing_whoever_it_belongs_to(desk: TestClient) -> None:
    with session(SYSTEM) as s:
        estate = a_place(s, name="Old Mill")
        scoped = add_account(s, "Sam", "officer", by=SYSTEM, places=[estate])
        cookie = {"Cookie": f"{COOKIE}={open_session(s, scoped)}"}
    theirs, mine = a_share().share.id, a_share(places=(estate,)).share.id
    answers = [desk.get(f"/shares/{number}/receipt", headers=cookie) for number in (theirs, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert desk.get(f"/shares/{mine}/receipt", headers=cookie).status_code == 200


def test_a_partner_account_sees_no_receipt(desk: TestClient) -> None:
    with session(SYSTEM) as s:
        cookie = {"Cookie": f"{COOKIE}={open_session(s, add_account(s, 'Pat', 'partner_viewer', by=SYSTEM))}"}
    assert desk.get(f"/shares/{a_share().share.id}/receipt", headers=cookie).status_code == 403
