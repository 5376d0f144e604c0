"""What is strong in a place: the six kinds, each with its best known assets by name."""

import streamlit as st

from abcd.assets.queries import strengths
from abcd.assets.records import AssetLine, KindStrength
from abcd.core.language import _, ngettext
from abcd.db.session import Actor, session
from abcd.pages.marks import LOOKS, picture
from abcd.pages.words import how_fresh, joined, listed, number, verbatim
from abcd.places.records import PlaceRecord

ASSET_PAGE = "abcd/pages/assets.py"
ACROSS = 2


def strengths_panel(actor: Actor, place: PlaceRecord) -> None:
    """The first thing on a place page."""
    with session(actor) as s:
        found = {one.kind: one for one in strengths(s, place.id)}
    kinds = [found[kind] for kind in LOOKS]
    st.header(_("What is strong here"))
    st.write(summary(kinds, place))
    for row in range(0, len(kinds), ACROSS):
        for column, kind in zip(st.columns(ACROSS, gap="medium"), kinds[row : row + ACROSS], strict=False):
            with column:
                kind_card(kind)


def summary(kinds: list[KindStrength], place: PlaceRecord) -> str:
    """The strengths in one sentence."""
    known = [f"{number(one.count)} {one.kind_name.lower()}" for one in kinds if one.count]
    name = verbatim(place.name)
    if not known:
        return _(
            "Nothing has been written down about {place} yet. That says more about our looking than about the place."
        ).format(place=name)
    return _("People have told us of {all} in {place}.").format(all=listed(known), place=name)


def kind_card(kind: KindStrength) -> None:
    """One kind: its mark, its count, and names that lead to their own pages."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.image(picture(kind.kind), width=26, alt="")
            st.subheader(f"{kind.kind_name} · {number(kind.count)}", anchor=False)
        with st.container(key=f"rows-{kind.kind}"):
            for line in kind.assets:
                asset_row(line)
        st.caption(what_else(kind))


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
        return "" if kind.count else _("Neighbours' gifts are recorded only with their consent, and never on a map.")
    return "" if kind.count else _("None written down yet. Who would know?")
