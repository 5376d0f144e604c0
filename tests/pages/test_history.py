"""History: who did what, before and after side by side, for those who may; and whether the trail is whole."""

import ast
from collections.abc import Callable

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from abcd.assets.actions import edit_asset
from abcd.db import standing
from abcd.db.chain import Fault
from abcd.db.sealing import seal_all
from abcd.db.session import session
from abcd.db.tables import Account, Asset
from abcd.pages.deed_words import verb_names
from abcd.pages.panels_history import shown, value_of
from abcd.pages.words import verbatim
from tests.conftest import as_owner
from tests.pages.conftest import HOSTILE, ROOT, Borough, words_of

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _home(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))


@pytest.fixture(scope="module")
def renamed(borough: Borough) -> Borough:
    for name in ("Mill Lane Reading Room", HOSTILE):
        with session(borough.owner) as s:
            version = s.get_one(Asset, borough.library).version
            edit_asset(s, borough.library, {"name": name}, version=version, by=borough.owner)
    return borough


def tables_of(page: AppTest) -> str:
    return "\n".join(table.value.to_string() for table in page.table)


def test_a_records_history_shows_before_and_after(open_page: Open, renamed: Borough) -> None:
    page = open_page("history", kind="asset", thing=str(renamed.library))
    assert not page.exception
    assert {"Before", "After"} <= {name for table in page.table for name in table.value.columns}
    assert "Mill Lane Reading Room" in tables_of(page)
    assert renamed.owner.name in words_of(page)


def test_everything_is_listed_and_narrowed(open_page: Open, renamed: Borough) -> None:
    page = open_page("history")
    assert not page.exception
    assert "Changed" in words_of(page)
    page.selectbox(key="of").set_value("account").run()
    assert "Changed · Asset" not in words_of(page).replace("\\", "")
    page.selectbox(key="by").set_value("system").run()
    assert not page.exception


def test_older_deeds_are_a_press_away(open_page: Open, renamed: Borough) -> None:
    with session(renamed.owner) as s:
        for number in range(30):
            version = s.get_one(Asset, renamed.library).version
            edit_asset(s, renamed.library, {"phone": f"0161 496 00{number:02}"}, version=version, by=renamed.owner)
    with as_owner(str(renamed_url())) as connection:
        for number in range(30):
            connection.execute(text("insert into core.audit_event (by, verb, thing_kind) values ('Ann', 'look', :k)"),
                               {"k": f"thing {number}"})  # fmt: skip
    page = open_page("history")
    first = words_of(page)
    page.button(key="older").click().run()
    assert words_of(page) != first
    page.button(key="newest").click().run()
    assert words_of(page) == first


def renamed_url() -> str:
    import os

    return os.environ["ABCD_DATABASE_URL"]


def test_the_chain_says_how_it_stands(open_page: Open, renamed: Borough, monkeypatch: pytest.MonkeyPatch) -> None:
    seal_all()
    assert "The trail is whole" in words_of(open_page("history"))
    broken = [Fault("changed", 7, "Event 7 was changed after it was sealed.")]
    monkeypatch.setattr(standing.chain, "verify", lambda *_: broken)
    standing._kept.clear()
    assert "Event 7 was changed" in words_of(open_page("history"))
    standing._kept.clear()


def test_those_who_may_not_see_it_are_told(open_page: Open, renamed: Borough) -> None:
    def role(name: str) -> None:
        with session(renamed.owner) as s:
            account = s.get_one(Account, renamed.owner.account_id)
            account.role = name

    role("coach")
    try:
        page = open_page("history")
        assert "This page is for others" in words_of(page)
        assert not page.table
    finally:
        role("owner")


def test_values_that_nobody_may_see_are_said_in_words() -> None:
    assert shown({"sealed": "x"}, "22/11/2026") == "erased on 22/11/2026"
    assert shown({"sealed": "x"}, "") == "not for you to read"
    assert shown({"hidden": True}, "") == "not shown"
    assert shown({"type": "Point", "coordinates": [380000.4, 394000]}, "") == "a point at 380,000, 394,000"
    assert shown("x" * 500, "").endswith("…")
    assert shown("${7*7} <b>", "") == r"$\{7\*7\} \<b\>".replace("$", r"\$")


def test_a_moment_is_told_by_the_clock_on_the_wall() -> None:
    assert shown("2026-07-01T10:24:50.50024+00:00", "") == verbatim("01/07/2026 11:24")
    assert shown("2026-07-01", "") == verbatim("2026-07-01")


def verbs_that_are_kept() -> set[str]:
    """Every verb that the code writes into the trail by name."""
    calls = [node for file in (ROOT / "abcd").rglob("*.py") for node in ast.walk(ast.parse(file.read_text()))
             if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record"]  # fmt: skip
    verbs = [call.args[1] for call in calls if len(call.args) > 2]
    return {str(verb.value) for verb in verbs if isinstance(verb, ast.Constant)}


def test_everything_that_is_done_has_words_for_people() -> None:
    found = verbs_that_are_kept()
    assert {"step", "give_consent", "assign_coach"} <= found
    assert found - set(verb_names()) == set()


def test_a_role_is_told_by_its_name() -> None:
    assert value_of("role", {"role": "partner_viewer"}) == "Partner (may look)"
    assert value_of("name", {"name": "owner"}) == "owner", "what somebody typed stays as it was typed"
