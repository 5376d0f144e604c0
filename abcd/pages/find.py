"""Find: by words, category, kind, times and distance, as a list and a map, kept in the address; or in one line."""

from typing import Any

import streamlit as st

from abcd.assets.records import AssetLine
from abcd.assets.search import Found, Search
from abcd.assets.taxonomy import categories, kind_name
from abcd.core.geo import to_degrees
from abcd.core.language import _, ngettext
from abcd.db.remembered import remembered, version
from abcd.db.session import Actor, session
from abcd.gaps.finding import found_on_foot
from abcd.maps.marks import LOOKS
from abcd.pages.find_ring import Ring, ring_asked
from abcd.pages.map_view import Box, MapView, assets_layer, barriers, ground, show_map
from abcd.pages.panels_find import line_panel
from abcd.pages.panels_strengths import ASSET_PAGE
from abcd.pages.visit import telling, visitor
from abcd.pages.words import day_names, how_fresh, joined, names_of, number, part_names, verbatim, walk

WALKS = (5, 10, 15, 20, 30)
LISTED = 50
KEPT: dict[str, Any] = {"bind": "query-params"}


def choices(actor: Actor) -> Search:
    """What somebody looks for; every choice is in the address, so that a search can be sent to a colleague."""
    with session(actor) as s:
        names = names_of(remembered(s, "categories", lambda: categories(s)))
    asking: dict[str, Any] = {"type": "search", "placeholder": _("A name, a word, a postcode")}
    words = st.text_input(_("What are you looking for?"), key="q", **asking, **KEPT)
    one, two, three, four = st.columns(4)
    near = one.text_input(_("Near a postcode or place"), key="near", **KEPT)
    within = choice(
        two, _("No further than"), {minutes: walk(minutes) for minutes in WALKS}, "within", _("Any distance")
    )
    category = choice(three, _("Category"), names, "category", _("Any category"))
    day = choice(four, _("Open on"), dict(enumerate(day_names())), "day", _("Any day"))
    times = dict(enumerate(part_names()))
    part = None if day is None else choice(four, _("Time of day"), times, "part", _("Any time"))
    kinds = st.pills(_("Kind"), list(LOOKS), format_func=kind_name, selection_mode="multi", key="kind", **KEPT) or []
    return Search(
        words=words or "",
        categories=(category,) if category else (),
        kinds=tuple(kinds),
        open_on=None if day is None else (day, part),
        near=near or None,
        within_minutes=float(within) if near and within else None,
        limit=LISTED,
    )


def choice(where: Any, label: str, names: dict[Any, str], key: str, anything: str) -> Any:
    """One of ``names`` or none, kept in the address."""
    named = names.__getitem__
    return where.selectbox(label, list(names), None, named, key, placeholder=anything, **KEPT)


def summary(found: Found) -> str:
    """How many, in words."""
    if not found.total:
        return _("Nothing found. Try fewer words, another spelling, or a longer walk.")
    if found.more:
        return _("More than {n} found; the best {shown} are shown.").format(
            n=number(found.total), shown=len(found.lines)
        )
    return ngettext("{n} found.", "{n} found.", found.total).format(n=number(found.total))


def mended(found: Found) -> None:
    """Say which words were read differently from how they were typed."""
    if found.mended:
        taken = ", ".join(f"**{verbatim(word)}**" for word in found.mended.values())
        typed = ", ".join(verbatim(word) for word in found.mended)
        st.info(_("Showing results for {taken}: {typed} is not in the register.").format(taken=taken, typed=typed))


def row(line: AssetLine) -> None:
    """One result: a link and what helps to choose."""
    st.page_link(ASSET_PAGE, label=f"**{verbatim(line.name)}**", query_params={"asset": str(line.id)})
    where = [line.category_name, line.address, line.postcode, walk(line.minutes)]
    st.caption(verbatim(joined([*where, how_fresh(line.freshness, line.assured_on)])))


def box_round(lines: list[AssetLine]) -> Box | None:
    """The box that holds every result, in degrees."""
    placed = [(line.easting, line.northing) for line in lines if line.easting is not None and line.northing is not None]
    if not placed:
        return None
    lon, lat = to_degrees([east for east, _north in placed], [north for _east, north in placed])
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def picture(actor: Actor, found: Found, seen: int, ring: Ring | None) -> None:
    """List and map in step: the map asks for exactly what the list holds."""
    left, right = st.columns([3, 4], gap="medium")
    with left, st.container(key="rows-found"):
        for line in found.lines:
            row(line)
    with right:
        ids = ",".join(str(line.id) for line in found.lines)
        walked = [*barriers(actor), ring.layer()] if ring else []
        layers = [*ground(), *walked, *([assets_layer(ids=ids)] if ids else [])]
        box = around(ring.box if ring else None, box_round(found.lines))
        show_map("found map", MapView(_("Map of what was found"), layers, box, version=seen))


def around(*boxes: Box | None) -> Box | None:
    """The box that holds some boxes."""
    known = [box for box in boxes if box]
    if not known:
        return None
    wests, souths, easts, norths = zip(*known, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def by_filters(actor: Actor) -> None:
    """Choices that narrow the list and the map."""
    search = choices(actor)
    with telling():
        ring = ring_asked(actor, search, KEPT)
        with session(actor) as s:
            seen, answer = version(s), remembered(s, search, lambda: found_on_foot(s, search))
        mended(answer)
        st.header(_("What was found"), anchor=False)
        st.write(summary(answer))
        if search.words and not answer.total:
            st.caption(_("What neighbours offer is found under “In one line”."))
        if answer.walks and not ring:
            st.caption(answer.walks)
        if answer.lines or ring:
            picture(actor, answer, seen, ring)


actor = visitor()
st.title(_("Find"))
filters, line = st.tabs([_("Words and filters"), _("In one line")], on_change="rerun", key="find tab")
if filters.open:
    with filters:
        by_filters(actor)
if line.open:
    with line:
        line_panel(actor)
