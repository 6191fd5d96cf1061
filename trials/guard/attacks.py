"""False sentences that people wrote against the guard, each held against the facts that it claims to word.

    python -m trials.guard.attacks

`attacks/blind.jsonl` was written by someone who saw the facts and nothing of the guard, `attacks/informed.jsonl` by
someone who had the grammar in hand. Each line has the case, the passage, the facts that are claimed (by the first of
each unit), the sentence or sentences, the class of the trick and why it is false. Nothing here passes or fails; the
tests hold that none is kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from report_gen import load_case
from report_gen.draft.passages import Passage, passages
from report_gen.draft.writer import write
from report_gen.facts.derive import derive
from report_gen.facts.model import Facts
from report_gen.guard.judgement import Refusal, judge_of
from trials.guard.corpus import SAMPLES

__all__ = ["FILES", "Attack", "attacks", "refusals"]

_FOLDER: Final = Path(__file__).resolve().parent / "attacks"
FILES: Final = ("blind", "informed")


@dataclass(frozen=True, slots=True)
class Attack:
    """One try."""

    case: str
    passage: str
    facts: tuple[str, ...]
    """First fact of each unit that it claims to word."""
    texts: tuple[str, ...]
    """Its sentences in order."""
    trick: str
    why: str
    """Why it is false, or says more or less than the facts."""


def attacks(name: str) -> Iterator[Attack]:
    """The tries of one file.

    Args:
        name: One of `FILES`.
    """
    for line in (_FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Attack(row["case"], row["passage"], tuple(row["facts"]), tuple(row["texts"]), row["trick"], row["why"])


@cache
def _opened(case: str) -> tuple[dict[str, Passage], Facts]:
    facts = derive(load_case(SAMPLES / f"{case}.json"))
    return {passage.id: passage for passage in passages(write(facts, report_id="trial"), facts)}, facts


def refusals(attack: Attack) -> tuple[Refusal, ...] | None:
    """Why the guard refuses a try; empty: it keeps it. None: the case offers one of its units no more.

    Args:
        attack: The try.
    """
    found, facts = _opened(attack.case)
    passage = found.get(attack.passage)
    units = [unit for unit in passage.offered if unit.id in attack.facts] if passage is not None else []
    if passage is None or len(units) != len(attack.facts):
        return None
    return judge_of(passage, facts).refusals(attack.texts, units)


def main() -> None:
    """Print what was tried, and what was kept."""
    for name in FILES:
        found = [(attack, refusals(attack)) for attack in attacks(name)]
        kept = [attack for attack, faults in found if faults == ()]
        asked = sum(faults is not None for _, faults in found)
        reasons = Counter(faults[0].reason for _, faults in found if faults)
        print(f"{name}: {asked} tried, {len(kept)} kept; refused as {dict(reasons.most_common())}")
        for attack in kept:
            print(f"  {attack.trick}: {' '.join(attack.texts)} ({attack.why})")


if __name__ == "__main__":
    main()
