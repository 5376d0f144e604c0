"""The figures behind a place, and what can be taken away from its page."""

from urllib.parse import urlencode

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.core.language import _, ngettext
from abcd.db.remembered import remembered
from abcd.db.session import Actor
from abcd.pages.ahead import Ahead, taken
from abcd.pages.document import print_button
from abcd.pages.words import joined, kind_of_place, number, verbatim
from abcd.places.households import households_in
from abcd.places.queries import parents
from abcd.places.records import HouseholdCount, PlaceRecord


def round_it(s: Session, place: PlaceRecord) -> tuple[HouseholdCount, list[PlaceRecord]]:
    """The households of a place, and the places that it lies in."""
    return remembered(s, ("context", place.id), lambda: (households_in(s, place.id), parents(s, place.id)))


def context_panel(actor: Actor, place: PlaceRecord, ahead: Ahead) -> None:
    """Households and their source, the places round it, who owns homes."""
    homes, larger = taken(ahead, actor, place, round_it)
    st.header(_("Context"))
    left, right = st.columns(2, gap="medium")
    left.metric(_("Households"), number(homes.count))
    left.caption(where_from(homes))
    right.metric(_("Area"), _("{n} km²").format(n=f"{place.area_km2:.2f}"))
    if larger:
        st.markdown(
            f"**{_('It lies in')}:** "
            + ", ".join(f"{verbatim(one.name)} ({kind_of_place(one.kind)})" for one in larger)
        )


def where_from(homes: HouseholdCount) -> str:
    """Who says how many households there are."""
    if homes.count is None:
        return _("Nobody has given a figure yet. Import the census, or write the landlord's own on “Places”.")
    added = ""
    if homes.small_areas:
        kind = kind_of_place(homes.small_area_kind).lower()
        added = ngettext("added up from {n} {kind}", "added up from {n} areas ({kind})", homes.small_areas).format(
            n=homes.small_areas, kind=kind
        )
    return verbatim(joined([homes.source, str(homes.year or ""), added]))


def take_away(actor: Actor, place: PlaceRecord, _ahead: Ahead) -> None:
    """The place as files, and on paper."""
    st.header(_("Take it with you"))
    asked = urlencode({"place": place.reference})
    with st.container(horizontal=True, key="noprint-files"):
        st.link_button(_("Assets as GeoJSON"), f"/export/assets.geojson?{asked}", icon=":material/download:")
        st.link_button(_("Map as one HTML file"), f"/export/map/{place.reference}.html", icon=":material/map:")
        profile = f"/export/profile/{place.reference}"
        st.link_button(_("Profile on one page (PDF)"), f"{profile}.pdf", icon=":material/picture_as_pdf:")
        st.link_button(_("Profile as a page to print (HTML)"), f"{profile}.html", icon=":material/print:")
        print_button(_("Print this page"))
        if can(actor, "add", "share"):
            st.page_link(
                "abcd/pages/share.py", label=_("Share this place"), icon=":material/share:",
                query_params={"place": place.reference},
            )  # fmt: skip
