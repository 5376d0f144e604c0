"""The door in a real browser: without scripts, by keyboard, on a telephone, clean for assistive technology."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from abcd.access.accounts import Reach, add_account, ensure_owner
from abcd.access.changes import disable_account
from abcd.access.invitations import invite
from abcd.access.sessions import open_session
from abcd.db.session import SYSTEM, Actor, session
from tests.builders import a_place
from tests.walks.accessibility import fits, violations
from tests.walks.browsing import a_browser, foreign_requests, serving, signed_in

expect.set_options(timeout=30_000)
GOOD = "otter ladder violet tram"


@pytest.fixture(scope="module")
def owner_cookie(store: str) -> str:
    with session(SYSTEM) as s:
        a_place(s, name="Old Mill")
        add_account(s, "Cara Coach", "coach", by=SYSTEM, email="cara@example.org")
        return open_session(s, ensure_owner(s, by=SYSTEM))


@pytest.fixture(scope="module")
def here(store: str, owner_cookie: str) -> Iterator[str]:
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def chromium(here: str) -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


def check(page: Page, name: str) -> None:
    """A page is clean by axe, and no wider than its window."""
    assert violations(page) == [], name
    assert fits(page), name


def test_somebody_comes_in_by_invitation_on_a_telephone_without_scripts(chromium: Browser, here: str) -> None:
    with session(SYSTEM) as s:
        token = invite(s, "nia@example.org", Reach("coach"), by=SYSTEM)
    bare = chromium.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page = bare.new_page()
    left = foreign_requests(page, here)
    page.goto(f"{here}/invitation/{token}")
    page.get_by_label("Your name").fill("Nia New")
    page.keyboard.press("Tab")
    page.keyboard.type(GOOD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{here}/")
    page.goto(f"{here}/account")
    expect(page.get_by_text("Nia New")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out")).to_be_visible()
    page.goto(f"{here}/find?q=tea")
    page.get_by_label("E-mail").fill("nia@example.org")
    page.get_by_label("Passphrase").fill(GOOD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{here}/find?q=tea")
    assert left == []
    bare.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_door_are_clean(chromium: Browser, here: str, owner_cookie: str, scheme: str) -> None:
    with session(SYSTEM) as s:
        token = invite(s, "axe@example.org", Reach("coach"), by=SYSTEM)
    stranger = chromium.new_context(viewport={"width": 390, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = stranger.new_page()
    for path in ("/sign-in", "/sign-in?lang=cy", f"/invitation/{token}", "/invitation/none"):
        page.goto(here + path)
        check(page, path)
    page.goto(f"{here}/sign-in")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_label("Passphrase").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("did not open the door")
    check(page, "refused")
    stranger.close()
    inside = signed_in(chromium, here, owner_cookie, width=390)
    page = inside.new_page()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in ("/account", "/account/passphrase", "/account/code", "/sign-out"):
        page.goto(here + path)
        check(page, path)
    inside.close()


def leaver() -> tuple[Actor, str]:
    """Somebody who will be let go, and the cookie of their browser."""
    with session(SYSTEM) as s:
        actor = add_account(s, "Leaver", "owner", by=SYSTEM)
        return actor, open_session(s, actor)


def test_whoever_is_closed_is_out_at_the_next_click(chromium: Browser, here: str) -> None:
    actor, cookie = leaver()
    window = signed_in(chromium, here, cookie)
    page = window.new_page()
    page.goto(f"{here}/team")
    expect(page.get_by_text("Cara Coach")).to_be_visible()
    with session(SYSTEM) as s:
        disable_account(s, actor.account_id, by=SYSTEM)
    page.get_by_role("tab", name="Who may do what").click()
    expect(page.get_by_text("You are signed out")).to_be_visible()
    expect(page.get_by_text("Cara Coach")).to_have_count(0)
    window.close()


def test_team_is_clean_on_a_telephone(chromium: Browser, here: str, owner_cookie: str) -> None:
    window = signed_in(chromium, here, owner_cookie, width=390)
    page = window.new_page()
    page.goto(f"{here}/team")
    expect(page.get_by_text("Cara Coach")).to_be_visible()
    page.get_by_text("Change or close this account").first.click()
    expect(page.get_by_role("button", name="Close this account")).to_be_visible()
    check(page, "team")
    page.get_by_role("tab", name="Who may do what").click()
    expect(page.get_by_text("Nobody gives more")).to_be_visible()
    check(page, "policy")
    window.close()
