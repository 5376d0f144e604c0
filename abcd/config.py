"""Settings, read from the environment when asked for, never at import."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True)
class Settings:
    """Where the store is and how the server is reached.

    Attributes:
        home: folder of the embedded store, uploads and secrets (``ABCD_HOME``).
        database_url: a PostGIS server to use instead of the embedded store, or ``None``.
        host: address the server binds to.
        port: port the server binds to.
        tile_url: raster tile template for the basemap, ``""`` for none.
        pmtiles: a PMTiles archive for the basemap, ``""`` for none.
        basemap_attribution: shown on the map when a tile URL or PMTiles file is set.
        publisher: the organisation named in exports.
        licence: the licence of our own exports.
    """

    home: Path
    database_url: str | None
    host: str
    port: int
    tile_url: str
    pmtiles: str
    basemap_attribution: str
    publisher: str
    licence: str


def settings() -> Settings:
    """The settings of this process, from ``ABCD_*`` environment variables."""
    env = os.environ
    return Settings(
        home=Path(env.get("ABCD_HOME") or platformdirs.user_data_dir("abcd", appauthor=False)),
        database_url=env.get("ABCD_DATABASE_URL") or None,
        host=env.get("ABCD_HOST", "127.0.0.1"),
        port=int(env.get("ABCD_PORT", "8501")),
        tile_url=env.get("ABCD_TILE_URL", ""),
        pmtiles=env.get("ABCD_PMTILES", ""),
        basemap_attribution=env.get("ABCD_BASEMAP_ATTRIBUTION", ""),
        publisher=env.get("ABCD_PUBLISHER", "Millfield Homes (invented)"),
        licence=env.get("ABCD_LICENCE", "Open Government Licence v3.0"),
    )
