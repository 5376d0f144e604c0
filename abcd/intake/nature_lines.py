"""What lines are about: barriers that nobody walks across, or streets and paths that people walk along."""

import re

from abcd.intake.barrier_rows import HEADINGS, NATURE_OF
from abcd.intake.headers import heading
from abcd.intake.read.facts import FileLook
from abcd.intake.values import Profile

OF_BARRIERS = ("railway", "waterway", "barrier")
STEP_FREE = re.compile(r"(is )?step free")
BARRIER_WORDS = re.compile(r"\b(barriers?|railways?|rivers?|canals?|waterways?|walls?|severance|crossings?)\b")
STREET_WORDS = re.compile(r"\b(streets?|roads?|paths?|footpaths?|footways?|ways?|highways?|road link)\b")


def about_lines(look: FileLook, profiles: dict[str, Profile], file_name: str) -> str:
    """``barriers``, ``streets``, or ``network`` where neither headings, values nor the file's name say."""
    headings = {heading(column) for column in profiles}
    if look.format == "osm":
        return "streets"
    if any(re.fullmatch(HEADINGS["hard"], one) for one in headings):
        return "barriers"
    walls, ways = _counted(profiles)
    if walls or ways:
        return "barriers" if walls >= ways else "streets"
    told = heading(f"{file_name} {look.layer}".replace("_", " "))
    if BARRIER_WORDS.search(told):
        return "barriers"
    return "streets" if STREET_WORDS.search(told) else "network"


def is_crossings(look: FileLook, profiles: dict[str, Profile]) -> bool:
    """Whether points are places where a barrier is crossed: they name it, and say whether without steps."""
    headings = {heading(column) for column in profiles}
    level = any(STEP_FREE.fullmatch(one) for one in headings)
    return look.geometry_type in ("Point", "MultiPoint") and "barrier" in headings and level


def _counted(profiles: dict[str, Profile]) -> tuple[int, int]:
    """How many rows say by a key of OpenStreetMap that they are in the way, and how many that one walks on them."""
    by_key = {heading(column): profile.values for column, profile in profiles.items()}
    ways = [NATURE_OF.get(value.lower()) for value in by_key.get("highway", ())]
    large = ways.count("main_road")
    return large + sum(len(by_key.get(key, ())) for key in OF_BARRIERS), len(ways) - large
