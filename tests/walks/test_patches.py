"""In a real browser: a manager draws patches, compares, corrects them on the map, adopts them and names a coach."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import delete, select, update

from abcd.access.accounts import add_account
from abcd.access.associations import ensure_association
from abcd.access.sessions import open_session
from abcd.assets.taxonomy import load_taxonomy
from abcd.core.clock import today
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Draft, PatchCoach, PatchLock, PatchPlan, Place
from abcd.patches.adopting import adopt
from abcd.patches.plans import draw
from tests.builders import HERE, a_place, a_small_area
from tests.walks.accessibility import fits, violations
from tests.walks.browsing import a_tab, a_window, at_rest, serving, signed_in

expect.set_options(timeout=20_000)

SIDE = 6


@dataclass(frozen=True)
class Town:
    """What the walk needs to know: cookies, and a borough beside the town whose patches stand already."""

    manager: str
    coach: str
    partner: str
    plan: UUID


def a_town(s: object, at: tuple[float, float], name: str) -> None:
    """Six by six small areas of 100 m with 100 households each."""
    east, north = at
    whole = a_place(s, (east + 250, north + 250), name=name, size=600)  # type: ignore[arg-type]
    s.get_one(Place, whole).reference = name.upper()  # type: ignore[attr-defined]
    for i in range(SIDE * SIDE):
        a_small_area(s, (east + 100 * (i % SIDE), north + 100 * (i // SIDE)), 100, size=100)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def town(store: str) -> Town:
    """A town without patches; another with four, of which one has a coach with a short week."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        association = ensure_association(s, by=SYSTEM)
        a_town(s, HERE, "Town")
        a_town(s, (HERE[0], HERE[1] + 2_000), "Northtown")
        of = {"by": SYSTEM, "organisation_id": association}
        leader = add_account(s, "Mona Manager", "manager", **of)
        coach, partner = add_account(s, "Cara Coach", "coach", **of), add_account(s, "Pat", "partner_viewer", **of)
        cookies = [open_session(s, one) for one in (leader, coach, partner)]
    by = Actor("Mona Manager", "manager", organisation_id=str(association))
    with session(by, patient=True) as s:
        plan = draw(s, "NORTHTOWN", target=900, seed=1, by=by)[0]
        north = adopt(s, plan.id, first_day=today() - timedelta(60), version=plan.version, by=by)
        s.add(PatchCoach(place_id=north[0], account_id=UUID(coach.account_id), from_on=today() - timedelta(60),
                         made_by="Test", week_hours=20, people_hours=6))  # fmt: skip
    return Town(*cookies, plan.id)


@pytest.fixture(scope="module")
def here(store: str, town: Town) -> Iterator[str]:
    with serving(store) as address:
        yield address


@pytest.fixture(scope="module")
def window(here: str, town: Town) -> Iterator[BrowserContext]:
    with a_window(here, town.manager, height=1400) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser(window: BrowserContext) -> Browser:
    assert window.browser
    return window.browser


@pytest.fixture
def page(window: BrowserContext, town: Town) -> Iterator[Page]:
    with a_tab(window) as opened:
        opened.set_default_timeout(20_000)
        yield opened
    with session(SYSTEM) as s:
        s.execute(delete(Draft))


def go(page: Page, address: str) -> Locator:
    """A page once it has come to rest: what it says beside the list of pages."""
    page.goto(address)
    page.locator("h1").first.wait_for()
    at_rest(page)
    return page.get_by_test_id("stMain")


def rows_of(table: Locator) -> list[list[str]]:
    """The cells of a table, row by row."""
    return [row.locator("th, td").all_inner_texts() for row in table.locator("tr").all()]


def press_map(page: Page, *at: tuple[float, float]) -> None:
    """Press the map at shares of its width and height."""
    canvas = page.locator(".abcd-canvas")
    canvas.scroll_into_view_if_needed()
    expect(page.locator(".abcd-number").first).to_be_visible()
    box = canvas.bounding_box()
    assert box
    for across, down in at:
        canvas.click(position={"x": box["width"] * across, "y": box["height"] * down})


