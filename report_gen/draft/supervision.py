"""Supervision and attestation: what the log has of who attended, to confirm or correct, and who is to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from report_gen.document.blocks import Paragraph, Section, ToConfirm
from report_gen.draft.model import Block, Sentence, Signatory
from report_gen.draft.sentences import phrase
from report_gen.draft.spans import span_words
from report_gen.draft.words import Noted, Words, joined_words
from report_gen.facts.model import Fact, Facts

__all__ = ["attestation"]

_AT_ALERTS: Final[Mapping[str, str]] = {
    "attended": "supervision.at_attended",
    "link_outage": "supervision.at_outage",
    "no_session": "supervision.at_no_session",
}
_LINK_OUT: Final = "link_outage"
"""Reason of a gap that says no more than that the link was out."""
_OWN: Final = (
    ToConfirm("Not surgeon, assistant or anesthesia provider of this operation."),
    ToConfirm("Report and impression adopted as they stand above."),
    ToConfirm("Adopted with the edits entered by hand."),
)
"""What nothing of the record answers: the professional does."""


def attestation(facts: Facts) -> Section[Block]:
    """One box for each professional, one for the technologists; the program fills in what the record has.

    What is counted over several professionals together, none of whom can vouch for it alone, stands above the boxes.
    """
    professionals = _people(facts, "interpreting_professional")
    several = len(professionals) > 1
    above: list[Block] = []
    handed = _handovers(facts, "interpreting_professional")
    if several and (shared := [*_minutes(facts), *handed, *_link(facts)]):
        above.append(Paragraph(tuple(Sentence.stating(str(words), words.states) for words in shared)))
    boxes = [_professional(facts, [person], several=several) for person in professionals]
    return Section(
        "attestation",
        "Supervision and attestation",
        (*above, *(boxes or [_professional(facts, [], several=False)]), _technologists(facts)),
        role="attestation",
    )


def _people(facts: Facts, role: str) -> list[Fact]:
    return [fact for fact in facts.of_kind("person") if fact.status == role]


def _professional(facts: Facts, people: Sequence[Fact], *, several: bool) -> Signatory:
    """The box of one professional.

    Args:
        facts: The facts.
        people: The professional. Empty: none is recorded.
        several: Whether others have boxes of their own.
    """
    named = [fact for fact in people if fact.text("name")]
    ids = {fact.id for fact in people}
    lines = _sessions(facts, [row.fact for row in facts.sessions if not several or row.professional in ids])
    if not facts.sessions:
        missing = facts.of_kind("professional.sessions")
        lines.extend(phrase("supervision.no_sessions", sessions=fact) for fact in missing)
    if several:
        own = [fact for fact in facts.of_kind("minutes.professional.person") if fact.inputs[0] in ids]
        lines.extend(phrase("supervision.attended_own", attended=fact) for fact in own)
    else:
        lines.extend([*_minutes(facts), *_handovers(facts, "interpreting_professional")])
    lines.extend(_at_alerts(facts, people, several=several))
    if not several:
        lines.extend(_link(facts))
    return Signatory(
        "professional",
        tuple(fact.text("name") for fact in named),
        tuple(fact.id for fact in named),
        tuple(fact.text("further_credentials") for fact in named),
        (*(_confirm(words) for words in lines), *_OWN),
    )


def _sessions(facts: Facts, sessions: Sequence[Fact]) -> list[Words]:
    """When the professional attended and how; times of one person and mode in one statement."""
    alike: dict[tuple[str, ...], list[Fact]] = {}
    for fact in sessions:
        alike.setdefault((*fact.inputs, fact.text("mode"), fact.id if fact.text("handed_over_to") else ""), []).append(
            fact
        )
    return [
        phrase("supervision.session", session=group[0], span=span_words(facts, group[0]))
        if len(group) == 1
        else phrase(
            "supervision.sessions",
            listing=joined_words(
                (phrase("supervision.session_part", session=fact, span=span_words(facts, fact)) for fact in group),
                "; ",
            ),
            mode=Noted(*group).text("mode"),
        )
        for group in alike.values()
    ]


def _confirm(words: Words) -> ToConfirm:
    return ToConfirm(str(words), tuple(dict.fromkeys(state.fact for state in words.states)))


def _minutes(facts: Facts) -> list[Words]:
    """How much of the monitored time was attended, what was not, and other cases open, over all professionals."""
    lines: list[Words] = []
    monitored = facts.by_id["minutes.monitoring"]
    for fact in facts.of_kind("minutes.professional"):
        if fact.status == "not_recorded" or monitored.status == "not_recorded":
            lines.append(phrase("supervision.minutes_missing", attended=fact))
        elif fact.number("attended_min") == monitored.number("monitored_min"):
            lines.append(phrase("supervision.attended_all", attended=fact, monitored=monitored))
        else:
            lines.append(phrase("supervision.attended", attended=fact, monitored=monitored))
    stretches = [
        phrase(
            "supervision.stretch",
            stretch=fact,
            span=span_words(facts, fact),
            why="no session recorded" if fact.status == "no_session" else "",
            # A link that is out is told once, as what was out.
            reason="" if fact.code("reason") == _LINK_OUT else Noted(fact).text("reason"),
        )
        for fact in facts.of_kind("unattended")
    ]
    if stretches:
        lines.append(phrase("supervision.unattended", listing=joined_words(stretches, "; ")))
    lines.extend(_other_cases(fact) for fact in facts.of_kind("professional.other_cases"))
    return lines


def _other_cases(fact: Fact) -> Words:
    if fact.status == "not_recorded":
        return phrase("supervision.other_cases_missing", others=fact)
    if not fact.number("cases"):
        return phrase("supervision.no_other_case", others=fact)
    one = fact.number("cases") == 1
    return phrase("supervision.one_other_case" if one else "supervision.other_cases", others=fact)


def _at_alerts(facts: Facts, people: Sequence[Fact], *, several: bool) -> list[Words]:
    """Who attended at each alert and how many other cases were open then; alerts that say the same together."""
    names = {fact.words("name") for fact in people}
    groups: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts.of_kind("alert.attention"):
        if not several or fact.words("name") in names or not fact.words("name"):
            key = (fact.status, fact.text("mode"), fact.text("other_cases"))
            groups.setdefault(key, []).append(fact)
    lines: list[Words] = []
    for group in groups.values():
        listed = joined_words(phrase("supervision.alert", alert=fact) for fact in group)
        alerts = ("alert " if len(group) == 1 else "alerts ") + listed
        others = _others(group[0])
        lines.append(phrase(_AT_ALERTS[group[0].status], alerts=alerts, at=Noted(*group), others=others))
    return lines


def _others(fact: Fact) -> str:
    """How many other cases were open at an alert. Empty: the record does not hold them."""
    count = fact.number("other_cases")
    if count is None:
        return ""
    noted = Noted(fact)
    if not count:
        return noted.says("other_cases", "no other case open")
    return noted.text("other_cases") + (" other case open" if count == 1 else " other cases open")


def _link(facts: Facts) -> list[Words]:
    """Whether the professional saw waveforms live, and how the room reached the professional."""
    link = facts.by_id["communication.channel"]
    if link.status == "not_recorded":
        return [phrase("supervision.no_link", link=link)]
    live = {True: "supervision.live", False: "supervision.not_live", None: "supervision.live_missing"}
    return [phrase(live[link.flag("live_waveforms")], link=link)]


def _handovers(facts: Facts, role: str) -> list[Words]:
    """What one of a role told the next, in the words of the log; one without words is told by the times attended."""
    return [
        phrase("supervision.handover", message=fact)
        for fact in facts.of_kind("message")
        if fact.status == "handover" and fact.code("from") == role and fact.text("text")
    ]


def _technologists(facts: Facts) -> Signatory:
    logged = _people(facts, "technologist")
    ids, people = {fact.id for fact in logged}, [fact for fact in logged if fact.text("name")]
    confirmations = [
        _confirm(phrase("supervision.attendance", attendance=fact, span=span_words(facts, fact)))
        for fact in facts.of_kind("attendance")
        if fact.group in ids
    ]
    handed = [_confirm(words) for words in _handovers(facts, "technologist")]
    return Signatory(
        "technologist",
        tuple(fact.text("name") for fact in people),
        tuple(fact.id for fact in people),
        tuple(fact.text("further_credentials") for fact in people),
        (*confirmations, *handed, ToConfirm("The record above is the log of this case.")),
    )
