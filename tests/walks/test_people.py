"""In a real browser, as a coach with a phone: sit down with somebody, find them again; accessibility at both widths."""

from collections.abc import Iterator
from itertools import count
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from abcd.db.session import Actor, session
from abcd.people.consents import consents_of
from abcd.people.offers import offers_of
from abcd.people.queries import people_here
from abcd.people.wishes import wishes_of
from tests.pages.conftest import HOSTILE, borough  # noqa: F401
from tests.pages.test_people import ada, team  # noqa: F401
from tests.walks.accessibility import fits, violations
from tests.walks.browsing import a_tab, a_window, at_rest, serving

expect.set_options(timeout=30_000)
PHONE, DESK = 390, 1280
#: A walk that is walked once more sits down with somebody whom nobody knows yet.
_tries = count(1)


@pytest.fixture(scope="module")
def here(store: str, ada: UUID) -> Iterator[str]:  # noqa: F811
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def window(here: str, team: dict[str, str]) -> Iterator[BrowserContext]:  # noqa: F811
    with a_window(here, team["coach"], PHONE) as opened:
        yield opened


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    with a_tab(window) as opened:
        opened.set_default_timeout(30_000)
        yield opened


def in_the_talk(page: Page, here: str) -> None:
    """The page with the inventory open."""
    page.goto(here + "/people")
    page.get_by_role("tab", name="Sit down with somebody").click()
    expect(page.get_by_role("heading", name="Gifts")).to_be_visible()
    at_rest(page)


def written(page: Page, label: str, words: str) -> None:
    """Type into a field and leave it."""
    page.get_by_label(label).fill(words)
    page.keyboard.press("Tab")
    at_rest(page)


def test_a_coach_sits_down_with_somebody_and_finds_them_again(page: Page, here: str, team: dict[str, str]) -> None:  # noqa: F811
    ivys_name = f"Ivy{next(_tries)} Keys"
    in_the_talk(page, here)
    written(page, "Hands: what do you like to make", "I play the piano\nI mend bicycles")
    page.get_by_text("Would teach it: I play the piano").click()
    at_rest(page)
    written(page, "What would you like to learn?", "To speak Welsh")
    page.get_by_text("When do they have time?").click()
    page.get_by_role("toolbar", name="Tuesday").get_by_role("button", name="Evening").click()
    at_rest(page)
    written(page, "Likes to be called", ivys_name)
    page.get_by_role("combobox", name="Patch or estate").click()
    page.get_by_role("option", name="North patch").click()
    page.get_by_text("Yes to introductions").click()
    at_rest(page)
    assert violations(page) == []
    assert fits(page)
    page.get_by_role("button", name="Write it all down").dblclick()
    expect(page.get_by_text("They are written down, with everything")).to_be_visible()
    page.get_by_role("link", name="Open their page").click()
    expect(page.get_by_role("heading", name=ivys_name)).to_be_visible()
    assert "Ivy" not in page.url
    assert "Ivy" not in page.title()
    with session(Actor("Mona Manager", "manager", organisation_id=team["home"])) as s:
        (ivy,) = people_here(s, named=ivys_name)
        offers = sorted((one.own_words, one.skill, one.will_teach, one.free_grid) for one in offers_of(s, ivy.id))
        wishes = [(one.own_words, one.wish_kind) for one in wishes_of(s, ivy.id)]
        agreed = [one.purpose for one in consents_of(s, ivy.id)]
    assert offers[1] == ("I play the piano", "piano", True, 1 << 5)
    assert (wishes, agreed) == ([("To speak Welsh", "learn")], ["introductions"])


def test_what_is_typed_is_there_again_after_a_reload(page: Page, here: str) -> None:
    in_the_talk(page, here)
    written(page, "Heart: what do you love doing", "Sitting with whoever is alone")
    written(page, "Likes to be called", "ada weaver")
    page.get_by_role("combobox", name="Patch or estate").click()
    page.get_by_role("option", name="North patch").click()
    at_rest(page)
    in_the_talk(page, here)
    page.get_by_role("button", name="Go on with it").click()
    expect(page.get_by_text("Have a look first")).to_be_visible()
    at_rest(page)
    expect(page.get_by_label("Heart: what do you love doing")).to_have_value("Sitting with whoever is alone")


def test_no_violation_of_ours_at_either_width(page: Page, here: str, ada: UUID) -> None:  # noqa: F811
    page.goto(here + "/people")
    expect(page.get_by_role("link", name="Ada Weaver")).to_be_visible()
    expect(page.get_by_role("link", name=HOSTILE.partition("!")[0])).to_be_visible()
    is_sound(page)
    page.get_by_role("tab", name="Forms on paper").click()
    expect(page.get_by_text("Form 3")).to_be_visible()
    is_sound(page)
    page.goto(f"{here}/people?person={ada}")
    expect(page.get_by_role("heading", name="Ada Weaver")).to_be_visible()
    page.get_by_text("Mend these details").click()
    expect(page.get_by_role("button", name="Save the changes")).to_be_visible()
    is_sound(page)


def is_sound(page: Page) -> None:
    """Nothing of ours to find, and nothing too wide, on a phone and on a desk."""
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        assert (width, violations(page), fits(page)) == (width, [], True)
