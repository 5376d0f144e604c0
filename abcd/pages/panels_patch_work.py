"""How the work of coaches is laid out, in panels: what holds first, then what a manager could make room for."""

from collections.abc import Sequence

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.charts import Bar, Limit, bars
from abcd.core.language import _
from abcd.db.session import Actor
from abcd.pages.picture import picture
from abcd.pages.saving import Typed, drafting, field, folded, opened_at, save_button
from abcd.pages.words import joined, number, percent, verbatim
from abcd.patches.weeks import FULL_TIME, LONGEST, plan_week
from abcd.patches.work import FEWEST_WEEKS, LEAST_SHARE, MOST, WEEKS, PatchWork, summary
from abcd.people.talk_words import kind_names

PLACE_PAGE, PATCHES = "abcd/pages/place.py", "abcd/pages/patches.py"
MOST_BARS = 40
"""Patches of a picture; with more of them the table says it better."""


def figures(work: Sequence[PatchWork]) -> None:
    """What holds: patches of a size to know people in, the same faces, patches with a coach, time for people."""
    told = summary(work)
    kept = percent(told.same / told.known) if told.known else "–"
    shown = {
        _("Patches of at most {n} households").format(n=MOST): f"{told.fitting} / {told.patches}",
        _("Patches with a coach"): f"{told.held} / {told.patches}",
        _("Homes with the same coach for 24 months"): kept,
        _("Weeks with room for people"): f"{told.enough} / {told.planned}" if told.planned else "–",
    }
    for column, (name, figure) in zip(st.columns(len(shown)), shown.items(), strict=True):
        column.metric(name, figure)
    st.caption(same_faces(told.homes, told.known))


def same_faces(homes: int, known: float) -> str:
    """Of how many homes it is known whether their coach stayed."""
    if not known:
        return _("Nobody has been a coach here for 24 months yet: it is too early to say whose coach stayed.")
    return _("Of {known} of {homes} households it is known who was their coach 24 months ago.").format(
        known=number(round(known)), homes=number(homes)
    )


def named_panel(work: Sequence[PatchWork]) -> None:
    """The patches for which a manager could make room, each with why."""
    st.header(_("Where room could be made"), anchor=False)
    named = [(one, reasons(one)) for one in work if reasons(one)]
    if not named:
        st.write(_("Every patch whose size and week are known leaves its coach room."))
    for one, why in named:
        with st.container(key=f"rows-work-{one.place.id}"):
            of = {"place": one.place.reference}
            st.page_link(PLACE_PAGE, label=f"**{verbatim(one.place.name)}**", query_params=of)
            st.caption(joined(why))


def reasons(one: PatchWork) -> list[str]:
    """Why a patch is named."""
    told = []
    if one.is_large:
        told.append(
            _("{n} households, more than one coach can know by name ({most})").format(
                n=number(one.households), most=MOST
            )
        )
    if one.coach is None:
        told.append(_("nobody is its coach"))
    if one.planned is not None and one.planned < LEAST_SHARE:
        told.append(_("{share} of the week is meant for people").format(share=percent(one.planned)))
    if one.logged is not None and one.logged < LEAST_SHARE:
        told.append(
            _("conversations that were written down take {share} of the week").format(share=percent(one.logged))
        )
    return told


def sizes_panel(work: Sequence[PatchWork]) -> None:
    """How many households each patch has, beside how many one coach can know."""
    st.header(_("How large patches are"), anchor=False)
    title = _("Households of each patch")
    about = _("Bars of households, patch by patch, with a line at {n}.").format(n=MOST)
    if len(work) > MOST_BARS:
        st.write(_("With more than {n} patches the table below says it better than a picture.").format(n=MOST_BARS))
        return
    rows = [Bar(one.place.name, (one.households,), number(one.households)) for one in work]
    limit = Limit(MOST, _("{n} households").format(n=MOST))
    table: list[dict[str, object]] = [
        {_("Patch"): one.place.name, _("Households"): one.households, _("Known in 24 months"): round(one.kept.known),
         _("Kept their coach"): round(one.kept.same)} for one in work
    ]  # fmt: skip
    picture(bars(rows, title, about, limit=limit), about, table, title=title)


def hours_panel(actor: Actor, work: Sequence[PatchWork]) -> None:
    """What share of a coach's week is meant for people and what conversations took of it; and the week itself."""
    st.header(_("Time for being with people"), anchor=False)
    known = [one for one in work if one.planned is not None]
    if known and len(known) <= MOST_BARS:
        shares_picture(known)
    elif not known:
        st.write(_("Nobody has said yet how long the week of a coach is, and how much of it is for people."))
    for one in work:
        if one.coach:
            week_form(actor, one)


