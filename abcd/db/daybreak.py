"""What a new day brings is done before anybody looks at the store on that day.

Some deeds are decided ahead: patches that hold from Monday. They change rows, so that whatever is kept or counted by
changes knows of them, and nobody has to be there: the first session of the day, whoever opens it, waits for them.
"""

from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING

from abcd.core.clock import today
from abcd.db.confined import is_confined

if TYPE_CHECKING:
    from abcd.db.pool import Pool

Step = Callable[[], object]

_steps: list[Step] = []
_lock = RLock()
_under_way: "list[Pool]" = []


def at_daybreak(step: Step) -> None:
    """Let ``step`` run at the first session of each day of this process; it opens sessions of its own."""
    if step not in _steps:
        _steps.append(step)


def bring_in_the_day(here: "Pool") -> None:
    """Run the steps, once a day and pool; whoever comes meanwhile waits, and a step itself does not.

    A process that strangers reach may do none of it: it sees what the others have done.

    A step that fails is told to whoever came first, and not asked again here: others are not to be held up by it.
    """
    if not _steps or is_confined() or here.day == today():
        return
    with _lock:
        if _under_way or here.day == today():
            return
        _under_way.append(here)
        try:
            for step in _steps:
                step()
        finally:
            _under_way.clear()
            here.day = today()
