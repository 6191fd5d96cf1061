"""What an impression says of which responses: changed, unchanged, present, within criterion; on which side.

A small reader, made to ask and not to decide. A clause that it cannot place (an exception, a comparison in time, "the
other responses") gives no statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal, TypeAlias

from report_gen.facts.model import Fact, Facts
from report_gen.vocab import vocabulary

__all__ = ["Claim", "Mention", "Statement", "statements"]

Claim: TypeAlias = Literal["changed", "beyond", "unchanged", "present", "within", "recovered", "unobtainable"]
"""Changed at any time; beyond its criterion or absent at closing; no change; present at closing; within it there;
fully recovered; without a baseline."""

_LINE: Final = re.compile(r"[\r\n]+")
_LABEL: Final = re.compile(r"^\s*([A-Za-z][\w /()-]{0,40}):\s*")
_SENTENCE: Final = re.compile(r"(?<=[.;!?])\s+")
_CLAUSE: Final = re.compile(
    r";\s*|,?\s+(?:but|while|whereas|although|however)\s+|,\s*(?:and\s+)?(?=(?:the|no|there|it|left|right|both|[lr]t?)\b)"
    r"|\s+with\s+(?=\w+(?:\s+\w+){0,3}\s+(?:present|absent|preserved|unchanged)\b)",
    re.IGNORECASE,
)
_UNCHANGED: Final = re.compile(
    r"\bno\s+(?:\w+\s+){0,4}?(?:changes?|loss|decrement|decrease|deterioration|alerts?)\b(?:\s+met\b|\s+meeting\b)?"
    r"|\bno\s+(?:\w+\s+){0,3}?(?:readings?|responses?)\s+(?:\w+\s+)?(?:met|meets|reached|exceeded|changed)\b"
    r"|\b(?:did|does|do)\s+not\s+(?:\w+\s+)?(?:change|meet|fall|drop|decrease|deteriorate|reach|decline)\b"
    r"|\bwithout\s+(?:any\s+)?(?:\w+\s+)?(?:change|loss|deterioration)\b"
    r"|\b(?:unchanged|stable|preserved|maintained|uneventful|unremarkable)\b|\bremained\s+(?:at|near)\s+baseline\b"
    r"|\b(?:comparable|similar|equal|identical)\s+(?:to|with)\s+(?:the\s+)?baselines?\b",
    re.IGNORECASE,
)
_CHANGED: Final = re.compile(
    r"\b(?:fell|dropped|decreased|declined|deteriorated|attenuated|diminished|lost|absent|disappeared|reduced|worsened"
    r"|weakened|vanished|delayed|prolonged|below\s+(?:the\s+)?(?:\w+\s+)?criteri\w+|beyond\s+(?:the\s+)?(?:\w+\s+)?criteri\w+)\b",
    re.IGNORECASE,
)
_MINOR: Final = re.compile(
    r"\b(?:slight(?:ly)?|mild(?:ly)?|minor|minimal(?:ly)?|somewhat|less\s+than|at\s+most|up\s+to|not\s+more\s+than)\b"
    r"|\b(?:data|recordings?|connection|link|electrodes?|contact|artifacts?|impedances?)\b"
    r"|(?<![\d.])1?\d(?:\.\d+)?\s*(?:%|percent\b|per\s+cent\b)(?!\s+of\b)",
    re.IGNORECASE,
)
"""A change that is said to be small, in words or as a fall below 20 %; or one of the recording, not of a response."""
_RECOVERED: Final = re.compile(
    r"\b(?:fully|completely)\s+(?:recovered|resolved|returned)\b|\b(?:recovered|resolved)\s+(?:fully|completely)\b"
    r"|\b(?:full|complete)\s+(?:recovery|return|resolution)\b|\b(?:returned|back|recovered)\s+to\s+(?:the\s+)?"
    r"(?:\w+\s+)?baselines?\b",
    re.IGNORECASE,
)
_UNOBTAINABLE: Final = re.compile(
    r"\b(?:unobtainable|not\s+obtainable|(?:could\s+not|cannot|can\s+not)\s+be\s+(?:obtained|elicited|recorded)"
    r"|(?:was|were)\s+not\s+(?:obtained|elicited|recordable|monitorable)|unmonitorable|no\s+reproducible\s+baselines?)\b",
    re.IGNORECASE,
)
_STRONG: Final = re.compile(r"\b(?:lost|absent|below|beyond)\b", re.IGNORECASE)
_DENIED: Final = re.compile(r"\b(?:not?|never|nor|neither|without|none|nothing)\b", re.IGNORECASE)
_PRESENT: Final = re.compile(r"\b(?:present|obtained|elicit(?:ed|able)|reproducible|recordable)\b", re.IGNORECASE)
_WITHIN: Final = re.compile(r"\bwithin\s+(?:the\s+)?(?:\w+\s+){0,2}?(?:criteri\w+|limits)\b", re.IGNORECASE)
_AT_CLOSING: Final = re.compile(
    r"\b(?:closing|closure|close|throughout|at\s+the\s+end|end\s+of\s+(?:the\s+)?(?:case|surgery|operation|monitoring))\b",
    re.IGNORECASE,
)
_NOW: Final = re.compile(r"\b(?:is|are|remain(?:s|ed)?|stayed)\s+(?:\w+\s+){0,2}?within\b", re.IGNORECASE)
_NOT_PLACED: Final = re.compile(
    r"\b(?:except(?:ing)?|apart\s+from|other(?:wise)?|remaining|further|additional|again|until|before|prior|after|since"
    r"|following|new)\b",
    re.IGNORECASE,
)
_LIMITED: Final = re.compile(
    r"\b(?:lasting|permanent|transient(?:ly)?|returned|recovered|initially|at\s+first|partial(?:ly)?|in\s+part)\b",
    re.IGNORECASE,
)
"""Words that limit in time or degree what a clause denies or says of the closing; a change at any time stays one."""
_SIDE: Final = re.compile(r"\b((?i:left|right|both|bilateral(?:ly)?)|[LR]t?(?=\.?\s+[A-Za-z]))\b")
_LEFT_AND_RIGHT: Final = re.compile(
    r"\b(?:left\s*(?:and|or|&|/)\s*(?:the\s+)?right|right\s*(?:and|or|&|/)\s*(?:the\s+)?left)\b(?!\s+side)",
    re.IGNORECASE,
)
_OF_BEFORE: Final = re.compile(
    r"^\W*(?:on\s+the\s+|(?:those|that|the\s+responses?)\s+(?:of|on)\s+the\s+|the\s+)?(?:left|right)"
    r"(?:\s+(?:side|sides|ones?|responses?))?\s+"
    r"(?:did|do|does|was|were|is|are|had|showed|remained|stayed|never|fell|dropped|there|no|also)\b",
    re.IGNORECASE,
)
"""A clause about a side alone, which speaks of what the clause before spoke of."""
_LIMBS: Final = {
    "upper": re.compile(r"\b(?:arms?|hands?|upper)\b", re.IGNORECASE),
    "lower": re.compile(r"\b(?:legs?|foot|feet|lower)\b", re.IGNORECASE),
}
_GROUPS: Final = {
    "motor": re.compile(r"\bmotor\b|\bMEPs?\b", re.IGNORECASE),
    "sensory": re.compile(r"\b(?:somato)?sensory\b", re.IGNORECASE),
    "emg": re.compile(r"\bEMG\b|\belectromyograph\w*|\broots?\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A muscle or nerve with the side that the words give it."""

    site: str
    """Its code."""
    side: str
    """`left`, `right`, or empty for both or none stated."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one clause says of which responses."""

    claim: Claim
    modalities: frozenset[str]
    """Modality codes of the record that it names. Empty: none."""
    mentions: tuple[Mention, ...]
    """Muscles and nerves that it names. Empty: none."""
    limbs: frozenset[str]
    """`upper`, `lower`. Empty: it names none, or names muscles or nerves."""
    sides: frozenset[str]
    """Sides that it names beside a muscle or nerve, or alone. Empty: none, or both."""

    @property
    def placed(self) -> bool:
        """Whether it names anything at all: a modality, a site or a limb."""
        return bool(self.modalities or self.mentions or self.limbs)

    def covers(self, channel: Fact) -> bool:
        """Whether a response is among those that it is about."""
        if self.modalities and channel.modality not in self.modalities:
            return False
        if self.mentions:
            return any(row.site == channel.site and row.side in ("", channel.side) for row in self.mentions)
        if self.limbs and _limb(channel) not in self.limbs:
            return False
        return not self.sides or channel.side in self.sides