def adopt_it(page: Page) -> None:
    """From the plan to the patches of the town."""
    page.get_by_text("Adopt this plan").click()
    at_rest(page)
    page.get_by_role("button", name="Adopt", exact=True).click()
    expect(page.get_by_text("Adopted. Say who is the coach of each patch as soon as it holds.")).to_be_visible()
    expect(page.get_by_text("6 patches with 3,600 households.")).to_be_visible()
    at_rest(page)


def name_a_coach(page: Page) -> None:
    """Cara for the first patch."""
    page.get_by_text("Say who is its coach").first.click()
    at_rest(page)
    coach = page.get_by_role("combobox", name="Coach").first
    coach.click()
    coach.fill("Cara")
    page.get_by_role("option", name="Cara Coach").click()
    at_rest(page)
    page.get_by_role("button", name="Save the coach").first.click()
    expect(page.get_by_text("Their page knows the patch now.")).to_be_visible()


def test_from_a_number_to_coaches(page: Page, here: str, town: Town) -> None:
    """600 households to a patch: alternatives, a block moved on the map, a reason, adopted, and a coach."""
    with session(SYSTEM) as s:  # once more, when the walk is walked again
        town_id = s.scalars(select(Place.id).where(Place.reference == "TOWN")).one()
        s.execute(delete(PatchPlan).where(PatchPlan.place_id == town_id))
        s.execute(delete(Place).where(Place.kind == "patch", Place.reference.startswith("TOWN-P")))
    said = go(page, f"{here}/patches?place=TOWN")
    expect(said).to_contain_text("Town has 3,600 households. No stock list is loaded")
    page.get_by_label("Households to a patch").fill("600")
    page.keyboard.press("Tab")
    at_rest(page)
    page.get_by_role("button", name="Draw alternatives").click()
    expect(page.get_by_text("The alternatives are below.")).to_be_visible()
    expect(page.get_by_role("heading", name="Their measures beside each other")).to_be_visible()
    at_rest(page)
    head, *told = rows_of(page.get_by_test_id("stTable").first)
    assert head[1:] == ["Most compact", "Best balance"]
    assert [row[1:] for row in told if row[0] in ("Patches", "Within 10%")] == [["6", "6"], ["100%", "100%"]]
    page.get_by_role("link", name="Best balance: look closer, correct or adopt").click()
    expect(page.get_by_role("heading", name="Correct it by hand")).to_be_visible()
    at_rest(page)
    press_map(page, (0.42, 0.42))
    expect(page.get_by_text("1 block with 100 households is chosen. Where does it go?")).to_be_visible()
    expect(page.get_by_text("Chosen on the map: 1")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="To patch").first.click()
    expect(page.get_by_role("columnheader", name="As drawn")).to_be_visible()
    at_rest(page)
    changed = {row[0]: row[1:] for row in rows_of(page.get_by_test_id("stTable").first)}
    assert changed["Furthest off"] == ["0% ✓", "17%"]
    expect(page.get_by_text("Further from the target than the tolerance")).to_be_visible()
    expect(page.get_by_text("Chosen on the map: 0")).to_be_visible()
    page.get_by_label("Why was it corrected?").fill("The corner belongs to the court")
    page.keyboard.press("Tab")
    at_rest(page)
    page.get_by_role("button", name="Save the corrected plan").click()
    expect(page.get_by_role("heading", name="Town: Corrected by hand")).to_be_visible()
    at_rest(page)
    adopt_it(page)
    name_a_coach(page)
    said = go(page, f"{here}/place?place=TOWN-P01")
    expect(said).to_contain_text(f"Its coach: Cara Coach, since {today():%d/%m/%Y}")
    expect(said).to_contain_text("The plan behind this patch")
    expect(go(page, f"{here}/place?place=TOWN")).to_contain_text("Town, patch 1 · Cara Coach")


def test_their_coach_sees_the_patch(browser: Browser, here: str, town: Town) -> None:
    """The walk before made Cara the coach of a patch of the town; of Northtown she has had one for 60 days."""
    window = signed_in(browser, here, town.coach)
    page = window.new_page()
    said = go(page, f"{here}/my_patch")
    expect(said).to_contain_text("Its coach: Cara Coach, since")
    expect(said).to_contain_text("The plan behind this patch")
    expect(said).to_contain_text("are more than one coach can know by name")
    window.close()


