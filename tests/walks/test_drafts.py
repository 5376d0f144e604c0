"""In a real browser: nothing typed is lost when the tab, the network, the server or the session goes (F3, F14, F15)."""

import time
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import delete, select, update

from abcd.assets.queries import asset
from abcd.db.session import session
from abcd.db.tables import Asset, AuditEvent, Draft, SearchEffort
from tests.builders import an_asset
from tests.faults.size import IS_LONG
from tests.pages.conftest import Borough, borough  # noqa: F401
from tests.walks.browsing import Server, a_server, a_window, at_rest

expect.set_options(timeout=15_000)

KEPT_WITHIN_MS = 2_000
OFFER = "You were writing here on"


@pytest.fixture(scope="module")
def server(store: str, borough: Borough) -> Iterator[Server]:  # noqa: F811
    with a_server(store) as running:
        yield running


@pytest.fixture(scope="module")
def house(server: Server, borough: Borough) -> Iterator[BrowserContext]:  # noqa: F811
    """The window of the whole module."""
    with a_window(server.here, borough.cookie) as opened:
        opened.set_default_timeout(15_000)
        yield opened


@pytest.fixture
def window(house: BrowserContext, borough: Borough) -> Iterator[BrowserContext]:  # noqa: F811
    yield house
    for one in house.pages[1:]:
        one.close()
    with session(borough.owner) as s:
        s.execute(delete(Draft))


@pytest.fixture
def cafe(borough: Borough) -> UUID:  # noqa: F811
    """An asset of a test's own."""
    with session(borough.owner) as s:
        return an_asset(s, "cafe", name="Corner Café", website="corner.test", phone="0161 000 0000")


def opened(page: Page, address: str, fold: str, label: str) -> Page:
    """The page at ``address`` with the folded form ``fold`` open, so that its field ``label`` is there."""
    page.goto(address)
    form = page.locator("details").filter(has_text=fold).last
    form.wait_for()
    at_rest(page)
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    page.get_by_label(label, exact=True).wait_for()
    return page


def mending(window: BrowserContext, server: Server, one: UUID) -> Page:
    """The page of an asset with its form open."""
    return opened(window.new_page(), f"{server.here}/assets?asset={one}", "Mend this record", "Name")


def kept(borough: Borough) -> dict[str, object]:  # noqa: F811
    """Everything that the store keeps of unfinished writing."""
    with session(borough.owner) as s:
        rows = s.scalars(select(Draft.values).where(Draft.closed.is_(False)).order_by(Draft.saved_at)).all()
    return {name: value for values in rows for name, value in values.items()}


def is_kept(page: Page, borough: Borough, within_ms: int = KEPT_WITHIN_MS, **values: object) -> bool:  # noqa: F811
    """Whether these values are kept, and nothing else, before the time is over."""
    until = time.monotonic() + within_ms / 1_000
    while kept(borough) != values and time.monotonic() < until:
        page.wait_for_timeout(100)
    return kept(borough) == values


def go_on(page: Page) -> None:
    expect(page.get_by_text(OFFER)).to_be_visible()
    page.get_by_role("button", name="Go on with it").click()
    expect(page.get_by_text(OFFER)).to_have_count(0)
    at_rest(page)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_text("The changes are saved.")).to_be_visible()


def test_a_tab_closed_in_the_middle_of_a_word_comes_back(
    window: BrowserContext,
    server: Server,
    borough: Borough,  # noqa: F811
    cafe: UUID,
) -> None:
    page = mending(window, server, cafe)
    page.get_by_label("Description").press_sequentially("Tea and ca")
    page.close()
    page = mending(window, server, cafe)
    go_on(page)
    expect(page.get_by_label("Description")).to_have_value("Tea and ca")
    save(page)
    assert kept(borough) == {}
    with session(borough.owner) as s:
        assert asset(s, cafe).description == "Tea and ca"
    expect(mending(window, server, cafe).get_by_text(OFFER)).to_have_count(0)


def test_what_is_thrown_away_stays_away(
    window: BrowserContext,
    server: Server,
    borough: Borough,  # noqa: F811
    cafe: UUID,
) -> None:
    page = mending(window, server, cafe)
    page.get_by_label("Description").press_sequentially("Nonsense")
    assert is_kept(page, borough, description="Nonsense")
    page = mending(window, server, cafe)
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_text(OFFER)).to_have_count(0)
    expect(page.get_by_label("Description")).to_have_value("")
    assert kept(borough) == {}


