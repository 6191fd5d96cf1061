"""The faithful drafts: who wrote which case, what each sentence says it words, and which drafts are held out."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from report_gen import load_case
from report_gen.draft.passages import Passage, Unit, passages
from report_gen.draft.writer import write
from report_gen.facts.derive import derive
from report_gen.facts.model import Facts
from report_gen.guard.passage import Claimed

__all__ = ["DRAFTS", "SAMPLES", "Page", "Sheet", "Unsaid", "held_out", "sheets", "template_sheets", "unsaid"]

DRAFTS = Path(__file__).resolve().parent / "drafts"
SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples" / "valid"
FREE = DRAFTS.parent / "free"
"""Drafts of writers who saw an earlier brief, and were free in their words."""
_GONE: Final = frozenset({"summary", "impression", "course"})
"""Passages that the drafts word and that a case may not have any more."""


_TRAIN: Final = " intensity or train count"
"""Behind a stimulus: which of the two was changed is said by the details alone."""


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Persons' words that the drafts quote and that nobody words any more."""

    replies: tuple[str, ...]
    """What those who were told replied: it stands in the list of messages."""
    references: tuple[str, ...]
    """References of criteria: they stand in the table of criteria."""

    def left_out(self, text: str) -> str:
        """A sentence without them. Empty: what it says of a reference cannot be parted from the rest."""
        text = _without_replies(text, self.replies).replace(_TRAIN, "")
        for words in self.references:
            quoted = rf"\u201c{re.escape(words)}\u201d"
            text = re.sub(
                rf" ?\((?:reference: )?{quoted}\)|[,;] (?:(?!\bmet\b)[^,;()\u201c]){{0,40}}{quoted}", "", text
            )
        return "" if any(words in text for words in self.references) else text


@dataclass(frozen=True, slots=True)
class Page:
    """What one writer wrote for one passage."""

    passage: Passage
    """The passage as offered."""
    claims: tuple[Claimed, ...]
    """The writer's sentences in order."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One draft: one writer's passages of one case."""

    writer: str
    """Name of the writer's folder."""
    case: str
    """Name of the case file, without ending."""
    facts: Facts
    """All facts of the case."""
    units: tuple[Unit, ...]
    """Every unit of the case that may be worded, of all passages, whether this draft words it or not."""
    pages: tuple[Page, ...]
    """The passages that the draft has, in its order."""


def held_out(case: int) -> bool:
    """Whether the drafts of a case are held out: those of every second one.

    Args:
        case: Place of the case among all cases in order of name, from 0.
    """
    return case % 2 == 1


def sheets(
    folder: Path, *, held: bool = False, writers: Collection[str] = (), samples: Path = SAMPLES
) -> Iterator[Sheet]:
    """The drafts of a folder, by case and then by writer.

    Args:
        folder: Holds a folder for each writer, with one JSON file for each case.
        held: The drafts that are held out in place of the others.
        writers: Only these. Empty: all.
        samples: Holds the case files.

    Raises:
        ValueError: The folder holds no drafts, or a draft names a passage that the case does not have.
    """
    names = sorted(path.name for path in folder.glob("*") if path.is_dir())
    cases = sorted({path.stem for name in names for path in (folder / name).glob("*.json")})
    if not cases:
        raise ValueError(f"no drafts in {folder.name!r}; --drafts names a folder that holds one for each writer")
    for place, case in enumerate(cases):
        chosen = [
            name
            for name in names
            if held_out(place) == held
            and (not writers or name in writers)
            and (folder / name / f"{case}.json").is_file()
        ]
        if chosen:
            yield from _of_case(folder, case, chosen, samples)


def _of_case(folder: Path, case: str, writers: Collection[str], samples: Path) -> Iterator[Sheet]:
    facts = derive(load_case(samples / f"{case}.json"))
    offered = {passage.id: passage for passage in passages(write(facts, report_id="bench"), facts)}
    units = tuple(unit for passage in offered.values() for unit in passage.offered)
    for writer in writers:
        raw = json.loads((folder / writer / f"{case}.json").read_text(encoding="utf-8"))
        pages = tuple(
            _page(row["passage"], row["sentences"], offered, case, facts)
            for row in raw["passages"]
            if row["passage"] in offered or row["passage"] not in _GONE
        )
        yield Sheet(writer, case, facts, units, pages)


def template_sheets(samples: Path = SAMPLES) -> Iterator[Sheet]:
    """The template's own sentences of every case as a draft: all of them are faithful.

    Args:
        samples: Holds the case files.
    """
    for path in sorted(samples.glob("*.json")):
        facts = derive(load_case(path))
        offered = passages(write(facts, report_id="bench"), facts)
        units = tuple(unit for passage in offered for unit in passage.offered)
        pages = tuple(
            Page(
                passage,
                tuple(Claimed((unit.key,), sentence.text) for unit in passage.offered for sentence in unit.template),
            )
            for passage in offered
        )
        yield Sheet("template", path.stem, facts, units, pages)


def unsaid(facts: Facts) -> Unsaid:
    """What the drafts of a case quote and nobody words any more."""
    replies, references = (
        tuple(dict.fromkeys(words for fact in facts.of_kind(kind) if (words := fact.text(name))))
        for kind, name in (("event.acknowledgement", "reply"), ("event.criterion", "reference"))
    )
    return Unsaid(replies, references)


def _without_replies(text: str, replies: Collection[str]) -> str:
    for reply in replies:
        quoted = re.escape(f"\u201c{reply}\u201d")
        text = re.sub(rf"{_LEADS}\s*{quoted}", "", text)
        text = re.sub(rf" (?:was|read) {quoted}", " was made", text)
        text = re.sub(rf" {quoted}", "", text)
    return text if text[-1] in ".!?" else f"{text}."


_LEADS: Final = (
    r"(?: with the (?:reply|words)| in the words| with|,? and (?:replied|answered|said)|,? (?:replying|saying|stating"
    r"|replied)|[:,])"
)


def _page(name: str, sentences: list[dict[str, object]], offered: dict[str, Passage], case: str, facts: Facts) -> Page:
    """A writer's passage, without what it says of facts that nobody words there any more."""
    if name not in offered:
        raise ValueError(f"a draft of {case!r} has the passage {name!r}, which the case does not have")
    passage, quotes = offered[name], unsaid(facts)
    keys = {unit.id: unit.key for unit in passage.units}
    # The course told the events too, so that only its own units are told there; elsewhere one of another is a stray.
    told = [passage] if name in _GONE else offered.values()
    old = {fact.id for fact in facts} - {unit.id for page in told for unit in page.offered}
    claims = []
    for row in sentences:
        cited = row["facts"]
        assert isinstance(cited, list)
        text = quotes.left_out(str(row["text"]))
        if not text or set(cited) & old:
            continue
        # An id that the passage does not know stays as it is: the guard has to see it as the stray that it is.
        claims.append(Claimed(tuple(keys.get(fact, str(fact)) for fact in cited), text))
    return Page(passage, tuple(claims))
