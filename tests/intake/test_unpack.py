import pyarrow as pa

from abcd.intake.columns import understand
from abcd.intake.read.facts import FileLook
from abcd.intake.unpack import labels_in, open_column, opened, parted

TABLE = (
    "<table><tr><th>Name</th><td>{0} Hall</td></tr><tr><td>Post code:</td><td>M33 {1}AA</td></tr>"
    "<tr><td>Tel</td><td>0161 &amp; so</td></tr></table>"
)
TEXT = "Organisation: {0} Address: {1} Moss Lane, {0} Details: For everyone, and more Contact Number: 0161 912 318{1}"


def exported(pattern: str) -> FileLook:
    """A map's placemarks, all in one column."""
    rows = tuple(
        {"id": str(n), "description": pattern.format(word, n)}
        for n, word in enumerate(("Sale Choir", "Hale Friends", "Urmston Band"), 1)
    )
    return FileLook(format="kml", columns=("id", "description"), sample=rows, geometry_type="Point", crs="EPSG:4326")


def test_an_html_table_becomes_columns() -> None:
    file = opened(exported(TABLE))
    assert (file.column, file.columns) == ("description", ["id", "Name", "Post code", "Tel"])
    assert file.rows[0]["Post code"] == "M33 1AA"
    mapping = understand(exported(TABLE))
    assert (mapping.column("name"), mapping.column("postcode"), mapping.unpack) == ("Name", "Post code", "description")


def test_labelled_text_becomes_columns() -> None:
    mapping = understand(exported(TEXT))
    assert [mapping.column(field) for field in ("name", "address", "description", "phone")] == [
        "Organisation",
        "Address",
        "Details",
        "Contact Number",
    ]


def test_what_stands_before_the_first_label_belongs_to_it() -> None:
    labels = ("Organisation", "Address")
    assert parted("Resource Centre Address: 54 Seymour Grove", labels) == {
        "Organisation": "Resource Centre",
        "Address": "54 Seymour Grove",
    }


def test_rows_without_a_label_are_blank_there() -> None:
    columns = open_column(pa.array(["A: 1 B: 2", "A: 3", "A: 1 B: 2"]), ("A", "B"))
    assert [columns[label].to_pylist() for label in "AB"] == [["1", "3", "1"], ["2", "", "2"]]


def test_stories_and_opening_times_are_left_whole() -> None:
    story = "We meet every week and everyone is welcome: bring a friend, or come alone and make one."
    times = "Monday: 9am-5pm Tuesday: 9am-5pm Wednesday: 9am-5pm Thursday: 9am-5pm Friday: closed"
    assert labels_in([story] * 5) == ()
    assert labels_in([times] * 5) == ()


def test_a_script_in_a_description_is_only_dropped() -> None:
    bad = "<script>alert(1)</script><table><tr><td>Name</td><td><img src=x onerror=alert(1)>Hall</td></tr></table>"
    assert parted(bad, ("Name",)) == {"Name": "Hall"}
