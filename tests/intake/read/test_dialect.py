"""Delimiters, quotation marks and escapes, recognised on a sample."""

import pytest

from abcd.errors import BadFile
from abcd.intake.read.dialect import Dialect, cells_of, dialect_of, records


@pytest.mark.parametrize(
    ("sample", "dialect"),
    [
        ("a,b,c\n1,2;x,3\n4,5;y,6\n", Dialect(",")),
        ("a;b;c\n1;2,5;3\n4;5,5;6\n", Dialect(";")),
        ("place;lat;lon\nHall;53,4;-2,2\nClub;53,5;-2,3\n", Dialect(";")),
        ("a\tb\n1, 2\t3\n4, 5\t6\n", Dialect("\t")),
        ("name,hours\nHall,Mon 9-5; Tue 9-5; Wed 9-5\nClub,Sat; Sun; Mon\n", Dialect(",")),
        ("name\nHall\nClub\n", Dialect(",")),
        ("name,address\n'Hall','1, High St'\n'Club','2, Low St'\n'Park','3, Mid St'\n", Dialect(",", quote="'")),
        ('a,b\n"say \\"hi, you\\"",2\n"x \\", y",3\n"\\", z",4\n', Dialect(",", escape="\\")),
        ("", Dialect(",")),
    ],
)
def test_a_dialect_is_recognised(sample: str, dialect: Dialect) -> None:
    assert dialect_of(sample) == (dialect, 0)


@pytest.mark.parametrize("line", ["sep=;\r\n", "SEP=;\n", '"sep=;"\n'])
def test_a_sep_line_is_believed_and_skipped(line: str) -> None:
    assert dialect_of(line + "a,b;c\n") == (Dialect(";"), len(line))


@pytest.mark.parametrize("delimiter", [";;", "£", '"', "\n"])
def test_what_cannot_separate_cells(delimiter: str) -> None:
    with pytest.raises(BadFile, match="cannot separate cells"):
        dialect_of("a,b\n1,2\n", delimiter)


def test_records_know_where_they_end() -> None:
    sample = 'a,b\r\n"x\ny",2\r\n\r\n3,4'
    found = list(records(sample, Dialect()))
    assert [record.cells for record in found] == [["a", "b"], ["x\ny", "2"], [], ["3", "4"]]
    assert [sample[: record.end] for record in found][1] == 'a,b\r\n"x\ny",2\r\n'
    assert found[-1].end == len(sample)


def test_the_cells_of_one_row() -> None:
    assert cells_of('a,"b, ""c""",', Dialect()) == ["a", 'b, "c"', ""]
