"""What axe finds on a page, without what Streamlit's own elements break."""

from typing import Any

from axe_core_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: What Streamlit's own elements break, each with its reason; everything else on a page is ours to answer for.
STREAMLITS_OWN = {
    "presentation-role-conflict": "the file uploader names a drop zone that it calls decoration; its button is fine",
    "scrollable-region-focusable": "a wide table scrolls in a box without a tab stop; browsers give such a box one",
}
#: The side bar puts the headings of its sections into its list of pages, and the pages into boxes between.
SIDE_BAR = (("list", 'data-testid="stSidebarNavItems"'), ("listitem", '<li class="st-emotion-cache-'))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
IS_THERE = "typeof axe === 'object'"
RUN = "async ([context, options]) => (await axe.run(context ?? document, options)).violations"


def broken(page: Page, context: Any = None, options: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Every rule that is broken, as axe says it; ``context`` and ``options`` as axe takes them.

    What holds is neither described nor sent here: to word it took axe longer than to find what is broken.
    """
    if not page.evaluate(IS_THERE):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(RUN, [context, {"resultTypes": ["violations"]} | (options or {})])
    return found


def violations(page: Page, context: Any = None) -> list[tuple[str, str, str]]:
    """What is ours: rule, element, message; ``context`` leaves parts of the page out, as axe takes it."""
    return [
        (one["id"], node["html"][:160], (node["any"] or [{}])[0].get("message", "")[:160])
        for one in broken(page, context, RULES)
        if one["id"] not in STREAMLITS_OWN
        for node in one["nodes"]
        if not any(one["id"] == rule and mark in node["html"] for rule, mark in SIDE_BAR)
    ]


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
