"""A coach's patch in panels: people without scores, whom to talk with next, what waits, and how the time went."""

from uuid import UUID

import streamlit as st

from abcd.core.language import _, ngettext
from abcd.pages.patch_seen import MOST_OFFERS, MOST_PEOPLE, Seen
from abcd.pages.words import ago, joined, number, verbatim
from abcd.patches.work import MOST
from abcd.people.talk_words import kind_names, mode_names, time_words
from abcd.people.time_spent import TimeSpent

PEOPLE_PAGE, ASSET_PAGE = "abcd/pages/people.py", "abcd/pages/assets.py"
MOST_NEXT = 30
A_PATCH = 175
"""About how many households one coach can know (product.md 002-15)."""


def people_panel(seen: Seen) -> None:
    """Who is here, by name, each with what they have to give."""
    st.header(_("People"), anchor=False)
    if not seen.people:
        st.write(_("Nobody is written down here yet. Sit down with somebody and ask what they love to do."))
    across = st.columns(2, gap="medium")
    shown = seen.people[:MOST_PEOPLE]
    for position, line in enumerate(shown):
        with across[2 * position // len(shown)].container(key=f"rows-person-{line.id}"):
            person_link(line.id, line.preferred_name, *(f"“{verbatim(gift)}”" for gift in line.gifts))
    more = _("Everybody, and somebody new") if seen.people else _("Write down somebody new")
    st.page_link(PEOPLE_PAGE, label=more, icon=":material/diversity_3:")


def person_link(person_id: UUID, name: str, *more: str) -> None:
    """A way to one person, with what there is to say of it below, because a link does not break its line."""
    st.page_link(PEOPLE_PAGE, label=f"**{verbatim(name)}**", query_params={"person": str(person_id)})
    if more:
        st.caption(joined([*more]))


def next_panel(seen: Seen) -> None:
    """With whom a day was agreed. A day that has gone by is a day like any other: nobody is late."""
    st.header(_("Who comes next"), anchor=False)
    if not seen.next:
        st.write(_("No day is agreed with anybody. After a good conversation, ask when to talk again."))
    with st.container(key="rows-next"):
        for one in seen.next[:MOST_NEXT]:
            agreed = _("agreed for {day}").format(day=f"{one.next_on:%d/%m/%Y}")
            talked = _("you talked on {day}").format(day=f"{one.last_on:%d/%m/%Y}")
            person_link(one.person_id, one.preferred_name, agreed, talked)
    if seen.next[MOST_NEXT:]:
        st.caption(_("{n} more").format(n=number(len(seen.next[MOST_NEXT:]))))


def ideas_panel(seen: Seen) -> None:
    """Whom the night would bring together: an idea for a person to think about, and no more."""
    if not seen.ideas:
        return
    st.header(_("Who might like to meet"), anchor=False)
    with st.container(key="rows-ideas"):
        for one in seen.ideas:
            hopes = _("hopes: “{words}”").format(words=verbatim(one.own_words))
            person_link(one.a_person_id, one.name, hopes, _("{name} could be asked").format(name=verbatim(one.other)))


def offers_panel(seen: Seen) -> None:
    """What people and groups offer and nobody has taken up, the longest waiting first."""
    st.header(_("Offers nobody has taken up yet"), anchor=False)
    if not seen.offers:
        st.write(_("Every offer that we know of is taken up."))
    with st.container(key="rows-offers"):
        for one in seen.offers[:MOST_OFFERS]:
            said = _("“{words}”, said {ago}").format(words=verbatim(one.own_words), ago=ago(one.said_on))
            if one.person_id:
                person_link(one.person_id, one.owner_name, said)
            else:
                giver(one.asset_id, one.owner_name)
                st.caption(said)


def giver(asset_id: UUID | None, name: str) -> None:
    """A group, a venue or an organisation that offers something: its page, where it has one."""
    if asset_id:
        st.page_link(ASSET_PAGE, label=f"**{verbatim(name)}**", query_params={"asset": str(asset_id)})
    else:
        st.markdown(f"**{verbatim(name)}**")


def facts_panel(seen: Seen) -> None:
    """How large the patch is and how the time went: figures to think with, and never a target."""
    st.header(_("This patch in figures"), anchor=False)
    homes, time = seen.homes.count, seen.time
    figures = {
        _("Households"): number(homes), _("People we know"): number(len(seen.known)),
        _("Conversations"): number(time.talks), _("Time spent"): time_words(time.all_minutes),
    }  # fmt: skip
    for column, (name, figure) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(name, figure)
    st.write(how_it_went(time))
    listened = ago(time.listened_on) if time.listened_on else _("not in the last twelve months")
    st.write(_("Last time somebody listened here: {when}.").format(when=listened))
    if homes and homes > MOST:
        st.write(_("{n} households are more than one coach can know by name: bring it up with your manager.").format(
            n=number(homes)))  # fmt: skip
    if homes:
        each = _("{n} conversations for every 100 households.").format(n=f"{100 * time.talks / homes:.1f}")
        st.write(each)
    with st.expander(_("How was this worked out?")):
        st.markdown("\n".join(f"- {verbatim(line)}" for line in worked_out(seen)))


def how_it_went(time: TimeSpent) -> str:
    """How the time was shared out between kinds of conversations and ways to work."""
    kinds = [f"{kind_names()[kind]}: {time_words(minutes)}" for kind, minutes in time.minutes.items() if minutes]
    modes = [f"{mode_names()[mode]}: {number(many)}" for mode, many in time.modes.items() if many]
    return joined([*kinds, *modes])


def worked_out(seen: Seen) -> list[str]:
    """Where each figure comes from."""
    source = joined([seen.homes.source, str(seen.homes.year or "")])
    return [
        _("Households: {source}. About {n} are as many as one coach can know.").format(source=source, n=A_PATCH),
        _("People we know: those written down here, without anybody whose record is closed to most of the team."),
        _("Conversations and time: what was written down since {day}.").format(day=f"{seen.since:%d/%m/%Y}"),
        ngettext("{n} of them was nobody's request: somebody simply went.",
                 "{n} of them were nobody's request: somebody simply went.",
                 seen.time.unasked).format(n=number(seen.time.unasked)),
        _("For every 100 households: conversations divided by households, times 100."),
    ]  # fmt: skip
