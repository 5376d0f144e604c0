"""States, order and the six parts: what is missing is told apart from what nobody has looked for."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.gaps.possibilities import possibilities
from abcd.gaps.records import Possibility
from abcd.gaps.searching import record_search
from tests.builders import HERE, TODAY, a_place, a_search, a_small_area, an_asset


def an_estate(s: Session) -> UUID:
    """An estate with 60 households in the west and 40 in the east, 600 m apart."""
    a_small_area(s, (HERE[0] - 300, HERE[1]), 60)
    a_small_area(s, (HERE[0] + 300, HERE[1]), 40)
    return a_place(s, size=800)


def state_of(s: Session, place: UUID, category: str = "library", **more: object) -> Possibility | None:
    found = possibilities(s, place, on=TODAY, **more)  # type: ignore[arg-type]
    return next((one for one in found if one.category == category), None)


def test_what_is_here_fresh_and_near_is_no_possibility(s: Session) -> None:
    place = an_estate(s)
    an_asset(s)
    assert state_of(s, place) is None


def test_nobody_has_looked_is_a_question_and_never_absence(s: Session) -> None:
    one = state_of(s, an_estate(s))
    assert one is not None
    assert (one.state, one.shown, one.order, one.is_question) == ("not_recorded", "Nobody has looked yet", 5, True)
    assert one.knowledge.absence == pytest.approx(0.4)
    assert one.how_sure == "Not sure at all: nobody has looked yet, so this is a question."


def test_looking_changes_the_state_step_by_step(s: Session, owner: Actor) -> None:
    place = an_estate(s)
    seen = []
    for method in ("desk", "field walk", "connectors"):
        record_search(s, place, "library", method, TODAY, 0, by=owner)
        one = state_of(s, place)
        assert one is not None
        seen.append((one.shown, one.order, round(one.knowledge.absence or 0, 3)))
    assert seen == [
        ("Not enough looking yet", 5, 0.526),
        ("Probably not here", 3, 0.69),
        ("We looked; not found", 3, 0.881),
    ]


def test_a_finding_decays_back_to_a_question(s: Session) -> None:
    place = an_estate(s)
    for method in ("desk", "connectors", "field walk"):
        a_search(s, place, "library", method, date(2024, 12, 1))
    one = state_of(s, place)
    assert one is not None
    assert (one.shown, one.is_question) == ("Not enough looking yet", True)
    assert one.knowledge.absence == pytest.approx(0.556, abs=0.001)


def test_stale_is_to_be_checked_not_missing(s: Session) -> None:
    place = an_estate(s)
    an_asset(s, checked=date(2025, 1, 1))
    one = state_of(s, place)
    assert one is not None
    assert (one.state, one.shown, one.order, one.knowledge.absence) == ("present_stale", "Was here – check", 5, None)
    assert one.as_of == "Last checked 1 January 2025"


def test_stale_and_far_is_measured_and_still_to_be_checked(s: Session) -> None:
    place = an_estate(s)
    an_asset(s, at=(HERE[0] - 300 - 750, HERE[1]), checked=date(2025, 1, 1))
    one = state_of(s, place)
    assert one is not None
    assert (one.shown, one.order, one.is_question) == ("Was here – check", 4, True)


def test_here_but_not_for_everyone(s: Session) -> None:
    place = an_estate(s)
    an_asset(s, step_free="no")
    assert state_of(s, place) is None
    one = state_of(s, place, needs=["step_free"])
    assert one is not None
    assert (one.state, one.shown, one.order) == ("present_barrier", "Here, but not for everyone", 2)
    assert "known to be step-free; 0 of the 1 near are" in one.how_big


def test_far_for_many_homes_is_below_the_standard(s: Session) -> None:
    place = an_estate(s)
    an_asset(s, at=(HERE[0] - 300 - 750, HERE[1]))
    one = state_of(s, place)
    assert one is not None
    assert (one.state, one.order, one.measure.coverage) == ("present", 4, pytest.approx(0.6))
    assert one.priority == pytest.approx(0.5 * 0.5 * (1 - 0.6 / 0.8))


def test_the_order_of_statements(s: Session) -> None:
    place = an_estate(s)
    an_asset(s, "library", step_free="no")
    an_asset(s, "pharmacy", at=(HERE[0] - 300 - 750, HERE[1]), step_free="yes")
    for method in ("connectors", "field walk"):
        a_search(s, place, "gp", method)
    found = possibilities(s, place, on=TODAY, needs=["step_free"], voiced={"community-garden": 3})
    firsts = [one.category for one in found[:4]]
    assert firsts == ["community-garden", "library", "gp", "pharmacy"]
    assert [one.order for one in found] == sorted(one.order for one in found)
    assert all(one.order == 5 for one in found[4:])


def test_what_neighbours_ask_for_is_shown_even_if_not_everyday(s: Session) -> None:
    found = possibilities(s, an_estate(s), on=TODAY, voiced={"allotment": 2, "library": 5})
    assert [(one.category, one.voices) for one in found[:2]] == [("library", 5), ("allotment", 2)]
    assert found[1].judged_by.startswith("2 neighbours asked for it; also within 15 minutes’ walk")


def test_six_parts_and_how_each_was_worked_out(s: Session) -> None:
    place = an_estate(s)
    an_asset(s, at=(HERE[0] - 300 - 750, HERE[1]), name="Coronation Library", checked=date(2026, 5, 3))
    one = state_of(s, place)
    assert one is not None
    assert one.for_whom == "100 households in Old Mill"
    assert one.of_what == "Library or hub"
    assert one.judged_by.startswith("within 15 minutes’ walk (")
    assert one.how_big == (
        "60% of homes are within 15 minutes’ walk of one. Half of homes are within 15 minutes. "
        "The nearest known is Coronation Library, about 15 minutes’ walk."
    )
    assert one.how_sure == "1 of 1 checked within 12 months."
    assert one.as_of == "Last checked 3 May 2026; a question again in May 2027"
    how = "\n".join(one.how)
    for words in ("times 1.3, at 66.7 metres a minute", "2 small areas with 100 households", "Byar’s limits",
                  "No similar places", "misses informal groups", "Worked out on 1 June 2026"):  # fmt: skip
        assert words in how


def test_how_an_absence_was_worked_out_names_each_search(s: Session) -> None:
    place = an_estate(s)
    a_search(s, place, "library", "connectors", date(2026, 4, 1))
    one = state_of(s, place)
    assert one is not None
    assert "1 April 2026: connectors, found 0; such a search finds 70% of what is there." in one.how
    assert one.as_of == "Last looked 1 April 2026; a question again in August 2026"
