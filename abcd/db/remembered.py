"""What was worked out from the register, kept until somebody changes the register.

Fifty officers ask much the same of the same estates between one change and the next. An answer is kept under the number
of the last audit event that can have changed it, and under everything else it depends on: the store, whose eyes it is
for, the language, the day and the question. So nobody is ever given what another organisation may see, nor yesterday's.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import chosen
from abcd.db.glance import glance
from abcd.db.session import APP_ROLE, SHARE_ROLE, Actor, actor_of, engine
from abcd.db.tables.pub import QUIET_KINDS as QUIET

Answer = TypeVar("Answer")

MOST_BYTES = 48_000_000
#: What an answer that is no bytes is taken to weigh: the possibilities of an estate are about this.
TYPICAL_BYTES = 30_000

LAST = """
select coalesce((select id from core.audit_event where thing_kind <> all(%(quiet)s) order by id desc limit 1), 0)"""
#: The same for the share role, whose view holds no quiet events (``abcd.db.tables.pub``).
LAST_OUTSIDE = "select coalesce((select id from pub.audit_event order by id desc limit 1), 0)"

# Whoever writes holds a lock on the number of their own transaction.
WRITERS = text("""
select exists (select from pg_locks where locktype = 'transactionid' and granted and pid <> pg_backend_pid())""")


@dataclass
class Memory:
    """Answers by question, the longest unused forgotten first."""

    most: int = MOST_BYTES
    weight: int = 0
    answers: "OrderedDict[Hashable, Any]" = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def recall(self, question: Hashable) -> tuple[bool, Any]:
        """Whether there is an answer, and the answer."""
        with self.lock:
            if question not in self.answers:
                return False, None
            self.answers.move_to_end(question)
            return True, self.answers[question]

    def keep(self, question: Hashable, answer: Any) -> None:
        """Keep an answer, and forget old ones when all together weigh too much."""
        with self.lock:
            if question not in self.answers:
                self.weight += weight_of(answer)
            self.answers[question] = answer
            while self.weight > self.most:
                self.weight -= weight_of(self.answers.popitem(last=False)[1])


def weight_of(answer: Any) -> int:
    """Bytes of an answer: its own, as many as it says of itself (``nbytes``), or a guess."""
    if isinstance(answer, bytes):
        return len(answer)
    return max(int(getattr(answer, "nbytes", 0)), TYPICAL_BYTES)


_memory = Memory()


def version(s: Session) -> int:
    """The last event that may have changed the register as this session sees it, asked once, before anything else."""
    if "version" not in s.info:
        s.info["version"] = _last(s)
    return int(s.info["version"])


def latest(role: str = APP_ROLE) -> int:
    """The last event that may have changed the register, as anybody would see it now."""
    return int(glance(LAST_OUTSIDE if role == SHARE_ROLE else LAST, {"quiet": list(QUIET)}, role)[0])


def recalled(actor: Actor, seen: int, question: Hashable, role: str = APP_ROLE) -> tuple[bool, Any]:
    """Whether the answer for ``actor`` is kept since the event ``seen``, and the answer; no session is needed."""
    return _memory.recall(_key(engine(role), actor, seen, question))


def kept(s: Session, question: Hashable) -> tuple[bool, Any]:
    """Whether this session's answer to ``question`` is kept, and the answer."""
    return _memory.recall(_key(s.get_bind().engine, actor_of(s), version(s), question))


def remembered(s: Session, question: Hashable, work: Callable[[], Answer]) -> Answer:
    """The answer to ``question`` by ``work()``, or the one that is kept since the last change of the register.

    For sessions that only read. The answer is shared by threads: nobody may change it.
    """
    is_known, answer = kept(s, question)
    if is_known:
        return answer  # type: ignore[no-any-return]
    is_settled = _is_settled(s)
    made = work()
    if is_settled:
        _memory.keep(_key(s.get_bind().engine, actor_of(s), version(s), question), made)
    return made


def _key(store: Engine, actor: Actor, seen: int, question: Hashable) -> Hashable:
    """All that an answer depends on. An engine belongs to one store."""
    eyes = (actor.role, actor.organisation_id, actor.places)
    return store, seen, eyes, chosen(), today(), question


def _is_settled(s: Session) -> bool:
    """Whether nothing with a smaller number than ``version(s)`` can still come to light.

    Numbers are given while transactions write, and seen when they commit, in another order. With nobody writing after
    the first look, and the same number at a second one, every smaller number has been seen.
    """
    if "is_settled" not in s.info:
        s.info["is_settled"] = not s.scalar(WRITERS) and _last(s) == version(s)
    return bool(s.info["is_settled"])


def _last(s: Session) -> int:
    is_outside = "schema_translate_map" in s.get_bind().engine.get_execution_options()
    asked = LAST_OUTSIDE if is_outside else LAST
    return int(s.connection().exec_driver_sql(asked, {"quiet": list(QUIET)}).scalar_one())