def statements(words: str, facts: Facts) -> tuple[Statement, ...]:
    """The statements of a text that can be placed, in its order.

    Args:
        words: The text of a person.
        facts: Facts of the case, whose responses and modalities say which names are looked for.
    """
    names = _Names.of(facts)
    found: list[Statement] = []
    for row in _LINE.split(words):
        # Runs of white space cost a search for a space time that grows with their square.
        line = names.sided(" ".join(row.split()))
        label = _LABEL.match(line)
        headed = names.modalities(label[1]) if label else frozenset()
        subject: Statement | None = None
        for sentence in _SENTENCE.split(line[label.end() :] if label else line):
            for clause in _CLAUSE.split(sentence):
                for statement in _read(clause or "", headed, subject, names):
                    found.append(statement)
                    subject = statement if statement.placed else subject
    return tuple(found)


def _read(clause: str, headed: frozenset[str], subject: Statement | None, names: _Names) -> Iterator[Statement]:
    claims = tuple(_claims(clause))
    if not claims or _NOT_PLACED.search(clause):
        return
    mentions, modalities = names.mentions(clause), names.modalities(clause) or headed
    sides = frozenset(map(_side, _SIDE.findall(clause)))
    one = frozenset() if len(sides) != 1 or not sides <= {"left", "right"} else sides
    limbs = frozenset() if mentions else frozenset(limb for limb, form in _LIMBS.items() if form.search(clause))
    if _LIMITED.search(clause):
        claims = tuple("changed" if claim == "beyond" else claim for claim in claims if claim in _AT_ANY_TIME)
        if not claims:
            return
    said = Statement(claims[0], modalities, mentions, limbs, one)
    if subject is not None and not (mentions or limbs) and one and _OF_BEFORE.search(clause):
        # "The left side did not change": of what the sentence before spoke of.
        mentions = tuple(Mention(row.site, next(iter(one), row.side)) for row in subject.mentions)
        said = replace(said, modalities=names.modalities(clause) or subject.modalities, mentions=mentions)
    for claim in claims:
        yield replace(said, claim=claim)


