"""A tie between two assets is written down with what shows it, seen again, and taken away."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import can, require
from abcd.access.scope import places_of_asset
from abcd.core.clock import today
from abcd.core.text import tidy
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor
from abcd.db.tables import RELATIONS, SOURCE_KINDS, Asset, Edge
from abcd.errors import BadRequest, NotFound

BOTH_WAYS = frozenset(("shares_venue", "shares_members", "joint_activity"))
"""Relations that read the same from either end; the others go from the first to the second."""


@dataclass(frozen=True)
class TieDraft:
    """A tie as somebody tells it. ``last_seen`` is the day on which it was last found to be so, ``since`` its first."""

    other_id: UUID
    relation: str
    evidence: str
    last_seen: date
    source_kind: str = "desk"
    since: date | None = None
    is_outward: bool = True


def may(s: Session, actor: Actor, verb: str, *asset_ids: UUID) -> bool:
    """Whether somebody may do this to a tie of these assets: one of them lies in their places."""
    return can(actor, verb, "edge", _places(s, actor, *asset_ids))


def add_tie(s: Session, asset_id: UUID, draft: TieDraft, *, by: Actor, key: str | None = None) -> UUID:
    """Write down that two assets have to do with each other; the id of the tie.

    Raises:
        BadRequest: nothing shows it, an end cannot be told of, a day is to come, or it is written down already.
        NotAllowed: ``by`` may not add ties, or neither end lies in their places.
    """
    require(by, "add", "edge", _places(s, by, asset_id, draft.other_id))
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(_add(s, asset_id, draft, by))})
    return UUID(done["id"])


def _add(s: Session, asset_id: UUID, draft: TieDraft, by: Actor) -> UUID:
    evidence = tidy(draft.evidence)
    _check(draft, evidence)
    a, b = (asset_id, draft.other_id) if draft.is_outward else (draft.other_id, asset_id)
    if draft.relation in BOTH_WAYS:
        a, b = sorted((a, b))
    require_tellable(s, a, b)
    if s.scalar(select(Edge.id).where(Edge.a_id == a, Edge.b_id == b, Edge.relation == draft.relation)):
        raise BadRequest("This is written down already. Say on it that it is still so.")
    edge = Edge(a_id=a, b_id=b, relation=draft.relation, evidence=evidence, since=draft.since,
                last_seen=draft.last_seen, source_kind=draft.source_kind)  # fmt: skip
    s.add(edge)
    s.flush()
    record(s, "add", "edge", edge.id, by=by, after=_told(edge))
    return edge.id


def _check(draft: TieDraft, evidence: str) -> None:
    if draft.relation not in RELATIONS or draft.source_kind not in SOURCE_KINDS:
        raise BadRequest("Choose in which way the two have to do with each other, and who says so.")
    if not evidence:
        raise BadRequest("Say what shows it: where somebody saw it, or who told you.")
    if max(draft.last_seen, draft.since or draft.last_seen) > today():
        raise BadRequest("A tie is written down once it is there: choose a day that has been.")
    if draft.since and draft.since > draft.last_seen:
        raise BadRequest("It cannot have been seen last before it began. Look at the two days.")


def require_tellable(s: Session, a: UUID, b: UUID) -> None:
    """Two different assets of which it may be told that they have to do with each other.

    Raises:
        BadRequest: they are one, or one of them was merged, is somebody's gift or is kept private.
    """
    if a == b:
        raise BadRequest("Choose another one: nothing has to do with itself.")
    standing = select(Asset.id).where(
        Asset.id.in_((a, b)), Asset.merged_into.is_(None), ~Asset.is_sensitive, Asset.asset_kind != "individual"
    )
    if len(s.scalars(standing).all()) < 2:
        raise BadRequest("One of the two was merged, or is kept private: no tie is written down of it.")


def edit_tie(
    s: Session, edge_id: UUID, *, version: int | None, by: Actor, evidence: str | None = None, key: str | None = None
) -> UUID:
    """It was seen to be so again today; ``evidence`` takes the place of what showed it before.

    Raises:
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not edit ties, or neither end lies in their places.
    """
    _let_through(s, edge_id, "edit", by)
    done = once(s, key or str(uuid4()), by, lambda: _edit(s, edge_id, version, evidence, by))
    return UUID(done["id"])


def _edit(s: Session, edge_id: UUID, version: int | None, evidence: str | None, by: Actor) -> dict[str, Any]:
    edge = for_edit(s, Edge, edge_id, version, {"last_seen": today()})
    before = _told(edge)
    edge.last_seen = today()
    edge.evidence = tidy(evidence or "") or edge.evidence
    s.flush()
    record(s, "edit", "edge", edge_id, by=by, before=before, after=_told(edge))
    return {"id": str(edge_id)}


def end_tie(s: Session, edge_id: UUID, *, version: int | None, by: Actor, key: str | None = None) -> UUID:
    """The two have nothing to do with each other any more: the tie is taken away, the trail keeps that it was there.

    Raises:
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not remove ties, or neither end lies in their places.
    """
    require(by, "remove", "edge")
    done = once(s, key or str(uuid4()), by, lambda: _end(s, edge_id, version, by))
    return UUID(done["id"])


def _end(s: Session, edge_id: UUID, version: int | None, by: Actor) -> dict[str, Any]:
    _let_through(s, edge_id, "remove", by)
    edge = for_edit(s, Edge, edge_id, version, {})
    record(s, "remove", "edge", edge_id, by=by, before=_told(edge))
    s.delete(edge)
    s.flush()
    return {"id": str(edge_id)}


def _let_through(s: Session, edge_id: UUID, verb: str, by: Actor) -> None:
    require(by, verb, "edge")
    ends = s.execute(select(Edge.a_id, Edge.b_id).where(Edge.id == edge_id)).first()
    if ends is None:
        raise NotFound("This tie is no longer there. Somebody may have taken it away.")
    require(by, verb, "edge", _places(s, by, *ends))


def _places(s: Session, by: Actor, *asset_ids: UUID) -> frozenset[str] | None:
    """The places of either end, asked only for whoever is scoped to places."""
    return frozenset().union(*(places_of_asset(s, one) for one in asset_ids)) if by.places else None


def _told(edge: Edge) -> dict[str, Any]:
    """What the trail says of a tie: never what shows it, since that may name somebody."""
    return {"a": str(edge.a_id), "b": str(edge.b_id), "relation": edge.relation, "last_seen": str(edge.last_seen)}
