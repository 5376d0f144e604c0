"""Find for a coordinator: one line, such as "piano Tuesday evening step-free within 15 minutes", answered with reasons.

Everybody gets what the register holds, the team also what groups, venues and partners offer, and the casework roles the
residents who said yes to being found. Nothing of a line or its answer is kept.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.access import can
from abcd.connections.asking import Asked, understand
from abcd.connections.find_assets import assets
from abcd.connections.find_offers import of_others
from abcd.connections.find_residents import residents
from abcd.connections.findings import Answer, Finding, Findings, in_order
from abcd.connections.lexicon import Lexicon, lexicon
from abcd.connections.on_offer import SURE
from abcd.connections.outset import Outset
from abcd.connections.stand import Stand, stand_at
from abcd.connections.words_match import Reading, read
from abcd.core.clock import today
from abcd.db.session import Actor, actor_of
from abcd.errors import BadRequest

SHOWN = 20
SHOWN_GIFTS = 3
#: Of what others offer, the whole team sees all.
SEEN = ("public", "partner", "officer")


def find(s: Session, line: str, near: str = "", *, limit: int = SHOWN, on: date | None = None) -> Answer:
    """What answers ``line``, at most ``limit`` of each sort; ``near`` is where to look from when the line says nothing.

    Raises:
        BadRequest: nothing was asked for.
    """
    asked, stand, unknown = _from_where(s, understand(line), near)
    known = lexicon(s)
    said = read(known, asked.about)
    if not said.stems and not said.gifts:
        raise BadRequest("Say what you look for in a few words, such as: piano Tuesday evening step-free.")
    actor, day, start = actor_of(s), on or today(), Outset(s, stand) if stand else None
    return Answer(
        asked, _gifts(said, known), stand.name if stand else "", unknown,
        in_order(assets(s, asked, said, known, start, actor.role == "partner_viewer"), limit),
        _offers(s, actor, asked, said, known, start, day, limit),
        _people(s, actor, asked, said, known, start, day, limit),
    )  # fmt: skip


def _from_where(s: Session, asked: Asked, near: str) -> tuple[Asked, Stand | None, str]:
    """The question, where to look from, and a place that was named and nobody knows: its name may be what is sought."""
    if asked.near:
        stand = stand_at(s, asked.near)
        if stand is not None:
            return asked, stand, ""
        asked, unknown = replace(asked, about=f"{asked.about} {asked.near}".strip()), asked.near
    else:
        unknown = ""
    stand = stand_at(s, near) if near.strip() else None
    return asked, stand, unknown or ("" if stand or not near.strip() else near.strip())


def _gifts(said: Reading, known: Lexicon) -> tuple[str, ...]:
    """The gifts that the line was taken to speak of, the surest first."""
    surest = sorted(said.gifts, key=lambda slug: (-said.gifts[slug], slug))
    return tuple(known.gifts[slug].words() for slug in surest[:SHOWN_GIFTS] if said.gifts[slug] >= SURE)


def _offers(
    s: Session, actor: Actor, asked: Asked, said: Reading, known: Lexicon, start: Outset | None, on: date, limit: int
) -> Findings:
    if not can(actor, "view", "offer"):
        return ()
    return in_order(of_others(s, asked, said, known, start, SEEN, on), limit)


def _people(
    s: Session, actor: Actor, asked: Asked, said: Reading, known: Lexicon, start: Outset | None, on: date, limit: int
) -> Findings | None:
    """One finding a person: what they offer that is most like the line."""
    if not can(actor, "suggest", "connection"):
        return None
    best: dict[UUID | None, Finding] = {}
    for one in in_order(residents(s, asked, said, known, start, on), len(known.gifts) * limit):
        best.setdefault(one.person_id, one)
    return tuple(best.values())[:limit]
