"""In a real browser: a resident's suggestions, why, and the first step, on a phone; Settings at an owner's desk."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from abcd.access.sessions import open_session
from abcd.db.session import SYSTEM, Actor, session
from tests.builders import HERE, a_group
from tests.pages.conftest import borough  # noqa: F401
from tests.pages.test_matches import manager, two  # noqa: F401
from tests.walks.browsing import a_browser, at_rest, serving, signed_in
from tests.walks.test_people import fits, violations

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def here(store: str, two: tuple[UUID, UUID, UUID], manager: Actor) -> Iterator[str]:  # noqa: F811
    with session(manager) as s:
        a_group(s, "arts-and-music", HERE, name="Mill Choir", run_by="members")
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


def test_suggestions_on_a_phone(browser: Browser, here: str, manager: Actor, two: tuple[UUID, UUID, UUID]) -> None:  # noqa: F811
    with session(SYSTEM) as s:
        window = signed_in(browser, here, open_session(s, manager), 390)
    page = window.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{here}/people?person={two[0]}")
    expect(page.get_by_role("heading", name="Suggestions")).to_be_visible()
    expect(page.get_by_role("link", name="Beth")).to_be_visible()
    expect(page.get_by_role("link", name="Mill Choir")).to_be_visible()
    expect(page.get_by_text("It is just what is wished for: Piano")).to_be_visible()
    expect(page.get_by_text("“I play <b>old songs</b>”")).to_be_visible()
    page.get_by_text("How was this worked out?").first.click()
    expect(page.get_by_role("cell", name="Together")).to_be_visible()
    at_rest(page)
    assert fits(page)
    assert violations(page) == []
    asks = page.get_by_role("button", name="Start the two-sided ask")
    before = asks.count()
    asks.first.click()
    expect(page.get_by_text("Written down as an idea")).to_be_visible()
    expect(asks).to_have_count(before - 1)
    window.close()


def test_settings_at_a_desk(browser: Browser, here: str, borough: object) -> None:  # noqa: F811
    window = signed_in(browser, here, borough.cookie)  # type: ignore[attr-defined]
    page = window.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{here}/settings")
    expect(page.get_by_role("cell", name="Show nothing below this score")).to_be_visible()
    page.get_by_text("Change them").click()
    expect(page.get_by_label("Show nothing below this score")).to_have_value("0.35")
    at_rest(page)
    assert violations(page) == []
    page.get_by_label("Show nothing below this score").fill("0.40")
    page.keyboard.press("Tab")
    at_rest(page)
    page.get_by_label("Where do the new values come from?").fill("Residents' panel, May")
    page.keyboard.press("Tab")
    at_rest(page)
    page.get_by_role("button", name="Use these from now on").click()
    expect(page.get_by_text("Suggestions are weighed so from now on")).to_be_visible()
    expect(page.get_by_text("Show nothing below this score: Residents' panel, May")).to_be_visible()
    window.close()
