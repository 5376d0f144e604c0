"""What is strong in figures: more than elsewhere, how varied, how much there is to choose from, the only ones."""

import streamlit as st

from abcd.assets.taxonomy import kind_name
from abcd.core.charts import Bar, Limit, bars
from abcd.core.language import _, ngettext
from abcd.core.themes import theme_words
from abcd.gaps.closer import CloserLook
from abcd.gaps.strength import Quotient, Redundancy, Strength
from abcd.pages.picture import picture
from abcd.pages.words import listed, number, percent, verbatim
from abcd.places.records import PlaceRecord

MOST_NAMED = 12
ASSET_PAGE = "abcd/pages/assets.py"


def richness_panel(here: PlaceRecord, look: CloserLook) -> None:
    """Location quotients, diversity, and how much each theme offers to choose from."""
    st.header(_("What is strong, in figures"))
    strong = look.strength
    st.write(varied(here, strong))
    left, right = st.columns(2, gap="medium")
    with left:
        quotients(here, strong)
    with right:
        choice(here, strong)
    with st.expander(_("How strengths were worked out")):
        st.markdown("\n".join(f"- {verbatim(line)}" for line in worked_out(strong)))


def varied(here: PlaceRecord, strong: Strength) -> str:
    """How many there are and how varied, in a sentence."""
    total = sum(strong.kinds.values())
    if not total:
        return _("Nothing is written down inside {place} yet.").format(place=verbatim(here.name))
    most = sorted(strong.kinds, key=lambda kind: -strong.kinds[kind])
    named = listed([f"{kind_name(kind).lower()} ({number(strong.kinds[kind])})" for kind in most])
    return _("{n} strengths inside {place}: {all}. Variety {share:.0%} of what it could be (H′ {h:.2f}).").format(
        n=number(total), place=verbatim(here.name), all=named, h=strong.diversity,
        share=strong.diversity / strong.diversity_most,
    )  # fmt: skip


def quotients(here: PlaceRecord, strong: Strength) -> None:
    """What there is more of here than in the whole authority."""
    known = [one for one in strong.by_theme if one.value is not None and one.slug]
    if not known:
        st.write(_("No authority is known to compare with."))
        return
    title = _("{place} beside {wider}").format(place=here.name, wider=strong.wider)
    rows = [Bar(theme_words(one.slug), (one.value,), f"{one.value or 0:.1f}") for one in known]
    svg = bars(rows, title, quotient_said(known), limit=Limit(1.0, _("as everywhere")))
    picture(svg, quotient_said(known), [quotient_row(one) for one in known], title=title, key="quotients",
            caption=_("Above 1 there is more of it here than is usual."))  # fmt: skip


def quotient_said(known: list[Quotient]) -> str:
    """The picture in a sentence."""
    first = known[0]
    return _("Most beyond the usual: {theme}, {times:.1f} times its usual share.").format(
        theme=theme_words(first.slug), times=first.value or 0.0
    )


def quotient_row(one: Quotient) -> dict[str, object]:
    """One theme with what its quotient is made of."""
    return {
        _("Theme"): theme_words(one.slug),
        _("Here"): _("{n} of {all}").format(n=number(one.here), all=number(one.all_here)),
        _("In the authority"): _("{n} of {all}").format(n=number(one.there), all=number(one.all_there)),
        _("Times the usual"): "–" if one.value is None else f"{one.value:.2f}",
    }


def choice(here: PlaceRecord, strong: Strength) -> None:
    """How many homes can choose between several things of a theme, have one, or have none near."""
    known = [one for one in strong.redundancy if one.none is not None]
    if not known:
        st.write(_("Households are not known here, so nobody can say how many can choose."))
        return
    title = _("How many homes of {place} can choose").format(place=here.name)
    rows = [Bar(theme_words(one.theme), shares(one), "") for one in known]
    series = (_("several near"), _("one near"), _("none known near"))
    svg = bars(rows, title, choice_said(known), series=series, is_stacked=True, is_share=True, most=1.0)
    picture(svg, choice_said(known), [choice_row(one) for one in known], title=title, key="choice")


def shares(one: Redundancy) -> tuple[float, float, float]:
    """The shares of homes with several, one and none near."""
    single, none = one.only_one or 0.0, one.none or 0.0
    return max(0.0, 1 - single - none), single, none


def choice_said(known: list[Redundancy]) -> str:
    """The picture in a sentence."""
    best = max(known, key=lambda one: shares(one)[0])
    return _("Most choice: {theme}, where {share:.0%} of homes have several near.").format(
        theme=theme_words(best.theme), share=shares(best)[0]
    )


def choice_row(one: Redundancy) -> dict[str, object]:
    """One theme: how many are near, and what share of homes can choose."""
    several, single, none = shares(one)
    return {
        _("Theme"): theme_words(one.theme), _("Things near"): number(one.things), _("Typical home has"): one.typical,
        _("several near"): percent(several), _("one near"): percent(single), _("none known near"): percent(none),
    }  # fmt: skip


def only_ones_panel(_here: PlaceRecord, look: CloserLook) -> None:
    """What has no understudy: if it closed, these homes had none near."""
    points = look.strength.single_points
    if not points:
        return
    st.header(_("The only one of its kind"))
    st.write(_("Worth caring for first: if one of these closed, so many homes would have none near."))
    names = {one.standard.category: one.standard.name for one in look.reached}
    with st.container(key="rows-only"):
        for one in points[:MOST_NAMED]:
            st.page_link(ASSET_PAGE, label=f"**{verbatim(one.name)}**", query_params={"asset": str(one.asset_id)})
            homes = ngettext("the only one for {n} home", "the only one for {n} homes", one.households)
            said = homes.format(n=number(one.households))
            st.caption(verbatim(f"{names.get(one.category, one.category)} · {said}"))
    if (more := len(points) - MOST_NAMED) > 0:
        st.caption(_("{n} more are the only ones for fewer homes.").format(n=number(more)))


def worked_out(strong: Strength) -> list[str]:
    """Formulas, inputs and weak points of the strengths."""
    compared = _("{wider} is what the place is compared with.").format(wider=strong.wider) if strong.wider else ""
    return [
        _("Times the usual (location quotient): the theme’s share of all that is written down here, divided by its "
          "share in the whole authority. Few things make it jump."),
        _("Variety (Shannon’s H′): –Σ q ln q over the six kinds of strengths; the most it can be is ln 6."),
        _("Choice: how many things of a theme are within the walk of their category from each home."),
        *([compared] if compared else []),
        _("A register misses informal groups: what is not written down may still be here."),
    ]  # fmt: skip
