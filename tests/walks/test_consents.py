"""In a real browser: a yes is written down, a link made; without a script the resident says no and is forgotten."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select, text

from abcd.access.accounts import add_account
from abcd.access.associations import ensure_association
from abcd.access.sessions import open_session
from abcd.db.session import SYSTEM, Actor, session
from abcd.people.actions import add_person
from abcd.people.consents import consents_of
from abcd.people.gift_drafts import OfferDraft
from abcd.people.leaving import erase_withdrawn
from abcd.people.offers import add_person_offer
from abcd.people.skills import load_skills
from tests.builders import a_place
from tests.people.conftest import a_draft, grounds
from tests.walks.accessibility import violations
from tests.walks.browsing import a_browser, at_rest, foreign_requests, serving, signed_in

expect.set_options(timeout=30_000)
NAME, BAKES = "Ada of the walk", "I bake bread & teach it"
#: As in the walk of all pages: what Streamlit's own elements break.


@pytest.fixture(scope="module")
def coach(store: str) -> Actor:
    with session(SYSTEM) as s:
        load_skills(s)
        home = ensure_association(s, by=SYSTEM)
        return add_account(s, "Cora Coach", "coach", by=SYSTEM, email="cora@here.example", organisation_id=home)


@pytest.fixture
def ada(coach: Actor) -> UUID:
    """Somebody new each time, also when the walk is walked once more."""
    with session(coach) as s:
        s.execute(text("select set_config('abcd.sees_withdrawn', 'yes', true)"))
        s.execute(text("delete from core.person"))
        north = a_place(s, kind="patch", name="North patch")
        one = add_person(s, a_draft(north, preferred_name=NAME, adult_confirmed=True), by=coach).id
        add_person_offer(s, one, OfferDraft(BAKES, "hands", grounds=grounds()), by=coach)
    return one


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


def does_hold(by: Actor, person_id: UUID) -> bool:
    with session(by) as s:
        return bool(s.scalar(select(func.core.consents(person_id, "introductions"))))


def say_yes(page: Page, here: str, one: UUID) -> str:
    """As the coach: write down a yes, make the link; its address."""
    page.goto(f"{here}/people?person={one}")
    page.get_by_text("They say yes to something").click()
    expect(page.get_by_text("We would like to bring you together")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="Write it down").last.click()
    expect(page.get_by_text("Their yes is written down")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="Make a link for them").click()
    link = page.locator("code", has_text="/mine/")
    expect(link).to_be_visible()
    at_rest(page)
    assert violations(page) == []
    return str(link.inner_text()).strip()


def no_wider(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_from_a_yes_to_forget_me(store: str, coach: Actor, ada: UUID, browser: Browser) -> None:
    with session(SYSTEM) as s:
        cookie = open_session(s, coach)
    with serving(store) as here:
        ours = signed_in(browser, here, cookie).new_page()
        ours.set_default_timeout(30_000)
        link = say_yes(ours, here, ada)
        assert does_hold(coach, ada)
        looked_at(browser, here, link)
        said(browser, here, link, coach, ada)
        ours.goto(f"{here}/people")
        expect(ours.get_by_role("heading", name="People")).to_be_visible()
        at_rest(ours)
        assert NAME not in ours.content()
        ours.goto(f"{here}/consents")
        expect(ours.get_by_text("A yes holds for two years")).to_be_visible()
        at_rest(ours)
        assert NAME not in ours.content()
        assert violations(ours) == []
    assert erase_withdrawn().people == 1
    with session(coach) as s:
        s.execute(text("select set_config('abcd.sees_withdrawn', 'yes', true)"))
        assert s.scalar(text("select count(*) from core.person")) == 0


def looked_at(browser: Browser, here: str, link: str) -> None:
    """Their page on a telephone and a desk: no fault that axe knows, nothing from elsewhere, no secret in the title."""
    for width in (390, 1280):
        page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
        left = foreign_requests(page, here)
        for path in ("", "/forget"):
            page.goto(link.partition("?")[0] + path)
            assert violations(page) == []
            assert no_wider(page)
            assert link.rpartition("/")[2][:20] not in page.title()
        assert left == []
        page.context.close()


def said(browser: Browser, here: str, link: str, coach: Actor, ada: UUID) -> None:
    """Without any script: other words, a no, a yes, forgotten; then the link is dead."""
    page = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False).new_page()
    page.goto(link)
    expect(page.get_by_text(BAKES).first).to_be_visible()
    page.get_by_text("Change or take back").first.click()
    page.get_by_label("In your own words").first.fill("I bake cakes")
    page.get_by_role("button", name="Keep these words").first.click()
    expect(page.get_by_text("It stands in your new words")).to_be_visible()
    page.get_by_role("button", name="No longer").first.click()
    expect(page.get_by_text("From this moment nothing is done with it")).to_be_visible()
    assert not does_hold(coach, ada)
    with session(coach) as s:
        assert [one.by_self for one in consents_of(s, ada)] == [True]
    page.get_by_role("link", name="Take everything back and be forgotten").click()
    page.get_by_role("button", name="Forget me now").click()
    expect(page.get_by_role("heading", name="You are forgotten")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", name="Link ended")).to_be_visible()
