"""The layers of coverage and gaps: each category in each place, as it was last worked out (``abcd.gaps.stored``)."""

from dataclasses import replace

from sqlalchemy import DateTime, Float, Numeric, case, cast, func

from abcd.db.tables import Place, PlaceMeasure, Term
from abcd.maps.layer import Column, Join, Layer, Sql

M = PlaceMeasure

SHOWN_AS = {
    "present": "Here",
    "present_stale": "Was here - check",
    "present_barrier": "Here, but not for everyone",
    "absent_confirmed": "We looked; not found",
    "absent_likely": "Probably not here",
    "not_recorded": "Nobody has looked yet",
}
ORDERS = {
    1: "Neighbours asked for it",
    2: "Here, but not usable by everyone",
    3: "We looked and did not find it",
    4: "Here, but far for many homes",
    5: "To go and ask",
}
ENOUGH_LOOKING = case(((M.state == "not_recorded") & (M.searches > 0), "Not enough looking yet"))


def rounded(figure: Sql, digits: int) -> Sql:
    """A figure no finer than it can be known."""
    return cast(func.round(cast(figure, Numeric), digits), Float)


COLUMNS = (
    Column("place_reference", Place.reference, "Reference of the place.", on_map=True),
    Column("place_name", Place.name, "Name of the place.", on_map=True),
    Column("place_kind", Place.kind, "Kind of place: estate, ward and so on."),
    Column("category", M.category, "Category of our taxonomy.", on_map=True),
    Column("category_name", Term.name, "Name of the category.", on_map=True, via="term"),
    Column("theme", Term.theme, "Theme of the category.", via="term"),
    Column("households", M.households, "Households of the place; 0 when nobody has given a figure."),
    Column("near", M.in_reach, "How many are near some home, or say that they serve the place.", on_map=True),
    Column("fresh", M.fresh, "How many of those were checked lately enough."),
    Column("coverage", rounded(M.coverage, 3), "Share of households near one, 0 to 1.", on_map=True),
    Column("median_minutes", rounded(M.median_minutes, 1), "Minutes on foot within which half of the homes reach one."),
    Column("per_1000", rounded(M.per_1000, 2), "How many inside it or serving it for 1,000 households."),
    Column("judged_by", M.judged_by, "What counts as near, and who says so."),
    Column("state", M.state, "State of knowing, as a word for machines.", on_map=True),
    Column("known", func.coalesce(ENOUGH_LOOKING, case(SHOWN_AS, value=M.state)), "The same in words.", on_map=True),
    Column("sure_of_absence", rounded(M.absence, 3), "How sure it is that there is none, 0 to 1."),
    Column("searches", M.searches, "How many times somebody looked."),
    Column("as_of", M.newest_check, "When it was last checked or looked for."),
    Column("worked_out_on", M.worked_out_on, "The day of these figures."),
)

COVERAGE = Layer(
    name="coverage",
    title="Coverage",
    says="How near each kind of thing is to the homes of each place, and what is known of it.",
    table=M.__table__.join(Place.__table__, Place.id == M.place_id),
    id=M.id,
    geom=Place.geom,
    point=Place.point,
    changed=cast(M.worked_out_on, DateTime(timezone=True)),
    source=Place.source_id,
    columns=COLUMNS,
    shown=Place.end_date.is_(None),
    on_screen=Place.end_date.is_(None),
    left_out={},
    licence="Open Government Licence v3.0",
    attribution="Worked out from the sources of the assets and boundaries, each under its own licence.",
    min_zoom=11,
    piece=100,
    # What rests on something hidden would tell that it is there.
    visibility=case((M.rests_on_hidden, "officer"), else_="public"),
    category=M.category,
    joins={"term": Join(Term.__table__, Term.slug == M.category)},
)
GAPS = replace(
    COVERAGE,
    name="gaps",
    title="What may be missing",
    says="What is missing or too far by a named standard, and what nobody has looked for: those are questions.",
    shown=COVERAGE.shown & (M.order > 0),
    columns=(
        *COLUMNS,
        Column("order", M.order, "1 asked for, 2 not usable by all, 3 looked for, 4 too far, 5 to go and ask.",
               on_map=True),
        Column("order_name", case(ORDERS, value=M.order), "The same in words.", on_map=True),
        Column("is_question", M.state.in_(("present_stale", "not_recorded")), "Whether it is a question and no gap."),
    ),
)  # fmt: skip
