"""What could be brought together in a place: neighbours and groups first, services last, each with reasons."""

from itertools import groupby

import streamlit as st
from sqlalchemy.orm import Session

from abcd.connections.matching import Match
from abcd.connections.records import Side, Suggestion
from abcd.connections.suggestions import suggestions
from abcd.core.language import _, ngettext
from abcd.db.remembered import remembered
from abcd.db.session import Actor
from abcd.pages.ahead import Ahead, taken
from abcd.pages.panels_possibilities import missing
from abcd.pages.panels_strengths import ASSET_PAGE
from abcd.pages.words import joined, percent, verbatim
from abcd.places.records import PlaceRecord

FIRST = 3


def connections_panel(actor: Actor, place: PlaceRecord, ahead: Ahead) -> None:
    """Suggestions tier by tier."""
    st.header(_("Possible connections"))
    st.write(_("Ideas for introductions, community first. Nobody has been asked yet: the next step is a conversation."))
    _list(actor, place, ahead)


def suggested(s: Session, place: PlaceRecord) -> list[Suggestion]:
    """What could be brought together in a place."""
    return remembered(s, ("suggestions", place.id), lambda: suggestions(s, place.id, missing=missing(s, place)))


@st.fragment
def _list(actor: Actor, place: PlaceRecord, ahead: Ahead) -> None:
    found = taken(ahead, actor, place, suggested)
    if not found:
        st.write(_("Nothing to suggest yet. Every group and room that is written down gives more to bring together."))
    tiers(found[:FIRST], 0)
    rest = found[FIRST:]
    if rest:
        told = ngettext("{n} more idea", "{n} more ideas", len(rest)).format(n=len(rest))
        more = st.expander(told, key="more ideas", on_change="rerun")
        if more.open:
            with more:
                tiers(rest, FIRST)


def tiers(found: list[Suggestion], before: int) -> None:
    """Suggestions under the names of their tiers; ``before`` of them were shown above."""
    for name, tier in groupby(enumerate(found, before), key=lambda each: each[1].tier_name):
        st.subheader(verbatim(name), anchor=False)
        for position, one in tier:
            card(one, str(position))


def card(one: Suggestion, key: str) -> None:
    """One suggestion: the two sides, why, and what nobody has checked."""
    with st.container(border=True):
        with st.container(key=f"rows-suggestion-{key}", horizontal=True, vertical_alignment="center"):
            side(one.a)
            st.markdown(":material/handshake:", width="content")
            side(one.b)
        st.caption(verbatim(joined([one.kind_name, one.theme])))
        st.markdown("\n".join(f"- {verbatim(reason)}" for reason in one.reasons))
        if one.not_checked:
            st.markdown(f"**{_('Not checked yet')}:** " + verbatim(" ".join(one.not_checked)))
        how = st.expander(_("How was this worked out?"), key=f"how {key}", on_change="rerun")
        if how.open:
            how.table(parts(one), hide_index=True)


def side(one: Side) -> None:
    """One side as a link to its page, or as the name of what may be missing."""
    if one.asset_id:
        st.page_link(ASSET_PAGE, label=f"**{verbatim(one.name)}**", query_params={"asset": str(one.asset_id)})
    else:
        st.markdown(f"**{verbatim(one.name)}**", width="content")


def parts(one: Suggestion | Match) -> list[dict[str, str]]:
    """The parts of the score as rows, and their sum."""
    rows = [
        {
            _("Part"): verbatim(part.name),
            _("Weight"): percent(part.weight),
            _("Met"): percent(part.value),
            _("Why"): verbatim(part.words),
        }
        for part in one.parts
    ]
    return [*rows, {_("Part"): _("Together"), _("Weight"): "", _("Met"): percent(one.score), _("Why"): ""}]
