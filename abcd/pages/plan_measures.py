"""The measures of a plan of patches in words: what each is, how it stands, and which of several plans is best."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from abcd.core.language import _
from abcd.pages.words import number, percent
from abcd.patches.homes import source_words
from abcd.patches.plans import PlanRecord
from abcd.patches.quality import PlanQuality

LOWER, HIGHER, NEITHER = -1, 1, 0
BEST = "✓"


@dataclass(frozen=True)
class Told:
    """A measure: its name, its figure as words, what it means, and whether a low or a high ``value`` is wanted."""

    name: str
    words: str
    meaning: str
    value: float
    wanted: int = LOWER


def measures(quality: PlanQuality, tolerance: float, base_name: str = "") -> list[Told]:
    """Every measure of a plan (product.md F.3)."""
    return [
        *balance(quality, tolerance),
        *shape(quality),
        *walks(quality, base_name),
        *whole(quality),
        *people(quality),
    ]


def balance(quality: PlanQuality, tolerance: float) -> list[Told]:
    """How evenly the homes are shared out."""
    count = len(quality.patches)
    return [
        Told(_("Patches"), number(count), _("How many coaches it takes."), count, NEITHER),
        Told(_("Within {share}").format(share=percent(tolerance)), percent(quality.within),
             _("The share of patches whose households are within the tolerance of the target. Where homes have a "
               "workload, households count as much as they weigh."), quality.within, HIGHER),
        Told(_("Furthest off"), percent(quality.worst),
             _("How far the patch that is furthest from the target is from it, as a share of the target."),
             quality.worst),
        Told(_("Unevenness"), percent(quality.uneven),
             _("Root mean square deviation: how far patches are off the target, typically, with far ones weighing "
               "more."), quality.uneven),
    ]  # fmt: skip


def shape(quality: PlanQuality) -> list[Told]:
    """How close together the homes of a patch lie."""
    return [
        Told(_("Households from their middle"), metres(quality.gyration),
             _("The radius of gyration: how far homes lie from the middle of their patch, typically. Small is "
               "walkable."), quality.gyration),
        Told(_("Roundness"), f"{quality.compactness:.2f}",
             _("Polsby-Popper: 4π × area ÷ perimeter². A circle has 1, a square 0.79, a ribbon nearly 0."),
             quality.compactness, HIGHER),
    ]  # fmt: skip


def walks(quality: PlanQuality, base_name: str) -> list[Told]:
    """How far it is on foot."""
    told = [
        Told(_("Walk to the middle home"), metres(quality.walk),
             _("From homes to the home that is nearest to all others of the patch: along streets where a map of them "
               "is loaded, else along the links between blocks."), quality.walk),
        Told(_("Walk of nine homes in ten"), metres(quality.walk_most),
             _("Nine homes in ten are nearer than this to the middle home of their patch."), quality.walk_most),
    ]  # fmt: skip
    if quality.to_base is None:
        return told
    named = _("Walk from {base}").format(base=base_name)
    meaning = _("From where the coach starts to the homes, on average.")
    return [*told, Told(named, metres(quality.to_base), meaning, quality.to_base)]


def whole(quality: PlanQuality) -> list[Told]:
    """What a plan parts, and what it crosses."""
    one_piece = sum(each.pieces == 1 for each in quality.patches) / max(len(quality.patches), 1)
    told = [
        Told(_("In one piece"), percent(one_piece),
             _("The share of patches that can be walked through without crossing another coach's."), one_piece, HIGHER),
        Told(_("Across a barrier"), number(quality.hard_crossings),
             _("Neighbours on two sides of something that cannot be walked across who would have one coach. A plan "
               "that is drawn has them only round the end of it or over a crossing that somebody allowed; a correction "
               "may have others."), quality.hard_crossings),
        Told(_("Over what is rather avoided"), number(quality.soft_crossings),
             _("Links inside a patch over a busy road or the like, or over a crossing that somebody allowed."),
             quality.soft_crossings),
        Told(_("Neighbours parted"), number(quality.cut_links),
             _("Pairs of blocks beside each other that would have different coaches."), quality.cut_links),
    ]  # fmt: skip
    if quality.streets:
        said = _("{n} of {all}").format(n=number(quality.streets_split), all=number(quality.streets))
        meaning = _("Streets whose homes would have more than one coach.")
        told.append(Told(_("Streets split"), said, meaning, quality.streets_split))
    return told


def people(quality: PlanQuality) -> list[Told]:
    """What it means for residents and for whoever begins there."""
    return [
        Told(_("Households with another coach"), percent(quality.changed),
             _("Of those that have a patch today: how many would get another one. Trust takes years."),
             quality.changed),
        Told(_("Patches without a group or venue"), number(quality.bare),
             _("No group of people and no place to meet is in or near them: a coach would start with nothing."),
             quality.bare),
    ]  # fmt: skip


def metres(much: float) -> str:
    """Whole metres."""
    return _("{n} m").format(n=number(round(much)))


def best_of(values: Sequence[float], wanted: int) -> list[bool]:
    """Which of several values is best; none where they are all alike."""
    if wanted == NEITHER or len(set(values)) == 1:
        return [False] * len(values)
    best = min(values) if wanted == LOWER else max(values)
    return [value == best for value in values]


def beside_each_other(columns: Sequence[tuple[str, list[Told]]]) -> None:
    """A table with a measure a row and a plan a column; what is best of a row is marked."""
    rows = []
    for told in zip(*(each for _name, each in columns), strict=True):
        marks = best_of([one.value for one in told], told[0].wanted)
        shown = (f"{one.words} {BEST}" if best else one.words for one, best in zip(told, marks, strict=True))
        rows.append({_("Measure"): told[0].name} | dict(zip((name for name, _all in columns), shown, strict=True)))
    st.table(rows, hide_index=True, border="horizontal")
    if len(columns) > 1:
        st.caption(_("{mark} is the best of these.").format(mark=BEST))


def explained(record: PlanRecord) -> None:
    """What each measure means, and what the plan was drawn on."""
    with st.expander(_("What these figures mean"), icon=":material/help:"):
        for one in measures(record.quality, record.room.tolerance, record.base_name):
            st.markdown(f"**{one.name}**: {one.meaning}")
        st.caption(_("Drawn on {source}; the same seed ({seed}) gives the same plan.").format(
            source=source_words(record.finest), seed=record.seed))  # fmt: skip
