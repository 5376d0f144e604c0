"""What axe finds on a page, without what Streamlit's own elements break."""

from typing import Any

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page

#: What Streamlit's own elements break, each with its reason; everything else on a page is ours to answer for.
STREAMLITS_OWN = {
    "presentation-role-conflict": "the file uploader names a drop zone that it calls decoration; its button is fine",
    "scrollable-region-focusable": "a wide table scrolls in a box without a tab stop; browsers give such a box one",
}
#: The side bar puts the headings of its sections into its list of pages, and the pages into boxes between.
SIDE_BAR = (("list", 'data-testid="stSidebarNavItems"'), ("listitem", '<li class="st-emotion-cache-'))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page, context: Any = None) -> list[tuple[str, str, str]]:
    """What is ours: rule, element, message; ``context`` leaves parts of the page out, as axe takes it."""
    found = Axe().run(page, context=context, options=RULES)
    return [
        (one["id"], node["html"][:160], (node["any"] or [{}])[0].get("message", "")[:160])
        for one in found["violations"]
        if one["id"] not in STREAMLITS_OWN
        for node in one["nodes"]
        if not any(one["id"] == rule and mark in node["html"] for rule, mark in SIDE_BAR)
    ]


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
