"""How many homes each minute reaches, what is there but not for everybody, and what is left once all share it."""

import streamlit as st

from abcd.core.charts import Dot, Limit, Panel, Series, dots, lines, multiples
from abcd.core.language import _
from abcd.gaps.closer import CURVES, CloserLook, Reached
from abcd.gaps.formulas import ENOUGH
from abcd.gaps.needs import NEEDS, need_words
from abcd.gaps.records import Measure
from abcd.gaps.wording import judged_by, near_words
from abcd.pages.picture import picture
from abcd.pages.words import joined, listed, number, percent, verbatim
from abcd.places.records import PlaceRecord

MOST_DRAWN = 12


def line_names() -> dict[str, str]:
    """The lines that are drawn of a category."""
    return {
        "any": _("any that is known"), "step_free": _("surely step-free"), "free": _("surely free"),
        "open_to_new": _("surely open to new people"),
    }  # fmt: skip


def reach_panel(here: PlaceRecord, look: CloserLook) -> None:
    """Coverage by minutes of one category, and of all of them what is there but not usable by everybody."""
    st.header(_("How many homes each minute reaches"))
    known = {one.standard.category: one for one in look.reached if one.near}
    if not known:
        st.write(_("Households are not known here, so nobody can say what share of them is near."))
        return
    first = max(known, key=lambda slug: known[slug].near["any"])
    category = st.selectbox(_("What?"), list(known), list(known).index(first), key="closer category",
                            format_func=lambda slug: known[slug].standard.name)  # fmt: skip
    one = known[category]
    title = _("Homes of {place} by minutes to: {what}").format(place=here.name, what=one.standard.name)
    picture(curve_picture(one, title), curve_said(one), curve_rows(one), curve_caption(one), title=title, key="curve")
    together(here, list(known.values()))
    filters(here, list(known.values()))


def together(here: PlaceRecord, known: list[Reached]) -> None:
    """The curves of everything that some home reaches, side by side on one scale, what is nearest first."""
    near = sorted((one for one in known if dict(one.curves["any"])[30]), key=lambda one: -one.near["any"])
    if len(near) < 2:
        return
    title = _("Everything near homes of {place}, by minutes on foot").format(place=here.name)
    picture(together_picture(near[:MOST_DRAWN], title), together_said(near), together_rows(near),
            _("The broken line is the walk that counts as near; the figure is the share of homes within it."),
            title=title, key="together")  # fmt: skip


def together_picture(near: list[Reached], title: str) -> str:
    """Small multiples as SVG text."""
    panels = [
        Panel(one.standard.name, tuple(one.curves["any"]), percent(one.near["any"]),
              None if one.standard.metres_from_boundary else one.standard.minutes)
        for one in near
    ]  # fmt: skip
    return multiples(panels, title, together_said(near), scales=(_("minutes on foot"), _("share of homes")), most=1.0,
                     is_share=True)  # fmt: skip


def together_said(near: list[Reached]) -> str:
    """The picture in a sentence."""
    return _("Nearest to most homes: {what}, near {share:.0%} of them.").format(
        what=near[0].standard.name, share=near[0].near["any"]
    )


def together_rows(near: list[Reached]) -> list[dict[str, object]]:
    """The same as a table."""
    return [together_row(one) for one in near]


def together_row(one: Reached) -> dict[str, object]:
    """One category: the share of homes within its walk, and within some others."""
    at = dict(one.curves["any"])
    within = {_("{n} minutes").format(n=minute): percent(at[minute]) for minute in (5, 10, 15, 30)}
    return {_("What"): one.standard.name, _("Homes near enough"): percent(one.near["any"]), **within}


def curve_picture(one: Reached, title: str) -> str:
    """The curves of a category as SVG text; lines that are the same as any, or of nothing, are left out."""
    names = line_names()
    series = [
        Series(names[name], tuple(one.curves[name])) for name in CURVES
        if name == "any" or (one.curves[name] != one.curves["any"] and one.near[name])
    ]  # fmt: skip
    wall = None if one.standard.metres_from_boundary else Limit(one.standard.minutes, near_words(one.standard))
    return lines(series, title, curve_said(one), scales=(_("minutes on foot"), _("share of homes")), most=1.0,
                 is_share=True, limit=Limit(ENOUGH, _("enough: {share:.0%}").format(share=ENOUGH)),
                 wall=wall)  # fmt: skip


def curve_caption(one: Reached) -> str:
    """The yardstick, and of what nobody knows that it suits anybody."""
    unknown = [line_names()[name] for name in CURVES if one.near["any"] and not one.near[name]]
    nobody = _("Of none is it known that it is {need}.").format(need=listed(unknown)) if unknown else ""
    return joined([judged_by(one.standard), nobody])


def curve_said(one: Reached) -> str:
    """The curve in a sentence."""
    at = dict(one.curves["any"])
    return _(
        "Within 5 minutes {five:.0%} of homes reach one, within 10 minutes {ten:.0%}, within 20 {twenty:.0%}."
    ).format(five=at[5], ten=at[10], twenty=at[20])


