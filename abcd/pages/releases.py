"""Releases: figures about people as they will leave, which are masked and why, what the attack found; publish."""

from uuid import UUID

import streamlit as st

from abcd.access import can
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.maps import releases
from abcd.maps.releases.records import FigureRecord, ReleaseRecord
from abcd.maps.releases.wording import figure_words, finding_words, method, plan_words
from abcd.pages.saving import job_button, save_button, say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import verbatim
from abcd.people.counting import CATEGORIES, category_name


def card(actor: Actor, one: ReleaseRecord) -> None:
    """One release: its month, what it shows, its figures, what the attack found."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{one.name}**")
            published = one.is_published
            st.badge(_("published") if published else _("draft"), color="green" if published else "orange")
        st.caption(_("Shown: {plan}.").format(plan=plan_words(one.plan)))
        if not one.is_whole:
            st.error(_("The figures are not those that were made. Tell whoever runs this machine."))
        fold = st.expander(_("Figures"), key=f"figures {one.id}", expanded=not published, on_change="rerun")
        if fold.open:
            with fold:
                figures(actor, one)
        with st.expander(_("What the attack found"), key=f"attack {one.id}"):
            for sentence in finding_words(one):
                st.markdown(verbatim(sentence))
            st.caption(_("Fingerprint: {sha256}").format(sha256=one.sha256))
        if not published:
            decide(actor, one)


def figures(actor: Actor, one: ReleaseRecord) -> None:
    """A table of the areas by the categories that anybody is told of, and how each figure came about."""
    with session(actor) as s:
        told = releases.figures(s, one.id, by=actor)
    shown = [category for category in CATEGORIES if any(each.category == category and each.shown for each in told)]
    st.table(table(told, shown), hide_index=True, border="horizontal")
    masked = [category_name(category) for category in one.categories if category not in shown]
    if masked:
        st.caption(verbatim(_("Fewer than 10 everywhere: {categories}.").format(categories=", ".join(masked))))
    st.caption(_("“–”: not in this release. People outside every area count for the association alone."))


def table(told: list[FigureRecord], categories: list[str]) -> list[dict[str, str]]:
    """A line for each area, a column for each category."""
    cells = {(one.area.id, one.category): figure_words(one.shown) for one in told}
    areas = {one.area.id: one.area for one in told}.values()
    return [
        {_("Area"): verbatim(" " * 3 * area.depth + area.name)}
        | {category_name(category): cells.get((area.id, category), "–") for category in categories}
        for area in areas
    ]


def decide(actor: Actor, one: ReleaseRecord) -> None:
    """Let it leave, or not."""
    with st.container(horizontal=True, key="noprint-decide"):
        if can(actor, "publish", "release"):
            save_button(
                f"publish {one.id}",
                _("Publish: it never changes afterwards"),
                lambda s, by, key, _typed: releases.publish(s, one.id, by=by, key=key).name,
                actor,
                _("Published. Partners see these figures from now on."),
                type="primary",
            )
        if can(actor, "make", "release"):
            save_button(
                f"discard {one.id}",
                _("Throw the draft away"),
                lambda s, by, key, _typed: releases.discard(s, one.id, by=by, key=key),
                actor,
                _("The draft is gone. Nothing left."),
            )


def make(by: Actor, key: str) -> UUID:
    """Count, round and attack; what withstands is the draft."""
    with session(by, patient=True) as s:
        return releases.make_release(s, by=by, key=key).id


actor = visitor()
st.title(_("Releases"))
st.write(_("Figures about people leave once a month, and only so that nobody can be found in them."))
for_those_who_may(actor, "view", "release")
say_what_was_done()
with telling():
    with session(actor) as s:
        found = releases.releases(s, by=actor)
    if can(actor, "make", "release"):
        busy = _("Counting, rounding, attacking")
        job_button("release", _("Make the draft of this month"), make, actor, _("The draft is made. Look at it."), busy)
    if not found:
        st.write(_("Nothing has been released yet."))
    for each in found:
        card(actor, each)
    with st.expander(_("How a figure comes about"), key="method"):
        for sentence in method():
            st.markdown(f"1. {verbatim(sentence)}")
