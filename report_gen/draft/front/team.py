"""Who held each place in the team, and when those who monitored attended: at the alerts, and beside other cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from report_gen.document.blocks import KeyValue
from report_gen.draft.sentences import phrase
from report_gen.draft.spans import span_words
from report_gen.draft.words import Noted, Words, joined_words, printed
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import NOT_RECORDED, utc
from report_gen.vocab import vocabulary
from report_gen.vocab.entries import Role

__all__ = ["logged_as", "people"]

_ELSEWHERE: Final = ("md", "do", "phd", "aud", "state_medical_license")
"""Credentials that the name bears as a degree, or that stand with the signature."""
_FEW: Final = 4
"""Alerts that are named one by one beside who attended them; of more the times tell, and how many they were."""
_GAPS_TOLD: Final = 2
"""Stretches that nobody attended which are told one by one."""
_STATUS: Final = {
    "attended": "page_one.attending",
    "link_outage": "page_one.attending_link_out",
    "no_session": "page_one.attending_nobody",
}


def _main(place: str) -> Role:
    """The first role that fills a place in the team."""
    return next(role for role in vocabulary("roles").entries.values() if role.place == place)


def logged_as(place: str) -> str:
    """The kind of facts that say when those who hold a place attended. Empty: a report does not tell it."""
    return _main(place).logged_as or ""


def people(facts: Facts, place: str) -> KeyValue:
    """The people who hold a place in the team, with their credentials; of those who monitor, when they attended."""
    roles, label = vocabulary("roles"), place.capitalize()
    found = [fact for fact in facts.of_kind("person") if roles[fact.status].place == place]
    if not found:
        return KeyValue(label, NOT_RECORDED, ("people.missing",) if facts.get("people.missing") else ())
    main, kind = _main(place), logged_as(place)
    logged = [fact for fact in facts.of_kind(kind) if kind == "session" or fact.status == main.code] if kind else []
    together = _together(logged) if kind == "attendance" else []
    texts: list[str] = []
    for person in found:
        own = [fact for fact in logged if person.id in (fact.group, *fact.inputs)]
        named = _named(facts, person, main.code)
        if kind == "attendance":
            named += _technologist(facts, own, alone=not together)
        elif kind == "session":
            named += _attended(facts, own)
        if kind and not own:
            named.append(_no_log(facts, person, kind))
        texts.append(joined_words(named, ", "))
    if kind == "attendance":
        texts += [*_nobody(facts), *together]
    elif kind == "session":
        texts += [*_unattended(facts), *_attention(facts, several=len(found) > 1)]
    words = joined_words(texts, "; ")
    return KeyValue(label, str(words), tuple(dict.fromkeys(state.fact for state in words.states)))


def _named(facts: Facts, person: Fact, main: str) -> list[str]:
    """The name of a person, with the credentials, or else the role where it is not the first of its place."""
    noted = Noted(person)
    held = [fact for fact in facts.in_group(person.id, "person.credential") if fact.status not in _ELSEWHERE]
    by_code = {fact.status: [other for other in held if other.status == fact.status] for fact in held}
    beside = (
        joined_words((Noted(*alike).text("name") for alike in by_code.values()), ", ")
        if held
        else noted.text("role")
        if person.status != main
        else ""
    )
    name = noted.text("name") or noted.lacks("name", "name not recorded")
    return [printed((name, " (", beside, ")")) if beside else name]


def _no_log(facts: Facts, person: Fact, kind: str) -> str:
    """That the log has nothing of a person."""
    for fact in facts.of_kind("professional.sessions") if kind == "session" else ():
        return Noted(fact).lacks("text", "attendance not recorded")
    return Noted(person).lacks("attendance", "attendance not recorded")


def _spans(facts: Facts, rows: Sequence[Fact]) -> Words:
    """When somebody attended; stretches that follow each other without a break are one."""
    timed = [(start, end, row) for row in rows if (start := row.instant("start_at")) and (end := row.instant("end_at"))]
    stretches: list[list[Fact]] = []
    last: datetime | None = None
    for start, end, row in sorted(timed, key=lambda item: utc(item[0])):
        if last is not None and utc(start) <= last:
            first, until = stretches[-1]
            stretches[-1] = [first, row if utc(end) > last else until]
            last = max(last, utc(end))
        else:
            stretches.append([row, row])
            last = utc(end)
    return joined_words(span_words(facts, first, until) for first, until in stretches)


def _attended(facts: Facts, own: Sequence[Fact]) -> Iterator[str]:
    """How a professional attended, and when."""
    if not own:
        return
    by_mode: dict[str, list[Fact]] = {}
    for fact in own:
        by_mode.setdefault(fact.text("mode"), []).append(fact)
    yield joined_words(
        (
            printed((Noted(*rows).text("mode"), " " if mode else "", _spans(facts, rows)))
            for mode, rows in by_mode.items()
        ),
        "; ",
    )


def _unattended(facts: Facts) -> Iterator[str]:
    """What of the monitored time no professional attended: each stretch, or of many how much was attended."""
    gaps = facts.of_kind("unattended")
    if len(gaps) > _GAPS_TOLD:
        attended, monitored = facts.by_id["minutes.professional"], facts.by_id["minutes.monitoring"]
        yield phrase("page_one.attended_of", attended=attended, monitored=monitored)
    elif gaps:
        listed = (phrase("page_one.gap_attended", gap=fact, span=span_words(facts, fact)) for fact in gaps)
        yield phrase("page_one.not_attended", listing=joined_words(listed))


def _attention(facts: Facts, *, several: bool) -> Iterator[str]:
    """Whether a professional attended at the alerts, and how many other cases were open then and at other times."""
    alike, sessions = facts.of_kind("alerts.attention"), facts.of_kind("session")
    modes = {fact.code("mode") for fact in sessions}
    brief = _at_many(alike) if len(modes) == 1 else None
    if brief is not None:
        yield brief
    for place, fact in enumerate(alike if brief is None else ()):
        at = Noted(fact)
        yield phrase(
            _STATUS[fact.status],
            which=_which(fact, most=place == 0),
            name=at.text("name") if several else "",
            mode=at.text("mode") if len(modes) > 1 else "",
            others=_cases(fact, "other_cases"),
            at=at,
        )
    told = [count for fact in alike if (count := fact.number("other_cases")) is not None]
    for others in facts.of_kind("professional.other_cases"):
        if others.status == "not_recorded":
            if not told:
                yield from _logged_cases(sessions) or [phrase("page_one.other_cases_missing", others=others)]
        elif not told:
            yield _other_cases(others)
        elif (others.number("most_at_once") or 0) > max(told):
            yield phrase("page_one.other_cases_else", others=others)


def _at_many(alike: Sequence[Fact]) -> Words | None:
    """That many alerts were all attended, with other cases open then. None: they are few, or not all were attended."""
    alerts = alike[0].number("alerts") or 0 if alike else 0
    counts = [fact.number("other_cases") for fact in alike]
    if alerts <= _FEW or sum(fact.number("count") or 0 for fact in alike) != alerts or None in counts:
        return None
    if any(fact.status != "attended" for fact in alike):
        return None
    if len(alike) == 1:
        return phrase("page_one.attended_alerts", at=alike[0], others=_cases(alike[0], "other_cases"))
    most, *others = alike
    listing = joined_words(
        (
            phrase("page_one.cases_at_most", at=most, others=_cases(most, "other_cases")),
            *(phrase("page_one.cases_at", at=fact) for fact in others),
        ),
        "; ",
    )
    return phrase("page_one.attended_alerts", at=most, others=listing)


def _which(fact: Fact, *, most: bool) -> Words:
    """The alerts of one attention: all of them, how many of all, or each by its name.

    Args:
        fact: Alerts of one attention.
        most: Whether no other attention was at more of them.
    """
    count, alerts = fact.number("count") or 0, fact.number("alerts") or 0
    if count == alerts > 1:
        return phrase("page_one.at_both_alerts" if count == 2 else "page_one.at_every_alert", at=fact)
    if most and count > _FEW:
        return phrase("page_one.at_most_alerts", at=fact)
    return phrase("page_one.at_alert" if alerts == 1 else "page_one.at_alerts", at=fact)


def _cases(fact: Fact, value: str) -> str:
    """How many other cases were open. Empty: the record does not say."""
    count = fact.number(value)
    if count is None:
        return ""
    words = "no" if not count else fact.text(value)
    return Noted(fact).says(value, f"{words} other case{'s' if count > 1 else ''} open")


def _logged_cases(rows: Sequence[Fact]) -> list[str]:
    """Other cases open as the log of the attendance itself has them, at most. Empty: of one stretch it does not say."""
    counts = [fact.number("other_open_cases") for fact in rows]
    if not counts or any(count is None for count in counts):
        return []
    most = max(rows, key=lambda fact: fact.number("other_open_cases") or 0)
    words = _cases(most, "other_open_cases")
    return ["at most " + words if len(set(counts)) > 1 else words]


def _other_cases(fact: Fact) -> Words:
    if not fact.number("cases"):
        return phrase("page_one.other_cases_none", others=fact)
    if fact.number("cases") == 1:
        return phrase("page_one.other_cases_one", others=fact)
    one = "case" if fact.number("most_at_once") == 1 else ""
    return phrase("page_one.other_cases_several", others=fact, one=one)


def _technologist(facts: Facts, own: Sequence[Fact], *, alone: bool) -> Iterator[str]:
    """When a technologist attended, at which alerts, and, unless it is told of all together, other cases open."""
    if not own:
        return
    times = _spans(facts, own)
    at_alerts = facts.of_kind("alert.technologist")
    there = [fact for fact in at_alerts if {fact.id for fact in own} & set(fact.inputs)]
    if there and len(at_alerts) <= _FEW:
        times = printed((times, " (present at ", joined_words(Noted(fact).text("id") for fact in there), ")"))
    yield times
    if alone:
        yield from _logged_cases(own)


def _together(logged: Sequence[Fact]) -> list[str]:
    """That none of several technologists had another case. Empty: the log does not say so of each stretch."""
    if len({fact.group for fact in logged}) < 2 or any(fact.number("other_open_cases") != 0 for fact in logged):
        return []
    return [Noted(*logged).says("other_open_cases", "none had another case open")]


def _nobody(facts: Facts) -> Iterator[Words]:
    """Alerts at which the log has no technologist."""
    nobody = [fact for fact in facts.of_kind("alert.technologist") if fact.status == "nobody"]
    if nobody:
        listed = joined_words(Noted(fact).text("id") for fact in nobody)
        yield phrase("page_one.technologist_nobody", those=listed)
