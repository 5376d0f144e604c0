"""What may be missing in a place, as possibilities: each with its state, its evidence and how it was worked out."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.connections.asking import SPOKEN
from abcd.core.language import _
from abcd.core.tongues import tongue_name
from abcd.db.remembered import remembered
from abcd.db.session import Actor, actor_of
from abcd.gaps.filters import USUAL
from abcd.gaps.needs import SPEAKS
from abcd.gaps.possibilities import survey
from abcd.gaps.records import Possibility
from abcd.pages.ahead import Ahead, taken
from abcd.pages.drafting import kept_about
from abcd.pages.forms_looking import looked, looked_form
from abcd.pages.panels_themes import Seen, seen, themes_panel
from abcd.pages.saving import is_unfinished, redraw_after_save
from abcd.pages.words import joined, percent, verbatim, walk
from abcd.people.keeping import sees_residents
from abcd.people.voices import voiced
from abcd.places.records import PlaceRecord

#: State of knowing -> (icon, colour of the badge); the words come from the room.
LOOKS = {
    "present": (":material/check_circle:", "green"),
    "present_stale": (":material/history:", "orange"),
    "present_barrier": (":material/lock:", "violet"),
    "absent_confirmed": (":material/cancel:", "red"),
    "absent_likely": (":material/indeterminate_question_box:", "orange"),
    "not_recorded": (":material/help:", "blue"),
}
HELPING_PAGE = "abcd/pages/helping.py"
FIRST = 3
NEEDS = ("step_free", "free", "evening", "weekend", "open_to_new")
PROFILES = ("standard", "brisk", "slower")
TONGUES = tuple(code for code in SPOKEN if code != USUAL)


def possibilities_panel(actor: Actor, place: PlaceRecord, ahead: Ahead) -> None:
    """Possibilities under the chosen walk and needs; reruns by itself when they change."""
    st.header(_("Possibilities"))
    st.write(
        _("What residents might welcome, and how sure anybody is. “Nobody has looked yet” never means “not there”.")
    )
    _list(actor, place, ahead)


def missing_here(s: Session, place: PlaceRecord) -> Seen:
    """The possibilities of a place as people walk, and under what must hold, as chosen; with its picture by theme."""
    kept_about(s, actor_of(s), str(place.id))
    return looked_at(s, place, *for_whom())


def for_whom() -> tuple[str, tuple[str, ...]]:
    """The chosen pace, and what must hold."""
    spoken = st.session_state.get("spoken")
    needs = (*(st.session_state.get("needs") or ()), *([f"{SPEAKS}{spoken}"] if spoken else []))
    return st.session_state.get("pace") or PROFILES[0], needs


def missing(
    s: Session, place: PlaceRecord, profile: str = "standard", needs: tuple[str, ...] = ()
) -> list[Possibility]:
    """The possibilities of a place, worked out once for everybody until the register changes."""
    return looked_at(s, place, profile, needs).survey.possibilities


def looked_at(s: Session, place: PlaceRecord, profile: str = "standard", needs: tuple[str, ...] = ()) -> Seen:
    """A place by what is here and what may be missing, as ``missing``."""
    # Voices are asked each time: what residents wish is no event of the register, and never kept for others.
    voices = voiced(s, place.id)
    question = ("possibilities", place.id, profile, needs, tuple(sorted(voices.items())))
    return remembered(
        s, question, lambda: seen(place, survey(s, place.id, profile=profile, needs=needs, voiced=voices))
    )


@st.fragment
def _list(actor: Actor, place: PlaceRecord, ahead: Ahead) -> None:
    redraw_after_save()
    choices()
    shown = taken(ahead, actor, place, missing_here)
    found = shown.survey.possibilities
    themes_panel(place, shown)
    if not found:
        st.write(_("Everything we measure by is here and was checked lately."))
    for one in found[:FIRST]:
        card(actor, place, one)
    if found[FIRST:]:
        # What is folded is drawn when it is opened: a page of closed forms is slow to appear.
        more = st.expander(_("{n} more possibilities").format(n=len(found) - FIRST), key="more", on_change="rerun")
        for one in found[FIRST:] if more.open else []:
            with more:
                card(actor, place, one)


def choices() -> None:
    """How people walk, and what must hold for a thing to count."""
    names = {
        "step_free": _("Step-free"), "free": _("Free"), "evening": _("Open in the evening"),
        "weekend": _("Open at the weekend"), "open_to_new": _("Open to new people"),
    }  # fmt: skip
    paces = {"standard": _("An everyday pace"), "brisk": _("A brisk pace"), "slower": _("A slower pace")}
    with st.expander(_("For whom? Choose a walking pace and what must hold"), icon=":material/tune:"):
        st.radio(_("Walking"), PROFILES, format_func=paces.__getitem__, horizontal=True, key="pace")
        st.pills(_("Only what is surely"), NEEDS, format_func=names.__getitem__, selection_mode="multi", key="needs")
        st.selectbox(_("Held in which language?"), TONGUES, None, tongue_name, key="spoken",
                     placeholder=_("Any language"))  # fmt: skip


def card(actor: Actor, place: PlaceRecord, one: Possibility) -> None:
    """One possibility: state, statement in six parts, walk and coverage, and how it was worked out."""
    icon, colour = LOOKS.get(one.state, LOOKS["not_recorded"])
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(verbatim(one.name), anchor=False)
            st.badge(one.shown, icon=icon, color=colour)  # type: ignore[arg-type]
        said = st.columns([5, 2], gap="medium", vertical_alignment="center") if is_measured(one) else [st.container()]
        said[0].write(verbatim(one.how_big))
        said[0].caption(verbatim(joined([one.for_whom, one.judged_by, one.how_sure, one.as_of])))
        if one.voices and sees_residents(actor):
            said[0].caption(_("How many asked is for this team’s eyes alone."))
        if is_measured(one):
            with said[1]:
                coverage(one)
        with st.container(horizontal=True):
            with st.expander(_("How was this worked out?")):
                st.markdown("\n".join(f"- {verbatim(line)}" for line in one.how))
            if can_be_looked_for(actor, one):
                key = f"looking {one.category}"
                opened = is_unfinished(actor, looked_form(place, one.category))
                looking = st.expander(_("I looked"), opened, icon=":material/visibility:", key=key, on_change="rerun")
                if looking.open:
                    with looking:
                        looked(actor, place, one.category, one.name)
        if one.measure.standard.metres_from_boundary is None:
            label = _("What would help: {name}").format(name=verbatim(one.name))
            about = {"place": place.reference, "category": one.category}
            st.page_link(HELPING_PAGE, label=label, query_params=about, icon=":material/pin_drop:")


def can_be_looked_for(actor: Actor, one: Possibility) -> bool:
    """Whether looking tells more: it is a question, or somebody looked and found none; and whether it may be noted."""
    return can(actor, "record", "search_effort") and (one.is_question or one.knowledge.absence is not None)


def is_measured(one: Possibility) -> bool:
    """Whether there is a share of homes to show: a bar where nobody has looked would say “none”."""
    return one.measure.coverage is not None and not one.is_question


def coverage(one: Possibility) -> None:
    """The share of homes near enough as a bar with its figure."""
    measure = one.measure
    share = (measure.usable_coverage if measure.needs else measure.coverage) or 0.0
    st.progress(share, text=_("{share} of homes are near enough").format(share=percent(share)))
    if measure.nearest:
        st.caption(_("Nearest: {walk}").format(walk=walk(measure.nearest.minutes)))
