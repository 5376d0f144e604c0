"""What holds a place together, in three ways of looking: each figure by itself, beside similar places."""

import streamlit as st

from abcd.core.language import _, ngettext
from abcd.db.remembered import remembered
from abcd.db.session import Actor, session
from abcd.gaps.lens import Domain, Lens, LensPart, lens
from abcd.gaps.lens_words import not_an_index
from abcd.gaps.similar import rule
from abcd.pages.words import number, percent
from abcd.places.records import PlaceRecord


def lens_panel(actor: Actor, here: PlaceRecord) -> None:
    """The three domains side by side, and how each figure was worked out."""
    with session(actor) as s:
        found = remembered(s, ("lens", here.id), lambda: lens(s, here.id))
    st.header(_("What holds this place together"))
    st.write(not_an_index())
    for domain in found.domains:
        st.subheader(domain.name, anchor=False)
        st.table(rows(domain), hide_index=True, border="horizontal")
    with st.expander(_("How were these figures worked out?")):
        lines = [f"{part.name}: {part.how}" for domain in found.domains for part in domain.parts]
        st.markdown("\n".join(f"- {line}" for line in (*lines, *compared(found))))


def rows(domain: Domain) -> list[dict[str, str]]:
    """A row a part: the figure here, of how many, and the median of similar places."""
    return [
        {_("What"): one.name, _("Here"): figure(one), _("Similar places"): said(one.unit, one.similar)}
        for one in domain.parts
    ]  # fmt: skip


def figure(one: LensPart) -> str:
    """A figure and what it is of."""
    if one.value is None:
        return _("nobody has asked yet") if one.of == 0 else "–"
    if one.unit == "rate":
        return _("{rate} ({n} in all)").format(rate=said(one.unit, one.value), n=number(one.count))
    if one.slug.endswith("_near"):
        return said(one.unit, one.value)
    return _("{share} ({n} of {all})").format(share=percent(one.value), n=number(one.count), all=number(one.of))


def said(unit: str, value: float | None) -> str:
    """A share in percent, a rate with one digit."""
    if value is None:
        return "–"
    return percent(value) if unit == "share" else f"{value:.1f}"


def compared(found: Lens) -> list[str]:
    """How similar places were chosen."""
    if not found.similar:
        return [_("No similar places are known to compare with.")]
    there = ngettext("The median of {n} similar place.", "The median of {n} similar places.", found.similar)
    return [there.format(n=found.similar), rule()]
