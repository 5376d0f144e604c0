"""To check: suggestions field by field, something new, refusing, telling; links for groups; consent of a contact."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
import streamlit as st
from sqlalchemy import func, select, update
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.assets.actions import edit_asset
from abcd.assets.consent import consents_of, record_consent
from abcd.assets.contributions import Suggestion, contribute
from abcd.assets.queries import asset
from abcd.assets.suggested import suggested
from abcd.core.clock import today
from abcd.db.holding import assign
from abcd.db.session import Actor, session
from abcd.db.tables import Asset, CheckLink, Contribution
from tests.builders import a_group
from tests.pages.conftest import HOSTILE, Borough, words_of
from tests.pages.test_assets import button, field, unfold

Open = Callable[..., AppTest]
READER = Actor("share 1", "partner_viewer")


@pytest.fixture
def group(borough: Borough) -> UUID:
    """A group that nobody checked for long, with a contact."""
    with session(borough.owner) as s:
        made = a_group(s, name=f"Knitters {uuid4().hex[:6]}", phone="07700 900123", email="nia@example.org",
                       checked=date(2024, 1, 1))  # fmt: skip
        assign(s, asset_ids=[made])
        return made


def a_wish(borough: Borough, about: UUID | None, kind: str = "correction", **more: str) -> UUID:
    told = {name: more.pop(name) for name in ("own_words", "told_by", "role_words") if name in more}
    one = Suggestion(kind, "shared map", more, {}, asset_id=about, **told)  # type: ignore[arg-type]
    with session(borough.owner) as s:
        return contribute(s, one, key=uuid4().hex, by=READER)


def cells(page: AppTest) -> list[str]:
    return [str(cell) for table in page.table for cell in table.value.to_numpy().ravel()]


def state_of(borough: Borough, wish: UUID) -> str:
    with session(borough.owner) as s:
        return suggested(s, wish, by=borough.owner).state


def live(borough: Borough, one: UUID) -> Asset:
    with session(borough.owner) as s:
        return s.get_one(Asset, one)


def test_the_list_leads_to_one_with_both_sides(open_page: Open, borough: Borough) -> None:
    wish = a_wish(borough, borough.library, cost="£2", own_words=HOSTILE, role_words="link worker")
    page = open_page("to_check")
    assert not page.exception
    assert "Mill Library" in words_of(page)
    page = open_page("to_check", suggestion=str(wish))
    assert not page.exception
    assert "£2" in cells(page)
    said = words_of(page)
    assert "link worker" in said
    assert "<img" not in said.replace("\\<img", "")


def test_taken_field_by_field_it_is_live_and_kept_fields_stay(open_page: Open, borough: Borough) -> None:
    wish = a_wish(borough, borough.library, cost="£2", website="https://new.test")
    page = open_page("to_check", suggestion=str(wish))
    field(page, "text_input", "cost").set_value("£2 a term")
    next(one for one in page.get("button_group") if str(one.key).endswith("way website")).set_value("keep")
    page = button(page.run(), "Let it in").click().run()
    assert not page.exception
    assert "It is live now" in words_of(page)
    one = live(borough, borough.library)
    assert (one.cost, one.website, one.assured_by) == ("£2 a term", "mill.test", "partner list")
    assert state_of(borough, wish) == "partly"
    page = button(page, "Take the decision back").click().run()
    assert live(borough, borough.library).cost == ""
    assert state_of(borough, wish) == "waiting"


def test_when_somebody_saved_first_both_sides_are_shown(open_page: Open, borough: Borough) -> None:
    wish = a_wish(borough, borough.library, cost="£5")
    page = open_page("to_check", suggestion=str(wish))
    with session(borough.owner) as s:
        edit_asset(s, borough.library, {"cost": "50p"}, version=asset(s, borough.library).version, by=borough.owner)
    page = button(page, "Let it in").click().run()
    assert "Somebody else saved this" in words_of(page)
    assert "50p" in cells(page)
    assert live(borough, borough.library).cost == "50p"
    page = button(page, "Let it in").click().run()
    assert live(borough, borough.library).cost == "£5"


def test_refusing_takes_a_reason_and_telling_forgets_how_to_reach_them(open_page: Open, borough: Borough) -> None:
    wish = a_wish(borough, borough.library, cost="£9", told_by="pat@example.org")
    page = unfold(open_page("to_check", suggestion=str(wish)), "refuse", wish)
    page = button(page, "Refuse it").click().run()
    assert "Say why" in words_of(page)
    field(page, "text_input", "reason").set_value("It is free")
    page = button(page, "Refuse it").click().run()
    assert "pat" in words_of(page)
    page = button(page, "They were told").click().run()
    assert "is forgotten" in words_of(page)
    with session(borough.owner) as s:
        assert s.get_one(Contribution, wish).reach == ""


def test_something_missing_is_completed_and_added(open_page: Open, borough: Borough) -> None:
    wish = a_wish(borough, None, "addition", name="Chess club", address="Weavers Hall", reach="ask Ali")
    page = open_page("to_check", suggestion=str(wish))
    page = button(page, "Add it").click().run()
    assert len(page.error) == 1
    field(page, "selectbox", "category").set_value("arts-and-music")
    field(page, "text_input", "postcode").set_value("M16 7AA")
    page = button(page, "Add it").click().run()
    assert not page.exception
    with session(borough.owner) as s:
        made = s.scalars(select(Asset).where(Asset.name == "Chess club")).one()
    assert (made.address, made.source_kind, made.extra) == ("Weavers Hall", "partner list", {"how_to_reach": "ask Ali"})


def test_words_alone_are_settled_by_hand(open_page: Open, borough: Borough) -> None:
    wish = a_wish(borough, borough.library, own_words="The door is round the back")
    page = button(open_page("to_check", suggestion=str(wish)), "It is done").click().run()
    assert "Settled" in words_of(page)
    assert state_of(borough, wish) == "approved"


def test_a_group_is_asked_by_a_link_that_is_shown_once(open_page: Open, borough: Borough, group: UUID) -> None:
    page = button(open_page("assets", asset=str(group)), "Make a link for them").click().run()
    assert not page.exception
    (link,) = [code.value for code in page.code if code.value.startswith("http") and "\n" not in code.value]
    assert "/still-right/" in link
    mails = [one.proto.url for one in page.get("link_button")]
    assert [one.startswith("mailto:nia%40example.org?subject=") for one in mails] == [True]
    assert "still-right" in mails[0]
    with session(borough.owner) as s:
        assert s.scalar(select(func.count()).where(CheckLink.asset_id == group)) == 1
    again = open_page("assets", asset=str(group))
    assert [code.value for code in again.code if "/still-right/" in code.value] == []
    page = button(again, "End the link").click().run()
    assert "opens nothing any more" in words_of(page)


def test_many_are_asked_in_one_step(open_page: Open, borough: Borough, group: UUID) -> None:
    with session(borough.owner) as s:
        s.execute(update(CheckLink).values(ended_at=func.now()))
    page = open_page("to_check")
    page.session_state["estate to check"] = str(borough.estate)
    page.run()
    page.session_state["to check"] = "Ask groups"
    page.run()
    assert not page.exception
    page = button(page, "Make their links").click().run()
    assert not page.exception
    links = [code.value for code in page.code if code.value.startswith("http")]
    with session(borough.owner) as s:
        open_links = s.scalar(select(func.count()).where(CheckLink.ended_at.is_(None)))
    assert len(links) == open_links >= 1


def test_consent_is_written_down_and_taken_back_on_the_asset_page(
    open_page: Open, borough: Borough, group: UUID
) -> None:
    page = unfold(open_page("assets", asset=str(group)), "consent", group)
    assert "Only our own team sees it" in words_of(page)
    page = button(page, "Write it down").click().run()
    assert not page.exception
    assert "they agreed on" in words_of(page)
    with session(borough.owner) as s:
        (one,) = consents_of(s, group)
    assert (one.how, one.given_on, one.holds) == ("in person", today(), True)
    page = button(unfold(page, "withdraw", group), "Hide it now").click().run()
    assert "hidden from this moment" in words_of(page)
    assert not live(borough, group).contact_public


def test_data_health_says_whom_to_ask_and_how_many_wait(open_page: Open, borough: Borough, group: UUID) -> None:
    with session(borough.owner) as s:
        s.execute(update(Asset).where(Asset.id == group).values(contact_public=True))
    a_wish(borough, borough.library, cost="£7")
    said = words_of(open_page("data_health"))
    assert "to be checked" in said
    assert "nobody wrote down that they agreed" in said
    assert live(borough, group).name in said.replace("\\", "")
    with session(borough.owner) as s:
        record_consent(s, group, how="form", by=borough.owner)
    assert "nobody wrote down" not in words_of(open_page("data_health"))


def test_a_partner_who_signs_in_sees_a_contact_with_consent_alone(
    open_page: Open, borough: Borough, group: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session(borough.owner) as s:
        s.execute(update(Asset).where(Asset.id == group).values(contact_public=True))
        cookie = open_session(s, add_account(s, f"Pat {uuid4().hex[:4]}", "partner_viewer", by=borough.owner))
    monkeypatch.setattr(type(st.context), "cookies", {COOKIE: cookie})
    assert "07700" not in str(cells(open_page("assets", asset=str(group))))
    health = open_page("data_health")
    health.selectbox(key="estate").set_value(str(borough.estate)).run()
    assert "07700" not in words_of(health)
    with session(borough.owner) as s:
        record_consent(s, group, how="form", by=borough.owner)
    assert "07700" in str(cells(open_page("assets", asset=str(group))))


def test_an_address_that_names_none_is_a_sentence(open_page: Open) -> None:
    assert "does not name a suggestion" in words_of(open_page("to_check", suggestion="x"))
