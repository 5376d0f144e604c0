"""What Streamlit is told (trust.md R13): the file beside ``app.py``, wherever we were started, and our own names.

Left to itself it reads the file of the working directory, and without one it shows errors and reports usage.
"""

import tomllib
from typing import Any

from abcd.api.addresses import own_hosts, own_origins
from abcd.api.gate import SCRIPT
from abcd.config import settings

FILE = SCRIPT.parent / ".streamlit" / "config.toml"


def decided() -> dict[str, Any]:
    """Each option by its name, for example ``server.maxUploadSize``."""
    here, in_file = settings(), flat(tomllib.loads(FILE.read_text("utf-8")))
    return in_file | {"server.allowedHosts": own_hosts(here), "client.allowedOrigins": own_origins(here)}


def flat(table: dict[str, Any], before: str = "") -> dict[str, Any]:
    """``{"server.port": 1}`` of ``{"server": {"port": 1}}``."""
    flattened: dict[str, Any] = {}
    for name, value in table.items():
        flattened |= flat(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}": value}
    return flattened


def longest_upload() -> int:
    """Bytes of the longest upload, with what multipart puts round it."""
    return (int(decided()["server.maxUploadSize"]) + 1) * 2**20
