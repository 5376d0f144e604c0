"""Team: who sees it, what it says, inviting, changing, closing; and which page is for whom."""

from collections.abc import Callable

import pytest
import streamlit as st
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from abcd.access import can
from abcd.access.accounts import add_account
from abcd.access.invitations import accept, invited, open_invitations
from abcd.access.policy import POLICY
from abcd.access.sessions import COOKIE, actor_of_cookie, open_session
from abcd.access.team import member
from abcd.access.wording import policy_rows
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import ROLES, Operation
from tests.pages.conftest import Borough, words_of

Open = Callable[..., AppTest]
#: What each page that is not for everybody takes.
PAGES = {"team": ("view", "account"), "history": ("view", "audit"), "add_data": ("view", "import")}
NOT_FOR_YOU = "role"


def press(page: AppTest, label: str) -> AppTest:
    return next(one for one in page.button if one.label == label).click().run()


@pytest.fixture(scope="module")
def team(borough: Borough) -> dict[str, str]:
    """A session's cookie for each role."""
    with session(SYSTEM) as s:
        made = {role: add_account(s, f"The {role}", role, by=SYSTEM, email=f"{role}@example.org") for role in ROLES}
        return {role: open_session(s, actor) for role, actor in made.items()}


def tab(page: AppTest, name: str) -> AppTest:
    """The page with one of its tabs open."""
    page.session_state["team tab"] = name
    return page.run()


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_to_the_roles_of_the_policy(
    open_page: Open, team: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    asked = ROLES if name == "team" else ("manager", "coach", "partner_viewer")
    opened = {}
    for role, cookie in ((role, team[role]) for role in asked):
        monkeypatch.setattr(type(st.context), "cookies", {COOKIE: cookie})
        page = open_page(name)
        assert not page.exception
        refusals = [str(one.value) for one in (*page.info, *page.error) if NOT_FOR_YOU in str(one.value).lower()]
        opened[role] = not refusals
    assert opened == {role: can(Actor("Somebody", role), *PAGES[name]) for role in asked}


def test_a_visitor_whose_session_has_ended_is_told_how_to_come_in(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(st.context), "cookies", {COOKIE: "A" * 43})
    said = words_of(open_page("team"))
    assert "signed out" in said
    assert "(/sign-in)" in said
    assert "Team" not in said.split()[1:]


def test_everybody_is_named_with_role_and_how_they_sign_in(open_page: Open, team: dict[str, str]) -> None:
    page = open_page("team")
    assert not page.exception
    said = words_of(page)
    assert "**The coach**" in said
    assert "example\\.org · every place · one\\-time link only" in said
    assert "Your account: passphrase" in said


def test_an_invitation_is_made_shown_once_and_kept_nowhere(open_page: Open, borough: Borough) -> None:
    page = tab(open_page("team"), "Invite")
    fields = {str(one.key).rsplit(" ", 1)[1]: one for one in page.text_input if str(one.key).startswith("invite ")}
    fields["email"].set_value("nia@example.org")
    roles = next(one for one in page.selectbox if str(one.key).endswith(" role"))
    roles.set_value("coach")
    places = next(one for one in page.multiselect if str(one.key).endswith(" places"))
    places.set_value([str(borough.estate)])
    page = press(page, "Make the invitation")
    assert not page.exception
    link = page.code[0].value
    token = link.rsplit("/", 1)[1]
    with session(SYSTEM) as s:
        assert token not in str(s.scalars(select(Operation.result)).all())
        assert [one.email for one in open_invitations(s, by=SYSTEM)] == ["nia@example.org"]
        found = invited(s, token)
        assert found is not None
        assert (found.role, found.reach.places) == ("coach", {borough.estate})
        nia = accept(s, token, "Nia")
    assert nia is not None
    assert nia.places == {str(borough.estate)}


def test_an_account_is_changed_and_closed(open_page: Open, team: dict[str, str]) -> None:
    with session(SYSTEM) as s:
        actor = add_account(s, "Zoe", "coach", by=SYSTEM, email="zoe@example.org")
        cookie = open_session(s, actor)
    page = open_page("team")
    page.session_state[f"change {actor.account_id}"] = True
    page.run()
    role = next(one for one in page.selectbox if actor.account_id in str(one.key) and str(one.key).endswith(" role"))
    role.set_value("officer")
    page = press(page, "Save the changes")
    with session(SYSTEM) as s:
        assert member(s, "zoe@example.org", by=SYSTEM).reach.role == "officer"
    page.session_state[f"change {actor.account_id}"] = True
    page = press(page.run(), "Close this account")
    assert not page.exception
    with session(SYSTEM) as s:
        assert not member(s, "zoe@example.org", by=SYSTEM).is_open
        assert actor_of_cookie(s, cookie) is None


def test_the_table_on_the_page_is_the_table_that_is_enforced(open_page: Open) -> None:
    page = tab(open_page("team"), "Who may do what")
    shown = page.table[0].value
    assert len(shown) == sum(map(len, POLICY.values())) == len(policy_rows())
    enforced = [roles for verbs in POLICY.values() for roles in verbs.values()]
    for row, roles in zip(shown.to_numpy().tolist(), enforced, strict=True):
        assert [cell == "✓" for cell in row[2:]] == [role in roles for role in ROLES], row