def choose_a_block(page: Page) -> None:
    """The first of the list that is not chosen yet, by keyboard alone."""
    page.get_by_role("combobox", name="Blocks").focus()
    for key in ("ArrowDown", "ArrowDown", "Enter", "Escape"):  # the first line is "Select all"
        page.keyboard.press(key)
    at_rest(page)


def test_corrections_by_keyboard_and_back(page: Page, here: str, town: Town) -> None:
    """Without the map: blocks from the list, a lock, a move, and all taken back."""
    with session(SYSTEM, patient=True) as s:
        s.execute(delete(PatchLock))  # of an earlier try
        s.execute(delete(Draft))
        plan = draw(s, "TOWN", target=600, seed=3, by=SYSTEM)[0].id
    go(page, f"{here}/patches?plan={plan}")
    for _each in range(2):
        choose_a_block(page)
    expect(page.get_by_text("2 blocks with 200 households are chosen. Where do they go?")).to_be_visible()
    expect(page.get_by_text("Chosen on the map: 2")).to_be_visible()
    page.get_by_text("Kept together (0)").click()
    at_rest(page)
    page.get_by_label("What are these homes called?").fill("Orchard <b>Court</b>")
    page.keyboard.press("Tab")
    at_rest(page)
    page.get_by_role("button", name="Keep these together").click()
    expect(page.get_by_text("Locked: in every plan they have one coach.")).to_be_visible()
    at_rest(page)
    expect(page.get_by_text("Kept together (1)")).to_be_visible()
    choose_a_block(page)
    page.get_by_role("combobox", name="Or to one farther away").click()
    page.get_by_role("option", name="A new patch").click()
    at_rest(page)
    page.get_by_role("button", name="Move them there").press("Enter")
    expect(page.get_by_role("columnheader", name="Now")).to_be_visible()
    expect(page.get_by_text("Chosen on the map: 0")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="Take the last step back").click()
    expect(page.get_by_role("columnheader", name="Now")).to_have_count(0)
    with session(SYSTEM) as s:
        assert s.scalars(select(PatchLock.name)).all() == ["Orchard <b>Court</b>"]
        s.execute(delete(PatchLock))


def test_the_work_of_coaches_is_laid_out(page: Page, here: str, town: Town) -> None:
    with session(SYSTEM) as s:  # as it was, also when this is walked once more
        s.execute(update(PatchCoach).where(PatchCoach.week_hours.is_not(None)).values(people_hours=6))
    said = go(page, f"{here}/patch_work")
    expect(said).to_contain_text(
        "Northtown, patch 1900 households, more than one coach can know by name (192) · 30% of the"
    )
    expect(said).to_contain_text("nobody is its coach")
    page.get_by_text("The week in Northtown, patch 1").click()
    page.get_by_label("Of them for being with people").fill("10")
    page.keyboard.press("Tab")
    at_rest(page)
    page.get_by_role("button", name="Keep the week in Northtown, patch 1").click()
    expect(page.get_by_text("Written down. Thank you for making room.")).to_be_visible()
    at_rest(page)
    expect(said).not_to_contain_text("30% of the week is meant for people")
    with session(SYSTEM) as s:
        held = s.scalars(select(PatchCoach).where(PatchCoach.week_hours.is_not(None))).one()
        assert held.people_hours == 10


def test_no_violation_of_ours(page: Page, here: str, town: Town) -> None:
    for address in ("patches?place=NORTHTOWN", f"patches?plan={town.plan}", "patch_work"):
        go(page, f"{here}/{address}")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            at_rest(page)
            assert violations(page) == [], (address, width)
            assert fits(page), (address, width)


def test_it_is_no_page_for_partners(browser: Browser, here: str, town: Town) -> None:
    window = signed_in(browser, here, town.partner)
    page = window.new_page()
    expect(go(page, f"{here}/patch_work")).to_contain_text("This page is for others")
    said = go(page, f"{here}/place?place=NORTHTOWN-P01")
    expect(said).to_contain_text("NORTHTOWN-P01")
    expect(said).not_to_contain_text("Cara")
    window.close()
