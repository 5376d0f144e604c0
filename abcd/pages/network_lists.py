"""What the picture of a network says, in words and figures: a list line by line, and both readings of bridging."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from abcd.assets.taxonomy import kind_name
from abcd.connections.network.reading import Reading
from abcd.connections.network.records import ORGANISATION, Mixing, Network, Node
from abcd.connections.network.wording import own_words, reading_words, tie_words
from abcd.core.language import _
from abcd.gaps.themes import theme_words
from abcd.pages.words import joined, number, percent, verbatim

ASSET_ADDRESS = "/assets"


def twin(net: Network, between: Mapping[UUID, float]) -> None:
    """The equal of the picture: every mark by its number, with whom it is tied and how."""
    icon = ":material/format_list_numbered:"
    fold = st.expander(_("The same as a list"), icon=icon, key="network list", on_change="rerun")
    if fold.open:
        fold.table(rows(net, between), hide_index=True)
        fold.caption(
            _("Between others: the share of all pairs of others whose shortest way to each other leads through it.")
        )


def linked_node(node: Node) -> str:
    """A name that leads to its page; an organisation has none."""
    if node.kind == ORGANISATION:
        return verbatim(node.name)
    return f"[{verbatim(node.name)}](<{ASSET_ADDRESS}?{urlencode({'asset': str(node.id)})}>)"


def what_kind(kind: str) -> str:
    """A kind of node in words."""
    return _("Organisation") if kind == ORGANISATION else kind_name(kind)


def rows(net: Network, between: Mapping[UUID, float]) -> list[dict[str, str]]:
    """One row a mark, in the order of the numbers."""
    at = {node.id: position for position, node in enumerate(net.nodes)}
    ties: dict[UUID, list[tuple[int, str]]] = {node.id: [] for node in net.nodes}
    for link in net.links:
        how = ", ".join(tie_words(relation) for relation in link.relations)
        for one, other in ((link.a, link.b), (link.b, link.a)):
            ties[one].append((at[other] + 1, f"{verbatim(net.nodes[at[other]].name)} ({how})"))
    return [
        {
            _("Number"): str(position + 1),
            _("Name"): linked_node(node),
            _("What it is"): verbatim(joined([node.category_name or what_kind(node.kind), *outside(node)])),
            _("Has to do with"): "; ".join(f"{mark} {said}" for mark, said in sorted(ties[node.id])),
            _("Between others"): percent(between[node.id]),
        }
        for node, position in zip(net.nodes, at.values(), strict=True)
    ]


def outside(node: Node) -> list[str]:
    """Where it lies, when that is not here."""
    if node.is_here or node.kind == ORGANISATION:
        return []
    return [node.home_name or _("outside this place")]


def figures(reading: Reading) -> None:
    """Close-knit or outward: both readings, by name, with what they were worked out from."""
    fold = st.expander(_("Close-knit or outward?"), icon=":material/hub:", key="network figures", on_change="rerun")
    if not fold.open:
        return
    with fold:
        st.markdown(f"**{_('Between groups and other assets: where their ties lead')}**")
        st.table(mixings(reading), hide_index=True)
        st.markdown(f"**{_('Inside groups: what they say of who comes')}**")
        st.table(
            [
                {_("Mixed by"): _("Street"), _("What they say"): own_words(reading.streets)},
                {_("Mixed by"): _("Age"), _("What they say"): own_words(reading.ages)},
            ],
            hide_index=True,
        )
        st.caption(
            _(
                "The two readings are different things and often differ. E-I is (across - within) / (across + within): "
                "-1 when every tie stays within, +1 when every tie leads across. Being close-knit is a strength too. "
                "Groups count as tied when they share a room, an activity or an organisation. Only ties that are "
                "written down count, and nothing is counted from what we know of people."
            )
        )


def mixings(reading: Reading) -> list[dict[str, str]]:
    """The figures of ties across and within: by patch, theme and kind, and under each its own."""
    found: list[dict[str, str]] = []
    for title, told, each, named in (
        (_("Patches and estates, ties between groups"), reading.by_home, reading.each_home, str),
        (_("Themes, ties between groups"), reading.by_theme, reading.each_theme, theme_words),
        (_("Kinds of asset, direct ties"), reading.by_kind, reading.each_kind, kind_name),
    ):
        found.append(mixing_row(f"**{title}**", told))
        found += [mixing_row(verbatim(named(side)), own) for side, own in sorted(each.items())]
    return found


def mixing_row(name: str, told: Mixing) -> dict[str, str]:
    """One line of the figures."""
    return {
        _("Across what"): name,
        _("Across"): number(told.external),
        _("Within"): number(told.internal),
        _("Not known"): number(told.unknown),
        _("E-I"): "–" if told.e_i is None else f"{told.e_i:+.2f}" if told.e_i else "0",
        _("Reading"): reading_words(told),
    }
