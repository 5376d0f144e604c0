"""Where one more would reach most homes: from our own rooms first, for one to five sites, on a map and as a list."""

from collections import Counter

import streamlit as st

from abcd.core.charts import Series, lines
from abcd.core.language import _, ngettext
from abcd.db.remembered import version
from abcd.db.session import Actor, session
from abcd.gaps.siting.laying import MOST_SITES, laid_out
from abcd.gaps.siting.records import Cluster, Pool, Site, Siting, Step
from abcd.gaps.siting.wording import how, pool_words, site_words, step_words, summary
from abcd.pages.helping_map import At, helping_map
from abcd.pages.panels_possibilities import for_whom
from abcd.pages.panels_strengths import ASSET_PAGE
from abcd.pages.picture import picture
from abcd.pages.words import joined, number, percent, verbatim
from abcd.people.voices import voiced
from abcd.places.records import PlaceRecord

LISTED = 12


def siting_panel(actor: Actor, here: PlaceRecord, category: str) -> None:
    """The curve, the sites that are chosen, and who is left out."""
    with session(actor) as s:
        # Voices are asked each time, as on the place page: they are never kept for others.
        found = laid_out(s, here.id, category, *for_whom(), voiced(s, here.id).get(category, 0))
        seen = version(s)
    st.header(_("Where one more would reach most homes"))
    st.write(summary(found))
    pools = [pool for pool in found.pools if pool.steps]
    if not pools:
        if found.left_out:
            st.write(_("No room and no place near by would bring one near to any of these homes."))
        return
    curve(found, pools)
    choice(actor, here, found, pools, seen)


def curve(found: Siting, pools: list[Pool]) -> None:
    """How the share of homes that are near one grows with the sites."""
    start = (0.0, found.share)
    counts = range(1, MOST_SITES + 1)
    series = [
        Series(pool_words(pool.kind), (start, *((float(count), share_at(pool, count)) for count in counts)))
        for pool in pools
    ]
    title = _("Homes near one, by the number of new sites")
    told = listed_curve(found, pools)
    about = _("From {now} of homes today to {most} with the most sites.").format(
        now=percent(found.share), most=percent(max(pool.steps[-1].share for pool in pools))
    )
    svg = lines(series, title, about, scales=(_("New sites"), _("Homes near one")), most=1.0, is_share=True)
    picture(svg, about, told, title=title)


def listed_curve(found: Siting, pools: list[Pool]) -> list[dict[str, object]]:
    """The curve as a table: a row for each number of sites."""
    rows: list[dict[str, object]] = [{_("New sites"): 0, **{pool_words(one.kind): percent(found.share)
                                                            for one in pools}}]  # fmt: skip
    for count in range(1, MOST_SITES + 1):
        shares = {pool_words(one.kind): percent(share_at(one, count)) for one in pools}
        rows.append({_("New sites"): count, **shares})
    return rows


def share_at(pool: Pool, count: int) -> float:
    """The share with so many sites; where fewer reach all that can be reached, more of them reach no more."""
    return pool.steps[min(count, len(pool.steps)) - 1].share


@st.fragment
def choice(actor: Actor, here: PlaceRecord, found: Siting, pools: list[Pool], seen: int) -> None:
    """From which rooms, and how many: the sites, and who would still be left out."""
    left, right = st.columns([3, 4], gap="medium")
    with left:
        kinds = [pool.kind for pool in pools]
        kind = st.radio(_("Choose from"), kinds, format_func=pool_words, key=f"pool {found.standard.category}")
        steps = found.pool(kind or kinds[0]).steps
        many = st.segmented_control(_("How many sites?"), list(range(1, len(steps) + 1)), default=1, required=True,
                                    key=f"sites {found.standard.category} {kind}")  # fmt: skip
        step = steps[(many or 1) - 1]
        st.write(step_words(step))
        sites_list(step)
    with right:
        title = _("Map of the sites and the homes that are left out")
        helping_map(actor, "siting map", here, found.standard.category, At(points_of(step.sites), seen, title))
    left_list(step.left_out, _("Who would still be left out"))
    with st.expander(_("How were these sites chosen?")):
        tried = found.pool(kind or kinds[0]).tried
        st.markdown("\n".join(f"- {verbatim(line)}" for line in how(found, step, tried)))


def points_of(sites: tuple[Site, ...]) -> tuple[tuple[float, float], ...]:
    """Where sites are, in metres."""
    return tuple((one.easting, one.northing) for one in sites)


def sites_list(step: Step) -> None:
    """The sites by the numbers that they have on the map."""
    with st.container(key="rows-sites"):
        for position, (one, homes) in enumerate(zip(step.sites, step.each, strict=True), 1):
            name = f"**{position}. {verbatim(one.name)}**"
            if one.asset_id:
                st.page_link(ASSET_PAGE, label=name, query_params={"asset": str(one.asset_id)})
            else:
                st.markdown(name)
            reached = ngettext("{n} household would be near one here", "{n} households would be near one here", homes)
            spare = _("known to stand empty at times") if one.is_spare else ""
            st.caption(joined([site_words(one.kind), spare, reached.format(n=number(homes))]))


def left_list(left: tuple[Cluster, ...], title: str) -> None:
    """Where homes are that would be near none, the most households first."""
    st.subheader(title, anchor=False)
    if not left:
        st.write(_("Nobody: every home would be near one."))
        return
    rows = by_where(left)
    st.table(
        [{_("Where"): verbatim(where), _("Households"): number(homes)} for where, homes in rows[:LISTED]],
        hide_index=True, border="horizontal",
    )  # fmt: skip
    if rows[LISTED:]:
        more = sum(homes for _where, homes in rows[LISTED:])
        st.caption(_("and {n} households in {places} more places, on the map").format(
            n=number(more), places=number(len(rows) - LISTED)))  # fmt: skip


def by_where(found: tuple[Cluster, ...]) -> list[tuple[str, int]]:
    """Households by the words for where they are: two groups of one name are one line."""
    homes: Counter[str] = Counter()
    for one in found:
        homes[one.where] += one.households
    return homes.most_common()
