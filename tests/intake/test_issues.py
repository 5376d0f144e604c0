from abcd.intake.issues import Issue, Issues


def some() -> Issues:
    issues = Issues()
    issues.add_many("bad_postcode", "No postcode.", "Look it up.", row=[3, 9], column="pc", value=["x", "y"])
    issues.add("repeated_point", "Many rows.", "Ask.", row=1, rows=40)
    return issues


def test_faults_are_drained_once_and_counted_for_ever() -> None:
    issues = some()
    assert issues.drain()[["kind", "row", "value"]].values.tolist() == [
        ["bad_postcode", 3, "x"],
        ["bad_postcode", 9, "y"],
        ["repeated_point", 1, ""],
    ]
    assert len(issues.drain()) == 0
    assert issues.counts == {"bad_postcode": 2, "repeated_point": 40}


def test_the_summary_has_an_example_of_each_kind() -> None:
    assert some().summary() == [
        {"kind": "repeated_point", "rows": 40, "example": "row 1: Many rows."},
        {"kind": "bad_postcode", "rows": 2, "example": "row 3: No postcode. (pc: x)"},
    ]


def test_no_rows_no_fault() -> None:
    issues = Issues()
    issues.add_many("bad_postcode", "No.", "Look.", row=[])
    assert not issues.counts
    assert list(issues.drain().columns) == ["kind", "row", "column", "value", "message", "what_to_do"]


def test_the_readers_faults_are_taken_over() -> None:
    issues = Issues()
    issues.absorb([Issue("ragged_row", 7, "", "a,b,c", "Too many cells.", "Quote the comma.")])
    assert issues.drain()["row"].tolist() == [7]
