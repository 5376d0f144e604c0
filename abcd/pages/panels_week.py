"""The coverage clock: a week near a place's homes as a grid, and as a table with who can come."""

import streamlit as st

from abcd.assets.wording import day_names, part_names
from abcd.core.charts import Cell, grid
from abcd.core.language import _, ngettext
from abcd.core.themes import theme_words
from abcd.gaps.clock import Clock, ClockCell
from abcd.gaps.closer import CloserLook
from abcd.pages.picture import picture
from abcd.pages.words import listed, number, percent, verbatim
from abcd.places.records import PlaceRecord

MOST_NAMED = 6
FEW = 5
"""So many things at once make a field dark, however few there are in other parts of the week."""


def week_panel(here: PlaceRecord, look: CloserLook) -> None:
    """When something is on within a walk of somebody's home, and when nothing is."""
    st.header(_("The week"))
    by_theme = {one.theme: one for one in look.clocks}
    theme = st.selectbox(_("Of what?"), list(by_theme), format_func=lambda slug: theme_words(slug) if slug else
                         _("Everything"), key="closer theme")  # fmt: skip
    one = by_theme[theme]
    if not one.timed:
        st.write(_("Of nothing near is it known when it is open. That is a question, and its answer is worth asking "
                   "for."))  # fmt: skip
        return
    title = week_title(here, one)
    picture(week(one, title), said(one), rows_of(one), doubts(one), title=title, key="week")
    with st.expander(_("How the week was worked out")):
        st.markdown("\n".join(f"- {verbatim(line)}" for line in worked_out(one)))


def week_title(here: PlaceRecord, one: Clock) -> str:
    """The name of the picture."""
    if one.theme:
        return _("When something is on near {place}: {theme}").format(place=here.name, theme=theme_words(one.theme))
    return _("When something is on near {place}").format(place=here.name)


def week(one: Clock, title: str) -> str:
    """The 7 x 3 grid as SVG text."""
    cells = [[_cell(one.cells[3 * day + part]) for part in range(3)] for day in range(7)]
    return grid(day_names(), part_names(), cells, title, said(one), gap_words=_("nothing is known to be on"),
                most=max(FEW, *(cell.things for cell in one.cells)))  # fmt: skip


def _cell(cell: ClockCell) -> Cell:
    return Cell(float(cell.things), str(cell.things), is_gap=not cell.things)


def said(one: Clock) -> str:
    """The clock in a sentence: strengths first, then the parts without anything."""
    fullest = max(one.cells, key=lambda cell: cell.things)
    told = _("Most is on on {part}: {n}.").format(part=part_of(fullest), n=fullest.things)
    if not one.gaps:
        return f"{told} {_('There is no part of the week without anything.')}"
    named = [part_of(cell) for cell in one.gaps[:MOST_NAMED]]
    more = len(one.gaps) - len(named)
    if more:
        named.append(ngettext("{n} more part of the week", "{n} more parts of the week", more).format(n=more))
    return f"{told} {_('Nothing is known to be on: {parts}.').format(parts=listed(named))}"


def part_of(cell: ClockCell) -> str:
    """A part of the week in words."""
    return _("{day}, {part}").format(day=day_names()[cell.day], part=part_names()[cell.part].lower())


def doubts(one: Clock) -> str:
    """How far the clock can be relied on."""
    known = _("Opening times are known of {timed} of the {things} things near.").format(
        timed=number(one.timed), things=number(one.things)
    )
    return f"{known} {_('So an empty part is a question first.')}" if one.is_question else known


def rows_of(one: Clock) -> list[dict[str, object]]:
    """The same as a table, with how many homes and for whom."""
    return [
        {
            _("Day"): day_names()[cell.day], _("Part"): part_names()[cell.part], _("On then"): cell.things,
            _("Hours in all"): f"{cell.hours:.0f}", _("Homes with one near"): percent(cell.share),
            _("Surely free"): cell.for_whom["free"], _("Surely step-free"): cell.for_whom["step_free"],
            _("Surely open to new people"): cell.for_whom["open_to_new"],
        }
        for cell in one.cells
    ]  # fmt: skip


def worked_out(one: Clock) -> list[str]:
    """Formula, inputs and weak points."""
    return [
        _("A thing counts in a part of the week when its opening times, as they are written down, say so, and when it "
          "is within its category’s walk of some home or serves the place."),
        _("Morning is until 12, afternoon until 17, evening after that, in an ordinary week without holidays."),
        doubts(one),
        one.walk,
    ]  # fmt: skip
