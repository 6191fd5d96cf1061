"""How an alert ended, what is named as its cause, what was excluded, what is not recorded of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Final

from report_gen.draft.events.entry import Entry, clock_time, entry
from report_gen.draft.events.told import of_some
from report_gen.draft.model import Sentence
from report_gen.draft.sentences import phrase, say
from report_gen.draft.words import Noted, Words, joined_words
from report_gen.facts.fact import Fact
from report_gen.facts.model import Facts
from report_gen.facts.views.courses import EventChain
from report_gen.vocab import vocabulary

__all__ = ["cause_sentence", "end_words", "ended", "left", "lost"]

_CAUSE: Final[Mapping[str, str]] = {
    "stated": "events.cause_stated",
    "suspected": "events.cause_stated_suspected",
    "excluded_others": "events.cause_excluded_others",
}

_NO_RECOVERY: Final = ("lost_to_close", "unchanged", "worsened", "not_retestable", "superseded_by_new_baseline")
"""Classes of ending that are no recovery, not even a partial one."""

_UNKNOWN: Final = ("role_not_recorded", "not_recorded", "other")
"""Stand for whoever was told, who may have been anybody."""


def end_words(resolution: Fact | Noted) -> str:
    """How an event ended in words; the record's own are quoted. A response that stayed lost says so first."""
    noted = resolution if isinstance(resolution, Noted) else Noted(resolution)
    words = noted.text("text")
    if noted.status == "lost_to_close":
        return "not recovered: " + words
    return "\u201c" + words + "\u201d" if noted.status == "other" else words


def ended(chains: Sequence[EventChain]) -> list[Entry]:
    """The endings; those of one class and time in one sentence."""
    alike: dict[Hashable, list[EventChain]] = {}
    for chain in chains:
        if chain.resolution is not None and chain.resolution.status != "not_recorded":
            key = tuple((value.name, value.text) for value in chain.resolution.values)
            alike.setdefault(key, []).append(chain)
    entries: list[Entry] = []
    for group in alike.values():
        resolutions = [chain.resolution for chain in group if chain.resolution is not None]
        durations = [chain.duration for chain in group if chain.duration is not None and _returned(chain)]
        name = ", ".join(chain.id for chain in group) if len(chains) > 1 else ""
        duration = _durations(group) if durations else ""
        end = Noted(*resolutions)
        untimed = None if clock_time(resolutions[0]) else end
        said, dated = (
            say("events.end", end=end, words=end_words(end), name=name, after=duration, untimed=untimed, time=time)
            for time in ("", end.text("at"))
        )
        entries.append(entry(resolutions[0], [said], dated=[dated], follows=True))
    return entries


def _returned(chain: EventChain) -> bool:
    """Whether the time to the ending is that of a recovery; where nothing came back it would read like one."""
    return chain.resolution is not None and chain.resolution.status not in _NO_RECOVERY


def _durations(group: Sequence[EventChain]) -> Words:
    """The time from onset to the ending; of several alerts each with its own."""
    lengths = [(chain.id, Noted(chain.duration).text("duration_min")) for chain in group if chain.duration is not None]
    if len(lengths) == 1:
        return lengths[0][1] + " after onset"  # type: ignore[return-value]
    return joined_words((length + f" after onset of {name}" for name, length in lengths), ", ")


def left(chains: Sequence[EventChain]) -> list[Sentence]:
    """Exclusions, causes and notes, which the record has without a time; the same of several alerts once."""
    sentences: list[Sentence] = []
    ids = [chain.id for chain in chains]
    for key, facts, about in _alike(chains):
        name = of_some(about, ids)
        noted = Noted(*facts)
        if key == "excluded":
            sentences.append(say("events.excluded", excluded=noted, name=name))
        elif key == "note":
            sentences.append(say("events.note", note=noted, name=name))
        else:
            sentences.append(cause_sentence(noted, name))
    return sentences


def _alike(chains: Sequence[EventChain]) -> list[tuple[str, list[Fact], tuple[str, ...]]]:
    found: dict[Hashable, tuple[str, list[Fact], list[str]]] = {}
    for chain in chains:
        parts: list[tuple[str, Fact | None]] = [
            ("excluded", chain.excluded),
            ("cause", chain.cause),
            *(("cause", fact) for fact in chain.stated_causes),
            ("note", chain.note),
        ]
        for key, fact in parts:
            if fact is not None:
                same = (key, fact.kind, fact.status, tuple((value.name, value.text) for value in fact.values))
                _, facts, about = found.setdefault(same, (key, [], []))
                facts.append(fact)
                about.append(chain.id)
    return [(key, facts, tuple(dict.fromkeys(about))) for key, facts, about in found.values()]


