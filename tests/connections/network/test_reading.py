"""All that a place page says of its network, from the store to the words."""

import pytest
from sqlalchemy.orm import Session

from abcd.connections.network.reading import read_network
from abcd.connections.network.records import Mixing, OwnWord
from abcd.connections.network.wording import own_words, reading_words, relation_words, tie_words
from abcd.db.holding import assign
from abcd.db.tables import RELATIONS, Group
from tests.builders import a_place
from tests.connections.network.builders import a_neighbourhood


def test_both_readings_of_one_place(s: Session) -> None:
    """A hall with two groups, one of which works with a library outside: close-knit outside, mixed inside."""
    made = a_neighbourhood(s)
    s.get_one(Group, made["choir"]).streets_mix = "mixed"
    s.flush()
    told = read_network(s, made["estate"])
    assert (len(told.circles), [weak.node.name for weak in told.weak]) == (1, ["Choir", "Weavers Hall"])
    assert [node.name for node in told.weak[0].cut_off] == ["Far Library"]
    assert (told.by_home, told.each_home) == (Mixing(0, 1, -1.0), {"Old Mill": Mixing(0, 1, -1.0)})
    assert (told.by_theme.external, told.by_theme.internal) == (1, 0)
    assert set(told.each_theme) == {"culture-and-faith", "children-and-families"}
    assert told.by_kind == Mixing(3, 0, 1.0)
    assert set(told.each_kind) == {"association", "physical", "institution"}
    assert (told.streets, told.ages) == (OwnWord(1, 0, 2), OwnWord(0, 0, 3))
    assert told.between[made["choir"]] == pytest.approx(2 / 3)


def test_an_empty_place_reads_as_nothing(s: Session) -> None:
    place = a_place(s)
    assign(s)
    told = read_network(s, place)
    assert (told.circles, told.weak, told.bridges, told.by_kind.e_i) == ((), (), (), None)


@pytest.mark.parametrize(
    ("external", "internal", "said"),
    [(0, 0, "No tie"), (2, 2, "Too few"), (6, 14, "Close-knit"), (14, 6, "Outward"), (10, 11, "Both")],
)
def test_a_figure_is_read_only_when_there_are_ties_enough(external: int, internal: int, said: str) -> None:
    ties = external + internal
    assert reading_words(Mixing(external, internal, (external - internal) / ties if ties else None)).startswith(said)


def test_what_groups_say_is_told_with_how_many_were_not_asked() -> None:
    assert own_words(OwnWord(2, 1, 4)) == "2 of 3 groups that were asked say that they are mixed. 4 were not asked."
    assert own_words(OwnWord(0, 0, 4)) == "No group has been asked yet."


def test_every_relation_has_words_from_either_end() -> None:
    for relation in (*RELATIONS, "meets_at", "held_at", "done_by"):
        assert relation_words(relation, is_outward=True)
        assert relation_words(relation, is_outward=False)
        assert tie_words(relation)
    assert relation_words("funds", is_outward=False) == "gets money from"
