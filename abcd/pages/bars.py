"""Small charts as SVG text, for pages; nothing in them comes from data but counts."""

BAR = ("#1d6b3f", "#c99a2e", "#b4572a", "#8a8f94")
"""Colours of fresh, due, stale and hidden; the words beside a bar say the same."""


def bar(parts: list[int], height: int = 16) -> str:
    """Counts side by side as one bar, as SVG text."""
    whole, left = max(sum(parts), 1), 0.0
    drawn = []
    for part, colour in zip(parts, BAR, strict=True):
        drawn.append(f'<rect x="{left:.2f}" width="{100 * part / whole:.2f}" height="{height}" fill="{colour}"/>')
        left += 100 * part / whole
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 {height}" width="1000" height="{height}" '
        f'preserveAspectRatio="none">{"".join(drawn)}</svg>'
    )
