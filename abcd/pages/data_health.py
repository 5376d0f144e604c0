"""Data health: how fresh the register is, what files got wrong, whom to go and ask, what may be there twice."""

from uuid import UUID

import pandas as pd
import streamlit as st

from abcd.access import can
from abcd.assets.consent import to_ask, to_ask_count
from abcd.assets.freshness import STATES, by_place_and_category
from abcd.assets.health import Health, health, issues_by_source
from abcd.assets.lines import lines
from abcd.assets.suggested import waiting_count
from abcd.core.geo import accuracy_m
from abcd.core.language import _, ngettext
from abcd.db.remembered import remembered
from abcd.db.session import Actor, session
from abcd.pages.bars import bar
from abcd.pages.panels_asking import questions_in
from abcd.pages.panels_signs import ask_link
from abcd.pages.panels_strengths import ASSET_PAGE
from abcd.pages.visit import telling, visitor
from abcd.pages.words import freshness_names, joined, number, verbatim
from abcd.places.queries import place, places_of_kind

ADD_DATA, ASSETS, TO_CHECK = "abcd/pages/add_data.py", "abcd/pages/assets.py", "abcd/pages/to_check.py"


def at_a_glance(found: Health) -> None:
    """The register in five figures and one picture."""
    figures = {
        _("Assets"): found.assets, _("Nobody knows where"): found.unlocated, _("Hardly trusted"): found.doubtful,
        _("Open issues"): found.open_issues, _("Look-alikes"): found.open_duplicates,
    }  # fmt: skip
    with st.container(horizontal=True, gap="large"):
        for name, count in figures.items():
            st.metric(name, number(count), width="content")
    names = freshness_names()
    told = joined([f"{names[state]}: {number(found.freshness[state])}" for state in STATES])
    st.image(bar([found.freshness[state] for state in STATES]), width="stretch", alt=told)
    st.caption(told)


def freshness(actor: Actor) -> None:
    """By category, for one estate or for all."""
    st.header(_("Freshness by place and category"), anchor=False)
    with session(actor) as s:
        estates = {str(one.id): one.name for one in remembered(s, "estates", lambda: places_of_kind(s, "estate"))}
    anywhere = _("Everywhere")
    chosen = st.selectbox(
        _("Estate"), list(estates), index=None, format_func=estates.__getitem__, placeholder=anywhere, key="estate"
    )
    with session(actor) as s:
        where = [UUID(chosen)] if chosen else None
        table = remembered(s, ("freshness", chosen), lambda: by_place_and_category(s, where))
    if table.empty:
        st.write(_("Nothing is recorded here yet."))
        return
    st.table(in_words(table.head(25)), hide_index=True, border="horizontal")
    ask(actor, chosen)


def in_words(table: pd.DataFrame) -> list[dict[str, str]]:
    """The counts with their words, in as many columns as a telephone has room for."""
    names = freshness_names()
    return [
        {
            _("Category"): verbatim(row["category_name"]),
            _("All"): number(row["total"]),
            _("How fresh"): joined([f"{names[state]}: {number(row[state])}" for state in STATES if row[state]]),
        }
        for row in table.to_dict("records")
    ]


def ask(actor: Actor, estate: str | None) -> None:
    """Records of an estate to check on the spot, those that most homes rely on first, and the way to its rounds."""
    st.header(_("Go and ask"), anchor=False)
    if not estate:
        st.write(_("Choose an estate to see whom to ask there."))
    if not estate or not can(actor, "record", "search_effort"):
        return
    with session(actor) as s:
        here = place(s, estate)
        checks = [one for one in questions_in(s, here.id) if one.kind == "check"]
    if not checks:
        st.write(_("Everything here was checked lately."))
    with st.container(key="rows-ask"):
        for one in checks:
            st.page_link(ASSET_PAGE, label=f"**{verbatim(one.name)}**", query_params={"asset": str(one.asset_id)})
            st.caption(verbatim(joined([one.about, one.address, one.phone, one.why])))
    ask_link(actor, here)


def outside(actor: Actor) -> None:
    """What people outside wait for: suggestions to be looked at, and groups to be asked for their consent."""
    if not can(actor, "view", "contribution"):
        return
    with session(actor) as s:
        waiting, unasked = waiting_count(s, by=actor), remembered(s, "unasked", lambda: to_ask_count(s))
        shown = lines(s, to_ask().limit(20)) if unasked else []
    if waiting:
        label = ngettext("{n} suggestion waits to be checked", "{n} suggestions wait to be checked", waiting)
        st.page_link(TO_CHECK, label=label.format(n=number(waiting)), icon=":material/fact_check:")
    if unasked:
        told = ngettext("{n} contact is marked to be shown, but nobody wrote down that they agreed. Ask them:",
                        "{n} contacts are marked to be shown, but nobody wrote down that they agreed. Ask them:",
                        unasked)  # fmt: skip
        st.write(told.format(n=number(unasked)))
        with st.container(key="rows-consent"):
            for one in shown:
                st.page_link(ASSETS, label=verbatim(one.name), query_params={"asset": str(one.id)})


def issues(actor: Actor) -> None:
    """What files got wrong, by file and kind."""
    st.header(_("Issues by source"), anchor=False)
    with session(actor) as s:
        found = remembered(s, "issues", lambda: issues_by_source(s))
    if found.empty:
        st.write(_("No file has an open issue."))
        return
    rows = [
        {
            _("Source"): verbatim(joined([row["source"], row["file"]])), _("Rows"): number(row["rows"]),
            _("What is wrong"): verbatim(row["example"]), _("What to do"): verbatim(row["what_to_do"]),
        }
        for row in found.head(50).to_dict("records")
    ]  # fmt: skip
    st.table(rows, hide_index=True, border="horizontal")
    st.page_link(ADD_DATA, label=_("Open the imports to download the issues of one file"), icon=":material/download:")


actor = visitor()
st.title(_("Data health"))
st.write(_("What we know ages. This page says what to look at again, and where to start."))
with telling():
    with session(actor) as s:
        found = remembered(s, "health", lambda: health(s))
    at_a_glance(found)
    if found.open_duplicates:
        st.page_link(ASSETS, label=_("Decide on the look-alikes"), icon=":material/compare_arrows:")
    outside(actor)
    freshness(actor)
    issues(actor)
    st.caption(_("Places on the national grid are right within {n} m.").format(n=f"{accuracy_m():g}"))