def _by_whom(noted: Noted, joint: str) -> Words:
    """Who says something: `by the surgeon (Dr A)`; a role that is not recorded is said to be."""
    if noted.code("by_role") != "not_recorded":
        return phrase("events.by_role", fact=noted, joint=joint)
    return phrase("events.by_name" if noted.text("by") else "events.by_nobody", fact=noted, joint=joint)


def cause_sentence(noted: Noted, name: str = "") -> Sentence:
    """A cause as suspected or stated, with its author, in the author's own words where there are any."""
    fact = noted.facts[0]
    stated = fact.kind == "event.stated_cause"
    if fact.text("undetermined") and not fact.text("named"):
        key = "events.cause_called_undetermined" if stated else "events.cause_undetermined"
        return say(key, cause=noted, by=_by_whom(noted, "by "), name=name)
    # What is named, apart from a quoted statement and from that it is undetermined.
    words = phrase("events.named" if fact.text("named") else "events.stated", fact=noted)
    key = _CAUSE.get(fact.status, "events.cause_uncertain") if stated else "events.cause_suspected"
    joint = "" if key == "events.cause_uncertain" else "by "
    return say(key, by=_by_whom(noted, joint), words=words, name=name)


def lost(facts: Facts, chains: Sequence[EventChain]) -> list[Sentence]:
    """One sentence that names what the record does not have of the alerts; none where it has all."""
    kinds = (
        ("notification", [chain.no_notification for chain in chains]),
        ("intervention", [chain.no_intervention for chain in chains]),
        ("re-test", [chain.no_retest for chain in chains]),
        ("class of resolution", [chain.resolution for chain in chains]),
    )
    ids = [chain.id for chain in chains]
    words: list[str] = []
    for kind, rows in kinds:
        missing = [(name, fact) for name, fact in zip(ids, rows, strict=True) if fact and fact.status == "not_recorded"]
        if missing:
            about = of_some([name for name, _ in missing], ids)
            words.append(Noted(*(fact for _, fact in missing)).lacks("text", f"{kind}{f' ({about})' if about else ''}"))
    words.extend(_untold(facts, chains))
    return [say("events.lost", listing=joined_words(words, "; "))] if words else []


def _untold(facts: Facts, chains: Sequence[EventChain]) -> list[Words]:
    """Surgeon and professional, where the record has one who is not among those told of an alert."""
    ids, roles = [chain.id for chain in chains], vocabulary("roles")
    people = [(role, person) for person in facts.of_kind("person") if (role := roles.get(person.status)) is not None]
    words: list[Words] = []
    for reads in (False, True):
        due = [role for role, _ in people if (role.reads if reads else role.team == "surgical")]
        untold = [chain for chain in chains if chain.notifications and not _told_one(chain, reads=reads)]
        if due and untold:
            about = of_some([chain.id for chain in untold], ids)
            first = min(due, key=lambda role: role.place is None)
            told = f"notification of the {first.display}{f' ({about})' if about else ''}"
            words.append(Noted(*(chain.event for chain in untold)).lacks("told", told))
    return words


def _told_one(chain: EventChain, *, reads: bool) -> bool:
    """Whether one of the surgical team, or one who reads a study, may be among those who were told of an alert."""
    reached = _reached(chain)
    roles = [role for code in reached if (role := vocabulary("roles").get(code)) is not None]
    # Of the monitoring team as such nobody says whether the one who reads was among them.
    found = (
        role.reads or (role.team == "monitoring" and role.place is None) if reads else role.team == "surgical"
        for role in roles
    )
    return bool(reached.intersection(_UNKNOWN)) or any(found)


def _reached(chain: EventChain) -> set[str]:
    """Codes of the roles that were told of an alert, or told others of it."""
    told = {code for telling in chain.notifications for code in (telling.fact.status, telling.fact.code("by"))}
    return told | {message.code(name) for message in chain.messages for name in ("from", "to")}
