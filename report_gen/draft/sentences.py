"""Words facts as sentences through the macros of ``templates/sentences.jinja``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from report_gen.draft.model import Sentence
from report_gen.errors import AssetError
from report_gen.facts.model import Fact

__all__ = ["say", "sentence"]

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPACE = re.compile(r"[ \t\r\n]+")


def _count_word(number: str) -> str:
    return _COUNTS[int(number)] if number.isdigit() and int(number) < len(_COUNTS) else number


def _plural(word: str) -> str:
    return f"{word}s"


def _upper_first(words: str) -> str:
    return words[:1].upper() + words[1:]


def _quoted(words: str) -> str:
    return f"\u201c{words}\u201d"


@cache
def _macros() -> Any:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        autoescape=False,
        optimized=False,  # constant folding costs a cold start more than it ever gains
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(count_word=_count_word, plural=_plural, upper_first=_upper_first, quoted=_quoted)
    try:
        return environment.get_template("sentences.jinja").module
    except OSError as error:
        raise AssetError("assets.template", "the sentence templates are missing; install report_gen again") from error


def sentence(text: str, *facts: Fact | None) -> Sentence:
    """A sentence in given words that states `facts`."""
    return Sentence(_SPACE.sub(" ", text).strip(), tuple(fact.id for fact in facts if fact is not None))


def say(macro: str, *arguments: Fact | str | Sequence[Fact] | None) -> Sentence:
    """The sentence of a macro; it cites every fact among the arguments, and those inside sequences.

    Args:
        macro: Name of the macro in ``sentences.jinja``.
        arguments: Its arguments in order; texts are words already derived from the facts beside them.
    """
    text = str(getattr(_macros(), macro)(*arguments))
    cited: list[Fact] = []
    for argument in arguments:
        if isinstance(argument, Fact):
            cited.append(argument)
        elif argument is not None and not isinstance(argument, str):
            cited.extend(argument)
    return sentence(text, *cited)
