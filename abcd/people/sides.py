"""What a person is told of an introduction when they ask for all we hold of them, as SQL over its row ``t``.

Their own side: not the other's refusal, nor an ask that never reached them, nor who the other is (product.md E.3).
``:person`` is their id as text.
"""

from abcd.db.tables import EXITS


def _mine(row: str) -> str:
    """The side that the person is of."""
    return f"(case when {row}.a_person_id::text = :person then 'a' else 'b' end)"


def _was_asked(row: str) -> str:
    """Whether it began with them, or reached them."""
    reached = f"select from core.connection_step k where k.connection_id = {row}.id and k.state = 'asked_b'"
    return f"({_mine(row)} = 'a' or exists ({reached}))"


def _whose_exit(row: str) -> str:
    """The side that took the way out which an introduction ended by."""
    last = f"k.connection_id = {row}.id and k.state = {row}.state order by k.at desc limit 1"
    return f"(select k.side from core.connection_step k where {last})"


EXITED = "t.state in ('{}')".format("', '".join(EXITS))
STATE = f"""case when {EXITED} then case when {_whose_exit("t")} = {_mine("t")} then t.state else 'ended' end
  when t.state = 'asked_b' and {_mine("t")} = 'a' then 'yes_a' else t.state end"""

WAS_ASKED = _was_asked("t")
"""The introductions that a person is told of."""

AS_SEEN = f"""(to_jsonb(t) - case when {_mine("t")} = 'a' then 'b_person_id' else 'a_person_id' end)
  || jsonb_build_object('state', {STATE})"""
"""As what: their own side of it."""

OWN_STEPS = f"""exists (select from core.connection c where c.id = t.connection_id
  and {_was_asked("c")} and t.side in ('', {_mine("c")}))"""
"""The steps that are their own, or both sides'."""
