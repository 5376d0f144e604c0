"""An answer is kept for whoever may have it, and only until the register changes."""

from dataclasses import replace

import numpy as np
import pytest

from abcd.core.language import use
from abcd.db.audit import record
from abcd.db.remembered import TYPICAL_BYTES, Memory, latest, recalled, remembered
from abcd.db.session import Actor, session

OFFICER = Actor("Olu Officer", "officer", "", "11111111-1111-4111-8111-111111111111")


@pytest.fixture
def work(store: str) -> list[int]:
    """How often the work was done, by its length."""
    return []


def ask(work: list[int], actor: Actor = OFFICER, question: str = "how many") -> int:
    with session(actor) as s:
        return remembered(s, (question, id(work)), lambda: work.append(1) or len(work))


def change(kind: str = "asset") -> None:
    with session(OFFICER) as s:
        record(s, "edit", kind, "1", by=OFFICER)


def test_it_is_worked_out_once(work: list[int]) -> None:
    assert (ask(work), ask(work), len(work)) == (1, 1, 1)


def test_a_change_makes_it_old_and_a_sign_in_does_not(work: list[int]) -> None:
    assert ask(work) == 1
    change("account")
    assert ask(work) == 1
    change()
    assert ask(work) == 2


@pytest.mark.parametrize(
    "other",
    [
        replace(OFFICER, role="manager"),
        replace(OFFICER, organisation_id="22222222-2222-4222-8222-222222222222"),
        replace(OFFICER, places=frozenset({"1"})),
    ],
)
def test_other_eyes_get_their_own_answer(work: list[int], other: Actor) -> None:
    assert (ask(work), ask(work, other), ask(work)) == (1, 2, 1)


def test_each_language_has_its_own(work: list[int]) -> None:
    assert ask(work) == 1
    use("cy")
    try:
        assert ask(work) == 2
    finally:
        use("en")


def test_nothing_is_kept_while_somebody_else_writes(work: list[int]) -> None:
    """Their event may have a smaller number than one that is seen already, and come to light later."""
    with session(OFFICER) as writing:
        record(writing, "edit", "asset", "1", by=OFFICER)
        writing.flush()
        assert (ask(work), ask(work)) == (1, 2)
    assert (ask(work), ask(work)) == (3, 3)


def test_a_memory_forgets_what_was_not_asked_for_longest() -> None:
    memory = Memory(most=2 * TYPICAL_BYTES)
    for name in "ab":
        memory.keep(name, object())
    memory.recall("a")
    memory.keep("c", object())
    assert [memory.recall(name)[0] for name in "abc"] == [True, False, True]
    memory.keep("d", b"x" * TYPICAL_BYTES)
    assert memory.weight == 2 * TYPICAL_BYTES
    memory.keep("e", np.zeros(2 * TYPICAL_BYTES // 8))
    assert [memory.recall(name)[0] for name in "de"] == [False, True], "what says how large it is counts for that"


def test_without_a_session_the_same_eyes_are_given_the_same_answer_until_the_register_changes(work: list[int]) -> None:
    question = ("how many", id(work))
    assert recalled(OFFICER, latest(), question) == (False, None)
    assert ask(work) == 1
    assert recalled(OFFICER, latest(), question) == (True, 1)
    assert recalled(replace(OFFICER, role="manager"), latest(), question) == (False, None)
    change()
    assert recalled(OFFICER, latest(), question) == (False, None)