def shares_picture(known: Sequence[PatchWork]) -> None:
    """Planned and written down, beside two fifths of the week."""
    title = _("Share of the week for being with people")
    about = _("Two bars a patch: what is meant for people, and what conversations took; a line at {share}.").format(
        share=percent(LEAST_SHARE)
    )
    rows = [Bar(one.place.name, (one.planned, one.logged), hours(one)) for one in known]
    series = (_("Meant"), _("Conversations written down"))
    limit = Limit(LEAST_SHARE, percent(LEAST_SHARE))
    svg = bars(rows, title, about, series=series, is_share=True, most=1.0, limit=limit)
    table: list[dict[str, object]] = [
        {_("Patch"): one.place.name, series[0]: share(one.planned), series[1]: share(one.logged)} for one in known
    ]
    picture(svg, about, table, title=title)


def share(one: float | None) -> str:
    """A share, or that it is not known."""
    return "–" if one is None else percent(one)


def hours(one: PatchWork) -> str:
    """Hours a week: meant, and taken by conversations."""
    meant = one.coach.people_hours if one.coach else None
    return _("{meant} h meant, {logged} h written down").format(
        meant=as_hours(meant), logged=as_hours(one.logged_hours)
    )


def as_hours(much: float | None) -> str:
    """Hours with one digit behind the point, or that they are not known."""
    return "–" if much is None else f"{much:.1f}"


def week_form(actor: Actor, one: PatchWork) -> None:
    """How long the week of the coach of one patch is, and how much of it is for people."""
    coach = one.coach
    assert coach is not None
    form = f"week {coach.id}"
    fold = folded(actor, form, _("The week in {patch}").format(patch=one.place.name), ":material/schedule:")
    if fold is None:
        return
    now = {"week_hours": coach.week_hours or FULL_TIME, "people_hours": coach.people_hours or 0.0}
    with fold, drafting(actor, form, coach.version, now):
        left, right = st.columns(2)
        left.number_input(_("Hours a week for this patch"), 0.5, LONGEST, now["week_hours"], 0.5,
                          key=field(form, "week_hours"))  # fmt: skip
        right.number_input(_("Of them for being with people"), 0.0, LONGEST, now["people_hours"], 0.5,
                           key=field(form, "people_hours"))  # fmt: skip
        version = opened_at(form, coach.version)

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            plan_week(s, coach.id, float(typed["week_hours"]), float(typed["people_hours"]), version=version, by=by,
                      key=key)  # fmt: skip

        label = _("Keep the week in {patch}").format(patch=one.place.name)
        save_button(form, label, act, actor, _("Written down. Thank you for making room."))


def as_a_table(work: Sequence[PatchWork]) -> None:
    """Everything once more, a patch a row."""
    st.header(_("Patch by patch"), anchor=False)
    kinds = kind_names()
    st.table([
        {
            _("Patch"): verbatim(one.place.name),
            _("Households"): number(one.households),
            _("Coach"): verbatim(one.coach.name) if one.coach else "–",
            _("Since"): f"{one.coach.from_on:%d/%m/%Y}" if one.coach else "–",
            _("Same coach for 24 months"): share(one.kept.share),
            _("Hours a week, meant"): as_hours(one.coach.people_hours if one.coach else None),
            _("Hours a week, written down"): as_hours(one.logged_hours),
            _("Of that"): joined([f"{kinds[kind]} {as_hours(minutes / 60 / one.weeks)}"
                                  for kind, minutes in one.minutes.items() if minutes and one.weeks]) or "–",
        }
        for one in work
    ], hide_index=True, border="horizontal")  # fmt: skip


def worked_out() -> None:
    """Where each figure comes from, and what it cannot say."""
    with st.expander(_("How were these figures worked out?")):
        for line in (
            _("Households: the patch’s own figure, else the small areas in it. {most} is 175 and a tenth more.").format(
                most=MOST
            ),
            _("The same coach: asked of the homes and not of the patch, so that patches drawn anew change nothing. A "
              "home counts when somebody was its coach 24 months ago, and kept its coach when nobody else came in "
              "between, without a day off, until today."),
            _("Written down: minutes of conversations with people of the patch in the last {weeks} weeks, or since its "
              "coach began, divided by these weeks; before {few} weeks have gone by nothing is said.").format(
                weeks=WEEKS, few=FEWEST_WEEKS),
            _("Time at the door, at meetings and on the way is in no conversation: a low figure asks what takes the "
              "week, and says nothing about anybody’s work."),
            _("Two fifths of the week is our own judgement, and nobody’s standard."),
        ):  # fmt: skip
            st.markdown(f"- {line}")
