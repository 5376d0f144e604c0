"""Zip archives: what they hold, and whether they may be unpacked at all."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from abcd.errors import BadFile
from abcd.intake.read.limits import MEGABYTE, UNZIPPED_BYTES, ZIP_MEMBERS, ZIP_RATIO, ZIP_RATIO_FROM

BLOCK = 256 * 1024
SYMLINK = 0o120000
ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".xz", ".bz2")
POINTERS = (".vrt", ".gdalg", ".wfs", ".ovf", ".qgs", ".qgz")
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
DAMAGED = "This file is damaged: its archive cannot be unpacked. Download or save it again."


def format_of_archive(file: BinaryIO) -> str:
    """``xlsx``, ``xlsb``, ``ods``, ``kmz`` or ``shapefile``.

    Raises:
        BadFile: damaged, unsafe, too large, or holding nothing that can be read.
    """
    with opened(file) as archive:
        names = {info.filename for info in members(archive)}
        if "xl/workbook.bin" in names:
            return "xlsb"
        if "xl/workbook.xml" in names or any(name.startswith("xl/") for name in names):
            return "xlsx"
        if "content.xml" in names and archive.read("mimetype")[: len(SPREADSHEET)] == SPREADSHEET:
            return "ods"
        return _map_format(names)


def _map_format(names: set[str]) -> str:
    suffixes = {PurePosixPath(name).suffix.lower() for name in names}
    if suffixes & set(POINTERS):
        raise BadFile("This archive holds a file that only points to data elsewhere. Zip the data itself.")
    if suffixes & set(ARCHIVES):
        raise BadFile("This archive holds another archive. Unpack it and bring in the files inside one by one.")
    if ".shp" in suffixes:
        return "shapefile"
    if ".kml" in suffixes:
        return "kmz"
    raise BadFile(
        "This archive holds no shapefile, KML or workbook. Unpack it and bring in the files inside one by one."
    )


@contextmanager
def opened(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The archive; anything that zipfile cannot read is a damaged file."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error, KeyError, OSError, ValueError) as error:
        raise BadFile(DAMAGED) from error
    except RuntimeError as error:  # zipfile's way to say that a member is encrypted
        raise BadFile(
            "This file is locked with a password. Save a copy without the password and bring that in."
        ) from error


def members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files in the archive, without folders and the clutter of macOS.

    Raises:
        BadFile: too many, too large, too tightly packed, overlapping, or with names that lead outside.
    """
    listed = archive.infolist()
    if len(listed) > ZIP_MEMBERS:
        raise BadFile(f"This archive holds {len(listed):,} files; at most {ZIP_MEMBERS:,} can be unpacked.")
    for info in listed:
        _refuse_name(info)
    _refuse_size(listed)
    _refuse_overlap(listed)
    return [info for info in listed if not info.is_dir() and not info.filename.startswith("__MACOSX/")]


def _refuse_name(info: zipfile.ZipInfo) -> None:
    name = info.filename.replace("\\", "/")
    is_link = (info.external_attr >> 16) & 0o170000 == SYMLINK
    if is_link or name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name) or "\0" in name:
        raise BadFile("This archive holds a name or link that leads outside it, so it was not unpacked.")
    if info.flag_bits & 1:
        raise BadFile("This file is locked with a password. Save a copy without the password and bring that in.")


def _refuse_size(listed: list[zipfile.ZipInfo]) -> None:
    total, packed = sum(info.file_size for info in listed), sum(info.compress_size for info in listed)
    if total > UNZIPPED_BYTES:
        raise BadFile(
            f"Unpacked, this file would have {total // MEGABYTE:,} MB; "
            f"at most {UNZIPPED_BYTES // MEGABYTE} MB can be read."
        )
    if total > ZIP_RATIO_FROM and total > ZIP_RATIO * packed:
        raise BadFile(
            "This file is packed far more tightly than any honest table, so it was not unpacked. "
            "Save it again, or as CSV."
        )


def _refuse_overlap(listed: list[zipfile.ZipInfo]) -> None:
    """Members that share bytes unpack to far more than the archive holds."""
    end = 0
    for info in sorted(listed, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise BadFile(DAMAGED)
        end = info.header_offset + info.compress_size + 30


def unpack(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, watch: Callable[[bytes], None] | None = None
) -> None:
    """Write one member to ``target``, our own name, by blocks."""
    with target.open("wb") as out:
        for block in blocks(archive, info):
            if watch:
                watch(block)
            out.write(block)


def blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a member by blocks; never more than the archive said it would be.

    Raises:
        BadFile: the member is larger than declared.
    """
    passed = 0
    with archive.open(info) as member:
        while block := member.read(BLOCK):
            passed += len(block)
            if passed > info.file_size:
                raise BadFile(DAMAGED)
            yield block
