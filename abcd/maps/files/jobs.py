"""Files that take a while, made in the background: one at a time for each account, gone when nobody waits for it.

A job lives as long as somebody looks at it: a page that shows it asks every few seconds, and one that was left or
closed asks no more. The file is kept for an hour for its own account, then removed.
"""

import secrets
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from abcd.access import require
from abcd.config import settings
from abcd.core.faults import report
from abcd.core.language import _, chosen, use
from abcd.core.text import slug
from abcd.db.session import Actor, session
from abcd.errors import AbcdError, NotFound
from abcd.maps.files.formats import format_called
from abcd.maps.files.order import ZIP, Order, Written, write_files

FOLDER = "exports"
#: Seconds without a look after which nobody waits any more, and seconds for which a finished file is kept.
LEFT_AFTER, KEPT_FOR = 30.0, 3_600.0
#: One at a time: beside it the officers' pages have a processor left.
_worker = ThreadPoolExecutor(1, thread_name_prefix="export")
_jobs: dict[str, "Job"] = {}
_lock = Lock()


class Stopped(AbcdError):
    """Nobody waits for this file any more."""


@dataclass
class Job:
    """One file on its way.

    Attributes:
        state: ``waiting``, ``writing``, ``done``, ``failed`` or ``stopped``.
        rows, of: how many rows were written, of about how many.
        name: what the file is called when it is taken away.
        error: the sentence for a person, when it failed.
    """

    id: str
    order: Order
    by: Actor
    language: str
    path: Path
    name: str
    state: str = "waiting"
    rows: int = 0
    of: int = 0
    written: Written | None = None
    error: str = ""
    seen: float = field(default_factory=time.monotonic)
    ended: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "failed", "stopped")

    def note(self, rows: int, of: int) -> None:
        """Keep how far it is.

        Raises:
            Stopped: somebody stopped it, or nobody has looked for a while.
        """
        self.rows, self.of = rows, of
        if self.state == "stopped" or time.monotonic() - self.seen > LEFT_AFTER:
            raise Stopped(_("This was stopped, because nobody waits for it any more."))


def begin(order: Order, by: Actor) -> Job:
    """Begin to make a file for ``by``; what was being made for the same account stops.

    Raises:
        NotAllowed: ``by`` may not export.
        BadRequest: there is no such format.
    """
    require(by, "export", "layer")
    sweep()
    form = format_called(order.format)
    ending = form.suffix if form.is_book or len(order.layers) == 1 else ZIP
    key = secrets.token_urlsafe(16)
    home = settings().home / FOLDER
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    job = Job(key, order, by, chosen(), home / f"{key}{ending}", named(order) + ending)
    with _lock:
        for other in _jobs.values():
            if other.by.account_id == by.account_id and not other.is_over:
                other.state = "stopped"
        _jobs[key] = job
    _worker.submit(_make, job)
    return job


def named(order: Order) -> str:
    """What the file is called, without its ending."""
    what = order.layers[0] if len(order.layers) == 1 else "layers"
    return "-".join(filter(None, (what, slug(order.place or ""), slug(order.category or ""), order.audience)))


def job_of(key: str, by: Actor) -> Job:
    """The job of this account, which is thereby looked at.

    Raises:
        NotFound: it is over for good, or is somebody else's.
    """
    job = _jobs.get(key)
    if job is None or job.by.account_id != by.account_id or _is_gone(job):
        raise NotFound(_("This file is no longer here: files are kept for an hour. Make it again."))
    job.seen = time.monotonic()
    return job


def stop(key: str, by: Actor) -> None:
    """Stop a job, or remove its file.

    Raises:
        NotFound: as ``job_of``.
    """
    job = job_of(key, by)
    job.state, job.ended = "stopped", time.monotonic()
    job.path.unlink(missing_ok=True)


def sweep() -> None:
    """Forget what is over for good, and remove files that nobody knows, such as those of an earlier process."""
    with _lock:
        for key in [key for key, job in _jobs.items() if _is_gone(job)]:
            del _jobs[key]
        known = {job.path.name for job in _jobs.values()}
    folder = settings().home / FOLDER
    for left in folder.iterdir() if folder.is_dir() else ():
        mine = left.name in known or any(left.name.startswith(f".{name}.") for name in known)
        if not mine and left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        elif not mine:
            left.unlink(missing_ok=True)


def _is_gone(job: Job) -> bool:
    return job.is_over and time.monotonic() - job.ended > KEPT_FOR


def _make(job: Job) -> None:
    """Write the file; whatever becomes of it is told by the job's state."""
    use(job.language)
    try:
        job.note(0, 0)
        job.state = "writing"
        with session(job.by, patient=True) as s:
            job.written = write_files(s, job.order, job.path, by=job.by, note=job.note)
        job.state = "done" if job.state == "writing" else job.state
    except Stopped:
        job.state = "stopped"
    except AbcdError as error:
        job.state, job.error = "failed", str(error)
    except Exception as error:  # noqa: BLE001 - a thread's last door: it has nobody above it to tell
        number = report(error, "export")
        job.state, job.error = "failed", _("Something went wrong on our side. Quote this number: {n}").format(n=number)
    finally:
        job.ended = time.monotonic()
        if job.state != "done":
            job.path.unlink(missing_ok=True)
