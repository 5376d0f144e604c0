"""Weights and thresholds: an owner changes them, with a source; nobody changes them unseen."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.connections.weights import BOUNDS, Weights, chosen_weights, default_source, set_weights, weight_name, weights
from abcd.db.session import Actor
from abcd.db.tables import AuditEvent
from abcd.errors import BadRequest, Conflict, NotAllowed

USUAL = Weights()
NEARER = replace(USUAL, distance=0.25, theme=0.35)


def test_an_owner_s_values_are_in_use_with_their_source(s: Session, owner: Actor) -> None:
    set_weights(s, NEARER, "Residents' panel, May", seen=USUAL, by=owner)
    now = chosen_weights(s)
    assert now.weights == NEARER == weights(s)
    assert now.source("distance") == "Residents' panel, May"
    assert now.source("least") == default_source("least")
    event = s.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (event.thing_kind, event.before, event.after) == (
        "setting", {"theme": 0.4, "distance": 0.2}, {"theme": 0.35, "distance": 0.25},
    )  # fmt: skip


def test_the_usual_value_has_the_usual_source_again(s: Session, owner: Actor) -> None:
    set_weights(s, NEARER, "Residents' panel", seen=USUAL, by=owner)
    set_weights(s, USUAL, "Never mind", seen=NEARER, by=owner)
    assert chosen_weights(s).sources == {}


def test_what_was_not_seen_is_not_overwritten(s: Session, owner: Actor) -> None:
    set_weights(s, NEARER, "One", seen=USUAL, by=owner)
    with pytest.raises(Conflict):
        set_weights(s, replace(USUAL, least=0.5), "Two", seen=USUAL, by=owner)
    assert weights(s) == NEARER


@pytest.mark.parametrize(
    ("wanted", "source"),
    [
        (replace(USUAL, theme=0.5), "x"), (replace(USUAL, least=0.99), "x"), (replace(USUAL, most_open=0), "x"),
        (replace(USUAL, half_minutes=0.0), "x"), (replace(USUAL, theme=1.4, distance=-0.8), "x"), (NEARER, "  "),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(s: Session, owner: Actor, wanted: Weights, source: str) -> None:
    with pytest.raises(BadRequest):
        set_weights(s, wanted, source, seen=USUAL, by=owner)


def test_nobody_but_an_owner(s: Session, owner: Actor) -> None:
    with pytest.raises(NotAllowed):
        set_weights(s, NEARER, "x", seen=USUAL, by=replace(owner, role="manager"))


def test_everything_has_a_name_and_bounds() -> None:
    assert set(BOUNDS) == set(Weights.__dataclass_fields__)
    assert all(weight_name(name) and default_source(name) for name in BOUNDS)
