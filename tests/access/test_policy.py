"""Who may do what: every cell of the table against a second one, written by hand (``policy.txt``)."""

from pathlib import Path

import pytest

from abcd.access import can, require
from abcd.access.policy import GIVES, POLICY, may_give
from abcd.db.session import SYSTEM, Actor
from abcd.db.tables import ROLES
from abcd.errors import NotAllowed

MATRIX = Path(__file__).with_name("policy.txt")
LETTERS = dict(zip(ROLES, "omfcdp", strict=True))


def expected() -> dict[tuple[str, str], str]:
    """(thing, verb) -> one character a role, as the text file has them."""
    lines = [line.split() for line in MATRIX.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return {(thing, verb): "".join(cells) for thing, verb, *cells in lines}


EXPECTED = expected()
CELLS = [(thing, verb, role) for thing, verb in EXPECTED for role in ROLES]
STRANGE = ["passer-by", "", "OWNER", "owner "]


@pytest.mark.parametrize(("thing", "verb", "role"), CELLS)
def test_every_cell_is_as_written_by_hand(thing: str, verb: str, role: str) -> None:
    letter = EXPECTED[thing, verb][ROLES.index(role)]
    assert letter in (LETTERS[role], ".")
    somebody = Actor("Somebody", verb if thing == "gives" else role)
    allowed = may_give(somebody, role) if thing == "gives" else can(somebody, verb, thing)
    assert allowed is (letter != ".")


def test_the_two_tables_have_the_same_lines() -> None:
    table = {(thing, verb) for thing, verbs in POLICY.items() for verb in verbs}
    assert table | {("gives", role) for role in ROLES} == set(EXPECTED)
    assert {len(cells) for cells in EXPECTED.values()} == {len(ROLES)}


@pytest.mark.parametrize("role", STRANGE)
def test_an_unknown_role_may_nothing(role: str) -> None:
    somebody = Actor("Somebody", role)
    assert not [cell for cell in EXPECTED if cell[0] != "gives" and can(somebody, cell[1], cell[0])]
    assert not [given for given in ROLES if may_give(somebody, given)]


def test_the_machine_itself_may_do_everything_written() -> None:
    assert all(can(SYSTEM, verb, thing) for thing, verbs in POLICY.items() for verb in verbs)


def test_nobody_gives_a_role_that_may_more_than_they_may() -> None:
    for giver, given in GIVES.items():
        for verbs in POLICY.values():
            assert all(giver in roles for roles in verbs.values() if set(roles) & set(given))


@pytest.mark.parametrize(("verb", "thing"), [("fly", "asset"), ("view", "moon")])
def test_what_is_not_written_is_not_allowed(verb: str, thing: str) -> None:
    assert not can(Actor("Olive", "owner"), verb, thing)


@pytest.mark.parametrize(
    ("mine", "its", "may"),
    [("", None, True), ("", "", True), ("", "a", True), ("a", None, True), ("a", "a", True), ("a", "ab", True),
     ("ab", "b", True), ("a", "b", False), ("a", "", False)],
)  # fmt: skip
def test_places_narrow_a_role_and_never_widen_it(mine: str, its: str | None, may: bool) -> None:
    places = None if its is None else frozenset(its)
    assert can(Actor("Cara", "coach", places=frozenset(mine)), "edit", "asset", places) is may
    assert not can(Actor("Pat", "partner_viewer", places=frozenset(mine)), "edit", "asset", places)


def test_no_is_said_in_words() -> None:
    with pytest.raises(NotAllowed, match=r"Your role \(partner viewer\) may not edit: asset\."):
        require(Actor("Pat", "partner_viewer"), "edit", "asset")
    with pytest.raises(NotAllowed, match="This lies outside your places"):
        require(Actor("Cara", "coach", places=frozenset("a")), "edit", "asset", frozenset("b"))
