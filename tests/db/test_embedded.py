"""The embedded store: own user and socket, second start, stale files, crashes, wrong owners."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from abcd.db import embedded, server
from abcd.db.cluster import SOCKET_PATH_LIMIT, bindir, cluster_of
from abcd.db.owner import is_reachable, owner_of
from abcd.errors import SetupMissing, StoreUnavailable

ROOT = os.geteuid() == 0
PROVEN = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
as_root = pytest.mark.skipif(not ROOT, reason="only root may give files away")


@contextmanager
def a_home(mode: int = 0o755) -> Iterator[Path]:
    """A home folder with its own store, stopped and removed in the end."""
    with tempfile.TemporaryDirectory(prefix="abcd-home-") as name:
        home = Path(name)
        home.chmod(mode)
        yield home
        if embedded.status(home).running:
            embedded.down(home)
        shutil.rmtree(cluster_of(home).folder, ignore_errors=True)


@pytest.fixture
def home() -> Iterator[Path]:
    with a_home() as made:
        yield made


@pytest.fixture(scope="module")
def running() -> Iterator[Path]:
    with a_home() as made:
        embedded.up(made)
        yield made


def connect(home: Path, role: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(host=str(embedded.socket_dir(home)), user=role, dbname="abcd", autocommit=True)


def save(home: Path, words: str) -> None:
    with connect(home) as connection:
        connection.execute("create table if not exists kept (words text)")
        connection.execute("insert into kept values (%s)", (words,))


def saved(home: Path) -> list[str]:
    with connect(home) as connection:
        return [row[0] for row in connection.execute("select words from kept")]


def postmaster_of(home: Path) -> int:
    pid = embedded.status(home).pid
    assert pid is not None
    return pid


def test_a_second_start_finds_the_first(running: Path) -> None:
    before = postmaster_of(running)
    assert embedded.up(running) is False
    assert postmaster_of(running) == before


def test_the_server_listens_on_its_socket_alone(running: Path) -> None:
    with connect(running) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
    assert psutil.Process(postmaster_of(running)).net_connections("inet") == []


def test_nobody_else_may_enter_its_folders(running: Path) -> None:
    for folder in (embedded.data_dir(running), embedded.socket_dir(running)):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_it_is_durable_and_notices_damage(running: Path) -> None:
    with connect(running) as connection:
        shown = {name: connection.execute(f"show {name}").fetchone()[0] for name in PROVEN}
    assert shown == dict.fromkeys(PROVEN, "on")


def test_its_log_keeps_no_personal_data(running: Path) -> None:
    """An error may quote a value in its first line, whatever else is left out: so no error of a statement is logged."""
    with connect(running) as connection:
        connection.execute("create table if not exists one (secret text unique)")
        connection.execute("insert into one values ('Canary Street 7') on conflict do nothing")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into one values ('Canary Street 7')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation, match="Canary"):
            connection.execute("select cast('Canary Street 7' as integer)")
        connection.execute("do $$ begin raise log 'a line that is logged'; end $$")
    wait_until(lambda: "a line that is logged" in log_of(running))
    assert "Canary" not in log_of(running)


def log_of(home: Path) -> str:
    return "".join(path.read_text() for path in cluster_of(home).log.glob("*.log"))


def test_the_grid_of_ordnance_survey_is_in_the_server(running: Path) -> None:
    with connect(running) as connection:
        connection.execute("create extension if not exists postgis")
        point = "ST_Transform(ST_SetSRID(ST_Point(1.7160739723, 52.6580078317), 4326), 27700)"
        east, north = connection.execute(f"select ST_X({point}), ST_Y({point})").fetchone()
    assert (east, north) == pytest.approx((651409.804, 313177.450), abs=0.02)


@as_root
def test_root_hands_the_server_to_an_unprivileged_account(running: Path) -> None:
    process = psutil.Process(postmaster_of(running))
    assert process.username() in ("abcd", "postgres")
    assert process.gids().effective != 0
    assert embedded.data_dir(running).owner() == process.username()


@as_root
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv")
def test_root_of_a_container_sees_its_own_server(home: Path) -> None:
    """Such a root may not look into another account's processes, and must not take its own server for a stranger."""
    code = f"from pathlib import Path; from abcd.db import embedded; print(embedded.up(Path({str(home)!r})))"
    command = ["setpriv", "--bounding-set=-sys_ptrace", sys.executable, "-c", code]
    answers = [
        subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout
        for _ in range(2)
    ]
    assert answers == ["True\n", "False\n"]
    first = postmaster_of(home)
    save(home, "contained")
    os.kill(first, signal.SIGKILL)
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "True\n"
    assert saved(home) == ["contained"]


