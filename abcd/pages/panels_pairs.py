"""Records that look alike, side by side: keep one, take what is better from the other, or say they are two things."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.assets.actions import merge_assets, say_not_same
from abcd.assets.duplicates import Pair, open_pairs
from abcd.assets.merging import TAKEN
from abcd.assets.records import AssetRecord
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.panels_strengths import ASSET_PAGE
from abcd.pages.saving import Typed, both_sides, drafting, field, opened_at, save_button
from abcd.pages.words import asset_titles, how_fresh, percent, verbatim

SHOWN = 10


CONTACT = ("phone", "email", "website")
"""What only the team sees."""


def pairs_panel(actor: Actor) -> None:
    """The likeliest pairs nobody has decided on."""
    with session(actor) as s:
        pairs = open_pairs(s, limit=SHOWN)
    if not pairs:
        st.write(_("No two records look alike enough to ask about."))
    for pair in pairs:
        with st.container(border=True):
            pair_card(actor, pair)


def pair_card(actor: Actor, pair: Pair) -> None:
    """One pair: both records, what differs, and the decision."""
    likeness = _("Alike: {share}").format(share=percent(pair.score))
    st.markdown(f"**{verbatim(pair.one.name)}** · **{verbatim(pair.other.name)}**")
    st.caption(f"{likeness} · {verbatim(pair.reasons)}")
    st.table(
        side_by_side(pair, () if can(actor, "see_contact", "asset") else CONTACT), hide_index=True, border="horizontal"
    )
    with st.container(horizontal=True):
        for one, name in ((pair.one, _("Open the first")), (pair.other, _("Open the second"))):
            st.page_link(ASSET_PAGE, label=name, query_params={"asset": str(one.id)})
    if can(actor, "merge", "asset"):
        decide(actor, pair)


def side_by_side(pair: Pair, hidden: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """What is known on either side, one row a column; rows that nobody filled, or that are hidden, are left out."""
    titles = asset_titles() | {"checked": _("Last checked"), "source": _("Source")}
    first, second = _facts(pair.one), _facts(pair.other)
    return [
        {_("What"): titles.get(name, name), _("First (older)"): first[name] or "–", _("Second"): second[name] or "–"}
        for name in first
        if (first[name] or second[name]) and name not in hidden
    ]


def _facts(one: AssetRecord) -> dict[str, str]:
    line = one.line
    told = {
        "name": one.name, "category": line.category_name, "address": line.address, "postcode": line.postcode,
        "phone": one.phone, "email": one.email, "website": one.website, "opening_hours": one.opening_hours,
        "description": one.description[:200], "source": one.source_name or one.source_kind,
        "checked": how_fresh(line.freshness, line.assured_on),
    }  # fmt: skip
    return {name: verbatim(value) for name, value in told.items()}


def decide(actor: Actor, pair: Pair) -> None:
    """Merge, or say that they are two things."""
    form, titles = f"pair {pair.id}", asset_titles() | {"where": _("Where it is")}
    mine, other = _facts(pair.one), _facts(pair.other)
    offered = [*(name for name in TAKEN if mine.get(name) != other.get(name)), "where"]
    with drafting(actor, form):
        st.pills(
            _("Keep the first, but take from the second"), offered, format_func=titles.__getitem__,
            selection_mode="multi", key=field(form, "take"),
        )  # fmt: skip
    versions = opened_at(f"{form} one", pair.one.version), opened_at(f"{form} other", pair.other.version)
    both_sides(form, titles)

    def merge(s: Session, by: Actor, key: str, typed: Typed) -> None:
        merge_assets(s, pair.one.id, pair.other.id, versions=versions, by=by, key=key, take=typed.get("take") or ())

    def differ(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        say_not_same(s, pair.one.id, pair.other.id, by=by, key=key)

    with st.container(horizontal=True):
        save_button(
            form, _("They are one: merge"), merge, actor, _("Merged. It can be undone from its page."), type="primary"
        )
        save_button(
            f"differ {pair.id}", _("They are two things"), differ, actor, _("Remembered: nobody is asked again.")
        )
