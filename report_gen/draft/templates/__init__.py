"""The sentence templates, compiled ahead where that was done, else when the first sentence is worded.

Compiling them takes longer than a report. So the build of the package, an editable installation included, writes the
code that Jinja makes of them to ``compiled.py`` beside this file (`hatch_build.py`, `make report`). The module is used
only when it was made from the templates and by the Jinja that are here.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import jinja2
from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

__all__ = ["compile_ahead", "load_macros"]

_FOLDER = Path(__file__).parent
_NAME = "sentences.jinja"
_FILTERS = ("count_word", "listing", "plural", "quoted", "upper_first", "with_article")
"""Names of the filters that the templates use; the caller that loads them passes the functions."""


def load_macros(
    filters: Mapping[str, Callable[..., str]] = MappingProxyType({}), concat: Callable[[Iterable[str]], str] = "".join
) -> Any:
    """The macros of ``sentences.jinja`` as attributes.

    Args:
        filters: The filters that the templates use, by name. One that is not given changes nothing.
        concat: Puts the pieces of a sentence together.

    Raises:
        OSError: The templates are missing.
    """
    environment = _environment()
    environment.filters.update(filters)
    environment.concat = concat  # type: ignore[method-assign]
    ahead = _compiled()
    if ahead is None:
        return environment.get_template(_NAME).module
    return Template.from_module_dict(environment, vars(ahead), environment.make_globals(None)).module


def compile_ahead() -> Path:
    """Write the templates as Python code beside this file, unless that was done; returns the file's path.

    Raises:
        OSError: The templates are missing, or the folder cannot be written to.
    """
    target = _FOLDER / "compiled.py"
    source = (_FOLDER / _NAME).read_text(encoding="utf-8")
    code = _environment().compile(source, _NAME, _NAME, raw=True, defer_init=True)
    # Last, so that a file that was cut off has none.
    wanted = f"{code}\nMADE_FROM = {_origin()!r}\n"
    if not target.is_file() or target.read_text(encoding="utf-8", errors="replace") != wanted:
        waiting = target.with_name(f"compiled-{os.urandom(8).hex()}.new")
        waiting.write_text(wanted, encoding="utf-8")
        waiting.replace(target)
    return target


def _compiled() -> ModuleType | None:
    """The module made ahead. None: there is none, or it was made from other templates, or by another Jinja."""
    try:
        module = import_module(f"{__name__}.compiled")
    except (ImportError, SyntaxError, ValueError, NameError):  # none, or a damaged one
        return None
    return module if getattr(module, "MADE_FROM", "") == _origin() else None


def _origin() -> str:
    """What code is compiled from: templates, this module, and the minor version of Jinja, whose runtime it calls."""
    minor = ".".join(jinja2.__version__.split(".")[:2])
    digest = hashlib.sha256(minor.encode())
    for path in (_FOLDER / _NAME, Path(__file__)):
        # Line ends differ between a checkout on Windows and the same files in a wheel.
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=False,
        optimized=False,  # constant folding costs a cold start more than it ever gains
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(dict.fromkeys(_FILTERS, str))
    return environment
