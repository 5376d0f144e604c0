"""What is strong in a place: the six kinds, each with its best known assets by name."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.assets.queries import strengths
from abcd.assets.records import AssetLine, KindStrength
from abcd.core.language import _, ngettext
from abcd.db.remembered import remembered
from abcd.db.session import Actor
from abcd.maps.marks import picture
from abcd.pages.ahead import Ahead, taken
from abcd.pages.words import how_fresh, joined, listed, number, verbatim
from abcd.places.records import PlaceRecord

ASSET_PAGE = "abcd/pages/assets.py"
KINDS = ("association", "physical", "institution", "economic", "story", "individual")
"""The six kinds as a page names them: neighbours' own doing first."""


def strengths_panel(actor: Actor, place: PlaceRecord, ahead: Ahead) -> None:
    """The first thing on a place page."""
    found = {one.kind: one for one in taken(ahead, actor, place, strengths_here)}
    st.header(_("What is strong here"))
    st.write(summary(list(found.values()), place))
    for column, kinds in zip(st.columns(2, gap="medium"), side_by_side(found), strict=True):
        with column:
            for kind in kinds:
                kind_card(kind)


def strengths_here(s: Session, place: PlaceRecord) -> list[KindStrength]:
    """The kinds of strength of a place."""
    return remembered(s, ("strengths", place.id), lambda: strengths(s, place.id))


def side_by_side(found: dict[str, KindStrength]) -> tuple[list[KindStrength], list[KindStrength]]:
    """Two columns of about one height: what is strong first, what nobody has written down yet last."""
    columns: tuple[list[KindStrength], list[KindStrength]] = ([], [])
    heights = [0, 0]
    for kind in sorted((found[name] for name in KINDS), key=lambda one: one.count == 0):
        shorter = heights.index(min(heights))
        columns[shorter].append(kind)
        heights[shorter] += 3 + 2 * len(kind.assets)
    return columns


def summary(kinds: list[KindStrength], place: PlaceRecord) -> str:
    """The strengths in one sentence."""
    name, total = verbatim(place.name), sum(one.count for one in kinds)
    if not total:
        return _("Nothing is written down about {place} yet: that says more about our looking than about it.").format(
            place=name
        )
    known = sorted((one for one in kinds if one.count), key=lambda one: -one.count)
    told = listed([f"{one.kind_name.lower()} ({number(one.count)})" for one in known])
    said = ngettext(
        "{n} strength of {place} is written down: {all}.", "{n} strengths of {place} are written down: {all}.", total
    )
    return said.format(n=number(total), place=name, all=told)


def kind_card(kind: KindStrength) -> None:
    """One kind: its mark, its count, and names that lead to their own pages."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.image(picture(kind.kind), width=26, alt="")
            # The register holds few gifts of neighbours: most lie with their people, and are told as protected counts.
            is_elsewhere = kind.kind == "individual" and not kind.count
            st.subheader(kind.kind_name if is_elsewhere else f"{kind.kind_name} · {number(kind.count)}", anchor=False)
        with st.container(key=f"rows-{kind.kind}"):
            for line in kind.assets:
                asset_row(line)
        if more := what_else(kind):
            st.caption(more)


def asset_row(line: AssetLine) -> None:
    """One asset as a link, with what it is and when it was last checked."""
    st.page_link(ASSET_PAGE, label=f"**{verbatim(line.name)}**", query_params={"asset": str(line.id)})
    st.caption(joined([verbatim(line.category_name), how_fresh(line.freshness, line.assured_on)]))


def what_else(kind: KindStrength) -> str:
    """What the card does not show, in words."""
    more = kind.count - len(kind.assets)
    if more > 0:
        return ngettext("and {n} more in the list below", "and {n} more in the list below", more).format(n=number(more))
    if kind.kind == "individual":
        kept = _("Kept with each neighbour's yes and never on a map: see “What neighbours give and hope for”.")
        return "" if kind.count else kept
    return "" if kind.count else _("None written down yet. Who would know?")
