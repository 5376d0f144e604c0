"""Words as people write them, made comparable: tidy text, name keys, postcodes, slugs."""

import re
import unicodedata

POSTCODE = r"(?i)\b(GIR|[A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][ABD-HJLNP-UW-Z]{2})\b"
"""A full UK postcode: outward and inward half. The inward half never holds C I K M O V."""

OUTWARD = r"(?i)^\s*[A-Z]{1,2}[0-9][A-Z0-9]?\s*$"
"""Only the outward half of a postcode, such as ``M41``: a town's worth of homes."""

UNSEEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]"
"""Control characters, zero-width characters and those that reverse the direction of reading."""

LITTLE_WORDS = {"the", "and", "of", "at", "in", "a", "for", "ltd", "limited", "cic", "cio", "plc"}
JOINERS = {"the", "and", "of", "at", "in", "a", "for", "to", "with", "on", "by"}
INITIALS = frozenset("cic cio uk usa tra tara pta ptfa afc ymca ywca bme nhs lgbt raf rnli aed wea eu".split())
SHORT_FORMS = {"st", "sts", "mr", "mrs", "dr", "rd", "ltd"}
SAINTS = {"saint": "st", "saints": "sts", "&": "and"}

_postcode = re.compile(POSTCODE)
_unseen = re.compile(UNSEEN)
_marks = re.compile(r"([\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]{3})[\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]+")
_words = re.compile(r"[^\W_]+")
_misread = re.compile(r"(?i)\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([OI])([ABD-HJLNP-UW-Z]{2})\b")


def tidy(text: str, lines: bool = False) -> str:
    """``text`` in NFC without unseen characters, spaces collapsed; ``lines`` keeps the line breaks.

    Stacks of more than three combining marks are cut, so that no name can flood a page.
    """
    shown = _marks.sub(r"\1", unicodedata.normalize("NFC", _unseen.sub(" ", text)))
    if not lines:
        return " ".join(shown.split())
    return "\n".join(line for raw in shown.splitlines() if (line := " ".join(raw.split())))


def plain(text: str) -> str:
    """``text`` in lower case without accents or apostrophes, for comparing."""
    bare = text.translate({0x27: None, 0x2019: None, 0x2018: None, 0x60: None})
    return "".join(ch for ch in unicodedata.normalize("NFKD", bare.casefold()) if not unicodedata.combining(ch))


def name_key(name: str) -> str:
    """A name's telling words in order: two spellings of one name give one key.

    >>> name_key("The St. Mary's Church Hall") == name_key("Saint Marys church hall")
    True
    """
    words = [SAINTS.get(word, word) for word in _words.findall(plain(name).replace("&", " and "))]
    telling = [word for word in words if word not in LITTLE_WORDS]
    return " ".join(telling or words)


def postcode_in(text: str) -> str:
    """The last full postcode in ``text`` as ``M16 7AA``, or ``""``; a letter O or I for a digit is mended."""
    found = _postcode.findall(text)
    if found:
        return " ".join(found[-1]).upper()
    mended = _misread.sub(lambda hit: f"{hit[1]} {'01'[hit[2] in 'iI']}{hit[3]}", text)
    return postcode_in(mended) if mended != text and _postcode.search(mended) else ""


def postcode_key(postcode: str) -> str:
    """A postcode without spaces, in capitals: ``M167AA``."""
    return "".join(postcode.split()).upper()


def slug(text: str) -> str:
    """``text`` as lower-case words joined by hyphens, safe in an address or a file name."""
    return "-".join(re.findall(r"[a-z0-9]+", plain(text)))


def in_mixed_case(name: str) -> str:
    """A name written all in capitals as people write names; initials stay.

    >>> in_mixed_case("ST MARY'S CHURCH OF THE YMCA")
    "St Mary's Church of the YMCA"
    """
    first, *others = name.split(" ")
    return " ".join([_cased(first), *(low if (low := word.lower()) in JOINERS else _cased(word) for word in others)])


def _cased(word: str) -> str:
    letters = re.sub(r"[^a-z]", "", word.lower())
    is_initials = letters in INITIALS or not re.search(r"[aeiouy]", letters) and letters not in SHORT_FORMS
    if word[:1].isdigit():
        return word.lower()
    if len(letters) > 1 and is_initials:
        return word
    return re.sub(r"(^|[^a-z0-9'’])([a-z])", lambda hit: hit[1] + hit[2].upper(), word.lower())
