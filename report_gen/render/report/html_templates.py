"""The templates of everything that is read in a browser, and how a value becomes markup in them.

``base.html.jinja`` is the page: head, policy, style, landmarks. Whoever makes pages of another kind extends it. In a
template every value that is printed goes through `report_gen.render.html_text.text` without being told to, so that none
can be forgotten. The value of an attribute takes the filter ``attribute``, a cell of a table the filter ``values``.
Markup that a template is given whole, a drawing or the style sheet, is of type `Markup`, made by the program alone.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from report_gen.document.blocks import HasText
from report_gen.render.html_text import characters, text, values

__all__ = ["TEMPLATES", "environment", "policy", "style"]

TEMPLATES = Path(__file__).parent / "templates"
"""Their folder."""
_STYLE = "report.css"
_BLANK_LINE = re.compile(r"\n\s*\n")


@cache
def environment() -> Environment:
    """The templates, compiled when they are first used.

    Raises:
        OSError: The style sheet is missing.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printed,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(attribute=_attribute, parted=_parted, values=values)
    made.globals.update(style=style(), policy=policy())
    return made


@cache
def style() -> Markup:
    """The style sheet; it holds no text of a case, and escaping would break its quotation marks."""
    return Markup((TEMPLATES / _STYLE).read_text(encoding="utf-8"))  # noqa: S704 - a file of the program


@cache
def policy() -> str:
    """The content security policy of a page: nothing is fetched, run or sent, and no style counts but our sheet."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _printed(value: object) -> Markup:
    """What stands in double braces, as markup."""
    return value if isinstance(value, Markup) else text(str(value))


def _attribute(value: object) -> Markup:
    """The value of an attribute, which takes no element."""
    return characters(str(value))


def _parted(sentences: Iterable[HasText]) -> Iterator[str]:
    """A person's own words by paragraph: blank lines part them, other line breaks stay."""
    for sentence in sentences:
        yield from (part.strip("\n") for part in _BLANK_LINE.split(sentence.text) if part.strip())
