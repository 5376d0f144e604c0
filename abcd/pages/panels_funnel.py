"""How introductions go: by quarter and place, with intervals; who tells us of people, and why not."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import streamlit as st

from abcd.connections.confidence import confidence
from abcd.connections.figures import Share
from abcd.connections.funnel import Figures, Funnel, funnel
from abcd.connections.introduction_words import reason_names
from abcd.connections.sources import source_names
from abcd.core.disclosure.arithmetic import THRESHOLD
from abcd.core.language import _, ngettext
from abcd.db.session import Actor, session
from abcd.pages.panels_confidence import confidence_panel
from abcd.pages.words import joined, verbatim
from abcd.people.queries import homes


def funnel_panel(actor: Actor) -> None:
    """The figures of a place, or of everywhere."""
    with session(actor) as s:
        places = {str(key): name for key, name, _kind in homes(s)}
    asked = st.selectbox(_("Patch or estate"), ["", *places], key="funnel of",
                         format_func=lambda key: verbatim(places.get(key, "")) or _("All of them"))  # fmt: skip
    with session(actor) as s:
        told = funnel(s, UUID(asked) if asked else None)
        felt = confidence(s, UUID(asked) if asked else None)
    if told.is_protected:
        st.info(_("Fewer than {n} people are not told apart, and counts are rounded.").format(n=THRESHOLD))
    else:
        st.info(_("These figures are for this team’s eyes: small numbers are not protected here."))
    way(told)
    confidence_panel(felt)
    fairness(told)
    listed(_("Who told us of somebody"), source_names(), told.sources)
    listed(_("Why it was not for somebody"), reason_names(), told.reasons)


def way(told: Funnel) -> None:
    """From an introduction to what lasts, by quarter and by place."""
    st.header(_("From an introduction to what lasts"), anchor=False)
    table(_("Quarter"), [(quarter(first), one) for first, one in told.quarters])
    if told.by_place:
        st.subheader(_("By patch or estate, the last four quarters"), anchor=False)
        table(_("Place"), [(verbatim(name), one) for name, one in told.by_place])
    st.caption(_("In brackets: where the true share lies, 95 times of 100 (Wilson interval). Only those who were "
                 "introduced twelve weeks ago or earlier count towards “going after 12 weeks”."))  # fmt: skip


def table(first: str, rows: Sequence[tuple[str, Figures]]) -> None:
    """Figures as rows."""
    shown = [
        {
            first: name,
            _("Introduced"): introduced(one),
            _("Met"): percent(one.met),
            _("Going after 12 weeks"): percent(one.going),
        }
        for name, one in rows
    ]
    st.table(shown, hide_index=True, border="horizontal")


def introduced(one: Figures) -> str:
    """How many, to how many homes, and how long it took; in one cell, so that the table fits on a telephone."""
    homes = "" if one.per_100_homes is None else _("{n} to 100 homes").format(n=f"{one.per_100_homes:g}")
    days = "" if one.days is None else ngettext("{n} day from the idea", "{n} days from the idea", one.days)
    return joined([number(one.introduced), homes, days.format(n=one.days)])


def fairness(told: Funnel) -> None:
    """Whether it is fair: neighbours first, both ways, spread over many."""
    one = told.year
    st.header(_("Is it fair? The last four quarters"), anchor=False)
    rows = {
        _("With neighbours and resident-led groups"): percent(one.near),
        _("Across two patches"): percent(one.across),
        _("Of the people: those who both give and hope"): percent(one.both_ways),
        _("Spread over people (0 the same for all, 1 all for one)"): "–" if one.spread is None else f"{one.spread:g}",
    }
    st.table([{_("What"): what, _("How much"): much} for what, much in rows.items()], hide_index=True,
             border="horizontal")  # fmt: skip


def listed(title: str, names: dict[str, str], found: Sequence[tuple[str, int | None]]) -> None:
    """Counts by a list of words, those above nothing."""
    st.header(title, anchor=False)
    rows = [{_("What"): names[name], _("How many"): number(one)} for name, one in found if one != 0]
    if rows:
        st.table(rows, hide_index=True, border="horizontal")
    else:
        st.write(_("Nothing in the last four quarters."))


def quarter(first: date) -> str:
    """``2026, quarter 4``."""
    return _("{year}, quarter {n}").format(year=first.year, n=(first.month - 1) // 3 + 1)


def number(one: int | None) -> str:
    """A count, or that there are too few to tell."""
    return _("fewer than {n}").format(n=THRESHOLD) if one is None else f"{one:,}"


def percent(one: Share) -> str:
    """A share with its interval."""
    if one.percent is None:
        return "–"
    of = "" if one.whole is None else _("{part} of {whole}: ").format(part=one.part, whole=one.whole)
    return f"{of}{one.percent} % ({one.low}–{one.high} %)"
