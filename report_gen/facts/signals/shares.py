"""What is left of a response, in percent of its baseline: the one measure of the signed pages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from report_gen.facts.fact import Fact
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.signals.changes import TOO_LARGE
from report_gen.vocab import vocabulary

__all__ = ["by_words", "share_of", "share_phrase"]


def share_of(change: Fact | None) -> str:
    """A reading in percent of its baseline, such as `38%`; what is judged by a difference alone, as that.

    Empty: there is no baseline to compare with, the values of both cannot be compared, or the percentage is too large
    to be printed.
    """
    if change is None:
        return ""
    shares = [text for name in _shares() if (text := change.text(name))]
    if shares:
        return "" if shares[0] == TOO_LARGE else shares[0]
    return next(iter(_differences(change)), "")


def share_phrase(change: Fact | None) -> str:
    """A reading in percent of its baseline, with its latency where the modality is judged by that too.

    Such as `38%, +1.3 ms`. Empty: as above.
    """
    share = share_of(change)
    if change is None or not share:
        return share
    parameters = vocabulary("parameters")
    timed = any(
        parameters[code].aspect == "latency" for code in vocabulary("modalities")[change.modality].core_parameters
    )
    return ", ".join(dict.fromkeys([share, *(_latencies(change) if timed else ())]))


def _differences(change: Fact) -> list[str]:
    """What is judged by its difference; a latency needs no name beside its unit."""
    return [
        text if names.aspect == "latency" else f"{names.label} {text}"
        for names in change_names().values()
        if not names.in_percent and (text := change.text(names.difference))
    ]


def _latencies(change: Fact) -> list[str]:
    return [
        text
        for names in change_names().values()
        if names.aspect == "latency" and (text := change.text(names.difference))
    ]


@cache
def _shares() -> tuple[str, ...]:
    return tuple(names.of_baseline for names in change_names().values() if names.in_percent)


def by_words(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Names by what is said of each, in the order in which it is first said."""
    groups: dict[str, list[str]] = {}
    for name, words in pairs:
        groups.setdefault(words, []).append(name)
    return groups
