"""How often each fault is injected: a short set with every test run, a long one with ``./dev faults --long``."""

import os

IS_LONG = os.environ.get("ABCD_FAULTS") == "long"


def times(short: int, long: int) -> int:
    """So many cycles."""
    return long if IS_LONG else short
