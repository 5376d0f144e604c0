"""Correcting a plan by hand: blocks chosen on the map or in a list go to another patch; patches join and part."""

from collections.abc import Callable
from uuid import UUID

import numpy as np
import streamlit as st

from abcd.core.language import _, ngettext
from abcd.errors import AbcdError
from abcd.pages.map_view import MapEvents
from abcd.pages.visit import speak
from abcd.pages.words import number, verbatim
from abcd.patches.correcting import Drawing, joined, moved, parted

MOST_LISTED = 600
"""Blocks in one list; with more of them those of one patch are listed at a time."""


def picked(plan_id: UUID) -> list[int]:
    """The blocks that are chosen now, in the order in which they were."""
    return list(st.session_state.get(f"picked {plan_id}", []))


def pick(plan_id: UUID, blocks: list[int]) -> None:
    """Choose these blocks and no others, on the map and in the list."""
    st.session_state[f"picked {plan_id}"] = blocks


def last_turn(plan_id: UUID) -> int:
    """The press on the map that was taken over last."""
    return int(st.session_state.get(f"turn {plan_id}", 0))


def put_in_hand(plan_id: UUID, told: MapEvents) -> None:
    """Take over what was pressed on the map, once for each press."""
    if told.turn and told.turn != last_turn(plan_id):
        st.session_state[f"turn {plan_id}"] = told.turn
        pick(plan_id, [int(one) for one in told.picked if one.isdigit()])


def correct_panel(plan_id: UUID, drawing: Drawing) -> None:
    """What is chosen, where it may go, and steps back."""
    st.subheader(_("Correct it by hand"), anchor=False)
    chosen = list_of_blocks(plan_id, drawing)
    if chosen:
        homes = number(round(float(drawing.homes.households[chosen].sum())))
        said = ngettext("{n} block with {homes} households is chosen. Where does it go?",
                        "{n} blocks with {homes} households are chosen. Where do they go?", len(chosen))  # fmt: skip
        st.write(said.format(n=number(len(chosen)), homes=homes))
        ways_to_go(plan_id, drawing, chosen)
    join_or_part(plan_id, drawing)
    if drawing.moves:
        with st.container(horizontal=True):
            st.button(_("Take the last step back"), key=f"back {plan_id}", icon=":material/undo:",
                      on_click=step_back, args=(plan_id, 1))  # fmt: skip
            st.button(_("Begin again"), key=f"again {plan_id}", icon=":material/restart_alt:",
                      on_click=step_back, args=(plan_id, drawing.moves))  # fmt: skip


def list_of_blocks(plan_id: UUID, drawing: Drawing) -> list[int]:
    """The same blocks as on the map, by name: to choose from with a keyboard."""
    part, names, blocks = drawing.part, drawing.homes.names, range(len(drawing.part))
    known = [block for block in picked(plan_id) if block in blocks]
    if len(blocks) > MOST_LISTED:
        of = st.selectbox(_("List the blocks of patch"), range(len(drawing.each)), key=f"listed {plan_id}",
                          format_func=lambda k: str(k + 1))  # fmt: skip
        listed = [*known, *(block for block in drawing.blocks(of).tolist() if block not in known)]
    else:
        listed = list(blocks)
    key = f"list of blocks {plan_id}"
    st.session_state[key] = known
    st.multiselect(
        _("Blocks"), listed, key=key, placeholder=_("Choose one or several"),
        on_change=lambda: pick(plan_id, list(st.session_state[key])),
        format_func=lambda one: _("{name}, in patch {n}").format(name=names[one], n=int(part[one]) + 1),
    )  # fmt: skip
    street = whole_streets(drawing, known)
    if len(street) > len(known):
        st.button(_("The whole street"), key=f"street {plan_id}", icon=":material/add_road:", on_click=pick,
                  args=(plan_id, street))  # fmt: skip
    return known


def whole_streets(drawing: Drawing, chosen: list[int]) -> list[int]:
    """What is chosen and all other blocks on the same streets."""
    street = drawing.homes.street
    on = np.isin(street, street[chosen]) & (street >= 0) if chosen else np.zeros(len(street), dtype=bool)
    return [*chosen, *(block for block in np.flatnonzero(on).tolist() if block not in set(chosen))]


def ways_to_go(plan_id: UUID, drawing: Drawing, chosen: list[int]) -> None:
    """A button for each patch that borders on what is chosen, and a list of all others."""
    here = set(drawing.part[chosen].tolist())
    near = list(dict.fromkeys(patch for block in chosen for patch in drawing.neighbours(block)))
    near = [patch for patch in near if here != {patch}]
    with st.container(horizontal=True):
        for patch in near:
            label = _("To patch {n} ({homes} households)").format(
                n=patch + 1, homes=number(round(drawing.each[patch].households))
            )
            st.button(label, key=f"to {patch} {plan_id}", on_click=take, args=(plan_id, chosen, patch))
    others = [patch for patch in range(len(drawing.each) + 1) if patch not in near]
    new = len(drawing.each)
    far = st.selectbox(_("Or to one farther away"), others, None, key=f"far {plan_id} {drawing.moves}",
                       placeholder=_("Choose a patch"),
                       format_func=lambda k: _("A new patch") if k == new else str(k + 1))  # fmt: skip
    if far is not None:
        st.button(_("Move them there"), key=f"to far {plan_id}", on_click=take, args=(plan_id, chosen, far))


def take(plan_id: UUID, chosen: list[int], patch: int) -> None:
    """Move what is chosen, and let go of it."""
    before = len(st.session_state[f"drawing {plan_id}"])
    step(plan_id, lambda drawing: moved(drawing, chosen, patch))
    if len(st.session_state[f"drawing {plan_id}"]) > before:
        pick(plan_id, [])


def join_or_part(plan_id: UUID, drawing: Drawing) -> None:
    """Two patches become one, or one becomes two."""
    patches = range(len(drawing.each))
    with st.expander(_("Join or part patches"), icon=":material/call_split:"):
        pair = st.multiselect(
            _("Which patches?"), patches, key=f"pair {plan_id} {drawing.moves}", max_selections=2,
            placeholder=_("Two to join, one to part"), format_func=lambda k: str(k + 1),
        )  # fmt: skip
        with st.container(horizontal=True):
            st.button(_("Join these two"), key=f"join {plan_id}", disabled=len(pair) != 2, on_click=step,
                      args=(plan_id, lambda drawing: joined(drawing, *pair)))  # fmt: skip
            st.button(_("Part it in two"), key=f"part {plan_id}", disabled=len(pair) != 1, on_click=step,
                      args=(plan_id, lambda drawing: parted(drawing, *pair)))  # fmt: skip
    trouble = st.session_state.pop(f"trouble of {plan_id}", None)
    if trouble:
        st.error(verbatim(trouble), icon=":material/info:")


def step(plan_id: UUID, act: Callable[[Drawing], Drawing]) -> None:
    """One correction of the plan in hand; what cannot be done is said beside the buttons."""
    speak()  # a press is heard before the page is drawn, and so before it has said its language
    stack = st.session_state[f"drawing {plan_id}"]
    try:
        stack.append(act(stack[-1]))
    except AbcdError as error:
        st.session_state[f"trouble of {plan_id}"] = str(error)


def step_back(plan_id: UUID, steps: int) -> None:
    """Take corrections back."""
    stack = st.session_state[f"drawing {plan_id}"]
    del stack[max(1, len(stack) - steps) :]
