"""What words mean beside how they are spelt: a small table of word vectors that comes with a package, never fetched.

``wordllama`` carries 256 numbers for each of its 32,000 pieces of words; a text is their mean, of length one.
"""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from wordllama.inference import WordLlamaInference

WIDTH = 256

Sense = NDArray[np.float32]
"""Shape (256,) and of length one, or all 0 where there is nothing to tell."""

NONE: Sense = np.zeros(WIDTH, dtype=np.float32)


def sense(said: str) -> Sense:
    """What a text is about; all 0 for an empty one."""
    if not said.strip():
        return NONE
    found: Sense = _vectors().embed([said], norm=True)[0].astype(np.float32)
    return found


@lru_cache(maxsize=1)
def _vectors() -> "WordLlamaInference":
    # Here and not above: it takes a third of a second, which a server that nobody asks need not wait for.
    import wordllama  # noqa: PLC0415

    # The package looks for its words beside itself only when it is told that this is where things are kept.
    return wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, dim=WIDTH, disable_download=True)
