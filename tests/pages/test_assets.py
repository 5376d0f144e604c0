"""One asset's page: confirm, mend, conflict, retire; add in four fields; decide on look-alikes."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from abcd.assets.actions import edit_asset
from abcd.assets.queries import asset
from abcd.core.clock import today
from abcd.db.session import session
from abcd.db.tables import Asset, NotSame
from tests.pages.conftest import Borough, words_of

Open = Callable[..., AppTest]


def button(page: AppTest, label: str):
    return next(one for one in page.button if one.label == label)


def field(page: AppTest, kind: str, name: str):
    """The field of a form, whose key ends in its name."""
    return next(one for one in getattr(page, kind) if str(one.key).endswith(f" {name}"))


def unfold(page: AppTest, form: str, one: UUID) -> AppTest:
    """The page with a folded form open."""
    page.session_state[f"fold {form} {one}"] = True
    return page.run()


def test_details_provenance_and_history_in_words(open_page: Open, borough: Borough) -> None:
    page = open_page("assets", asset=str(borough.library))
    assert not page.exception
    known = " ".join(str(cell) for table in page.table for cell in table.value.to_numpy().ravel())
    assert "1 Mill Lane" in known
    assert "Trust in this record" in known
    assert "What has happened to this record" in [head.value for head in page.header]


def test_confirm_is_one_press(open_page: Open, borough: Borough) -> None:
    page = open_page("assets", asset=str(borough.library))
    page = button(page, "Yes, still right").click().run()
    assert "Confirmed. Thank you" in words_of(page)
    with session(borough.owner) as s:
        assert asset(s, borough.library).line.assured_on == today()


def test_a_conflict_shows_both_sides_and_keeps_what_was_typed(open_page: Open, borough: Borough) -> None:
    page = unfold(open_page("assets", asset=str(borough.hostile)), "edit", borough.hostile)
    field(page, "text_input", "name").set_value("Our café").run()
    with session(borough.owner) as s:
        edit_asset(
            s, borough.hostile, {"name": "Their café"}, version=asset(s, borough.hostile).version, by=borough.owner
        )
    page = button(page, "Save the changes").click().run()
    assert "Somebody else saved this" in words_of(page)
    sides = [cell for table in page.table for cell in table.value.to_numpy().ravel()]
    assert "Their café" in sides
    assert "Our café" in sides
    assert field(page, "text_input", "name").value == "Our café"
    page = button(page, "Save the changes").click().run()
    with session(borough.owner) as s:
        assert asset(s, borough.hostile).name == "Our café"


def test_four_fields_make_an_asset_and_a_second_press_none(open_page: Open, borough: Borough) -> None:
    page = open_page("assets")
    field(page, "text_input", "name").set_value("Chess on Tuesdays")
    field(page, "selectbox", "category").set_value("arts-and-music")
    field(page, "text_input", "postcode").set_value("m16 7aa")
    field(page, "text_input", "reach").set_value("Ask at the hall")
    press = button(page, "Add it")
    key = str(press.key).split()[-1]
    page = press.click().run()
    assert not page.exception
    assert "on the map and in the lists" in words_of(page)
    assert field(page, "text_input", "name").value == ""
    assert key not in str(button(page, "Add it").key)
    with session(borough.owner) as s:
        assert s.scalar(select(func.count()).where(Asset.name == "Chess on Tuesdays")) == 1


def test_a_missing_field_is_a_sentence_and_keeps_the_rest(open_page: Open) -> None:
    page = open_page("assets")
    field(page, "text_input", "name").set_value("Nameless place")
    page = button(page, "Add it").click().run()
    assert len(page.error) == 1
    assert field(page, "text_input", "name").value == "Nameless place"


def test_retiring_asks_why(open_page: Open, borough: Borough) -> None:
    new = a_short_lived_asset(borough)
    page = button(unfold(open_page("assets", asset=str(new)), "retire", new), "Retire it").click().run()
    assert "Say why it is retired" in words_of(page)
    field(page, "text_input", "reason").set_value("The building was sold")
    page = button(page, "Retire it").click().run()
    assert "It is no more" in words_of(page)


def a_short_lived_asset(borough: Borough) -> UUID:
    from tests.builders import an_asset

    with session(borough.owner) as s:
        return an_asset(s, "cafe", name="Short-lived café")


def test_two_things_are_remembered_as_two(open_page: Open, borough: Borough) -> None:
    page = open_page("assets")
    page.session_state["add or look-alikes"] = "Look-alikes (1)"
    page.run()
    assert "Names nearly the same" in words_of(page)
    page = button(page, "They are two things").click().run()
    assert "Remembered" in words_of(page)
    with session(borough.owner) as s:
        assert s.scalar(select(func.count()).select_from(NotSame)) == 1


def test_an_address_that_names_no_asset_is_a_sentence(open_page: Open) -> None:
    assert "does not name an asset" in words_of(open_page("assets", asset="x"))
