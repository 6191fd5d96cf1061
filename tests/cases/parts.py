"""The parts of a case as plain data: times, readings, measurements, channels, criteria."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["Data", "at", "baseline", "channel", "criterion", "in_words", "measurement", "reading"]

Data = dict[str, Any]


def at(clock: str, *, day: str = "2026-02-11", offset: str = "-06:00") -> str:
    """A time of the case, such as `09:30`, as the case file writes it."""
    return f"{day}T{clock}{':00' if clock.count(':') == 1 else ''}{offset}"


def reading(amplitude: float | None = None, latency: float | None = None, **more: Any) -> Data:
    """A measured reading in µV and ms, or any other through `more`."""
    values = {"amplitude_uv": amplitude, "latency_ms": latency}
    kept = {name: value for name, value in values.items() if value is not None}
    return {"state": "measured", **kept, **more}


def measurement(phase: str, clock: str | None, what: Data, **more: Any) -> Data:
    """A measurement of a channel; `clock` None leaves its time out."""
    return {"phase": phase, **({"at": at(clock)} if clock else {}), "reading": what, **more}


def baseline(clock: str | None, what: Data, kind: str = "post_position") -> Data:
    """A baseline of a kind."""
    return measurement("baseline", clock, what, baseline_kind=kind)


def channel(name: str, modality: str, side: str, measurements: Iterable[Data], **site: Any) -> Data:
    """A channel."""
    return {"id": name, "modality": modality, "side": side, **site, "measurements": list(measurements)}


def criterion(name: str, modality: str | list[str], *conditions: tuple[str, float | None], **more: Any) -> Data:
    """An alert criterion of `(parameter, threshold)` conditions."""
    rows = [{"parameter": code, **({} if limit is None else {"threshold": limit})} for code, limit in conditions]
    modalities = [modality] if isinstance(modality, str) else modality
    return {"id": name, "modalities": modalities, "conditions": rows, "reference": "department protocol 3", **more}


_IN_WORDS = {
    "code": "code_other",
    "agent": "agent_other",
    "direction": "direction_other",
    "resolution_class": "class_other",
}


def in_words(node: Any) -> Any:
    """An event, or a part of one, with words beside every `other`."""
    if isinstance(node, list):
        return [in_words(row) for row in node]
    if not isinstance(node, dict):
        return node
    words = {_IN_WORDS[name]: "as it is worded" for name, code in node.items() if name in _IN_WORDS and code == "other"}
    return {name: in_words(value) for name, value in node.items()} | words
