"""One question for a whole report, as most tools ask, made of the questions that the program would put one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bench.model.answers import sheets_of
from report_gen.llm.port import Ask, OfferedSentence

__all__ = ["joined", "parted", "prefix"]


def prefix(place: int) -> str:
    """What stands before the ids of one of the questions, so that no two of them share an id."""
    return f"p{place + 1}"


def joined(asks: Sequence[Ask]) -> Ask:
    """All questions as one: the same rules once, the same facts, room for an answer as long as all answers together.

    Raises:
        ValueError: There are no questions.
    """
    if not asks:
        raise ValueError("a report without questions asks none")
    return Ask(
        id="whole",
        system=asks[0].system,
        user="\n\n".join(_prefixed(ask.user, prefix(place)) for place, ask in enumerate(asks)),
        fact_ids=tuple(f"{prefix(place)}{fact}" for place, ask in enumerate(asks) for fact in ask.fact_ids),
        max_output_tokens=sum(ask.max_output_tokens for ask in asks),
    )


def parted(sentences: Sequence[OfferedSentence], asks: Sequence[Ask]) -> tuple[tuple[OfferedSentence, ...], ...]:
    """The sentences of the one answer, given back to the questions that they belong to.

    A sentence that states facts of two questions belongs to neither and is dropped: no section could hold it.
    """
    home = {
        f"{prefix(place)}{fact}": (place, fact)
        for place, ask in enumerate(asks)
        for fact in dict.fromkeys(ask.fact_ids)
    }
    found: list[list[OfferedSentence]] = [[] for _ in asks]
    for row in sentences:
        places = {home[fact][0] for fact in row.facts}
        if len(places) == 1:
            found[places.pop()].append(OfferedSentence(tuple(home[fact][1] for fact in row.facts), row.text))
    return tuple(tuple(rows) for rows in found)


def _prefixed(user: str, mark: str) -> str:
    """A user message whose fact ids have the mark before them."""
    sheet = next(sheets_of(user))
    facts = [{**row, "id": f"{mark}{row['id']}"} for row in sheet["facts"]]
    head = user[: user.index("FACTS:")]
    return f"{head}FACTS:\n{json.dumps({**sheet, 'facts': facts}, ensure_ascii=False, separators=(',', ':'))}"
