"""What a file is about: assets, or areas, households, homes, postcodes, statistics, a lookup, lines."""

from abcd.intake.dwelling_columns import HOUSEHOLDS, OWN_REFERENCES, POSTCODES, UPRNS
from abcd.intake.headers import heading, says
from abcd.intake.nature_lines import about_lines, is_crossings
from abcd.intake.people_columns import is_about_people
from abcd.intake.read.facts import FileLook
from abcd.intake.values import Profile, fits

SENTENCES = {
    "places": "These are areas, not assets: bring them in with 'abcd import places'.",
    "households": "These are households by small area, not assets: bring them in with 'abcd import households'.",
    "postcodes": "This is a table of postcodes, not of assets: bring it in with 'abcd import postcodes'.",
    "statistics": "These are statistics of areas, not assets: a row has no place of its own.",
    "lookup": "This says which area lies in which; it holds no assets.",
    "network": "These are lines or junctions of a network, not assets.",
    "barriers": "These are barriers or where they are crossed, not assets: bring them in with 'abcd import barriers'.",
    "streets": "These are streets and paths, not assets: bring them in with 'abcd import streets'.",
    "dwellings": "This is a list of homes, not of assets: bring it in with 'abcd import dwellings'.",
    "people": "This is a list of residents, not of assets: bring it in with 'abcd import people'.",
}
"""What a person is told when a file is not about assets."""

LONG_TABLE = {"measure", "value", "unit", "indicator", "observation", "count", "decile", "rank", "score", "percentage"}


def nature(look: FileLook, profiles: dict[str, Profile], file_name: str) -> str:
    """One of ``mapping.KINDS``."""
    headings = {heading(column) for column in profiles}
    codes = [profile for profile in profiles.values() if profile.codes > 0.9 and profile.values]
    if not look.geometry_type and is_about_people(profiles):
        return "people"
    if "Line" in look.geometry_type:
        return about_lines(look, profiles, file_name)
    if "form of node" in headings:
        return "network"
    if is_crossings(look, profiles):
        return "barriers"
    if not look.geometry_type and not codes and _is_homes(profiles, headings):
        return "dwellings"
    if _is_postcodes(look, profiles):
        return "postcodes"
    if codes and not look.geometry_type and _is_table(profiles, codes, headings):
        return "households" if _is_about_households(profiles, file_name) else "statistics"
    if len(codes) > 1 and not look.geometry_type and _is_lookup(profiles, codes):
        return "lookup"
    if "Polygon" in look.geometry_type and _is_places(profiles, codes):
        return "places"
    return "assets"


def _is_postcodes(look: FileLook, profiles: dict[str, Profile]) -> bool:
    """Every row another full postcode, and nothing that has a name or an address."""
    own = [one for one in profiles.values() if says("postcode", one.column) > 0.9 and fits("postcode", one) > 0.9]
    things = [one for one in profiles.values() if says("name", one.column) > 0.8 or says("address", one.column) > 0.8]
    return bool(own) and own[0].distinct == 1.0 and not things and not look.geometry_type.startswith("Polygon")


def _is_homes(profiles: dict[str, Profile], headings: set[str]) -> bool:
    """So many homes or households at each reference or postcode, and nothing that has a name."""
    named = headings & {*UPRNS, *OWN_REFERENCES, *POSTCODES}
    return bool(named and headings & set(HOUSEHOLDS)) and not _has_name(profiles)


def _is_table(profiles: dict[str, Profile], codes: list[Profile], headings: set[str]) -> bool:
    """Measures of areas, one a row (long) or one a column (wide)."""
    if len(headings & LONG_TABLE) >= 2:
        return True
    counts = [one for one in profiles.values() if one.numeric > 0.9 and one not in codes]
    return len(counts) >= max(3, len(profiles) * 0.6) and not _has_name(profiles)


def _is_about_households(profiles: dict[str, Profile], file_name: str) -> bool:
    told = " ".join(
        [heading(file_name), *map(heading, profiles), *(one.values[0] for one in profiles.values() if one.values)]
    )
    return "household" in told.lower()


def _is_lookup(profiles: dict[str, Profile], codes: list[Profile]) -> bool:
    """Codes of areas and their names, and nothing else."""
    named = [one for one in profiles.values() if heading(one.column).endswith(("nm", "nmw", "name", "hcl name"))]
    return len({id(one) for one in codes + named}) == len(profiles)


def _is_places(profiles: dict[str, Profile], codes: list[Profile]) -> bool:
    """Outlines that are areas themselves: each its own code, or an area's name and no other name."""
    if _has_name(profiles):
        return False
    areas = ("area name", "estate name", "ward name", "neighbourhood name", "locality name", "patch name", "lad name")
    own = any(one.distinct == 1.0 for one in codes) or any(
        heading(one.column) in areas and one.distinct == 1.0 for one in profiles.values()
    )
    return own or any(
        heading(column).endswith(("cd", "nm")) and heading(column)[-4:-2].isdigit() for column in profiles
    )


def _has_name(profiles: dict[str, Profile]) -> bool:
    return any(says("name", column) > 0.85 for column in profiles)
