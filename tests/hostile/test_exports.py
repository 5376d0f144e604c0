"""Every table that leaves for a spreadsheet is made in one place, and no page has another way to give one away."""

import ast
from pathlib import Path

import pytest

import abcd

ROOT = Path(abcd.__file__).parent
#: Ways to make a table that a spreadsheet opens. ``st.dataframe`` has a download of its own, which writes cells raw.
MAKERS = frozenset(
    "dataframe data_editor download_button to_csv to_excel to_html ExcelWriter DictWriter writer writerow writerows "
    "write_csv Workbook".split()
)
#: Where such a call is right: the one place itself, and sheets that only the store reads.
RIGHT = {"core/spreadsheet.py", "intake/stage.py"}


def calls(path: Path) -> set[str]:
    """The names of what a module calls."""
    found = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in found}


def offenders(root: Path) -> dict[str, set[str]]:
    """Module -> ways by which it makes a table past the one place."""
    modules = [path for path in root.rglob("*.py") if "node_modules" not in path.parts and "vendor" not in path.parts]
    found = {path.relative_to(root).as_posix(): calls(path) & MAKERS for path in modules}
    return {name: ways for name, ways in found.items() if ways and name not in RIGHT}


def test_tables_for_spreadsheets_come_from_core_spreadsheet() -> None:
    assert offenders(ROOT) == {}, "use abcd.core.spreadsheet.as_csv (or harmless, for the cells of a workbook)"


@pytest.mark.parametrize("line", ["st.dataframe(x)", "x.to_csv('a')", "csv.writer(f)", "st.download_button('a', b)"])
def test_another_way_is_noticed(tmp_path: Path, line: str) -> None:
    (tmp_path / "page.py").write_text(line)
    assert list(offenders(tmp_path)) == ["page.py"]
