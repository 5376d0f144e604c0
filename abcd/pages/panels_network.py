"""The network of a place: who has to do with whom, as a picture and as an equal list; who would be cut off."""

from dataclasses import dataclass

import streamlit as st
from sqlalchemy.orm import Session

from abcd.connections.network.layout import without
from abcd.connections.network.reading import Reading, read_network
from abcd.connections.network.records import ORGANISATION, Network, Node, WeakPoint
from abcd.core.language import _, ngettext
from abcd.db.remembered import remembered
from abcd.db.session import Actor
from abcd.pages.ahead import Ahead, taken
from abcd.pages.network_lists import figures, linked_node, twin, what_kind
from abcd.pages.network_picture import NARROW, WIDE, drawn
from abcd.pages.words import joined, listed, number, verbatim
from abcd.places.records import PlaceRecord

MOST_DRAWN = 60
MOST_NAMED = 5


@dataclass(frozen=True)
class Shown:
    """What the panel shows: the reading, the part of it that is drawn, how much was left out, and two pictures."""

    reading: Reading
    net: Network
    left_out: int
    wide: str
    narrow: str


def network_panel(actor: Actor, place: PlaceRecord, ahead: Ahead) -> None:
    """What groups, venues and organisations here have to do with each other."""
    st.header(_("Who has to do with whom"))
    _network(actor, place, ahead)


def network_here(s: Session, place: PlaceRecord) -> Shown:
    """The network of a place, read and drawn once between two changes of the register."""
    return remembered(s, ("network", place.id), lambda: _shown(read_network(s, place.id)))


def _shown(reading: Reading) -> Shown:
    net, left_out = without(reading.net, MOST_DRAWN)
    weak = {point.node.id for point in reading.weak}
    wide, narrow = (drawn(net, weak, sheet) if net.nodes else "" for sheet in (WIDE, NARROW))
    return Shown(reading, net, left_out, wide, narrow)


@st.fragment
def _network(actor: Actor, place: PlaceRecord, ahead: Ahead) -> None:
    shown = taken(ahead, actor, place, network_here)
    if shown.reading.net.is_too_large:
        st.write(_("This place holds too much for one picture. Look at one of its estates or patches."))
        return
    st.write(summary(shown.reading, place))
    if shown.net.nodes:
        picture(shown)
    cut_off(shown.reading.weak)
    apart(shown.reading)
    if shown.net.nodes:
        twin(shown.net, shown.reading.between)
        figures(shown.reading)


def summary(reading: Reading, place: PlaceRecord) -> str:
    """The network in a sentence or two."""
    ties, circles = len(reading.net.links), len(reading.circles)
    if not ties:
        return _(
            "No ties are written down in {place} yet. Groups’ own pages are where to say who they work with."
        ).format(place=verbatim(place.name))
    said = ngettext("{n} tie is known here.", "{n} ties are known here.", ties).format(n=number(ties))
    if circles == 1:
        return f"{said} {_('All that is tied hangs together.')}"
    return f"{said} {_('They make {n} circles that no tie joins.').format(n=number(circles))}"


def picture(shown: Shown) -> None:
    """The picture twice, for a wide and for a narrow screen; style sheets show one of them."""
    said = _("Picture of the ties: {n} numbered marks. The list under it says the same in words.").format(
        n=len(shown.net.nodes)
    )
    with st.container(key="network-wide"):
        st.image(shown.wide, width="stretch", alt=said)
    with st.container(key="network-narrow"):
        st.image(shown.narrow, width="stretch", alt=said)
    st.caption(verbatim(legend(shown.net, bool(shown.reading.weak))))
    if shown.left_out:
        st.caption(_("{n} more with fewer ties are not drawn.").format(n=number(shown.left_out)))


def legend(net: Network, is_ringed: bool) -> str:
    """What shapes, rings and lines mean, of those that are there."""
    shapes = {
        "association": _("circle"), "physical": _("house"), "institution": _("square"), "economic": _("diamond"),
        "story": _("speech bubble"), ORGANISATION: _("six corners"),
    }  # fmt: skip
    kinds = {node.kind for node in net.nodes}
    named = [f"{shape}: {what_kind(kind)}" for kind, shape in shapes.items() if kind in kinds]
    marks = {
        _("ring: holds others together"): is_ringed,
        _("empty mark: outside this place"): any(not node.is_here for node in net.nodes),
        _("broken line: belongs to one organisation"): any("part_of" in link.relations for link in net.links),
    }
    return joined([*named, *(said for said, is_there in marks.items() if is_there)])


def cut_off(weak: tuple[WeakPoint, ...]) -> None:
    """Who would lose their way to the others if one closed, those who hold most together first."""
    if not weak:
        return
    st.subheader(_("If this closed, who is cut off?"), anchor=False)
    lines = [f"- **{linked_node(point.node)}**: {names_of(point.cut_off)}" for point in weak[:MOST_NAMED]]
    st.markdown("\n".join(lines))
    st.caption(_("As far as ties are written down. A second key-holder, a second room or one more tie changes it."))


def apart(reading: Reading) -> None:
    """Groups without a tie, and pairs of groups that could be brought together."""
    if reading.net.alone:
        st.subheader(_("No tie written down yet"), anchor=False)
        st.write(names_of(reading.net.alone, 2 * MOST_NAMED))
        st.caption(_("That says more about our looking than about them: ask who they work with."))
    if reading.bridges:
        st.subheader(_("A bridge worth asking about"), anchor=False)
        pairs = (_("{one} and {other}").format(one=linked_node(a), other=linked_node(b)) for a, b in reading.bridges)
        st.markdown("\n".join(f"- {pair}" for pair in pairs))
        st.caption(
            _("No chain of ties joins them. Patches side by side come first, then the same theme, then the walk.")
        )


def names_of(nodes: tuple[Node, ...], most: int = MOST_NAMED) -> str:
    """The first names, and how many more."""
    named = [linked_node(node) for node in nodes[:most]]
    more = len(nodes) - len(named)
    return listed([*named, ngettext("{n} more", "{n} more", more).format(n=number(more))] if more else named)
