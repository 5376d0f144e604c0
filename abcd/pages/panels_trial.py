"""What if: a pin on the map, or a postcode, and at once who would come near one and who no longer would."""

from typing import Any
from uuid import UUID

import streamlit as st

from abcd.connections.stand import stand_at
from abcd.core.charts import Dot, dots
from abcd.core.geo import to_degrees, to_grid
from abcd.core.language import _
from abcd.db.remembered import version
from abcd.db.session import Actor, session
from abcd.gaps.siting.ground import Ground, kept_ground
from abcd.gaps.siting.records import Cluster, Near, Trial
from abcd.gaps.siting.trying import trial
from abcd.gaps.siting.wording import trial_words
from abcd.pages.helping_map import At, helping_map
from abcd.pages.map_view import MapEvents
from abcd.pages.panels_possibilities import for_whom
from abcd.pages.panels_siting import by_where
from abcd.pages.picture import picture
from abcd.pages.visit import telling
from abcd.pages.words import number, percent, verbatim, walk
from abcd.places.records import PlaceRecord

MAP = "trial map"
ONE_MORE = ""


@st.fragment
def trial_panel(actor: Actor, here: PlaceRecord, category: str) -> None:
    """Choose what stands where, and see before and after; nothing is stored."""
    st.header(_("What if it stood here?"))
    st.write(_("Drag the pin, or press on the map, or type a postcode. Nothing is stored: try as often as you like."))
    with telling():
        _tried(actor, here, category)


def _tried(actor: Actor, here: PlaceRecord, category: str) -> None:
    left, right = st.columns([3, 4], gap="medium")
    with session(actor) as s:
        about, seen = kept_ground(s, here.id, category, *for_whom()), version(s)
    with left:
        moved = what(about)
        typed(actor)
        at = pin(about, moved)
        if at is not None:
            with session(actor) as s:
                tried = trial(s, about, at, UUID(moved) if moved else None)
            outcome(tried)
    with right:
        told = helping_map(actor, MAP, here, category, _at(at, seen, moved))
    follow(told)


def what(about: Ground) -> str:
    """One more, or one of those that are there to be moved."""
    names = {ONE_MORE: _("One more")} | {
        str(row.id): _("Move {name}").format(name=row.name) for row in about.rows if hasattr(row, "easting")
    }
    chosen = st.selectbox(_("What would stand there?"), list(names), format_func=names.__getitem__, key="trial what",
                          on_change=forget)  # fmt: skip
    return chosen or ONE_MORE


def typed(actor: Actor) -> None:
    """The pin by a postcode: what a map asks of a hand, a keyboard can do as well."""
    asked = st.text_input(_("Put the pin at a postcode"), key="trial postcode", placeholder=_("A full postcode"))
    if not asked or asked == st.session_state.get("trial asked"):
        return
    st.session_state["trial asked"] = asked
    with session(actor) as s:
        found = stand_at(s, asked)
    if found is None:
        st.warning(_("Nobody here knows this postcode. Check it, or put the pin on the map."))
        return
    st.session_state["trial at"] = (found.easting, found.northing)


def forget() -> None:
    """Something else is to be moved: the pin begins where that stands."""
    st.session_state.pop("trial at", None)


def pin(about: Ground, moved: str) -> tuple[float, float] | None:
    """Where the pin stands, in metres: as placed last, else where the one to be moved stands now."""
    placed: tuple[float, float] | None = st.session_state.get("trial at")
    if placed or not moved:
        return placed
    row: Any = next(one for one in about.rows if str(one.id) == moved)
    return row.easting, row.northing


def follow(told: MapEvents) -> None:
    """A pin that was dragged or placed on the map since the last time is where it stands now."""
    if told.point is None or told.point == st.session_state.get("trial told"):
        return
    st.session_state["trial told"] = told.point
    east, north = to_grid([told.point[0]], [told.point[1]])
    st.session_state["trial at"] = (float(east[0]), float(north[0]))
    st.rerun(scope="fragment")


def _at(at: tuple[float, float] | None, seen: int, moved: str) -> At:
    title = _("Map with a pin to drag")
    if at is None:
        return At((), seen, title, is_placing=True)
    lon, lat = to_degrees([at[0]], [at[1]])
    return At((at,), seen, title, (float(lon[0]), float(lat[0])), is_placing=True, without=moved)


def outcome(found: Trial) -> None:
    """Before and after as a picture and as figures, and where homes gain or lose."""
    st.write(trial_words(found))
    title = _("Homes near one, before and after")
    row = Dot(_("Homes near one"), found.before.share, found.after.share,
              f"{percent(found.before.share)} → {percent(found.after.share)}")  # fmt: skip
    names = (_("Today"), _("With the pin"))
    about = f"{names[0]}: {percent(found.before.share)}. {names[1]}: {percent(found.after.share)}."
    picture(dots([row], title, about, names=names, most=1.0, is_share=True), about, figures(found), title=title)
    for group, heading in ((found.gained, _("Would come near one")), (found.lost, _("No longer near one"))):
        if group:
            st.markdown(f"**{heading}**")
            st.table(where(group), hide_index=True, border="horizontal")


def figures(found: Trial) -> list[dict[str, object]]:
    """Before and after, a row each."""
    sides = ((_("Today"), found.before), (_("With the pin"), found.after))
    return [{_("When"): name, **_figures(side)} for name, side in sides]


def _figures(side: Near) -> dict[str, object]:
    median = _("more than half an hour") if side.median_minutes is None else walk(side.median_minutes)
    return {_("Households near one"): number(side.households), _("Share of all"): percent(side.share),
            _("Half of homes walk at most"): median}  # fmt: skip


def where(group: tuple[Cluster, ...]) -> list[dict[str, str]]:
    """Where homes lie, the most households first."""
    return [{_("Where"): verbatim(words), _("Households"): number(homes)} for words, homes in by_where(group)[:8]]
