"""Which proved wordings stand beside sentences of the template: those that read well there, however many were refused.

Up to 0.1.0 an account fell back whole where more than 40 % of its units were refused. In a replay, that threw away 38
proved sentences of 375, and of the accounts that it took back none read better for it: what was left of
``tests/corpora/v0.1.0/model-answers.jsonl`` by the rule (three wordings of ``published_c04_acdf``) told one fact each,
complete, with time, side and person of its own. The controlled English makes it so: a wording states what the
template's sentence states, so that whatever stands beside it finds the same facts there. The share of refusals says
nothing of how a page reads. Three things do:

- A sentence that points back ("also", "then", "it"; 12 of the 125 true ones in those answers) needs the sentence that
  it points to, and that is the model's own.
- Re-tests of one paragraph are read against each other, number by number. Two notations there are two hands in one
  table, so that they stand all or not at all.
- A sentence that joins facts under two headings would put an act under "Notification" and leave "Intervention" out.

Of 507 proved wordings in the drafts of ``trials/guard``, the share threw 16 away, and these three 7. Over the accounts
of all samples, with refusals by chance:

=====================  ====  ====  ====  ====
refused                0.10  0.20  0.30  0.45
=====================  ====  ====  ====  ====
lost by the share      0.01  0.05  0.14  0.41
lost by these three    0.02  0.04  0.05  0.09
=====================  ====  ====  ====  ====
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from report_gen.document.blocks import Paragraph, Section
from report_gen.draft.model import Block, Sentence
from report_gen.draft.passages import Passage, Unit
from report_gen.guard.passage import Verdict

__all__ = ["Misfit", "misfits", "paragraphs", "points_back"]

Misfit = Literal["heading", "series", "before"]
"""Why a proved wording does not stand: it joins what stands under two headings, is one of a series of which others are
the template's, or points to a sentence before it that is not the model's."""

_QUOTED: Final = re.compile(r"“[^”]*”")
_POINTS: Final = re.compile(
    r"\b(?:also|again|likewise|similarly|too|then|thereafter|afterwards?|subsequently|meanwhile)\b", re.IGNORECASE
)
_FURTHER: Final = re.compile(r";|\band\b")
"""What a sentence goes on after: from there, a word may point to its own beginning."""
_OPENS: Final = re.compile(
    r"^(?:(?:at|by) (?:that|this|the same) time(?! as\b)|it|its|they|their|these|those|he|his|she|her|both|neither|"
    r"each|another|later|the (?:same|latter|former|other))\b",
    re.IGNORECASE,
)


def points_back(text: str) -> bool:
    """Whether a sentence points to the one before it.

    Args:
        text: The sentence, slots filled. What persons said in it is not looked at.
    """
    said = _QUOTED.sub("", text).strip()
    return bool(_OPENS.search(said) or _POINTS.search(_FURTHER.split(said, maxsplit=1)[0]))


def paragraphs(section: Section[Block]) -> Mapping[Sentence, int]:
    """The paragraph of each sentence of a section, by number."""
    return {
        sentence: number
        for number, block in enumerate(section.blocks)
        if isinstance(block, Paragraph) and not block.verbatim
        for sentence in block.sentences
    }


def misfits(passage: Passage, verdicts: Sequence[Verdict], place: Mapping[Sentence, int]) -> dict[str, Misfit]:
    """Why proved wordings of a passage do not stand, by the key of each unit; those that stand are not in it.

    Args:
        passage: The passage, whole.
        verdicts: Verdicts on all answers about it.
        place: The paragraph of each of its template's sentences.
    """
    proved = {unit.key: verdict for verdict in verdicts if verdict.proved for unit in verdict.units}
    fallen: dict[str, Misfit] = {}

    def fall(keys: Iterable[str], why: Misfit) -> None:
        """Wordings fall for all their units."""
        fallen.update((unit.key, why) for key in keys for unit in proved[key].units)

    fall([key for key, verdict in proved.items() if len({unit.label for unit in verdict.units}) > 1], "heading")
    before = -1
    while len(fallen) > before:  # one that falls may be what another points to, or of the same series
        before = len(fallen)
        standing = proved.keys() - fallen.keys()
        for series in _series(passage, place):
            if not standing.issuperset(series):
                fall(standing.intersection(series), "series")
        fall(_leaning(passage, place, {key: verdict for key, verdict in proved.items() if key not in fallen}), "before")
    return fallen


def _leaning(passage: Passage, place: Mapping[Sentence, int], standing: Mapping[str, Verdict]) -> list[str]:
    """Units whose wording points back to a sentence of the template, or to none."""
    return [
        key
        for key, previous in _after(passage, place)
        if key in standing and previous not in standing and points_back(standing[key].texts[0])
    ]


def _series(passage: Passage, place: Mapping[Sentence, int]) -> list[list[str]]:
    """The re-tests of each paragraph that has several."""
    by_paragraph: dict[int, list[str]] = {}
    for unit in passage.units:
        if _is_retest(unit):
            by_paragraph.setdefault(place[unit.template[0]], []).append(unit.key)
    return [series for series in by_paragraph.values() if len(series) > 1]


def _is_retest(unit: Unit) -> bool:
    return any(part.kind == "event.retest" for part in unit.parts) or unit.label == "Re-test"


def _after(passage: Passage, place: Mapping[Sentence, int]) -> list[tuple[str, str]]:
    """Each unit with the one before it in its paragraph; empty where it is the first."""
    found: list[tuple[str, str]] = []
    last: dict[int, str] = {}
    for unit in passage.units:
        paragraph = place[unit.template[0]]
        found.append((unit.key, last.get(paragraph, "")))
        last[paragraph] = unit.key
    return found
