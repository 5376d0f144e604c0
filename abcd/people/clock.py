"""The retention clocks (trust.md P24, product.md C.3): how long what we know stays true without being said again."""

from datetime import date

from abcd.core.clock import months_after

REVIEW_MONTHS = 12
"""After so long without a word from them a person is asked again."""

KEEP_MONTHS = 24
"""After so long without a word from them a person is made anonymous."""

CONVERSATION_MONTHS = 12
"""What was said in confidence goes so long after the last contact."""


def review_after(day: date) -> date:
    """When somebody confirmed on ``day`` is to be asked again."""
    return months_after(day, REVIEW_MONTHS)


def before(day: date, months: int) -> date:
    """The day ``months`` before ``day``."""
    return months_after(day, -months)
