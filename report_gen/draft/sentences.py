"""Words facts as sentences through the macros of ``templates/sentences.jinja``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from report_gen.draft.model import Sentence, Stated
from report_gen.draft.templates import load_macros
from report_gen.draft.words import FILTERS, Noted, Words, printed
from report_gen.errors import AssetError
from report_gen.facts.model import Fact

__all__ = ["say", "sentence"]

_SPACE = re.compile(r"[ \t\r\n]+")


@cache
def _macros() -> Any:
    try:
        return load_macros(FILTERS, printed)
    except OSError as error:
        raise AssetError("assets.template", "the sentence templates are missing; install report_gen again") from error


def sentence(text: str, *facts: Fact | None) -> Sentence:
    """A sentence with this text that states `facts`."""
    return _sentence(text, [fact.id for fact in facts if fact is not None], ())


def say(macro: str, *arguments: Fact | Noted | str | Sequence[Fact] | None, shown_by: Iterable[Fact] = ()) -> Sentence:
    """The sentence of a macro, with what it states noted while it is worded.

    It cites every fact among the arguments, and those inside sequences and `Words`, in that order.

    Args:
        macro: Name of the macro in ``sentences.jinja``.
        arguments: Its arguments in order; a text that states anything is `Words`.
        shown_by: Readings that show what the sentence says; it prints nothing of them.
    """
    cited: list[str] = []
    noted = [_noted(argument, cited) for argument in arguments]
    return _sentence(getattr(_macros(), macro)(*noted), cited, [fact.id for fact in shown_by])


def _noted(argument: Fact | Noted | str | Sequence[Fact] | None, cited: list[str]) -> Noted | str | list[Noted] | None:
    """An argument as its macro reads it; what it cites is added to `cited`."""
    if isinstance(argument, Fact):
        argument = Noted(argument)
    if isinstance(argument, Noted):
        cited.extend(fact.id for fact in argument.facts)
        return argument
    if isinstance(argument, Words):
        cited.extend(state.fact for state in argument.states)
        return argument
    if argument is None or isinstance(argument, str):
        return argument
    cited.extend(fact.id for fact in argument)
    return [Noted(fact) for fact in argument]


def _sentence(text: str, cited: Iterable[str], shown_by: Iterable[str]) -> Sentence:
    """A sentence whose states stand in the order in which facts are cited, each once."""
    noted: dict[str, dict[Stated, None]] = {fact: {} for fact in cited}
    for state in text.states if isinstance(text, Words) else ():
        noted[state.fact][state] = None
    states = [state for fact, mine in noted.items() for state in (mine or (Stated(fact),))]
    states.extend(Stated(fact, how="shows") for fact in shown_by if fact not in noted)
    return Sentence.stating(_SPACE.sub(" ", text).strip(), states)
