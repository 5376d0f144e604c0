"""``abcd sign-in``, ``abcd invite`` and ``abcd account``."""

import pytest
from typer.testing import CliRunner

from abcd.access.accounts import add_account
from abcd.access.invitations import accept, invited
from abcd.access.links import use_link
from abcd.access.sessions import actor_of_cookie, open_session
from abcd.cli import access, account, invite
from abcd.db.session import SYSTEM, session
from abcd.errors import BadRequest, NotAllowed, NotFound
from tests.builders import a_place

run = CliRunner().invoke


@pytest.fixture(scope="module")
def cookie(store: str) -> str:
    """A session of Cara's."""
    with session(SYSTEM) as s:
        a_place(s, name="Old Mill")
        return open_session(s, add_account(s, "Cara Coach", "coach", by=SYSTEM, email="cara@example.org"))


def test_an_invitation_is_a_link_with_its_reach(cookie: str) -> None:
    from abcd.places.queries import places_matching

    with session(SYSTEM) as s:
        (mill,) = places_matching(s, "Old Mill", "estate", 5)
    told = run(invite.app, ["nia@example.org", "--role", "officer", "--place", mill.reference])
    assert told.exit_code == 0
    token = told.stdout.split()[0].rsplit("/", 1)[1]
    with session(SYSTEM) as s:
        found = invited(s, token)
        assert found is not None
        assert (found.role, found.reach.places) == ("officer", {mill.id})
        assert found.reach.organisation_id is not None
        assert accept(s, token, "Nia") is not None


@pytest.mark.parametrize(("role", "email"), [("king", "x@example.org"), ("coach", "nobody")])
def test_what_cannot_be_invited_is_said(cookie: str, role: str, email: str) -> None:
    assert isinstance(run(invite.app, [email, "--role", role]).exception, BadRequest)


def test_an_unknown_organisation_is_said(cookie: str) -> None:
    told = run(invite.app, ["x@example.org", "--role", "coach", "--organisation", "Nowhere"])
    assert isinstance(told.exception, NotFound)


def test_accounts_are_listed_closed_and_opened(cookie: str) -> None:
    line = next(one for one in run(account.app, ["list"]).stdout.split("\n") if "cara@" in one)
    assert line.split("\t")[:4][::3] == ["Cara Coach", "Millfield Homes (invented)"]
    assert "Neighbourhood coach\t" in line
    assert run(account.app, ["disable", "CARA@example.org"]).exit_code == 0
    with session(SYSTEM) as s:
        assert actor_of_cookie(s, cookie) is None
    assert "closed" in run(account.app, ["list"]).stdout
    assert isinstance(run(access.app, ["cara@example.org"]).exception, NotAllowed)
    assert run(account.app, ["enable", "Cara Coach"]).exit_code == 0
    assert isinstance(run(account.app, ["disable", "nobody"]).exception, NotFound)


def test_a_link_may_be_for_somebody_else(cookie: str) -> None:
    token = run(access.app, ["cara@example.org"]).stdout.split()[0].rsplit("/", 1)[1]
    with session(SYSTEM) as s:
        found = use_link(s, token)
    assert found is not None
    assert found.name == "Cara Coach"