def _claims(clause: str) -> Iterator[Claim]:
    denied = _UNCHANGED.search(clause)
    if denied:
        yield "unchanged"
    rest = clause.replace(denied[0], " ") if denied else clause
    change = _CHANGED.search(rest)
    if change and not denied and not _MINOR.search(rest) and not _DENIED.search(rest[: change.start()]):
        yield "beyond" if _AT_CLOSING.search(clause) and _STRONG.search(rest) else "changed"
    closing = _AT_CLOSING.search(clause) is not None
    if closing and (seen := _PRESENT.search(rest)) and not _DENIED.search(rest[: seen.start()]):
        yield "present"
    within = _WITHIN.search(rest)
    again = _RECOVERED.search(rest)
    if again and not _DENIED.search(rest[: again.start()]) and not _PARTIAL.search(clause):
        yield "recovered"
    if _UNOBTAINABLE.search(clause):
        yield "unobtainable"
    if within and (closing or _NOW.search(rest)) and not _DENIED.search(rest[: within.start()]):
        yield "within"


_AT_ANY_TIME: Final = ("changed", "beyond", "recovered", "unobtainable")
_PARTIAL: Final = re.compile(r"\b(?:partial(?:ly)?|in\s+part|incomplete(?:ly)?|nearly|almost|toward)\b", re.IGNORECASE)


def _side(word: str) -> str:
    """The side that a word or letter names."""
    return {"l": "left", "r": "right"}.get(word[0].lower(), word.lower())


def _limb(channel: Fact) -> str:
    """`upper` or `lower`, by the muscle or else by the name of the modality. Empty: neither says."""
    muscle = vocabulary("muscles").get(channel.code("muscle"))
    if muscle is not None:
        return muscle.limb
    name = vocabulary("modalities")[channel.modality].display
    return next((limb for limb, form in _LIMBS.items() if form.search(name)), "")


