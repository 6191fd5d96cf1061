"""What the grammar reads as one: terms of the vocabularies; names, quotations and responses of a case.

Terminals of the grammar, and what each means:

- `@VOCABULARY`: a term by its printed name or abbreviation; means its code. `@interventions.done` is the form that
  follows who did it, `@interventions.undergone` its passive where that is regular, `@interventions.checked` what was
  checked in it, `@resolution_classes` and the others are the printed name.
- `@clock`, `@amount`, `@duration`: a time of day, a number with its unit, a length of time; means what is printed.
- `@quote`, `@words`: words of the record between quotation marks, or as they stand; means them.
- `@person`: a name; means it.
- `@short`: the short name of a response, such as `L TA`; means its side, site and family. `@sided_short`: one that says
  its side, or has none; where a change is told, an unknown side is said.
- `@site`, `@family`: where a response is recorded, such as `tibialis anterior`, and what it is, such as `TcMEP`.
- `@side_here`: a side that a response of the passage is of; `left and right` are two.
- `@sited`: such a place in the passage of an event, all of whose responses are of one family; means both.
- `@responses`: the responses of an event that names none by channel.
- `@state`: what a reading showed, as it is printed.
- `@measure`: what the percentages of the re-tests are of, such as `amplitude`; means nothing that they do not imply.
- `@what`: what changed, such as `amplitude decrease` or `fall in amplitude`; means that as it is printed.
  `@what.alone`: where its name does not end with another thing, as `disappearance of an abnormal response` does.
- `@during`: "during", where the time of onset is recorded; means nothing by itself.
- `@event_word`, `@all_responses`: what the event, and all its responses together, can be called in their own passage;
  mean nothing beyond the passage that they stand in.
- `@criterion`: a criterion as it is printed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from report_gen.draft.passages import Part, Passage
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.guard.reader.meaning import EMPTY, Attributes, Meaning, alone
from report_gen.guard.reader.other_names import of_change, of_response, of_site
from report_gen.guard.reader.quantities import COUNTS, amounts, clocks, durations
from report_gen.guard.reader.tokens import STOPS, Token
from report_gen.guard.reader.trie import Trie
from report_gen.vocab import vocabulary
from report_gen.vocab.entries import Intervention

__all__ = ["CaseTerms", "find_terms", "passage_terms", "response_row"]

_VOCABULARIES: Final = (
    "acceptances",
    "agents",
    "causes",
    "emg_patterns",
    "gap_reasons",
    "interventions",
    "levels",
    "modalities",
    "occurrences",
    "onset_kinds",
    "resolution_classes",
    "roles",
    "sides",
)
"""Vocabularies whose terms the grammar reads."""
_TERMINALS: Final = {"name": "@person", "verbatim": "@criterion"}
"""Terminals of values that are said in one way alone, by that way."""
_KIND_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "decrease": ("decrease",),
    "increase": ("increase",),
    "loss": ("loss",),
    "new_activity": ("activity",),
    "hard_to_elicit": ("difficulty",),
    "disappearance": ("disappearance",),
}
"""What a kind of change may be called once it is told, by its code."""
_OF_A_THING: Final = re.compile(r" of an? ")
"""In the name of a change that ends with a thing, which "with sudden onset" behind it would seem to be said of."""
_LIMBS: Final = frozenset({"arm", "leg", "limb"})
_NO_OBJECT: Final = frozenset(
    ("or", "for", "to", "with", "in", "from", "as", "of", "further", "more", "supine", "prone", "out", "examined")
)
"""Words that show that what follows a verb is not its object alone."""


@dataclass(frozen=True, slots=True)
class CaseTerms:
    """The terms of one passage."""

    trie: Trie
    quotations: tuple[str, ...]
    """Words of the record that hold quotation marks of their own."""
    stopped: tuple[str, ...] = ()
    """Names and words of the record that end with a full stop of their own."""


def find_terms(words: Sequence[Token], terms: CaseTerms) -> list[Mapping[str, list[tuple[int, Meaning]]]]:
    """The terms that begin at each token: by terminal, where each ends and what it means."""
    tries = (_common(), terms.trie)
    return [_at(words, place, tries) for place in range(len(words))]


def _at(words: Sequence[Token], place: int, tries: Iterable[Trie]) -> dict[str, list[tuple[int, Meaning]]]:
    found: dict[str, list[tuple[int, Meaning]]] = {}
    first = words[place]
    if first.kind == "quote":
        found["@quote"] = [(place + 1, alone(first.text))]
    elif first.kind == "time":
        found["@clock"] = clocks(words, place)
    elif first.word.lower() in COUNTS:
        found["@duration"] = durations(words, place)
    elif first.kind == "number":
        found["@amount"] = amounts(words, place)
        found["@duration"] = durations(words, place)
    opening = first.word[:1].lower() + first.word[1:] if place == 0 else first.word
    for trie in tries:
        for start in {first.word, opening}:
            node, end = trie.next.get(start), place + 1
            while node is not None:
                for terminal, meaning in node.found:
                    found.setdefault(terminal, []).append((end, meaning))
                node, end = node.next.get(words[end].word) if end < len(words) else None, end + 1
    return found


@cache
def _common() -> Trie:
    """The terms of the vocabularies."""
    trie = Trie()
    for name in _VOCABULARIES:
        for entry in vocabulary(name).entries.values():
            trie.put(entry.display, f"@{name}", alone(entry.code))
            if name == "levels":
                trie.put(entry.code, f"@{name}", alone(entry.code))
            if name == "modalities":
                trie.put(vocabulary("modalities").label(entry.code), "@modalities", alone(entry.code))
    for act in vocabulary("interventions").entries.values():
        if isinstance(act, Intervention):
            _put_act(trie, act)
    return trie


def _put_act(trie: Trie, act: Intervention) -> None:
    """An act as it is done, undergone and, where something is checked, as what that is; each alone and on a side."""
    for side in ("", "left", "right"):
        row = Meaning((frozenset({("", act.code), *([("side", side)] if side else [])}),))
        for done in _sided(act.done, side):
            for said in _without_article(done):
                trie.put(said, "@interventions.done", row)
                trie.put(_undergone(said), "@interventions.undergone", row)
        for said in _placed(act.done, side):
            trie.put(said, "@interventions.undergone", row)
    if act.done.startswith("checked the "):
        trie.put(act.done.removeprefix("checked "), "@interventions.checked", alone(act.code))


def _sided(done: str, side: str) -> tuple[str, ...]:
    """An act on a side as its object has it: `placed a left shunt`; none where the object has no article.

    Behind "the", the side has its suffix (`the right-sided clip`): "the right clip" may be the one that was meant; of a
    limb it is the limb's.
    """
    verb, article, thing = (*done.split(" ", 2), "", "")[:3]
    if not side:
        return (done,)
    if article not in ("a", "an", "the"):
        return ()
    bare = article != "the" or thing.split(" ")[0] in _LIMBS
    words = (side, f"{side}-sided") if bare else (f"{side}-sided",)
    return tuple(f"{verb} {'a' if article == 'an' else article} {word} {thing}" for word in words)


def _without_article(done: str) -> tuple[str, ...]:
    """An act as it is said, and with its object bare: `paused tumor dissection`."""
    verb, _, thing = done.partition(" ")
    return (done, f"{verb} {thing.removeprefix('the ')}") if thing.startswith("the ") else (done,)


def _placed(done: str, side: str) -> Iterator[str]:
    """The passive of an act whose object has its side behind it: `the correction on the left side was released`."""
    for undergone in map(_undergone, _without_article(done)):
        thing, _, verb = undergone.rpartition(" ")
        thing, _, was = thing.rpartition(" ")
        if side and thing and " and " not in thing:
            yield from (f"{thing} on the {side}{word} {was} {verb}" for word in (" side", ""))


def _undergone(done: str) -> str:
    """An act as what it was done to undergoes it: `surgery was paused`; empty: it has no such form that is regular.

    Regular is one verb in `-ed` with its object right behind it and nothing behind that, since what stands there may
    belong to the verb: `turned the patient supine`, `checked for technical causes`.
    """
    verb, _, thing = done.partition(" ")
    words = thing.split()
    if not verb.endswith("ed") or not words or _NO_OBJECT.intersection(words):
        return ""
    many = words[-1].endswith("s") and not words[-1].endswith(("ss", "us", "is")) and words[0] not in ("a", "an")
    return f"{thing} {'were' if many or 'and' in words else 'was'} {verb}"


def passage_terms(passage: Passage, facts: Facts) -> CaseTerms:
    """The terms of a passage: the persons and words that its units print, and the responses it can speak of.

    Of the responses, those of its event alone, where it is about one: two responses of a case may share a short name.

    Args:
        passage: The passage.
        facts: All facts of the case.
    """
    chain = next((chain for chain in facts.events if chain.event.id == passage.about), None)
    parts = [part for unit in passage.units for part in unit.parts]
    said = [value for part in parts for value in part.said]
    words = list(dict.fromkeys(value.text for value in said if value.how == "quote"))
    trie = Trie()
    for text in words:
        trie.put(text, "@words", alone(text))
    for value in said:
        if value.how in _TERMINALS:
            trie.put(value.text, _TERMINALS[value.how], alone(value.text))
    for part in parts:
        _put_reading(trie, part, facts)
    channels = facts.of_kind("channel") if chain is None else _channels(chain)
    families = Counter(channel.text("family") for channel in channels)
    for channel in channels:
        _put_response(trie, channel, several=families[channel.text("family")] > 1)
    if chain is not None:
        _put_sites(trie, _channels(chain))
        _put_event(trie, chain)
    names = dict.fromkeys(value.text for value in said if value.how == "name")
    quoted = tuple(text for text in words if "“" in text or "”" in text)
    return CaseTerms(trie, quoted, tuple(text for text in (*words, *names) if text.endswith(STOPS)))


def _put_reading(trie: Trie, part: Part, facts: Facts) -> None:
    """What a part of a re-test showed, or what its percentages are of."""
    for value in part.said:
        if (part.kind, value.name) == ("event.retest.reading", "text"):
            trie.put(value.text, "@state", alone(value.text))
    if part.kind == "event.retest.change":
        for measured in _measured(facts.by_id[part.fact].modality):
            trie.put(measured, "@measure", EMPTY)


def _put_event(trie: Trie, chain: EventChain) -> None:
    event = chain.event
    for name in of_change(event.text("what")):
        for terminal in ("@what", "@what.alone")[: 1 if _OF_A_THING.search(name) else 2]:
            trie.put(name, terminal, alone(event.text("what")))
    trie.put(event.text("level"), "@levels", alone(event.text("level")))
    for word in _event_words(event):
        trie.put(word, "@event_word", EMPTY)
    if chain.onset.instant("onset_at") is not None:
        trie.put("during", "@during", EMPTY)
    if chain.responses:
        trie.put("the responses" if len(chain.responses) > 1 else "the response", "@all_responses", EMPTY)
    else:
        row = frozenset({("responses", event.text("responses"))})
        trie.put(event.text("responses"), "@responses", Meaning((row,)))


def _event_words(event: Fact) -> tuple[str, ...]:
    """What an event can be called in its own passage; a change only where something changed."""
    code = event.code("direction")
    kinds = () if event.codes("further") else _KIND_WORDS.get(code, ())
    changed = ("change", event.text("what"), *kinds) if code != "none" else ()
    return tuple(dict.fromkeys(("event", event.text("event_class"), *changed)))


def _measured(modality: str) -> tuple[str, ...]:
    """What a percentage of baseline of a modality is of, such as `amplitude`; in full, in short, and of several."""
    code = vocabulary("modalities")[modality].primary_parameter
    if not code:
        return ()
    parameter = vocabulary("parameters")[code]
    return tuple(dict.fromkeys((parameter.display, parameter.change_label, f"{parameter.display}s")))


def _channels(chain: EventChain) -> tuple[Fact, ...]:
    named = (*chain.responses, *(reading.channel for reading in chain.every_reading))
    return tuple({channel.id: channel for channel in named}.values())


def _put_response(trie: Trie, channel: Fact, *, several: bool) -> None:
    row = response_row(channel)
    if channel.side in vocabulary("sides").entries:
        trie.put(vocabulary("sides")[channel.side].display, "@side_here", alone(channel.side))
    for short in of_response(channel.text("short")):
        trie.put(short, "@short", Meaning((row,)))
        if channel.side != "not_recorded":
            trie.put(short, "@sided_short", Meaning((row,)))
    values = dict(row)
    if site := values.get("site"):
        for name in of_site(channel):
            trie.put(name, "@site", alone(site))
    if family := values.get("family"):
        for name in (f"{family}", f"{family} response", *((f"{family}s", f"{family} responses") if several else ())):
            trie.put(name, "@family", alone(family))


def _put_sites(trie: Trie, channels: Sequence[Fact]) -> None:
    """Muscles that need no family beside them, since there is one alone that they can be of; a nerve is the nerve."""
    if len({channel.text("family") for channel in channels}) != 1:
        return
    for channel in channels:
        if channel.code("muscle"):
            values = {"": channel.text("site_name"), "family": channel.text("family")}
            for name in of_site(channel):
                trie.put(name, "@sited", Meaning((frozenset(values.items()),)))


def response_row(channel: Fact) -> Attributes:
    """What names a response: its side, where it is recorded, and its family, as far as the record has them."""
    pairs = {"side": channel.side, "site": channel.text("site_name"), "family": channel.text("family")}
    return frozenset((name, text) for name, text in pairs.items() if text and text != "not_applicable")