def test_choices_ticks_and_numbers_come_back_too(
    window: BrowserContext,
    server: Server,
    borough: Borough,  # noqa: F811
    cafe: UUID,
) -> None:
    address = f"{server.here}/assets?asset={cafe}"
    page = opened(window.new_page(), address, "Rooms to spare", "How many people fit in?")
    page.get_by_text("It is hardly used").click()
    page.get_by_label("When does it stand empty?").click()
    page.get_by_role("option", name="Monday, evening").click()
    page.keyboard.press("Escape")
    page.get_by_label("How many people fit in?").fill("40")
    assert is_kept(page, borough, is_underused=True, spare=[2], capacity=40)
    page.close()
    page = opened(window.new_page(), address, "Rooms to spare", "How many people fit in?")
    go_on(page)
    expect(page.get_by_label("How many people fit in?")).to_have_value("40")
    expect(page.get_by_role("checkbox", name="It is hardly used")).to_be_checked()
    expect(page.get_by_text("Monday, evening")).to_be_visible()


def test_a_day_comes_back_in_a_part_of_the_page_that_runs_alone(
    window: BrowserContext,
    server: Server,
    borough: Borough,  # noqa: F811
) -> None:
    with session(borough.owner) as s:
        from abcd.places.queries import place

        address = f"{server.here}/?place={place(s, borough.estate).reference}"
    note = "Anything worth remembering? (no names of people)"
    page = window.new_page()
    page.goto(address)
    page.get_by_text("I looked").first.click()
    page.get_by_label("How many did you find?").fill("2")
    page.get_by_label(note).press_sequentially("Behind the ch")
    page.close()
    page = window.new_page()
    page.goto(address)
    go_on(page)
    expect(page.get_by_label(note)).to_have_value("Behind the ch")
    expect(page.get_by_label("How many did you find?")).to_have_value("2")
    page.get_by_role("button", name="Save what I found").click()
    expect(page.get_by_text("Thank you. What you found is on record")).to_be_visible()
    with session(borough.owner) as s:
        assert s.scalars(select(SearchEffort.note)).all() == ["Behind the ch"]


def test_what_cannot_be_sent_is_sent_again(
    window: BrowserContext,
    server: Server,
    borough: Borough,  # noqa: F811
    cafe: UUID,
) -> None:
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.abort()

    page = mending(window, server, cafe)
    page.route("**/draft", refuse)
    page.get_by_label("Description").press_sequentially("Tea")
    page.wait_for_timeout(KEPT_WITHIN_MS)
    assert refused
    assert kept(borough) == {}
    page.unroute("**/draft")
    assert is_kept(page, borough, KEPT_WITHIN_MS + 1_000, description="Tea")


def test_a_draft_of_an_older_version_is_set_beside_the_newer(
    window: BrowserContext,
    server: Server,
    borough: Borough,  # noqa: F811
    cafe: UUID,
) -> None:
    page = mending(window, server, cafe)
    page.get_by_label("Website").fill("mine.test")
    page.get_by_label("Description").press_sequentially("My words")
    page.close()
    with session(borough.owner) as s:
        s.execute(update(Asset).where(Asset.id == cafe).values(website="theirs.test", version=Asset.version + 1))
    page = mending(window, server, cafe)
    go_on(page)
    expect(page.get_by_text("Somebody else saved this after you began")).to_be_visible()
    expect(page.get_by_role("cell", name="theirs.test").first).to_be_visible()
    expect(page.get_by_role("textbox", name="Website")).to_have_value("mine.test")
    page.get_by_role("radiogroup", name="Website").get_by_text("Take theirs").click()
    expect(page.get_by_role("textbox", name="Website")).to_have_value("theirs.test")
    save(page)
    with session(borough.owner) as s:
        found = asset(s, cafe)
    assert (found.website, found.description) == ("theirs.test", "My words")


@pytest.mark.parametrize("leave", ["close", "go elsewhere", "type elsewhere"])
def test_leaving_in_the_middle_of_a_save_leaves_all_or_nothing(
    window: BrowserContext,
    server: Server,
    borough: Borough,  # noqa: F811
    cafe: UUID,
    leave: str,
) -> None:
    for wait in range(0, 400, 4) if IS_LONG else (0, 40):
        page = mending(window, server, cafe)
        text = f"Left by {leave} after {wait}"
        page.get_by_label("Description").fill(text)
        page.get_by_role("button", name="Save the changes").click(no_wait_after=True)
        page.wait_for_timeout(wait)
        if leave == "close":
            page.close()
        elif leave == "go elsewhere":
            page.goto(server.here + "/places")
        else:
            page.get_by_label("Telephone").press_sequentially("9")
        is_saved, drafted, told = settled(borough, cafe, text)
        assert is_saved == told, "a change and its trace stand or fall together"
        assert is_saved != drafted, "what is typed is saved or kept, and never both"
        with session(borough.owner) as s:
            s.execute(delete(Draft))