@dataclass(frozen=True, slots=True)
class _Names:
    """The names by which a text may call the modalities and sites of one case."""

    sites: Mapping[str, re.Pattern[str]]
    """Forms of each muscle and nerve of the record, by code."""
    kinds: Mapping[str, re.Pattern[str]]
    """Forms of each modality of the record, by code."""
    groups: Mapping[str, str]
    """Group of each modality of the record."""
    short: re.Pattern[str] | None
    """Abbreviations of the muscles and nerves of the record behind a letter for the side. None: they have none."""

    @classmethod
    def of(cls, facts: Facts) -> _Names:
        """The names of what a case records."""
        codes = dict.fromkeys(fact.modality for fact in facts.of_kind("channel"))
        codes |= dict.fromkeys(fact.modality for fact in facts.of_kind("modality") if fact.status == "performed")
        entries = vocabulary("modalities")
        kinds = {code: entry for code in codes if (entry := entries.get(code)) is not None}
        sites: dict[str, re.Pattern[str]] = {}
        short: list[str] = []
        for channel in facts.of_kind("channel"):
            for name, book in (("muscle", "muscles"), ("nerve", "nerves")):
                term = vocabulary(book).get(channel.code(name))
                if term is not None and term.code not in sites:
                    short += [term.abbreviation] if term.abbreviation else []
                    sites[term.code] = _site_forms(book, term.code)
        return cls(
            sites,
            {code: _modality_forms(code, _waves(facts, code)) for code in kinds},
            {code: entry.group for code, entry in kinds.items()},
            re.compile(rf"\b([LR])-?({'|'.join(map(re.escape, short))})\b") if short else None,
        )

    def sided(self, words: str) -> str:
        """Words with both sides as such, and that before a muscle's abbreviation in full: `LTA` becomes `left TA`."""
        words = _LEFT_AND_RIGHT.sub("both", words)
        if self.short is None:
            return words
        return self.short.sub(lambda found: f"{_side(found[1])} {found[2]}", words)

    def modalities(self, words: str) -> frozenset[str]:
        """Modalities of the record that words name, by their own name or by their group."""
        named = {code for code, form in self.kinds.items() if form.search(words)}
        groups = {group for group, form in _GROUPS.items() if form.search(words)}
        return frozenset(named | {code for code, group in self.groups.items() if group in groups})

    def mentions(self, words: str) -> tuple[Mention, ...]:
        """Muscles and nerves that words name, each with the side that goes with it."""
        marks: list[tuple[int, str, str]] = [(side.start(), "side", _side(side[1])) for side in _SIDE.finditer(words)]
        for code, form in self.sites.items():
            marks += [(match.start(), "site", code) for match in form.finditer(words)]
        return tuple(_sided(sorted(marks)))


def _sided(marks: Sequence[tuple[int, str, str]]) -> Iterator[Mention]:
    """Each site with the side before it, or else the first one behind it; `both` is no side."""
    side, waiting = "", list[str]()
    for _, kind, name in marks:
        if kind == "site":
            if side:
                yield Mention(name, side if side in ("left", "right") else "")
            else:
                waiting.append(name)
            continue
        side = name
        yield from (Mention(site, side if side in ("left", "right") else "") for site in waiting)
        waiting.clear()
    yield from (Mention(site, "") for site in waiting)


# Every check of a text asks for the patterns of the same few terms.
@cache
def _site_forms(book: str, code: str) -> re.Pattern[str]:
    """A pattern of a term's names in any case, and of its abbreviation as written."""
    term = vocabulary(book)[code]
    names, abbreviation = (term.display, *term.synonyms), term.abbreviation
    short = {name.removesuffix(" nerve") for name in names} | set(names)
    words = "|".join(re.escape(name) for name in sorted(short, key=len, reverse=True))
    exact = f"|\\b{re.escape(abbreviation)}\\b" if abbreviation else ""
    return re.compile(rf"(?i:\b(?:{words})\b){exact}")


def _waves(facts: Facts, modality: str) -> frozenset[str]:
    """What the peaks of a modality are called in place of its name, where they bear Roman numbers."""
    peaks = {channel.text("peak") for channel in facts.of_kind("channel") if channel.modality == modality}
    return frozenset(f"wave {peak}" for peak in peaks if peak and not peak.strip("IV"))


@cache
def _modality_forms(code: str, waves: frozenset[str]) -> re.Pattern[str]:
    entry = vocabulary("modalities")[code]
    names = {*entry.printed, *entry.synonyms, entry.channel_label, *waves}
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    return re.compile(rf"\b(?:{words})s?\b", re.IGNORECASE)
