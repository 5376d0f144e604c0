"""What a person is told of an introduction when they ask for all we hold of them, as SQL over its row ``t``.

Their own side: not the other's refusal nor that a yes of theirs has run out, nor an ask that never reached them, nor
who the other is (product.md E.3). ``:person`` is their id as text.
"""

from abcd.core.clock import LOCAL
from abcd.db.tables import EXITS

OVER = "('{}')".format("', '".join(EXITS))


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


def _last(states: str, before: str = "") -> str:
    """The moment at which one of some states was last reached, before another moment where one is given."""
    earlier = f" and i.at < {before}" if before else ""
    return f"(select max(i.at) from core.connection_step i where i.connection_id = t.id and {states}{earlier})"


EXITED = f"t.state in {OVER}"
AGAIN = _last("i.state = 'idea'")
#: For the second: taken up again since they were last asked. It is over for them since the step before that.
RESTS = f"{_mine('t')} = 'b' and not {_reached('t', f'k.at > {AGAIN}')}"
ANEW = f"""(select min(n.at) from core.connection_step n where n.connection_id = t.id and n.state = 'idea'
  and n.at > {_last("i.state = 'asked_b'")})"""

OTHER = f"(case when {_mine('t')} = 'a' then t.b_person_id else t.a_person_id end)"
#: The other's yes to introductions has run out, and their own holds.
RAN_OUT = f"""{OTHER} is not null and t.state not in {OVER} and t.state <> 'settled'
  and not core.consents({OTHER}, 'introductions') and core.consents(cast(:person as uuid), 'introductions')"""
RAN_OUT_AT = f"""timezone('{LOCAL.key}', (select max(c.expires_on) from core.consent c
  where c.person_id = {OTHER} and c.purpose = 'introductions'
    and not exists (select from core.consent_withdrawn w where w.consent_id = c.id))::timestamp)"""

STATE = f"""case when {RESTS} then 'ended'
  when {EXITED} then case when {_whose_exit("t")} = {_mine("t")} then t.state else 'ended' end
  when {RAN_OUT} then 'ended' when t.state = 'asked_b' and {_mine("t")} = 'a' then 'yes_a' else t.state end"""
SINCE = f"""case when {RESTS} then {_last("true", ANEW)} when {EXITED} then t.state_at
  when {RAN_OUT} then greatest(t.state_at, {RAN_OUT_AT})
  when t.state = 'asked_b' and {_mine("t")} = 'a' then {_last("i.state = 'yes_a'")} else t.state_at end"""

WAS_ASKED = _was_asked("t")
"""The introductions that a person is told of."""

AS_SEEN = f"""(to_jsonb(t) - 'version' - case when {_mine("t")} = 'a' then 'b_person_id' else 'a_person_id' end)
  || jsonb_build_object('state', {STATE}, 'state_at', {SINCE})"""
"""As what: their own side of it. How often it was changed would tell of what they are not told."""

OWN_STEPS = f"""exists (select from core.connection c where c.id = t.connection_id and {_was_asked("c")}
  and (t.side = {_mine("c")} or t.side = '' and t.state not in {OVER}) and (t.state <> 'idea' or {_mine("c")} = 'a'))"""
"""The steps that are their own, or both sides'; a way out that is nobody's is a yes that was taken back."""
