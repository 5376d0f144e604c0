"""When somebody else saved first: both sides next to each other, and for each field mine, theirs or both."""

from datetime import date
from typing import Any

import streamlit as st

from abcd.core.language import _
from abcd.errors import Conflict
from abcd.pages.fields import Typed, field, nonce, same, typed_in
from abcd.pages.words import joined, verbatim

Said = dict[str, dict[Any, str]]
"""How the values of a field that is chosen from a list are said, by field."""


def clashed(form: str, clash: Conflict) -> None:
    """Remember both sides. The next save is made from theirs, knowingly, since they are on screen then."""
    st.session_state[f"clash {form}"] = {"theirs": clash.theirs, "ours": clash.ours, "taken": {}}
    st.session_state[f"compare {form}"] = True
    for pinned in [name for name in st.session_state if str(name).startswith(f"opened {form}")]:
        del st.session_state[pinned]


def compare(form: str, version: int, now: Typed, touched: set[str] | None = None) -> None:
    """Set what was typed beside the record as it stands ``now``, and go on from there.

    A field that was not touched here takes their value; one that both changed is put to the writer; one that only the
    writer changed stays. Without knowledge of what the form was opened with, whatever differs is put to the writer,
    but for fields that are known not to be among the ``touched``.
    """
    key = nonce(form)
    began: Typed = st.session_state.get(f"began {form} {key}", {})
    if touched is not None:
        began = {name: value for name, value in typed_in(form, key).items() if name not in touched}
    clash: dict[str, Typed] = {"theirs": {}, "ours": {}, "taken": {}}
    for name, mine in typed_in(form, key).items():
        if name not in now or same(mine, now[name]):
            continue
        if name not in began or not same(mine, began[name]):
            if name not in began or not same(now[name], began[name]):
                clash["theirs"][name], clash["ours"][name] = now[name], mine
        else:
            clash["taken"][name] = st.session_state[field(form, name)] = now[name]
    st.session_state[f"clash {form}"] = clash
    st.session_state[f"opened {form} {key}"], st.session_state[f"began {form} {key}"] = version, dict(now)


def both_sides(form: str, titles: dict[str, str], said: Said | None = None) -> None:
    """What differs side by side, and a choice for each field; the form below still holds what was typed."""
    clash = st.session_state.get(f"clash {form}")
    if not clash:
        return
    st.warning(_("Somebody else saved this after you began. Here are both; your words are still in the form."))
    rows = differences(clash["theirs"], clash["ours"], titles, said)
    if rows:
        st.table(rows, hide_index=True)
    else:
        st.write(_("Nothing that you changed was changed by them. Press the button again to save yours as well."))
    for name in clash["ours"]:
        if field(form, name) in st.session_state:
            _choice(form, name, titles.get(name, name), name in (said or {}))
    if clash["taken"]:
        taken = [f"{titles.get(name, name)}: {_shown(name, value, said)}" for name, value in clash["taken"].items()]
        st.caption(_("Taken over from them: {fields}").format(fields=joined(taken)))


def _choice(form: str, name: str, title: str, is_listed: bool) -> None:
    """Mine, theirs, or both in one field to be put into words."""
    clash = st.session_state[f"clash {form}"]
    ways = {"mine": _("Keep mine"), "theirs": _("Take theirs")}
    if not is_listed and isinstance(clash["theirs"][name], str) and isinstance(clash["ours"][name], str):
        ways["both"] = _("Put both in")
    key = f"choice {form} {nonce(form)} {name}"
    st.segmented_control(title, list(ways), default="mine", required=True, format_func=ways.__getitem__, key=key,
                         on_change=choose, args=(form, name))  # fmt: skip


def choose(form: str, name: str) -> None:
    """Put the chosen side into the field."""
    clash = st.session_state[f"clash {form}"]
    way = st.session_state[f"choice {form} {nonce(form)} {name}"]
    theirs, ours = clash["theirs"][name], clash["ours"][name]
    sides = {"mine": ours, "theirs": theirs, "both": merged(theirs, ours)}
    st.session_state[field(form, name)] = sides[way]


def merged(theirs: object, ours: object) -> str:
    """Both texts in one field, theirs first."""
    break_between = "\n" if "\n" in f"{theirs}{ours}" else "; "
    return break_between.join(str(one) for one in (theirs, ours) if one)


def differences(theirs: Typed, ours: Typed, titles: dict[str, str], said: Said | None = None) -> list[dict[str, str]]:
    """One row for each value that is not the same on both sides."""
    return [
        {
            _("What"): titles.get(name, name),
            _("Saved by them"): _shown(name, theirs.get(name), said),
            _("Typed by you"): _shown(name, mine, said),
        }
        for name, mine in ours.items()
        if not same(mine, theirs.get(name))
    ]


def _shown(name: str, value: object, said: Said | None) -> str:
    names = (said or {}).get(name, {})
    if isinstance(value, list | tuple):
        return verbatim(", ".join(str(names.get(one, one)) for one in value)) or "–"
    if isinstance(value, dict):
        return _("A shape on the map")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return verbatim(str(names.get(value, value))) if value not in (None, "") else "–"
