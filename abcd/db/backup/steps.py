"""The steps of a long piece of work, each timed and told when it is done."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Steps:
    """Seconds by step, in order; ``tell`` hears of each one."""

    tell: Callable[[str], None] = lambda _words: None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time a step; one that fails is not told as done."""
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 2)
        self.tell(f"{self.seconds[name]:8.2f} s  {name}")

    @property
    def total(self) -> float:
        """Seconds of all steps."""
        return round(sum(self.seconds.values()), 2)
