"""Files made in the background: theirs alone, one at a time, gone when nobody waits or when their hour is over."""

import time
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from abcd.config import settings
from abcd.db.session import Actor
from abcd.errors import BadRequest, NotAllowed, NotFound
from abcd.maps.files import jobs
from abcd.maps.files.jobs import Job, begin, job_of, stop
from abcd.maps.files.order import Order
from tests.maps.conftest import Borough

CARA, DAN = Actor("Cara", "officer", "cara"), Actor("Dan", "officer", "dan")
CSV = Order(("assets",), "csv")


@pytest.fixture(autouse=True)
def afresh(borough: Borough) -> Iterator[None]:
    """No jobs before, none after."""
    yield
    for job in list(jobs._jobs.values()):
        over(job)
    jobs._jobs.clear()
    jobs.sweep()


def over(job: Job) -> Job:
    """A job when it is over."""
    for _each in range(3_000):
        if job.ended:
            return job
        time.sleep(0.01)
    raise AssertionError(f"still {job.state}")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Writers begin only when this is called: what is asked while a file is on its way can be asked at leisure."""
    go, write = Event(), jobs.write_files

    def waiting(*words: object, **named: object) -> object:
        go.wait(10)
        return write(*words, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "write_files", waiting)
    yield go.set
    go.set()


def test_a_file_is_made_and_kept(borough: Borough) -> None:
    job = over(begin(CSV, CARA))
    assert (job.state, job.rows, job.of, job.name) == ("done", 8, 8, "assets-public.csv")
    assert job_of(job.id, CARA).path.read_bytes().startswith(b"\xef\xbb\xbfid,lon,lat")
    assert job.written.rows == {"assets": 8}


def test_nobody_else_sees_it(borough: Borough) -> None:
    job = over(begin(CSV, CARA))
    with pytest.raises(NotFound):
        job_of(job.id, DAN)
    with pytest.raises(NotFound):
        stop(job.id, DAN)
    assert job.path.exists()


def test_the_next_one_of_an_account_stops_the_last(held: Callable[[], None]) -> None:
    first, others = begin(CSV, CARA), begin(CSV, DAN)
    second = begin(Order(("places",), "csv"), CARA)
    held()
    assert [over(job).state for job in (first, others, second)] == ["stopped", "done", "done"]
    assert not first.path.exists()


def test_what_is_left_alone_stops(held: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LEFT_AFTER", 0.05)
    job = begin(CSV, CARA)
    time.sleep(0.1)
    held()
    assert over(job).state == "stopped"
    assert list((settings().home / jobs.FOLDER).iterdir()) == []


def test_what_is_looked_at_goes_on(held: Callable[[], None]) -> None:
    job = begin(CSV, CARA)
    for _each in range(3):
        job.seen -= 0.9 * jobs.LEFT_AFTER
        job_of(job.id, CARA)
    held()
    assert over(job).state == "done"


def test_it_is_removed_when_its_hour_is_over(borough: Borough, monkeypatch: pytest.MonkeyPatch) -> None:
    job = over(begin(CSV, CARA))
    monkeypatch.setattr(jobs, "KEPT_FOR", -1.0)
    with pytest.raises(NotFound, match="kept for an hour"):
        job_of(job.id, CARA)
    jobs.sweep()
    assert not job.path.exists()


def test_files_of_an_earlier_process_go(borough: Borough) -> None:
    folder = settings().home / jobs.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "old.csv").write_text("old")
    job = over(begin(CSV, CARA))
    assert [file.name for file in folder.iterdir()] == [job.path.name]


def test_stopping_removes_the_file(borough: Borough) -> None:
    job = over(begin(CSV, CARA))
    stop(job.id, CARA)
    assert (job.state, job.path.exists()) == ("stopped", False)


def test_what_cannot_be_made_is_a_sentence(borough: Borough) -> None:
    job = over(begin(Order(("assets",), "csv", place="nowhere"), CARA))
    assert job.state == "failed"
    assert "nowhere" in job.error


def test_who_may_not_is_told_at_once(borough: Borough) -> None:
    with pytest.raises(NotAllowed):
        begin(CSV, Actor("Pat", "partner_viewer", "pat"))
    with pytest.raises(BadRequest):
        begin(Order(("assets",), "shp"), CARA)
