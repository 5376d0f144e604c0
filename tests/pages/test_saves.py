"""Every page saves through ``abcd.pages.saving``, and nothing is drawn while a transaction is open (trust.md R3)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "abcd" / "pages"
SCRIPTS = sorted(PAGES.glob("*.py"))
#: Who may make a button that calls something: the saves themselves, the offer of a draft, which is no save, and the
#: page on which a file begins to be made: a second press begins it anew, and nothing is written but its receipt.
#: A plan in hand is corrected in the visit alone, until it is saved; work beside a page is begun once a writing.
MAKE_BUTTONS = {"saving", "drafting", "exports", "beside", "forms_correcting", "forms_locks"}
#: The first words of the names of actions.
VERBS = frozenset(
    "add edit confirm retire merge unmerge end describe record say erase disable enable invite revoke change "
    "extend make".split()
)


def is_drawing(call: ast.Call) -> bool:
    """Whether a call is to Streamlit, which may end the script there and then."""
    name = call.func
    while isinstance(name, ast.Attribute):
        name = name.value
    return isinstance(name, ast.Name) and name.id == "st"


def opens_session(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and any(
        isinstance(item.context_expr, ast.Call)
        and isinstance(item.context_expr.func, ast.Name)
        and item.context_expr.func.id == "session"
        for item in node.items
    )


def calls(node: ast.AST) -> Iterator[ast.Call]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Call))


def acts(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """What runs inside the transaction of a save: functions whose first argument is the session."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg in ("s", "_s"):
            yield node


def drawn_in_a_transaction(source: str) -> list[int]:
    """The lines at which something is drawn while a transaction is open."""
    tree = ast.parse(source)
    blocks: list[ast.AST] = [node for node in ast.walk(tree) if opens_session(node)]
    return sorted({call.lineno for block in [*blocks, *acts(tree)] for call in calls(block) if is_drawing(call)})


def buttons_of_their_own(source: str) -> list[int]:
    """The lines at which a button is made that is not ``save_button`` or ``job_button``, nor merely turns a page."""
    made = (call for call in calls(ast.parse(source)) if isinstance(call.func, ast.Attribute))
    named = (call for call in made if call.func.attr in ("button", "form_submit_button", "data_editor"))
    return [call.lineno for call in named if not turns_a_page(call)]


def turns_a_page(call: ast.Call) -> bool:
    """Whether all that a press does is to change what this session remembers."""
    does = next((given.value for given in call.keywords if given.arg == "on_click"), None)
    return isinstance(does, ast.Lambda) and ast.unparse(does.body).startswith("st.session_state")


def actions_outside_a_save(source: str) -> list[str]:
    """Actions that are called in a page's own session rather than in an ``act`` of ``save_button``."""
    tree = ast.parse(source)
    blocks = [node for node in ast.walk(tree) if opens_session(node)]
    named = (call.func.id for block in blocks for call in calls(block) if isinstance(call.func, ast.Name))
    return [name for name in named if name.split("_")[0] in VERBS]


def fields_without_draft(*sources: str) -> list[str]:
    """Functions that make the fields and the button of a form outside any ``with drafting(...)``."""
    trees = [ast.parse(source) for source in sources]
    inside = {name for tree in trees for block in ast.walk(tree) if keeps(block) for name in called_by(block)}
    functions = (node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef))
    return [
        one.name
        for one in functions
        if {"field", "save_button"} <= (used := called_by(one)) and "drafting" not in used and one.name not in inside
    ]


def keeps(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and any("drafting(" in ast.unparse(item) for item in node.items)


def called_by(node: ast.AST) -> set[str]:
    return {call.func.id for call in calls(node) if isinstance(call.func, ast.Name)}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.stem)
def test_nothing_is_drawn_while_a_transaction_is_open(script: Path) -> None:
    assert drawn_in_a_transaction(script.read_text("utf-8")) == []


@pytest.mark.parametrize("script", [one for one in SCRIPTS if one.stem not in MAKE_BUTTONS], ids=lambda one: one.stem)
def test_every_button_is_a_save_of_ours(script: Path) -> None:
    source = script.read_text("utf-8")
    assert buttons_of_their_own(source) == []
    assert actions_outside_a_save(source) == []


def test_what_is_typed_into_a_form_is_kept() -> None:
    assert fields_without_draft(*(script.read_text("utf-8") for script in SCRIPTS)) == []


NAIVE = """
def page(actor):
    with session(actor) as s:
        edit_asset(s, 1, {}, by=actor)
        st.success("Saved")
    st.button("Save", on_click=save_it)
    st.text_input("Name", key=field("form", "name"))
    save_button("form", "Save", act, actor, "Saved.")

def act(s, by, key, typed):
    st.write("saving")
"""


def test_a_naive_page_fails_each_of_these() -> None:
    assert drawn_in_a_transaction(NAIVE) == [5, 11]
    assert buttons_of_their_own(NAIVE) == [6]
    assert actions_outside_a_save(NAIVE) == ["edit_asset"]
    assert fields_without_draft(NAIVE) == ["page"]
