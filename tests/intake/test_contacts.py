import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcd.intake.chunk import Chunk
from abcd.intake.contacts import contacts, spaced
from abcd.intake.issues import Issues
from abcd.intake.mapping import Mapping, Pick

MAPPING = Mapping(fields={field: (Pick(field, 1.0),) for field in ("phone", "email", "website")})


def read(**told: str) -> tuple[dict[str, str], dict[str, int]]:
    """The contacts of one row, and the faults told."""
    row = pa.array([1]).to_numpy()
    columns = {name: pa.array([told.get(name, "")], pa.string()) for name in ("phone", "email", "website")}
    chunk = Chunk(row, columns, pa.nulls(1, pa.binary()), MAPPING, Issues())
    contacts(chunk)
    return {name: values[0].as_py() for name, values in chunk.parts.items()}, dict(chunk.issues.counts)  # type: ignore[index]


@pytest.mark.parametrize(
    ("written", "kept", "faults"),
    [
        ("0161 912 3189", "0161 912 3189", {}),
        ("01617492570", "0161 749 2570", {}),
        ("+44 (0)161 749 2570", "0161 749 2570", {}),
        ("0161-912-2122", "0161 912 2122", {}),
        ("1617486414", "0161 748 6414", {"lost_zero": 1}),
        ("03453303030", "0345 330 3030", {}),
        ("07700900123", "07700 900123", {}),
        ("020 7946 0000", "020 7946 0000", {}),
        ("101", "101", {}),
        ("0161 234 5000 or 0161 234 5001", "0161 234 5000", {}),
        ("00000 000000", "", {"bad_phone": 1}),
        ("ask inside", "", {"bad_phone": 1}),
        ("[removed]", "", {}),
        ("", "", {}),
    ],
)
def test_telephone_numbers(written: str, kept: str, faults: dict[str, int]) -> None:
    parts, told = read(phone=written)
    assert (parts["phone"], told) == (kept, faults)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("www.example.org", "http://www.example.org"),
        ("https://example.org/a?b=c.", "https://example.org/a?b=c"),
        ("see example.org.uk/x", "http://example.org.uk/x"),
        ("javascript:alert(1)", ""),
        ("Anyone is entitled to free help", ""),
        ("a@example.org", ""),
    ],
)
def test_web_addresses(written: str, kept: str) -> None:
    parts, told = read(website=written)
    assert (parts["website"], told) == (kept, {} if kept else {"bad_website": 1})


def test_a_contact_column_holds_a_telephone_number_as_well() -> None:
    parts, told = read(email="0161 912 3189")
    assert (parts["email"], parts["phone"], told) == ("", "0161 912 3189", {})


@pytest.mark.parametrize(
    ("written", "kept", "faults"), [("Mail A.B@Example.ORG now", "a.b@example.org", {}), ("ask", "", {"bad_email": 1})]
)
def test_e_mail_addresses(written: str, kept: str, faults: dict[str, int]) -> None:
    parts, told = read(email=written)
    assert (parts["email"], told) == (kept, faults)


@given(st.sampled_from(["0161", "020", "01942", "0345", "0800", "07700", "0113"]), st.integers(2_000_000, 9_999_999))
def test_spaces_stand_where_the_national_library_puts_them_or_within(area: str, number: int) -> None:
    digits = (area + f"{number:08d}"[-(11 - len(area)) :])[:11]
    ours = spaced(pa.array([digits]))[0].as_py()
    theirs = phonenumbers.format_number(phonenumbers.parse(digits, "GB"), phonenumbers.PhoneNumberFormat.NATIONAL)
    assert ours.replace(" ", "") == theirs.replace(" ", "") == digits