def settled(borough: Borough, one: UUID, text: str, seconds: float = 10) -> tuple[bool, bool, bool]:  # noqa: F811
    """How it stands once nothing moves any more: a save may still be under way when its page has gone."""
    until, before = time.monotonic() + seconds, (False, False, False)
    while time.monotonic() < until:
        time.sleep(0.8)
        now = state_of(borough, one, text)
        if now == before and now[0] != now[1]:
            return now
        before = now
    return before


def state_of(borough: Borough, one: UUID, text: str) -> tuple[bool, bool, bool]:  # noqa: F811
    """Whether ``text`` is in the record, whether it waits in a draft, whether the trail tells of it."""
    with session(borough.owner) as s:
        events = s.scalars(select(AuditEvent.after).where(AuditEvent.thing_id == str(one), AuditEvent.verb == "edit"))
        told = [after for after in events if after and after.get("description") == text]
        assert len(told) <= 1
        return asset(s, one).description == text, kept(borough).get("description") == text, bool(told)


def test_the_server_is_killed_and_the_page_goes_on_without_being_loaded_again(
    window: BrowserContext,
    server: Server,
    borough: Borough,  # noqa: F811
    cafe: UUID,
) -> None:
    page = mending(window, server, cafe)
    page.evaluate("window.isTheSame = true")
    page.get_by_label("Website").fill("new.test")
    page.keyboard.press("Tab")
    page.get_by_label("Description").press_sequentially("Open on Sun")
    assert is_kept(page, borough, website="new.test", description="Open on Sun")
    at_rest(page)
    server.kill()
    expect(page.get_by_text("Connection lost. Your text is kept.")).to_be_visible()
    server.start()
    expect(page.get_by_text("Connected again")).to_be_visible()
    expect(page.get_by_text("Connected again")).to_be_hidden()
    expect(page.get_by_label("Description")).to_have_value("Open on Sun")
    expect(page.get_by_label("Website")).to_have_value("new.test")
    page.get_by_label("Description").press("End")
    page.get_by_label("Description").press_sequentially("days")
    save(page)
    assert page.evaluate("window.isTheSame")
    with session(borough.owner) as s:
        found = asset(s, cafe)
    assert (found.description, found.website) == ("Open on Sundays", "new.test")


def test_the_server_is_killed_and_the_page_opened_anew_offers_the_text(
    window: BrowserContext,
    server: Server,
    borough: Borough,  # noqa: F811
    cafe: UUID,
) -> None:
    page = mending(window, server, cafe)
    page.get_by_label("Description").press_sequentially("Half a sent")
    assert is_kept(page, borough, description="Half a sent")
    at_rest(page)
    server.kill()
    page.close()
    server.start()
    page = mending(window, server, cafe)
    go_on(page)
    expect(page.get_by_label("Description")).to_have_value("Half a sent")


def test_a_change_of_somebody_else_while_the_server_was_away_is_seen(
    window: BrowserContext,
    server: Server,
    borough: Borough,  # noqa: F811
    cafe: UUID,
) -> None:
    page = mending(window, server, cafe)
    page.get_by_label("Website").fill("mine.test")
    page.keyboard.press("Tab")
    assert is_kept(page, borough, website="mine.test")
    at_rest(page)
    server.kill()
    with session(borough.owner) as s:
        s.execute(update(Asset).where(Asset.id == cafe).values(website="theirs.test", version=Asset.version + 1))
    server.start()
    expect(page.get_by_text("Somebody else saved this after you began")).to_be_visible()
    expect(page.get_by_role("cell", name="theirs.test").first).to_be_visible()
    expect(page.get_by_role("textbox", name="Website")).to_have_value("mine.test")


def test_nobody_signed_out_keeps_a_draft(
    window: BrowserContext,
    server: Server,
    borough: Borough,  # noqa: F811
    cafe: UUID,
) -> None:
    sent = {"form": "edit", "record": str(cafe), "sitting": "a" * 32, "version": 1, "values": {"name": "x"}}
    assert window.request.post(server.here + "/draft", data=sent).status == 204
    assert window.browser
    stranger = window.browser.new_context()
    assert stranger.request.post(server.here + "/draft", data=sent).status == 401
    stranger.close()
    assert kept(borough) == {"name": "x"}
