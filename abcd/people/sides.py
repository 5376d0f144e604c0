"""What a person is told of an introduction when they ask for all we hold of them, as SQL over its row ``t``.

Their own side: not the other's refusal, nor an ask that never reached them, nor who the other is (product.md E.3).
``:person`` is their id as text.
"""

from abcd.db.tables import EXITS


def _mine(row: str) -> str:
    """The side that the person is of."""
    return f"(case when {row}.a_person_id::text = :person then 'a' else 'b' end)"


def _reached(row: str, where: str = "true") -> str:
    """Whether the second was asked."""
    asked = f"k.connection_id = {row}.id and k.state = 'asked_b' and {where}"
    return f"exists (select from core.connection_step k where {asked})"


def _was_asked(row: str) -> str:
    """Whether it began with them, or reached them."""
    return f"({_mine(row)} = 'a' or {_reached(row)})"


def _whose_exit(row: str) -> str:
    """The side that took the way out which an introduction ended by."""
    last = f"k.connection_id = {row}.id and k.state = {row}.state order by k.at desc limit 1"
    return f"(select k.side from core.connection_step k where {last})"


EXITED = "t.state in ('{}')".format("', '".join(EXITS))
AGAIN = "(select max(i.at) from core.connection_step i where i.connection_id = t.id and i.state = 'idea')"
RESTS = f"{_mine('t')} = 'b' and not {_reached('t', f'k.at > {AGAIN}')}"
STATE = f"""case when {RESTS} then 'ended'
  when {EXITED} then case when {_whose_exit("t")} = {_mine("t")} then t.state else 'ended' end
  when t.state = 'asked_b' and {_mine("t")} = 'a' then 'yes_a' else t.state end"""

WAS_ASKED = _was_asked("t")
"""The introductions that a person is told of."""

AS_SEEN = f"""(to_jsonb(t) - case when {_mine("t")} = 'a' then 'b_person_id' else 'a_person_id' end)
  || jsonb_build_object('state', {STATE})"""
"""As what: their own side of it."""

OWN_STEPS = f"""exists (select from core.connection c where c.id = t.connection_id
  and {_was_asked("c")} and t.side in ('', {_mine("c")}) and (t.state <> 'idea' or {_mine("c")} = 'a'))"""
"""The steps that are their own, or both sides'."""
