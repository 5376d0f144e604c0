"""HTML pages from the templates of ``abcd/web``: every value is escaped, the words follow the language in use."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from abcd.core import language

WEB = Path(__file__).parent.parent / "web"


@lru_cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(_=language._, language=language.chosen)
    return found


def page(template: str, **values: object) -> str:
    """The HTML of ``abcd/web/templates/<template>`` with ``values`` in it; a missing value is an error."""
    return _templates().get_template(template).render(**values)
