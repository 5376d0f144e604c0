"""What counts as near in a place: each threshold with its source, and a form to set one of the place's own."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can_at
from abcd.assets.taxonomy import categories
from abcd.core.language import _
from abcd.db.remembered import remembered
from abcd.db.session import Actor, session
from abcd.gaps.records import Standard
from abcd.gaps.standards import standards
from abcd.gaps.thresholds import LEAST_AREA, METRES, MOST_AREA, WALKS, ThresholdDraft, forget_threshold, set_threshold
from abcd.gaps.wording import near_words
from abcd.pages.saving import Typed, both_sides, drafting, field, opened_at, save_button
from abcd.pages.words import verbatim
from abcd.places.records import PlaceRecord

HECTARE = 10_000


def thresholds_panel(actor: Actor, here: PlaceRecord) -> None:
    """Every threshold that a place is judged by, the usual one beside its own, and the form for who may change them."""
    st.header(_("What counts as near here"))
    st.write(_("Each comes from a source that is named. They are yardsticks that somebody uses, never law."))
    with session(actor) as s:
        known = remembered(s, ("standards", here.id), lambda: standards(s, tuple(categories(s).index), here.id))
        may_set = can_at(s, actor, "edit", "threshold", here.id)
    own = [one for one in known if one.version is not None]
    st.write(said_of_own(here, own))
    with st.expander(_("All thresholds with their sources"), icon=":material/table_rows:"):
        st.table([row_of(one) for one in known], hide_index=True, border="horizontal")
    if may_set:
        chosen(actor, here, {one.category: one for one in known})


def said_of_own(here: PlaceRecord, own: list[Standard]) -> str:
    """Which thresholds a place has of its own."""
    if not own:
        return _("{place} is judged as every place is.").format(place=verbatim(here.name))
    named = ", ".join(f"{one.name}, {near_words(one)}" for one in own)
    return _("{place} has thresholds of its own: {what}.").format(place=verbatim(here.name), what=verbatim(named))


def row_of(one: Standard) -> dict[str, str]:
    """A line of the table: what counts here, and what counts everywhere when that is something else."""
    usual = f"{near_words(one.usual)} ({one.usual.source})" if one.usual else ""
    return {
        _("What"): verbatim(one.name), _("Near enough"): verbatim(near_words(one)), _("Source"): verbatim(one.source),
        _("Everywhere else"): verbatim(usual) if one.version is not None else _("the same"),
    }  # fmt: skip


def chosen(actor: Actor, here: PlaceRecord, known: dict[str, Standard]) -> None:
    """Choose what, then say what counts."""
    fold = st.expander(_("Set a threshold for this place"), icon=":material/straighten:", key="threshold fold",
                       on_change="rerun")  # fmt: skip
    if not fold.open:
        return
    with fold:
        category = st.selectbox(_("Threshold of what?"), list(known), None, lambda slug: known[slug].name,
                                key="threshold category", placeholder=_("Choose one"))  # fmt: skip
        if category:
            threshold_form(actor, here, known[category])


def threshold_form(actor: Actor, here: PlaceRecord, one: Standard) -> None:
    """The values of one threshold, its source, and the way back to the usual one."""
    form = f"threshold {here.id} {one.category}"
    usual = one.usual or one
    st.caption(_("Everywhere: {near} ({source})").format(near=verbatim(near_words(usual)),
                                                         source=verbatim(usual.source)))  # fmt: skip
    with drafting(actor, form, one.version, values_of(one)):
        measures(form, one)
        label = _("Who wants it so? (a body or a meeting, no names of people)")
        st.text_input(label, one.source if one.version else "", key=field(form, "source"), max_chars=200)
        version = opened_at(form, one.version) if one.version else None
        both_sides(form, {"minutes": _("Minutes on foot"), "metres": _("Metres from its edge"), "source": label})

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            set_threshold(s, here.id, one.category, told_in(typed, one), by=by, version=version, key=key)

        save_button(form, _("Save this threshold"), act, actor, _("Saved. This place is judged by it from now on."),
                    type="primary")  # fmt: skip
    if one.version:
        back_button(actor, here, one, version)


def back_button(actor: Actor, here: PlaceRecord, one: Standard, version: int | None) -> None:
    """Go back to what counts everywhere."""

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        forget_threshold(s, here.id, one.category, by=by, version=version, key=key)

    save_button(f"usual {here.id} {one.category}", _("Back to what counts everywhere"), act, actor,
                _("This place is judged as every place is."))  # fmt: skip


def measures(form: str, one: Standard) -> None:
    """A walk in minutes; or metres from the edge of a green space and its size."""
    if one.metres_from_boundary is None:
        low, high = WALKS
        st.number_input(_("Minutes on foot"), low, high, min(one.minutes, high), 1.0, "%g", key=field(form, "minutes"))
        return
    low, high = METRES
    st.number_input(_("Metres from its edge"), low, high, min(one.metres_from_boundary, high), 50.0, "%g",
                    key=field(form, "metres"))  # fmt: skip
    least, most = LEAST_AREA / HECTARE, MOST_AREA / HECTARE
    area = (one.minimum_area_m2 or LEAST_AREA) / HECTARE
    st.number_input(_("At least so many hectares"), least, most, area, 0.5, "%g", key=field(form, "hectares"))


def values_of(one: Standard) -> Typed:
    """The values that the form starts from."""
    source = one.source if one.version else ""
    if one.metres_from_boundary is None:
        return {"minutes": one.minutes, "source": source}
    return {"metres": one.metres_from_boundary, "hectares": (one.minimum_area_m2 or 0) / HECTARE, "source": source}


def told_in(typed: Typed, one: Standard) -> ThresholdDraft:
    """What stands in the form, as the deed takes it."""
    source = str(typed.get("source") or "")
    if one.metres_from_boundary is None:
        return ThresholdDraft(source, minutes=typed.get("minutes"))
    return ThresholdDraft(source, metres=typed.get("metres"), minimum_area_m2=float(typed["hectares"]) * HECTARE)
