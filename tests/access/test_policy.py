"""Who may do what."""

import pytest

from abcd.access import can, require
from abcd.access.policy import POLICY
from abcd.db.session import SYSTEM, Actor
from abcd.db.tables import ROLES
from abcd.errors import NotAllowed

CELLS = [(thing, verb) for thing, verbs in POLICY.items() for verb in verbs]


def allowed(role: str) -> set[tuple[str, str]]:
    """Every (thing, verb) that a role may do."""
    return {(thing, verb) for thing, verb in CELLS if can(Actor("Somebody", role), verb, thing)}


def test_the_owner_and_the_machine_itself_may_do_everything_written() -> None:
    assert allowed("owner") == set(CELLS)
    assert all(can(SYSTEM, verb, thing) for thing, verb in CELLS)


def test_a_partner_may_look_and_nothing_else() -> None:
    things = "asset", "place", "search_effort", "layer", "taxonomy"
    assert allowed("partner_viewer") == {(thing, "view") for thing in things} | {("account", "sign_in")}


def test_a_coach_keeps_the_register_but_takes_nothing_away() -> None:
    may = allowed("coach")
    assert {("asset", "add"), ("asset", "edit"), ("asset", "confirm"), ("search_effort", "record")} <= may
    assert not may & {("asset", "retire"), ("asset", "merge"), ("layer", "export"), ("import", "stage")}


def test_only_leaders_see_where_a_refuge_is() -> None:
    assert [role for role in ROLES if ("asset", "see_sensitive_location") in allowed(role)] == ["owner", "manager"]


def test_only_the_owner_makes_accounts() -> None:
    assert [role for role in ROLES if ("account", "add") in allowed(role)] == ["owner"]


def test_every_role_of_the_table_exists() -> None:
    assert {role for verbs in POLICY.values() for roles in verbs.values() for role in roles} == set(ROLES)


@pytest.mark.parametrize(("verb", "thing"), [("fly", "asset"), ("view", "moon")])
def test_what_is_not_written_is_not_allowed(verb: str, thing: str) -> None:
    assert not can(Actor("Olive", "owner"), verb, thing)


def test_an_unknown_role_may_nothing() -> None:
    assert allowed("passer-by") == set()


def test_no_is_said_in_words() -> None:
    with pytest.raises(NotAllowed, match=r"Your role \(partner viewer\) may not edit: asset\."):
        require(Actor("Pat", "partner_viewer"), "edit", "asset")
