"""The layers of barriers and of where they can be crossed, as the team drew them; for councils, never for the public.

They hold nothing about anybody: who drew a line and whoever told of it stays inside.
"""

from sqlalchemy import String, and_, cast, func, null, select
from sqlalchemy.dialects.postgresql import UUID

from abcd.db.tables import Barrier, Crossing
from abcd.maps.layer import Column, Layer, Sql

_of_it = and_(Crossing.barrier_id == Barrier.id, Crossing.ended_on.is_(None))


def _crossings(*which: Sql) -> Sql:
    counted = select(func.count()).select_from(Crossing).where(_of_it, *which)
    return counted.correlate(Barrier).scalar_subquery()


BARRIERS = Layer(
    name="barriers",
    title="Barriers",
    says="Railways, rivers, main roads and walls that nobody walks across or that people avoid, as the team drew them.",
    table=Barrier.__table__,
    id=Barrier.id,
    geom=Barrier.geom,
    point=func.ST_LineInterpolatePoint(Barrier.geom, 0.5),
    changed=Barrier.updated_at,
    source=cast(null(), UUID),
    columns=(
        Column("name", Barrier.name, "Name.", on_map=True),
        Column("nature", Barrier.nature, "railway, river, main_road, wall, felt_unsafe or other.", on_map=True),
        Column("is_hard", Barrier.is_hard, "True: nobody walks across it but at its crossings.", on_map=True),
        Column("crossings", _crossings(), "How many crossings are known."),
        Column("step_free_crossings", _crossings(Crossing.step_free == "yes"), "How many of them are step-free."),
        Column("metres", func.round(func.ST_Length(Barrier.geom)), "Length in metres."),
        Column("known_from", Barrier.source, "Who says so.", "officer"),
    ),
    shown=Barrier.ended_on.is_(None),
    on_screen=Barrier.ended_on.is_(None),
    left_out={"ended": Barrier.ended_on.is_not(None)},
    licence="Open Government Licence v3.0",
    attribution="Drawn by the association's team.",
    audience="council",
    min_zoom=10,
    piece=100,
    of_no_place=True,
)
CROSSINGS = Layer(
    name="crossings",
    title="Crossings",
    says="Where a barrier can be crossed on foot, and whether without steps.",
    table=Crossing.__table__.join(Barrier.__table__, Barrier.id == Crossing.barrier_id),
    id=Crossing.id,
    geom=Crossing.point,
    point=Crossing.point,
    changed=func.greatest(Crossing.updated_at, Barrier.updated_at),
    source=cast(null(), UUID),
    columns=(
        Column("name", Crossing.name, "Name.", on_map=True),
        Column("step_free", Crossing.step_free, "yes, no or unknown.", on_map=True),
        Column("barrier_id", cast(Barrier.id, String), "Id of the barrier."),
        Column("barrier", Barrier.name, "Name of the barrier.", on_map=True),
    ),
    shown=Crossing.ended_on.is_(None) & Barrier.ended_on.is_(None),
    on_screen=Crossing.ended_on.is_(None) & Barrier.ended_on.is_(None),
    left_out={},
    licence="Open Government Licence v3.0",
    attribution="Drawn by the association's team.",
    audience="council",
    min_zoom=11,
    of_no_place=True,
)
