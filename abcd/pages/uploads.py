"""Files that people bring: kept in a private folder under their own fingerprint until they are done with."""

import hashlib
import os
from pathlib import Path
from typing import Any

from abcd.config import settings
from abcd.core.text import slug


def keep(uploaded: Any) -> Path:
    """The path of an uploaded file's bytes; the name on disk is ours but for its ending."""
    content = uploaded.getvalue()
    folder = settings().home / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / (hashlib.sha256(content).hexdigest()[:32] + ending(uploaded.name))
    if not path.exists():
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        part.write_bytes(content)
        part.replace(path)
    return path


def ending(name: str) -> str:
    """The ending of a file's name, made harmless."""
    made = slug(Path(name).suffix)[:12]
    return f".{made}" if made else ""


def path_of(kept: str) -> Path | None:
    """The file that was kept under this name, if it still is."""
    path = settings().home / "uploads" / Path(kept).name
    return path if kept and path.is_file() else None
