"""A binary heap over two arrays, for searches that run as machine code. ``heapq`` cannot be used there."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Keys = NDArray[np.float64]
Items = NDArray[np.int64]


@njit(cache=True, nogil=True)
def push(keys: Keys, items: Items, size: int, key: float, item: int) -> int:
    """Put ``item`` in; returns the new size."""
    at = size
    while at > 0:
        above = (at - 1) // 2
        if keys[above] <= key:
            break
        keys[at], items[at] = keys[above], items[above]
        at = above
    keys[at], items[at] = key, item
    return size + 1


@njit(cache=True, nogil=True)
def drop_first(keys: Keys, items: Items, size: int) -> int:
    """Take the smallest (which stands at 0) out; returns the new size."""
    size -= 1
    key, item, at = keys[size], items[size], 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[at], items[at] = keys[below], items[below]
        at = below
    keys[at], items[at] = key, item
    return size