def curve_rows(one: Reached) -> list[dict[str, object]]:
    """The curve as a table, every fifth minute."""
    names = line_names()
    return [
        {_("Minutes on foot"): minute}
        | {names[name]: percent(dict(one.curves[name])[minute]) for name in CURVES}
        for minute in range(0, 31, 5)
    ]  # fmt: skip


def filters(here: PlaceRecord, known: list[Reached]) -> None:
    """What is there but not for everybody: coverage as it is and once only what surely suits counts."""
    names = need_names(known)
    chosen = list(names)
    need = st.segmented_control(_("Only what is"), chosen, format_func=names.__getitem__, default=chosen[0],
                                key="closer need")  # fmt: skip
    need = need or chosen[0]
    lost = sorted((one for one in known if one.near["any"] > surely(one, need)), key=lambda one: lost_by(one, need))
    if not lost:
        st.write(_("Whatever is near is also {need}, as far as it is known.").format(need=names[need]))
        return
    title = _("Near homes of {place}, and {need}").format(place=here.name, need=names[need])
    picture(filter_picture(lost[:MOST_DRAWN], need, title), filter_said(lost, need), filter_rows(lost, need),
            _("A thing counts only when somebody wrote down that it is so; of many nobody has asked yet."),
            title=title, key="filters")  # fmt: skip


def need_names(known: list[Reached]) -> dict[str, str]:
    """Every need, and each language that something near is held in, in words."""
    found = dict.fromkeys([*NEEDS, *(need for one in known for need in one.near if need != "any")])
    return {need: need_name(need) for need in found}


def need_name(need: str) -> str:
    """What something must surely be, in words."""
    return line_names().get(need) or _("surely {need}").format(need=need_words(need))


def surely(one: Reached, need: str) -> float:
    """The share of homes near one that surely meets ``need``."""
    return one.near.get(need, 0.0)


def lost_by(one: Reached, need: str) -> float:
    """What share more of homes are near any than near one that suits, the largest first when sorted."""
    return surely(one, need) - one.near["any"]


def filter_picture(lost: list[Reached], need: str, title: str) -> str:
    """Before and after the filter as SVG text."""
    rows = [
        Dot(one.standard.name, plain, told, f"{plain:.0%} → {told:.0%}")
        for one in lost
        for plain, told in [(one.near["any"], surely(one, need))]
    ]
    names = line_names()["any"], need_name(need)
    return dots(rows, title, filter_said(lost, need), names=names, most=1.0, is_share=True,
                limit=Limit(ENOUGH, _("enough: {share:.0%}").format(share=ENOUGH)))  # fmt: skip


def filter_said(lost: list[Reached], need: str) -> str:
    """The picture in a sentence."""
    first, name = lost[0], need_name(need)
    return _("Furthest apart: {what}, near {plain:.0%} of homes, and {need} near {filtered:.0%}.").format(
        what=first.standard.name, plain=first.near["any"], need=name, filtered=surely(first, need)
    )


def filter_rows(lost: list[Reached], need: str) -> list[dict[str, object]]:
    """The same as a table, all of them."""
    plain, told = line_names()["any"], need_name(need)
    return [
        {_("What"): one.standard.name, plain: percent(one.near["any"]), told: percent(surely(one, need))}
        for one in lost
    ]


def shared_panel(_here: PlaceRecord, look: CloserLook) -> None:
    """What there is for each 1,000 households once everybody round about shares it."""
    st.header(_("Shared with everybody round about"))
    rows = [shared_row(one) for one in look.measures if one.access and one.access.assets]
    if not rows:
        st.write(_("Nothing near homes is known that could be shared out."))
        return
    st.table(rows, hide_index=True, border="horizontal")
    with st.expander(_("How sharing was worked out")):
        st.markdown("\n".join(f"- {verbatim(line)}" for line in shared_lines()))


def shared_row(one: Measure) -> dict[str, object]:
    """One category: supply for 1,000 households, stepped and smooth, and of what."""
    assert one.access is not None
    return {
        _("What"): verbatim(one.standard.name),
        _("Counted in"): counted_in(one.access.supply),
        _("How much"): f"{one.access.amount:,.3g}" if one.access.amount < 10 else f"{one.access.amount:,.0f}",
        _("Households that share it"): number(one.access.sharing),
        _("For 1,000 households, in steps"): f"{one.access.per_1000_stepped:.2f}",
        _("For 1,000 households, smoothly"): f"{one.access.per_1000_gaussian:.2f}",
    }


def counted_in(supply: str) -> str:
    """What an asset counts for."""
    return {"capacity": _("people it holds"), "hours": _("hours open a week")}.get(supply, _("things"))


def shared_lines() -> list[str]:
    """Formula, inputs and weak points of sharing."""
    return [
        _("Enhanced two-step floating catchments (Luo and Qi, 2009): each thing is shared among the households that "
          "reach it, nearer ones counting for more; each home adds up its shares."),
        _("In steps: 1 up to 5 minutes, 0.68 up to 10, 0.22 up to 15. Smoothly: exp(–t² / 2σ²), σ half the walk "
          "that counts as near."),
        _("Homes beyond the place share too. Things are counted in people or in hours only where each of them says its "
          "own; else each counts as one."),
    ]  # fmt: skip
