"""Servers that are forked from a process which has loaded the libraries once, so that dozens of them cost seconds.

``tests/cli/test_start.py`` starts the server as a person does, and the benchmarks do.
"""

import multiprocessing
import os
import signal
from pathlib import Path

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["abcd.cli.imports", "abcd.intake.run", "abcd.db.migrate", "abcd.api.server",
                              "tests.faults.loaded", "tests.faults.cut", "tests.warm"])  # fmt: skip
ROOT = Path(__file__).parents[1]


#: The app's server on the store and port that the environment names, until it is killed or told to end.
SERVE = "from abcd.api.server import serve; serve()"


def served(env: dict[str, str], program: str, log: Path | None) -> None:
    """Run ``program``, as ``python -c`` would; what it says goes into ``log``."""
    for name in [name for name in os.environ if name.startswith("ABCD_")]:
        del os.environ[name]
    os.environ.update(env)
    os.chdir(ROOT)
    if log:
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for said in (1, 2):
            os.dup2(output, said)
    exec(program, {})


class WarmServer:
    """The server in a forked process, with as much of ``subprocess.Popen`` as is needed to watch and end it.

    Of ``env`` it is told what begins with ``ABCD_``.
    """

    def __init__(self, env: dict[str, str], program: str = SERVE, log: Path | None = None) -> None:
        told = {name: value for name, value in env.items() if name.startswith("ABCD_")}
        self._process = FORKS.Process(target=served, args=(told, program, log))
        self._process.start()

    def poll(self) -> int | None:
        """Its exit code, ``None`` while it runs."""
        return self._process.exitcode

    def kill(self) -> None:
        """``kill -9``."""
        self._process.kill()

    def terminate(self) -> None:
        """SIGTERM."""
        self._process.terminate()

    def send_signal(self, how: signal.Signals) -> None:
        """Any other signal."""
        if self._process.is_alive():
            os.kill(self._process.pid or 0, how)

    def wait(self, seconds: float | None = None) -> None:
        """Until it has ended."""
        self._process.join(seconds)
