"""A canary: words that occur nowhere else, and a search for them in every byte, whatever they are wrapped in."""

import base64
import gzip
import hashlib
import html
import io
import json
import secrets
import string
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

LETTERS = string.ascii_letters
#: Inside a packed thing inside a packed thing we look so many times, and at so many unpacked bytes.
DEPTH, MOST_BYTES = 3, 256 * 1024**2
EMPTY_PAGE = b"\0" * 8192
GZIP, ZIP_ENTRY = b"\x1f\x8b\x08", b"PK\x03\x04"


def unlikely(length: int = 16, letters: str = LETTERS) -> str:
    """A random word that nobody ever wrote before."""
    return "".join(secrets.choice(letters) for _ in range(length))


def a_canary() -> dict[str, str]:
    """A person whose every word is a canary; an accent and an ampersand make sure that encodings differ."""
    return {
        "preferred_name": f"{unlikely()} Zoë {unlikely()}",
        "phone": "07" + unlikely(9, string.digits),
        "email": f"{unlikely().lower()}@{unlikely().lower()}.example",
        "comms_needs": f"{unlikely()} & {unlikely()}",
    }


@dataclass(frozen=True)
class Hit:
    """Where a canary sings: the file, the words' name, the form they are in and where they begin."""

    where: str
    name: str
    form: str
    offset: int


def forms(words: str) -> dict[str, bytes]:
    """The byte strings that stand for ``words`` in files, pages, addresses and protocols."""
    plain = words.encode()
    told = {
        "utf-8": plain, "latin-1": words.encode("latin-1", "ignore"),
        "utf-16-le": words.encode("utf-16-le"), "utf-16-be": words.encode("utf-16-be"),
        "url": quote(words, safe="").encode(), "url plus": quote_plus(words).encode(),
        "html": html.escape(words).encode(), "json": json.dumps(words)[1:-1].encode(),
        "hex": plain.hex().encode(), "hex capitals": plain.hex().upper().encode(),
    }  # fmt: skip
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain)
        kept = coded[-(-shift * 4 // 3) : len(coded) - (4 if (len(plain) + shift) % 3 else 0)]
        told[f"base64 {shift}"] = kept
        told[f"base64url {shift}"] = kept.translate(bytes.maketrans(b"+/", b"-_"))
    unique: dict[bytes, str] = {}
    for name, form in told.items():
        unique.setdefault(form, name)
    return {name: form for form, name in unique.items()}


class Search:
    """Looks for the words of canaries in bytes, files and folders."""

    def __init__(self, canary: Mapping[str, str]) -> None:
        self.forms = {(name, form): sought for name, words in canary.items() for form, sought in forms(words).items()}
        #: Digests of contents in which nothing was found: the same bytes need no second look.
        self._clean: set[bytes] = set()

    def in_bytes(self, content: bytes, where: str, depth: int = DEPTH) -> Iterator[Hit]:
        """Every hit in ``content``, and in whatever is packed inside it."""
        for (name, form), sought in self.forms.items():
            offset = content.find(sought)
            if offset >= 0:
                yield Hit(where, name, form, offset)
        if depth:
            for how, inside in unpacked(content):
                yield from self.in_bytes(inside, f"{where} ({how})", depth - 1)

    def in_folders(self, *folders: Path) -> list[Hit]:
        """Every hit in the files under ``folders``, their names included."""
        found: list[Hit] = []
        for path in files_under(folders):
            found += self.in_bytes(str(path).encode(), f"the name of {path}", 0)
            found += self.in_file(path)
        return found

    def in_file(self, path: Path) -> list[Hit]:
        """Every hit in the bytes of one file."""
        # Empty pages hold nothing, and most of a log is empty.
        content = path.read_bytes().replace(EMPTY_PAGE, b"")
        digest = hashlib.sha256(content).digest()
        if digest in self._clean:
            return []
        found = list(self.in_bytes(content, str(path)))
        self._clean |= set() if found else {digest}
        return found


def files_under(folders: Iterable[Path]) -> Iterator[Path]:
    """Every file under ``folders``, each once, whatever links lead to it."""
    seen = set()
    for folder in folders:
        for path in sorted(folder.resolve().rglob("*")):
            if path.is_file() and not path.is_symlink() and path not in seen:
                seen.add(path)
                yield path


def unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """What is packed inside ``content``, wherever it begins: gzip streams and the members of zip files."""
    for offset in _every(content, GZIP):
        yield f"gzip at {offset}", _inflated(content[offset:], 31)
    for offset in _every(content, ZIP_ENTRY):
        head = content[offset : offset + 30]
        if len(head) == 30 and int.from_bytes(head[8:10], "little") == zipfile.ZIP_DEFLATED:
            skip = 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
            yield f"zip at {offset}", _inflated(content[offset + skip :], -15)


def _every(content: bytes, mark: bytes) -> Iterator[int]:
    offset = content.find(mark)
    while offset >= 0:
        yield offset
        offset = content.find(mark, offset + 1)


def _inflated(packed: bytes, window: int) -> bytes:
    """As much as can be unpacked; a mark that only looked like a beginning gives nothing."""
    try:
        return zlib.decompressobj(window).decompress(packed, MOST_BYTES)
    except zlib.error:
        return b""


def wrapped(words: str) -> dict[str, bytes]:
    """``words`` in every wrapping that the search must see through: what a test of the search itself hides."""
    plain = f"before {words} after"
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{html.escape(plain)}</t>" * 20)
    with tarfile.open(fileobj=tarred, mode="w:gz") as archive:
        entry = tarfile.TarInfo("a.txt")
        entry.size = len(plain.encode())
        archive.addfile(entry, io.BytesIO(plain.encode()))
    return {
        "raw": plain.encode(), "utf-16": plain.encode("utf-16"), "base64": base64.b64encode(plain.encode()),
        "base64 of the words": base64.b64encode(words.encode()), "url": quote(plain).encode(),
        "hex": plain.encode().hex().encode(), "json": json.dumps(plain).encode(), "html": html.escape(plain).encode(),
        "gzip": b"lead" + gzip.compress(plain.encode()), "gzip in gzip": gzip.compress(gzip.compress(plain.encode())),
        "xlsx": zipped.getvalue(), "tar.gz": tarred.getvalue(),
    }  # fmt: skip
