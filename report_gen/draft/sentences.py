"""Words facts as sentences, through the patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable

from report_gen.draft.model import Sentence, Stated
from report_gen.draft.patterns import pattern
from report_gen.draft.words import Noted, Words
from report_gen.facts.model import Fact

__all__ = ["phrase", "say", "sentence"]

_SPACE = re.compile(r"[ \t\r\n]+")
_ODD_SPACES = ("  ", "\t", "\r", "\n")


def sentence(text: str, *facts: Fact | None) -> Sentence:
    """A sentence with this text that states `facts`."""
    return _sentence(text, [fact.id for fact in facts if fact is not None], ())


def say(pattern_name: str, /, *, shown_by: Iterable[Fact] = (), **arguments: Fact | Noted | str | None) -> Sentence:
    """The sentence of a pattern, with what it states noted while it is worded.

    It cites every fact among the arguments, and those that words among them state, in that order.

    Args:
        pattern_name: Subject and key, such as `events.told` (`report_gen.draft.patterns`).
        shown_by: Readings that show what the sentence says; it prints nothing of them.
        arguments: What fills its slots, by name. None: nothing to print.

    Raises:
        KeyError: There is no such pattern.
    """
    cited: list[str] = []
    filled = {name: _argument(argument, cited) for name, argument in arguments.items()}
    return _sentence(pattern(pattern_name).render(filled), cited, [fact.id for fact in shown_by])


def phrase(pattern_name: str, /, **arguments: Fact | Noted | str | None) -> Words:
    """The words of a pattern as part of a sentence: they state what they print and cite nothing beside it.

    Args:
        pattern_name: As of `say`.
        arguments: As of `say`.

    Raises:
        KeyError: There is no such pattern.
    """
    return pattern(pattern_name).render({name: _argument(argument, []) for name, argument in arguments.items()})


def _argument(argument: Fact | Noted | str | None, cited: list[str]) -> Noted | str | None:
    """An argument as a pattern reads it; what it cites is added to `cited`."""
    if isinstance(argument, Fact):
        argument = Noted(argument)
    if isinstance(argument, Noted):
        cited.extend(fact.id for fact in argument.facts)
    elif isinstance(argument, Words):
        cited.extend(state.fact for state in argument.states)
    return argument


def _sentence(text: str, cited: Iterable[str], shown_by: Iterable[str]) -> Sentence:
    """A sentence whose states stand in the order in which facts are cited, each once."""
    noted: dict[str, dict[Stated, None]] = {fact: {} for fact in cited}
    for state in text.states if isinstance(text, Words) else ():
        noted[state.fact][state] = None
    states = [state for fact, mine in noted.items() for state in (mine or (Stated(fact),))]
    states.extend(Stated(fact, how="shows") for fact in shown_by if fact not in noted)
    if any(space in text for space in _ODD_SPACES):
        text = _SPACE.sub(" ", text)
    return Sentence.stating(text.strip(), states)
