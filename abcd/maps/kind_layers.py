"""Layers that show some of the assets with what is said of their kind alone: venues, groups, activities."""

from dataclasses import replace

from sqlalchemy import or_, select

from abcd.db.tables import Activity, Asset, Group, Term, Venue
from abcd.maps.asset_layer import ASSETS, given
from abcd.maps.layer import Column, Join

WITH_ROOMS = select(Term.slug).where(Term.has_room)
HAS_ACTIVITY = select(Activity.asset_id)

VENUES = replace(
    ASSETS,
    name="venues",
    title="Venues",
    says="Places to meet: what stands where, with its rooms and how it may be hired.",
    shown=ASSETS.shown & Asset.category.in_(WITH_ROOMS),
    columns=(
        *ASSETS.columns,
        Column("capacity", Venue.capacity, "How many people it holds.", via="venue"),
        Column("rooms", Venue.rooms, "Its rooms.", via="venue"),
        Column("kit", Venue.kit, "What one finds there to use.", via="venue"),
        Column("hire_terms", given(Venue.hire_terms), "How it may be hired.", via="venue"),
        Column("transport", given(Venue.transport), "How one gets there.", via="venue"),
    ),
    joins={**ASSETS.joins, "venue": Join(Venue.__table__, Venue.asset_id == Asset.id)},
)
GROUPS = replace(
    ASSETS,
    name="groups",
    title="Groups",
    says="People who do something together, constituted or not.",
    shown=ASSETS.shown & (Asset.asset_kind == "association"),
    columns=(
        *ASSETS.columns,
        Column("run_by", given(Group.run_by), "Who runs it: residents, its members, volunteers, staff.", via="group"),
        Column("serves", given(Group.serves), "Whom it is for.", via="group"),
        Column("constituted", Group.constituted, "Whether it has a constitution: yes, no or unknown.", via="group"),
        Column("size_band", given(Group.size_band), "How many belong to it, roughly.", via="group"),
    ),
    joins={**ASSETS.joins, "group": Join(Group.__table__, Group.asset_id == Asset.id)},
)
ACTIVITIES = replace(
    ASSETS,
    name="activities",
    title="Activities",
    says="What happens at known times: groups that meet, events, sessions for somebody in particular.",
    shown=ASSETS.shown
    & or_(Asset.id.in_(HAS_ACTIVITY), Asset.asset_kind.in_(("association", "story")) & (Asset.opening_hours != "")),
    columns=(
        *ASSETS.columns,
        Column("minimum_age", Activity.minimum_age, "From which age.", via="activity"),
        Column("maximum_age", Activity.maximum_age, "To which age.", via="activity"),
        Column("referral_needed", Activity.referral_needed, "Whether a referral is needed.", via="activity"),
        Column("ways_to_contribute", given(Activity.ways_to_contribute), "How people can give here.", via="activity"),
    ),
)
