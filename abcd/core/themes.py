"""The themes of wishes and needs in words (product.md C.2)."""

from abcd.core.language import _


def theme_words(slug: str) -> str:
    """A theme as people read it; a theme that we have no words for is shown as it is written."""
    words = {
        "company-and-belonging": _("Company and belonging"),
        "things-to-do": _("Things to do"),
        "children-and-families": _("Children and families"),
        "young-people": _("Young people"),
        "getting-older-well": _("Getting older well"),
        "health-and-moving": _("Health and moving"),
        "mind-and-mood": _("Mind and mood"),
        "food": _("Food"),
        "money-and-benefits": _("Money and benefits"),
        "work": _("Work"),
        "learning-and-skills": _("Learning and skills"),
        "digital": _("Digital"),
        "home-and-repairs": _("Home and repairs"),
        "green-and-growing": _("Green and growing"),
        "clean-and-cared-for": _("Clean and cared for"),
        "safety": _("Safety"),
        "getting-about": _("Getting about"),
        "culture-and-faith": _("Culture and faith"),
        "influence-and-decisions": _("Influence and decisions"),
        "new-neighbours-and-language": _("New neighbours and language"),
    }
    return words.get(slug, slug)
