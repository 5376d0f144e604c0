"""Places in everyday words."""

from abcd.core.language import _


def kind_of_place(kind: str) -> str:
    """A kind of place, for people."""
    names = {
        "estate": _("Estate"), "patch": _("Patch"), "street": _("Street"), "neighbourhood": _("Neighbourhood"),
        "ward": _("Ward"), "oa": _("Census output area"), "lsoa": _("Small census area (LSOA)"),
        "msoa": _("Middle census area (MSOA)"), "lad": _("Council area"), "locality": _("Locality"),
        "catchment": _("Catchment"), "neighbourhood_plan_area": _("Neighbourhood plan area"),
        "resident_drawn": _("Drawn by residents"), "development": _("New homes"), "greenspace": _("Green space"),
        "water": _("Water"), "town_centre": _("Town centre"),
    }  # fmt: skip
    return names.get(kind, kind)
