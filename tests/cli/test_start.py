"""``abcd start``: up, a link that works once, told off when it runs twice, and a clean stop that keeps the data."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from abcd.db import embedded
from abcd.db.cluster import cluster_of

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from abcd.cli import main; main()", "start"]
LINK = re.compile(r"http://127\.0\.0\.1:\d+/sign-in/\S+")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def surroundings() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="abcd-start-") as name:
        home = Path(name)
        home.chmod(0o755)
        kept = {key: value for key, value in os.environ.items() if not key.startswith("ABCD_")}
        ports = {"ABCD_PORT": str(free_port()), "ABCD_PUBLIC_PORT": str(free_port())}
        yield kept | ports | {"ABCD_HOME": name, "PYTHONUNBUFFERED": "1"}
        if embedded.status(home).running:
            embedded.down(home)
        shutil.rmtree(cluster_of(home).folder, ignore_errors=True)


class Started:
    """A running ``abcd start``, its first words read."""

    def __init__(self, surroundings: dict[str, str]) -> None:
        self.process = subprocess.Popen(COMMAND, env=surroundings, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.words = ""
        assert self.process.stdout
        for line in self.process.stdout:
            self.words += line
            if LINK.search(line):
                break
        found = LINK.search(self.words)
        assert found, self.words
        self.link = found.group()
        self.base = self.link.split("/sign-in/")[0]
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.base}/health").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("it does not answer")

    def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        self.words += self.process.communicate(timeout=60)[0]
        return self.process.returncode


def run(surroundings: dict[str, str], **changes: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(COMMAND, env=surroundings | changes, capture_output=True, text=True, cwd=ROOT, check=False)


@pytest.fixture(scope="module")
def started(surroundings: dict[str, str]) -> Iterator[Started]:
    running = Started(surroundings)
    yield running
    if running.process.poll() is None:
        running.stop(signal.SIGTERM)


def test_the_link_signs_in_once(started: Started) -> None:
    with httpx.Client(base_url=started.base) as browser:
        assert browser.get("/").status_code in (302, 303, 307, 401)
        assert browser.get(started.link).status_code == 200
        assert browser.post(started.link, headers={"sec-fetch-site": "same-origin"}).status_code == 303
        assert browser.get("/").status_code == 200
    with httpx.Client(base_url=started.base) as another:
        again = another.post(started.link, headers={"sec-fetch-site": "same-origin"})
        assert again.status_code >= 400
        assert not another.cookies


def test_partners_are_answered_by_a_process_of_their_own(started: Started, surroundings: dict[str, str]) -> None:
    public = f"http://127.0.0.1:{surroundings['ABCD_PUBLIC_PORT']}"
    assert f"Partners and the public are answered at {public}\n" in started.words
    assert httpx.get(f"{public}/health", timeout=30).json() == {"status": "ok"}
    assert httpx.get(f"{public}/sign-in").status_code == 404
    led = httpx.get(f"{started.base}/open/nothing", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (307, f"{public}/open/nothing")


def test_a_second_one_on_the_same_store_is_told_what_to_do(started: Started, surroundings: dict[str, str]) -> None:
    done = run(surroundings, ABCD_PORT=str(free_port()))
    assert done.returncode == 7
    assert f"already runs on {surroundings['ABCD_HOME']} (process {started.process.pid})" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_taken_port_is_told_with_another(started: Started, surroundings: dict[str, str], tmp_path: Path) -> None:
    done = run(surroundings, ABCD_HOME=str(tmp_path))
    assert done.returncode == 7
    port = int(surroundings["ABCD_PORT"])
    assert f"Port {port} of 127.0.0.1 is taken" in done.stderr
    assert f"ABCD_PORT={port + 1} ./dev start" in done.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_and_starts_again_with_its_data(
    surroundings: dict[str, str], how: signal.Signals, request
) -> None:
    first = request.getfixturevalue("started")
    running = first if first.process.poll() is None else Started(surroundings)
    assert running.stop(how) == 0, running.words
    assert running.words.endswith("Stopped.\n")
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{surroundings['ABCD_PUBLIC_PORT']}/health")
    home = Path(surroundings["ABCD_HOME"])
    assert embedded.status(home).running is False
    began = time.monotonic()
    again = Started(surroundings)
    assert time.monotonic() - began < 40
    assert "The store is empty" not in again.words
    assert again.stop(signal.SIGTERM) == 0


def test_a_store_that_ran_before_is_left_running(surroundings: dict[str, str]) -> None:
    home = Path(surroundings["ABCD_HOME"])
    embedded.up(home)
    assert Started(surroundings).stop(signal.SIGTERM) == 0
    assert embedded.status(home).running
