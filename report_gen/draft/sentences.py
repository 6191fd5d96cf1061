"""Words facts as sentences through the macros of ``templates/sentences.jinja``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from report_gen.draft.model import Sentence
from report_gen.draft.templates import load_macros
from report_gen.errors import AssetError
from report_gen.facts.model import Fact

__all__ = ["say", "sentence"]

_SPACE = re.compile(r"[ \t\r\n]+")


@cache
def _macros() -> Any:
    try:
        return load_macros()
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
