"""What a sentence takes from those before it: who else was told, and what "it", "this" and "them" are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from report_gen.guard.reader.meaning import Atom, Proposition

__all__ = ["SaidBefore"]

_ALSO: Final[Mapping[Atom, tuple[str, ...]]] = {"told": ("by", "by_name"), "told_then": ("by", "by_name", "at")}
"""What a telling shares with one before it, by what it says with "also"."""
_OF_THE_CHANGE: Final = frozenset({"change", "began", "began_as", "noticed", "noticed_after", "last_unaffected"})
"""What tells the change itself; a sentence that holds more may leave another thing for "it" to mean."""
_OF_IT: Final = frozenset({"criterion", "context", "context_note"})
"""What is said of the change as "this"."""
_FIRST: Final = frozenset({"first"})
"""Of a sentence before which none of the same answer stands: what tells the change stands before it on the page."""
_DETAILS: Final = frozenset({"began", "noticed", "noticed_after", "window"})
"""What a sentence may say of the change without its name, right behind those that tell it."""

_IT_OF_NOTHING: Final = ("It cannot ", "It could ")
"""Beginnings whose "it" is no thing: "It cannot be computed ..."."""


@dataclass(slots=True)
class SaidBefore:
    """What stands before a sentence, on the page and in its own answer."""

    stated: Sequence[Proposition]
    """What the page states before the first sentence."""
    said: list[Proposition] = field(default_factory=list)
    """What the sentences so far state."""
    changed: bool = True
    """Whether the sentences are to tell a change; where not, what is said without a name is said of the event."""
    told: Set[str] = _FIRST
    """Kinds of what the sentence before states, and those before that, as long as they tell the change alone."""

    def follow(self, text: str, states: Sequence[Proposition]) -> list[Proposition] | None:
        """What the next sentence states by itself. None: it takes something from before it that is not there.

        Args:
            text: The sentence.
            states: What it states, in the order said.
        """
        says = frozenset(one.says for one in states)
        of_the_event = not self.changed and self.told == _FIRST and says <= _DETAILS
        if not of_the_event and _dangles(says, self.told, text):
            return None
        self.told = says | (self.told & _OF_THE_CHANGE if says <= _OF_THE_CHANGE | _OF_IT else frozenset())
        made: list[Proposition] = []
        for one in states:
            also = next((atom for name, atom in one.values if name == "also"), "")
            if also and not _another_was_told(one, _ALSO[also], (*self.stated, *self.said, *made)):
                return None
            made.append(Proposition(one.says, one.values - {("also", also)}))
        self.said.extend(made)
        return made


def _dangles(says: Set[str], told: Set[str], text: str) -> bool:
    """Whether a sentence speaks of "it" or "them", or of nothing by name, where that may be another thing.

    Args:
        says: The kinds of proposition that it states.
        told: Those of the sentences before it, as far as they tell the change and nothing else.
        text: The sentence.
    """
    if says <= _DETAILS and not {"change"} <= told <= _OF_THE_CHANGE:
        return (says, told) != ({"noticed_after"}, _FIRST)
    if text.startswith(("This ", "It ")) and not text.startswith(_IT_OF_NOTHING) and "change" not in says:
        return told != _FIRST and "change" not in told
    if "window" in says and not {"noticed", "last_unaffected"} <= (told & _OF_THE_CHANGE) | says:
        return True
    if "told" in says and "it was noticed" in text:
        return not says <= {"told"} | _OF_THE_CHANGE
    return False


def _another_was_told(telling: Proposition, shared: Sequence[str], before: Sequence[Proposition]) -> bool:
    """Whether a telling before it has another addressee, and shares what they must."""
    values = dict(telling.values)
    for one in before:
        other = dict(one.values)
        same = all(values.get(name) == other.get(name) for name in shared)
        if one.says == "told" and same and values.get("to") != other.get("to"):
            return True
    return False
