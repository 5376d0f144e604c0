"""How confident people feel as an introduction goes on: a small picture with its equal table."""

import streamlit as st

from abcd.connections.confidence import Confidence
from abcd.connections.introduction_words import weeks_names
from abcd.core.charts import Bar, bars
from abcd.core.disclosure.arithmetic import THRESHOLD
from abcd.core.language import _, ngettext
from abcd.pages.picture import picture


def confidence_panel(told: tuple[Confidence, ...]) -> None:
    """The mean of 0 to 10 at the start, after 4 and after 12 weeks."""
    st.header(_("How confident they feel"), anchor=False)
    if all(one.mean is None for one in told):
        st.write(_("Too few have told us yet to say it."))
        return
    title = _("Confidence from 0 to 10, as they say it themselves")
    rows = [Bar(weeks_names()[one.weeks], (one.mean,), words(one)) for one in told]
    about = "; ".join(f"{row.label}: {row.words}" for row in rows)
    table: list[dict[str, object]] = [
        {_("When"): weeks_names()[one.weeks], _("Mean"): one.mean, _("Of how many people"): people(one)} for one in told
    ]
    picture(bars(rows, title, about, most=10.0), about, table, title=title)
    st.caption(_("Not the same people each time: whoever did not say is in none of it."))


def words(one: Confidence) -> str:
    """What stands beside a bar."""
    return f"{one.mean:g} ({people(one)})" if one.mean is not None else people(one)


def people(one: Confidence) -> str:
    """Of how many, as it may be told."""
    if one.people is None:
        return _("fewer than {n} people").format(n=THRESHOLD)
    return ngettext("{n} person", "{n} people", one.people).format(n=one.people)