def test_a_refused_role_is_refused(running: Path) -> None:
    with pytest.raises(psycopg.OperationalError, match="stranger"):
        connect(running, "stranger")


def test_a_killed_server_comes_back_with_its_data(home: Path) -> None:
    embedded.up(home)
    save(home, "acknowledged")
    os.kill(postmaster_of(home), signal.SIGKILL)
    assert embedded.up(home) is True
    assert saved(home) == ["acknowledged"]


def test_a_server_killed_at_work_comes_back(home: Path) -> None:
    """Its orphans hold shared memory until they end; one of them is busy for a minute."""
    embedded.up(home)
    save(home, "before")
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(sleep_in, home)
        wait_until(lambda: len(processes_of(home)) > 6)
        os.kill(postmaster_of(home), signal.SIGKILL)
        assert embedded.up(home) is True
        assert saved(home) == ["before"]
        assert isinstance(work.exception(timeout=30), psycopg.OperationalError)


def processes_of(home: Path) -> list[psutil.Process]:
    return server.server_processes(cluster_of(home), owner_of(cluster_of(home)))


def sleep_in(home: Path) -> None:
    with connect(home) as connection:
        connection.execute("select pg_sleep(60)")


def wait_until(is_true: object, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_stale_process_id_file_is_no_obstacle(home: Path) -> None:
    """The number in it belongs to a living stranger: to us."""
    embedded.up(home)
    save(home, "kept")
    embedded.down(home)
    (embedded.data_dir(home) / "postmaster.pid").write_text(f"{os.getpid()}\n{embedded.data_dir(home)}\n")
    assert embedded.status(home).running is False
    assert embedded.up(home) is True
    assert saved(home) == ["kept"]


def test_two_starts_at_once_make_one_server(home: Path) -> None:
    script = f"from pathlib import Path; from abcd.db import embedded; print(embedded.up(Path({str(home)!r})))"
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )
        for _ in range(3)
    ]
    assert sorted(racer.communicate()[0].strip() for racer in racers) == ["False", "False", "True"]


def test_down_and_up_keep_the_data(home: Path) -> None:
    embedded.up(home)
    save(home, "still here")
    assert embedded.down(home) is True
    assert embedded.down(home) is False
    embedded.up(home)
    assert saved(home) == ["still here"]


def test_a_cluster_for_tests_is_refused_for_work(home: Path) -> None:
    embedded.up(home, durable=False)
    with pytest.raises(StoreUnavailable, match=r"fsync=off.*abcd db down"):
        embedded.up(home)
    embedded.down(home)
    assert embedded.up(home) is True


@as_root
def test_files_of_somebody_else_are_not_touched(home: Path) -> None:
    embedded.up(home)
    embedded.down(home)
    stranger = pwd.getpwnam("nobody")
    os.chown(embedded.data_dir(home), stranger.pw_uid, stranger.pw_gid)
    before = sorted(path.stat().st_mtime_ns for path in embedded.data_dir(home).rglob("*"))
    with pytest.raises(StoreUnavailable, match=r"belong to 'nobody'.*chown -R (abcd|postgres):"):
        embedded.up(home)
    assert sorted(path.stat().st_mtime_ns for path in embedded.data_dir(home).rglob("*")) == before


def test_a_long_path_gets_a_short_socket(home: Path) -> None:
    deep = home / ("very-long-name-of-a-folder-" * 5)
    try:
        embedded.up(deep)
        save(deep, "deep")
        assert len(bytes(embedded.socket_dir(deep) / ".s.PGSQL.5432")) < SOCKET_PATH_LIMIT
        assert stat.S_IMODE(embedded.socket_dir(deep).stat().st_mode) == 0o700
        assert saved(deep) == ["deep"]
    finally:
        embedded.down(deep)
        shutil.rmtree(embedded.socket_dir(deep))


@as_root
def test_a_closed_home_sends_the_files_where_the_server_can_reach_them() -> None:
    with a_home(mode=0o700) as closed:
        embedded.up(closed)
        assert (closed / "store").is_symlink()
        assert is_reachable(embedded.data_dir(closed).parent, owner_of(cluster_of(closed)))
        save(closed, "reached")
        embedded.down(closed)
        embedded.up(closed)
        assert saved(closed) == ["reached"]


def test_a_missing_postgres_is_told_with_its_cure() -> None:
    with pytest.raises(SetupMissing, match="apt-get install postgresql-9 postgresql-9-postgis-3"):
        bindir("9")
