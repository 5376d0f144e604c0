"""Cleaning telephone numbers, e-mail and web addresses; what is none of them is told, not kept."""

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

from abcd.intake import strings
from abcd.intake.chunk import Chunk
from abcd.intake.values import EMAIL, PHONE

SPACED = (
    (r"^(02\d)(\d{4})(\d{4})$", r"\1 \2 \3"),
    (r"^(011\d|01\d1|03\d\d|08\d\d|09\d\d)(\d{3})(\d{3,4})$", r"\1 \2 \3"),
    (r"^(07\d{3}|01\d{3})(\d{5,6})$", r"\1 \2"),
)
"""How digits of a UK number are grouped, by the length of its area code."""

NATIONAL, SHORT, LOST_ZERO = r"^0[1-35789]\d{8,9}$", r"^(1\d{2}|116\d{3}|1\d{3,4})$", r"^[1-35789]\d{9}$"
ADDRESS = (
    r"(?i)(?P<it>(?:https?://|www\.)[^\s<>\"']+"
    r"|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:uk|com|org|net|info|wales|cymru|coop|io|co)(?:/[^\s<>\"']*)?)"
)


def contacts(chunk: Chunk) -> None:
    """Telephone, e-mail and web address; a contact column may hold either of the first two."""
    phone, email, website = (strings.without_nothing(chunk.column(wanted)) for wanted in ("phone", "email", "website"))
    found = _first(email, f"(?P<it>{EMAIL})")
    instead = strings.keep_where(email, ~strings.is_filled(found) & strings.matches(email, f"^{PHONE}$"))
    chunk.parts["phone"] = phones(chunk, strings.first_filled([phone, instead]))
    chunk.parts["email"] = pc.utf8_lower(found)
    wrong = strings.is_filled(email) & ~strings.is_filled(found) & ~strings.is_filled(instead)
    chunk.fault("bad_email", wrong, chunk.mapping.column("email"), email, "This is not an e-mail address.",
                "Correct it or leave it empty.")  # fmt: skip
    chunk.parts["website"] = _websites(chunk, website)


def phones(chunk: Chunk, told: pa.Array) -> pa.Array:
    """Telephone numbers as text with UK spacing, their lost zero put back."""
    digits = pc.replace_substring_regex(pc.replace_substring_regex(told, r"[^\d+]", ""), r"^(\+44|0044)0?", "0")
    digits = pc.if_else(pa.array(strings.matches(told, r"^[\d+()\[\] .\-/]+$")), digits, "")
    lost = strings.matches(digits, LOST_ZERO)
    digits = pc.if_else(pa.array(lost), pc.binary_join_element_wise("0", digits, ""), digits)
    plain = strings.matches(digits, NATIONAL) | strings.matches(digits, SHORT)
    odd = strings.is_filled(told) & ~plain
    found = strings.change_where(pc.if_else(pa.array(plain), spaced(digits), told), odd, _first_number)
    column = chunk.mapping.column("phone")
    chunk.fault("lost_zero", lost, column, told, "The telephone number lost its first 0; we put it back.",
                "Keep telephone numbers as text.")  # fmt: skip
    chunk.fault("bad_phone", odd & ~strings.is_filled(found), column, told, "This is not a telephone number.",
                "Correct it or leave it empty.")  # fmt: skip
    return found


def spaced(digits: pa.Array) -> pa.Array:
    """UK numbers with their usual spaces."""
    for pattern, grouped in SPACED:
        digits = pc.replace_substring_regex(digits, pattern, grouped)
    return digits


def _first_number(told: str) -> str:
    """The first telephone number in a text, as dialled in the UK, or ``""``."""
    for match in phonenumbers.PhoneNumberMatcher(told, "GB"):
        form = phonenumbers.PhoneNumberFormat
        is_uk = match.number.country_code == 44
        return phonenumbers.format_number(match.number, form.NATIONAL if is_uk else form.INTERNATIONAL)
    return ""


def _websites(chunk: Chunk, told: pa.Array) -> pa.Array:
    """The first web address of each text, with a scheme."""
    found = pc.replace_substring_regex(_first(told, ADDRESS), r"[.,;:)\]]+$", "")
    found = strings.keep_where(found, ~strings.matches(told, f"^{EMAIL}$"))
    bare = strings.is_filled(found) & ~strings.matches(found, r"(?i)^https?://")
    wrong = strings.is_filled(told) & ~strings.is_filled(found)
    chunk.fault("bad_website", wrong, chunk.mapping.column("website"), told, "This is not a web address.",
                "Give the whole address, from https:// on.")  # fmt: skip
    return pc.if_else(pa.array(bare), pc.binary_join_element_wise("http://", found, ""), found)


def _first(told: pa.Array, pattern: str) -> pa.Array:
    """What the group ``it`` of ``pattern`` first matches, ``""`` where nothing does."""
    return pc.fill_null(pc.struct_field(pc.extract_regex(told, pattern), "it"), "")
