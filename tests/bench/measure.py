"""Time and peak memory of one call, in a process of its own: ``measured("tests.bench.bench_export:ours", 10_000)``.

A fresh process per call, because the memory that an earlier call took would count as this one's.
"""

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measured:
    """Seconds and peak memory (the process and the greatest of its children, MB) of a call, and what it returned."""

    seconds: float
    peak_mb: float
    value: Any


def measured(function: str, *args: Any) -> Measured:
    """Call ``module:name`` with ``args`` (of JSON's types) in a fresh process; it returns something JSON can hold.

    Raises:
        RuntimeError: the call failed; the message is what it wrote on stderr.
    """
    command = [sys.executable, "-m", "tests.bench.measure", function, json.dumps(args)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{function}{args} failed:\n{done.stderr}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def peak_mb() -> float:
    """Peak resident memory so far of this process and the greatest of its children, in MB.

    Our own comes from ``/proc``: ``ru_maxrss`` of a fresh process still holds that of the one which started it.
    """
    status = Path("/proc/self/status").read_text()
    own = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])
    return round(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024, 1)


def row(name: str, size: int, ours: Measured, peer_name: str, peer: Measured) -> dict[str, Any]:
    """The printed row of one comparison."""
    return {
        "name": name,
        "size": size,
        "ours_s": round(ours.seconds, 4),
        "peer": peer_name,
        "peer_s": round(peer.seconds, 4),
        "ratio": round(ours.seconds / peer.seconds, 3),
        "peak_memory_mb": ours.peak_mb,
        "peer_peak_memory_mb": peer.peak_mb,
    }


def _call(function: str, args: list[Any]) -> Measured:
    module, _, name = function.partition(":")
    wanted = getattr(import_module(module), name)
    start = time.perf_counter()
    value = wanted(*args)
    return Measured(time.perf_counter() - start, peak_mb(), value)


if __name__ == "__main__":
    print(json.dumps(_call(sys.argv[1], json.loads(sys.argv[2])).__dict__))
