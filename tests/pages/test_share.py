"""Share: what is shown before it goes out, the link shown once, what the list says, taking back, the public layers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import streamlit as st
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.access.tokens import is_share_token
from abcd.core.clock import today
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Operation, SensitiveLocation
from abcd.maps.reader import Reader
from abcd.maps.sharing import share_by_token
from abcd.maps.sharing.counting import leaving
from abcd.maps.sharing.deeds import make_share, revoke_share
from abcd.maps.sharing.listing import shares
from abcd.maps.sharing.openly import public_layers
from abcd.maps.sharing.previews import preview
from abcd.maps.sharing.wish import Wish, layers_for
from abcd.places.actions import end_place
from tests.builders import HERE, a_group, a_place, an_asset
from tests.pages.conftest import Borough, reference_of, words_of

Open = Callable[..., AppTest]
FIELDS = ("text_input", "text_area", "selectbox", "multiselect", "number_input")


def tab(page: AppTest, name: str) -> AppTest:
    """The page with one of its tabs open."""
    page.session_state["share tab"] = name
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    return next(one for one in page.button if one.label == label).click().run()


def fill(page: AppTest, form: str, **values: Any) -> AppTest:
    """Type into the fields of a form, one after the other as a person does."""
    for name, value in values.items():
        found = [one for kind in FIELDS for one in getattr(page, kind)
                 if str(one.key).startswith(f"{form} ") and str(one.key).endswith(f" {name}")]  # fmt: skip
        found[0].set_value(value)
        page.run()
    return page


@pytest.fixture(scope="module")
def shared(borough: Borough) -> Borough:
    """The borough with what must not go out to everybody: a refuge, a group for partners, contacts."""
    east, north = HERE
    with session(SYSTEM) as s:
        refuge = an_asset(s, "library", None, name="Quiet House", is_sensitive=True)
        s.add(SensitiveLocation(asset_id=refuge, address="1 Hidden Row", postcode="M16 7ZZ"))
        a_group(s, "youth-group", (east, north + 90), name="Partners' Circle", visibility="partner")
        an_asset(s, "library", (east, north + 20), name="Officers' Room", visibility="officer")
        an_asset(s, "library", (east, north + 30), name="Shy Club", phone="0161 496 0000")
    return borough


def test_what_goes_out_is_counted_with_what_stays_and_why(shared: Borough) -> None:
    with session(shared.owner) as s:
        found = {audience: leaving(s, Reader(audience, ("assets", "groups")))[0] for audience in ("public", "partner")}
    public, partner = found["public"], found["partner"]
    assert (public.layer.name, public.rows - public.drawn, public.private, public.unconsented) == ("assets", 1, 1, 1)
    assert (public.for_others, partner.for_others) == (2, 1)
    assert partner.rows == public.rows + 1


@pytest.mark.parametrize("audience", ["public", "partner", "council"])
def test_every_layer_that_may_be_shared_can_be_counted(shared: Borough, audience: str) -> None:
    names = tuple(one.name for one in layers_for(audience))
    with session(shared.owner) as s:
        for places in ((), (shared.estate,)):
            found = leaving(s, Reader(audience, names, places))
            assert [one.layer.name for one in found] == list(names)
            assert all(0 <= one.drawn <= one.rows and one.for_others >= 0 <= one.unconsented for one in found)


def test_what_goes_out_is_counted_within_its_places(shared: Borough) -> None:
    with session(shared.owner) as s:
        everywhere = leaving(s, Reader("public", ("assets", "places")))
        here = leaving(s, Reader("public", ("assets", "places"), (shared.estate,)))
        nowhere = leaving(s, Reader("public", ("assets", "places"), (UUID(int=5),)))
    assert [one.rows for one in nowhere] == [0, 0]
    assert 0 < here[0].rows < everywhere[0].rows
    assert (here[1].rows, everywhere[1].rows) == (1, 3)


def test_a_link_is_made_looked_at_shown_once_and_kept_nowhere(open_page: Open, shared: Borough) -> None:
    page = tab(open_page("share"), "Share something")
    assert not page.exception
    page = fill(page, "share", title="Around Old Mill", partner="Millfield PCN", layers=["assets", "groups"],
                places=[str(shared.estate)], days=30, audience="partner")  # fmt: skip
    page.session_state["look share"] = True
    page.run()
    assert not page.exception
    assert "**Community assets**:" in words_of(page)
    frame = page.get("iframe")[0].proto
    kept = preview(frame.src.rsplit("/", 1)[1])
    assert kept is not None
    assert (kept[0].layers, kept[0].places, kept[1]) == (
        ("assets", "groups"),
        (shared.estate,),
        shared.owner.account_id,
    )
    page = press(page, "Share this")
    assert not page.exception
    token = page.code[0].value.rsplit("/", 1)[1]
    assert is_share_token(token)
    found = share_by_token(token)
    assert found is not None
    assert (found.title, found.partner, found.layers) == ("Around Old Mill", "Millfield PCN", ("assets", "groups"))
    assert (found.expires_at.date() - today()) in (timedelta(days=30), timedelta(days=29))
    with session(SYSTEM) as s:
        assert token not in str(s.scalars(select(Operation.result)).all())
    assert not [code.value for code in open_page("share").code]


def test_the_address_names_the_place_to_share(open_page: Open, shared: Borough) -> None:
    with session(SYSTEM) as s:
        reference = reference_of(s, shared.estate)
    page = open_page("share", place=reference)
    assert not page.exception
    chosen = next(one for one in page.multiselect if str(one.key).endswith(" places"))
    assert chosen.value == [str(shared.estate)]


def test_a_second_press_shares_once(open_page: Open, shared: Borough) -> None:
    with session(SYSTEM) as s:
        before = len(shares(s, by=SYSTEM))
    page = fill(tab(open_page("share"), "Share something"), "share", title="Pressed twice")
    page = press(press(page, "Share this"), "Share this")
    assert len(page.code) == 1
    with session(SYSTEM) as s:
        assert len(shares(s, by=SYSTEM)) == before + 1


def test_what_is_missing_is_said_and_nothing_is_shared(open_page: Open, shared: Borough) -> None:
    page = press(tab(open_page("share"), "Share something"), "Share this")
    assert "Give it a title" in words_of(page)
    page = fill(page, "share", title="Open", kind="open", layers=["patches"])
    page = press(page, "Share this")
    assert "not for this audience" in words_of(page)
    assert not page.code


def test_a_key_for_feeds_is_shown_beside_its_address(open_page: Open, shared: Borough) -> None:
    page = fill(tab(open_page("share"), "Share something"), "share", title="For the council", kind="feed")
    page = press(fill(page, "share", audience="council"), "Share this")
    address, key = (code.value for code in page.code)
    assert address.endswith("/ogc")
    assert share_by_token(key, "feed") is not None
    assert share_by_token(key, "link") is None


def test_the_list_tells_what_with_whom_until_when_and_the_last_day(open_page: Open, shared: Borough) -> None:
    with session(SYSTEM) as s:
        wish = Wish("link", "For *the* surgery", "council", ("assets",), (shared.estate,), partner="Surgery")
        one = make_share(s, wish, by=SYSTEM)
    said = words_of(open_page("share"))
    assert "**For \\*the\\* surgery**" in said
    assert "Surgery · A map that opens by a link · The council" in said
    assert "Community assets · Old Mill" in said
    assert "never used" in said
    assert one.address.rsplit("/", 1)[1] not in said
    assert share_by_token(one.address.rsplit("/", 1)[1]) is not None
    assert f"last used {today():%d}" in words_of(open_page("share")).replace("\\", "")


def test_a_place_that_is_no_more_is_told_on_its_share(open_page: Open, shared: Borough) -> None:
    with session(SYSTEM) as s:
        gone = a_place(s, name="Mill, patch 9", kind="patch")
        made = make_share(s, Wish("link", "Patch nine", "partner", ("assets",), (gone,)), by=SYSTEM)
    assert "No more there" not in words_of(open_page("share"))
    with session(SYSTEM) as s:
        end_place(s, gone, "drawn anew", version=1, by=SYSTEM)
    page = open_page("share")
    assert [one.value.replace("\\", "") for one in page.warning] == [
        "No more there: Mill, patch 9. Nothing of it is seen through this share; share what took its place."
    ]
    with session(SYSTEM) as s:
        revoke_share(s, made.share.id, by=SYSTEM)
    assert not open_page("share").warning


def test_it_is_taken_back_with_one_press(open_page: Open, shared: Borough) -> None:
    with session(SYSTEM) as s:
        for old in shares(s, by=SYSTEM):
            if old.is_live:
                revoke_share(s, old.share.id, by=SYSTEM)
        one = make_share(s, Wish("link", "Short", "partner", ("assets",)), by=SYSTEM)
    token = one.address.rsplit("/", 1)[1]
    assert share_by_token(token) is not None
    page = press(open_page("share"), "Take back")
    assert "Nothing of it opens any more" in words_of(page)
    assert "Nothing is shared just now" in words_of(page)
    assert share_by_token(token) is None


def test_it_is_extended(open_page: Open, shared: Borough) -> None:
    with session(SYSTEM) as s:
        one = make_share(s, Wish("link", "Longer", "partner", ("assets",), days=2), by=SYSTEM).share
    page = open_page("share")
    page.session_state[f"longer share {one.id}"] = True
    page = fill(page.run(), f"extend share {one.id}", days=200)
    page = press(page, "Let it last so long")
    assert not page.exception
    with session(SYSTEM) as s:
        found = next(each.share for each in shares(s, by=SYSTEM) if each.share.id == one.id)
    assert found.expires_at - one.expires_at > timedelta(days=197)
    assert found.version == one.version + 1


def test_the_owner_opens_layers_to_everybody(open_page: Open, shared: Borough) -> None:
    page = fill(tab(open_page("share"), "Open to everybody"), "public layers", layers=["places"])
    page = press(page, "Save what is open")
    assert not page.exception
    assert "Without a key anybody may ask for: Places" in words_of(page)
    with session(SYSTEM) as s:
        assert public_layers(s) == ("places",)
    assert Reader.public().layers == ("places",)


def test_an_open_map_comes_with_what_a_site_puts_into_its_page(open_page: Open, shared: Borough) -> None:
    with session(SYSTEM) as s:
        wish = Wish("open", 'Say "hello" & <come>', "public", ("assets",), embed_hosts=("www.partner.example",))
        one = make_share(s, wish, by=SYSTEM).share
    page = open_page("share")
    page.session_state[f"embed share {one.id}"] = True
    codes = [code.value for code in page.run().code]
    assert [f'/embed/{one.slug}{part}"' in code for part, code in zip(("", "/list"), codes, strict=True)] == [True] * 2
    assert 'title="Say &quot;hello&quot; &amp; &lt;come&gt;"' in codes[0]


@pytest.mark.parametrize(
    ("role", "sees", "shares_it"), [("coach", True, False), ("partner_viewer", False, False), ("officer", True, True)]
)
def test_each_role_gets_its_part_of_the_page(
    open_page: Open, shared: Borough, monkeypatch: pytest.MonkeyPatch, role: str, sees: bool, shares_it: bool
) -> None:
    with session(SYSTEM) as s:
        somebody: Actor = add_account(s, f"Some {role}", role, by=SYSTEM)
        cookie = open_session(s, somebody)
    monkeypatch.setattr(type(st.context), "cookies", {COOKIE: cookie})
    page = open_page("share")
    assert not page.exception
    assert ("This page is for others" not in words_of(page)) is sees
    if sees:
        labels = {one.label for one in tab(page, "Share something").button}
        assert ("Share this" in labels) is shares_it
        opened = tab(page, "Open to everybody")
        assert "The owner decides this" in words_of(opened)
        assert "Save what is open" not in {one.label for one in opened.button}
