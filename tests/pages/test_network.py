"""The network on the pages: a tie is written down in a form, told on both pages, and drawn on the place's."""

from collections.abc import Callable
from uuid import UUID
from xml.etree import ElementTree

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from abcd.connections.network.layout import places_of
from abcd.connections.network.records import Link, Network
from abcd.core.clock import today
from abcd.db.session import session
from abcd.db.tables import Asset, Edge
from abcd.pages.network_lists import rows
from abcd.pages.network_picture import NARROW, WIDE, Sheet, drawn
from tests.connections.network.builders import a_network, a_node
from tests.pages.conftest import HOSTILE, Borough, reference_of, words_of
from tests.pages.test_assets import button, field, unfold

Open = Callable[..., AppTest]
INKED = "{http://www.w3.org/2000/svg}"


def named(borough: Borough, name: str) -> UUID:
    """The id of an asset of the borough."""
    with session(borough.owner) as s:
        return s.scalars(select(Asset.id).where(Asset.name == name)).one()


def the_place(open_page: Open, borough: Borough) -> AppTest:
    with session(borough.owner) as s:
        return open_page(place=reference_of(s, borough.estate))


def test_a_place_without_ties_says_where_to_say_so(open_page: Open, borough: Borough) -> None:
    said = words_of(the_place(open_page, borough))
    assert "No ties are written down in Old Mill yet" in said
    assert "No tie written down yet" in said
    assert "Friday Youth Club" in said


def test_a_tie_is_written_down_told_and_drawn(open_page: Open, borough: Borough) -> None:
    club = named(borough, "Friday Youth Club")
    page = unfold(open_page("assets", asset=str(club)), "tie", club)
    field(page, "text_input", "words").set_value("Weavers Hall").run()
    field(page, "selectbox", "way").set_value("supports in").run()
    field(page, "text_area", "evidence").set_value("The hall's own notice").run()
    button(page, "Write the tie down").click().run()
    assert not page.exception
    assert "is supported by **Weavers Hall**" in words_of(page)
    with session(borough.owner) as s:
        edge = s.scalars(select(Edge)).one()
        assert (edge.a_id, edge.b_id, edge.relation) == (named(borough, "Weavers Hall"), club, "supports")
        assert (edge.evidence, edge.last_seen) == ("The hall's own notice", today())
    page = the_place(open_page, borough)
    assert "1 tie is known here. All that is tied hangs together." in words_of(page)
    page.session_state["network list"] = True
    page.session_state["network figures"] = True
    page.run()
    assert not page.exception
    tables = [table.value.to_dict("records") for table in page.table]
    lists = next(table for table in tables if table and "Has to do with" in table[0])
    assert lists[0]["Has to do with"] == "2 Weavers Hall (support)"
    assert "Friday Youth Club" in lists[0]["Name"]
    assert any("Too few ties to tell." in str(table) for table in tables)


def test_a_tie_is_seen_again_and_ended(open_page: Open, borough: Borough) -> None:
    club = named(borough, "Friday Youth Club")
    page = open_page("assets", asset=str(club))
    button(page, "Still so").click().run()
    assert "Written down as seen today." in words_of(page)
    button(page, "No longer so").click().run()
    assert "Weavers Hall" not in words_of(page)
    with session(borough.owner) as s:
        assert s.scalars(select(Edge)).all() == []


def test_where_a_group_meets_is_said_and_taken_back(open_page: Open, borough: Borough) -> None:
    club = named(borough, "Friday Youth Club")
    page = unfold(open_page("assets", asset=str(club)), "meets", club)
    field(page, "text_input", "words").set_value("Weavers").run()
    button(page, "It meets there").click().run()
    assert "meets at **Weavers Hall**" in words_of(page)
    button(page, "It no longer meets there").click().run()
    assert "Weavers Hall" not in words_of(page)


def test_nobody_chosen_is_a_sentence_and_the_words_are_kept(open_page: Open, borough: Borough) -> None:
    club = named(borough, "Friday Youth Club")
    page = unfold(open_page("assets", asset=str(club)), "tie", club)
    field(page, "text_input", "words").set_value("zzzz nothing").run()
    field(page, "text_area", "evidence").set_value("Seen").run()
    button(page, "Write the tie down").click().run()
    assert "Say with whom" in words_of(page).replace("\\", "")
    assert field(page, "text_area", "evidence").value == "Seen"


def test_a_picture_is_well_formed_whatever_things_are_called() -> None:
    net = Network(
        (a_node(1, name=HOSTILE), a_node(2, name="\x00\x0b \u202e")), (Link(UUID(int=1), UUID(int=2), ("funds",)),)
    )
    for sheet in (WIDE, NARROW):
        root = ElementTree.fromstring(drawn(net, {UUID(int=1)}, sheet))  # noqa: S314
        assert {one.tag for one in root.iter()} <= {
            INKED + tag for tag in ("svg", "rect", "line", "g", "circle", "path", "text")
        }
        assert not any(name.startswith("on") for one in root.iter() for name in one.attrib)


@pytest.mark.parametrize("sheet", [WIDE, NARROW])
@pytest.mark.parametrize("size", [2, 9, 40])
def test_no_two_marks_of_a_picture_lie_over_each_other(sheet: Sheet, size: int) -> None:
    net = a_network([(number // 3 + 1, number + 2) for number in range(size - 1)] + [(200, 201), (300, 301)])
    places, height = places_of(net, sheet.width, sheet.label)
    wide, high = sheet.label
    assert (places[:, 0] >= wide / 2 - 1).all()
    assert (places[:, 0] <= sheet.width - wide / 2 + 1).all()
    assert (places[:, 1] <= height - high / 2 + 1).all()
    for one in range(len(places)):
        for other in range(one):
            across, down = abs(places[one] - places[other])
            assert across >= wide * 0.97 or down >= high * 0.97


def test_the_list_and_the_picture_number_alike() -> None:
    net = a_network([(1, 2), (2, 3)], is_here={3: False}, home_name={3: "Far Mill"})
    told = rows(net, {node.id: 0.0 for node in net.nodes})
    root = ElementTree.fromstring(drawn(net, set(), WIDE))  # noqa: S314
    words = [one.text for one in root.iter(INKED + "text")]
    assert words == ["1", "N1", "2", "N2", "3", "N3"]
    assert [row["Number"] for row in told] == ["1", "2", "3"]
    assert "Far Mill" in told[2]["What it is"]
