"""Base studies that the record supports, by the modalities performed and the limbs, muscles and sides recorded.

A modality that was tried and gave no response counts: the study is the recording and its reading. A modality
for which no study can be proposed is kept with its reason, so that nothing performed is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from report_gen.claim.lines.muscles import Placed, counted, place_muscles
from report_gen.claim.model import Study
from report_gen.claim.record import ClaimRecord, Modality, Response
from report_gen.rules.concepts import concepts
from report_gen.rules.studies import Route, Settle, StudyTable, study_table
from report_gen.vocab import vocabulary

__all__ = ["Mapped", "Proposal", "Unproposed", "mapped", "supported"]

_READINGS: Final = ("channel.baseline", "channel.measurement", "channel.closing")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A study with what is open about it."""

    study: Study
    """The study."""
    only_case: bool
    """Whether something is open that only this case can settle, whatever the practice does in general."""


@dataclass(frozen=True, slots=True)
class Unproposed:
    """A modality that was performed and for which no study is proposed."""

    modality: str
    """Code of `modalities`."""
    fact: str
    """Its fact id."""
    reason: str
    """Why."""
    settle: Settle
    """Who settles whether there is one after all."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """Every modality performed, in a study or with a reason."""

    proposals: tuple[Proposal, ...]
    """Studies in the order of a claim."""
    unproposed: tuple[Unproposed, ...]
    """Modalities without a study, in the order of the record."""


@dataclass(frozen=True, slots=True)
class _RecordedModality:
    """A modality that was performed, with its channels."""

    modality: Modality
    route: Route
    channels: tuple[Response, ...]
    """Channels that were monitored or tried."""
    gap: str
    """Gap of the record. Empty: none."""

    def facts(self, channels: Iterable[Response]) -> tuple[str, ...]:
        """The modality and some of its channels, as fact ids."""
        return (self.modality.fact, *(channel.fact for channel in channels))


@dataclass(slots=True)
class _StudyDraft:
    """Studies as they come together; repeated additions to one are merged."""

    facts: dict[str, dict[str, None]] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    asks: dict[str, dict[str, None]] = field(default_factory=dict)
    gaps: dict[str, dict[str, None]] = field(default_factory=dict)
    left: list[Unproposed] = field(default_factory=list)

    def add(self, concept: str, facts: Iterable[str], ask: str = "", gap: str = "", units: int = 1) -> None:
        """Add facts that a study rests on; `ask` is for the practice, `gap` is open in this case alone."""
        self.facts.setdefault(concept, {}).update(dict.fromkeys(facts))
        self.units[concept] = max(units, self.units.get(concept, 0))
        for words, kept in ((ask, self.asks), (gap, self.gaps)):
            if words:
                kept.setdefault(concept, {})[words] = None

    def leave(self, recording: _RecordedModality, reason: str, settle: Settle) -> None:
        """Keep a modality without a study."""
        self.left.append(Unproposed(recording.modality.code, recording.modality.fact, reason, settle))


def supported(record: ClaimRecord) -> tuple[Study, ...]:
    """Base studies that the record supports, in the order of a claim."""
    return tuple(proposal.study for proposal in mapped(record).proposals)


def mapped(record: ClaimRecord) -> Mapped:
    """Every modality performed, in the facts of a study or with the reason why there is none.

    Raises:
        AssetError: The tables of concepts or studies are missing or damaged.
    """
    table, draft = study_table(), _StudyDraft()
    attempts = [_recording(record, modality, table, draft) for modality in record.performed]
    recordings = [recording for recording in attempts if recording is not None]
    for recording in recordings:
        _alone(recording, record, table, draft)
    _evoked(recordings, table, draft)
    _motor(recordings, draft)
    _muscles(recordings, record, table, draft)
    places = {modality.code: index for index, modality in enumerate(record.performed)}
    left = sorted(draft.left, key=lambda entry: places[entry.modality])
    return Mapped(tuple(_proposal(concept, draft) for concept in concepts() if concept in draft.facts), tuple(left))


def _proposal(concept: str, draft: _StudyDraft) -> Proposal:
    gaps, asks = draft.gaps.get(concept, {}), draft.asks.get(concept, {})
    words = "; ".join(dict.fromkeys((*gaps, *asks)))
    return Proposal(Study(concept, draft.units[concept], tuple(draft.facts[concept]), words), bool(gaps))


def _recording(
    record: ClaimRecord, modality: Modality, table: StudyTable, draft: _StudyDraft
) -> _RecordedModality | None:
    """A modality with the channels that count. None when none was monitored; it is then kept without a study."""
    route = table.routes[modality.code]
    listed = [channel for channel in record.responses if channel.modality == modality.code]
    states = {channel.fact: _states(record, channel) for channel in listed}
    channels = tuple(channel for channel in listed if states[channel.fact] != {"not_monitored"})
    gap = _gap([states[channel.fact] for channel in channels]) if route.followed else ""
    recording = _RecordedModality(modality, route, channels, gap)
    if listed and not channels and route.count != "none":
        draft.leave(recording, "none of its channels was monitored", "case")
        return None
    return recording


def _states(record: ClaimRecord, channel: Response) -> set[str]:
    """States of the recorded readings of a channel."""
    readings = (reading for kind in _READINGS for reading in record.facts.in_group(channel.fact, kind))
    return {reading.status for reading in readings} - {"not_recorded", ""}


def _gap(states: Sequence[set[str]]) -> str:
    if not states:
        return "no channel is recorded"
    unread = sum(not channel_states for channel_states in states)
    if unread:
        return f"no reading in {unread} of {counted(len(states))}"
    if all(channel_states <= {"not_obtained", "not_monitored"} for channel_states in states):
        return "tried and not obtained in any channel; confirm that a study was read"
    return ""


def _alone(recording: _RecordedModality, record: ClaimRecord, table: StudyTable, draft: _StudyDraft) -> None:
    """Modalities that lead to a study by themselves, or to none."""
    route, facts = recording.route, recording.facts(recording.channels)
    if route.count == "none":
        draft.leave(recording, route.ask, route.settle)
    elif route.count == "concept":
        of_case = route.settle == "case"
        draft.add(route.concept, facts, ask="" if of_case else route.ask, gap=route.ask if of_case else "")
        draft.add(route.concept, facts, gap=recording.gap)
    elif route.count == "sep_dermatome":
        levels = [vocabulary("levels").get(channel.site) for channel in recording.channels]
        of_trunk = all(level is not None and level.region == "thoracic" for level in levels)
        draft.add("sep.trunk_head", facts, ask="" if of_trunk else table.dermatome_ask, gap=recording.gap)
    elif route.count == "eeg":
        outside = record.family in table.vascular_families
        concept = "eeg.nonbrain_surgery" if outside else "eeg.coma_sleep"
        draft.add(concept, facts, ask="" if outside else table.eeg_ask, gap=recording.gap)


def _evoked(recordings: Sequence[_RecordedModality], table: StudyTable, draft: _StudyDraft) -> None:
    """Evoked potentials by limb; upper and lower limbs make one combined study, nerves of the head their own."""
    limbs: dict[str, list[tuple[_RecordedModality, list[Response]]]] = {}
    for recording in recordings:
        if recording.route.count not in ("sep_upper", "sep_lower"):
            continue
        of_head = [channel for channel in recording.channels if channel.site in table.head_nerves]
        of_limb = [channel for channel in recording.channels if channel not in of_head]
        if of_head:
            draft.add("sep.trunk_head", recording.facts(of_head), gap=recording.gap)
        if of_limb or not of_head:
            limbs.setdefault(recording.route.count.replace("_", "."), []).append((recording, of_limb))
    for concept, parts in limbs.items():
        for recording, channels in parts:
            draft.add("sep.both" if len(limbs) == 2 else concept, recording.facts(channels), gap=recording.gap)


def _motor(recordings: Sequence[_RecordedModality], draft: _StudyDraft) -> None:
    """Motor potentials by the limbs of the muscles recorded."""
    for recording in recordings:
        if recording.route.count != "mep":
            continue
        channels = [channel for channel in recording.channels if channel.limb in ("upper", "lower")]
        limbs = {channel.limb for channel in channels}
        if not limbs:
            draft.leave(recording, recording.gap or "no muscle of a limb is recorded", "case")
            continue
        concept = "mep.both" if len(limbs) == 2 else f"mep.{limbs.pop()}"
        draft.add(concept, recording.facts(channels), gap=recording.gap)
        unnamed = sum(not channel.limb for channel in recording.channels)
        if unnamed and concept != "mep.both":
            draft.add(
                concept, (), gap=f"no muscle named in {counted(unnamed)}, so that other limbs may have been recorded"
            )


def _muscles(
    recordings: Sequence[_RecordedModality], record: ClaimRecord, table: StudyTable, draft: _StudyDraft
) -> None:
    """EMG by limbs, cranial nerves, larynx and trunk; tests that name no muscle are part of the EMG study."""
    muscle_recordings = [recording for recording in recordings if recording.route.count in ("emg", "cranial")]
    parts = [(recording.modality, recording.route, recording.channels) for recording in muscle_recordings]
    placed = place_muscles(parts, record, table)
    for part in placed:
        draft.add(part.concept, part.facts, part.ask, part.gap, part.units)
    inside = {fact for part in placed for fact in part.facts}
    for recording in muscle_recordings:
        if recording.modality.fact in inside:
            _unnamed(recording, placed, draft)
        elif recording.route.count == "emg" and placed:
            draft.add(placed[0].concept, recording.facts(recording.channels), gap=recording.gap)
        else:
            draft.leave(recording, recording.gap or "no muscle that makes a study is recorded", "case")


def _unnamed(recording: _RecordedModality, placed: Sequence[Placed], draft: _StudyDraft) -> None:
    """Add the gaps of a modality whose muscles are placed to the first study that rests on it."""
    concept = next(part.concept for part in placed if recording.modality.fact in part.facts)
    unnamed = sum(not channel.limb for channel in recording.channels) if recording.route.followed else 0
    draft.add(concept, (), gap=recording.gap)
    draft.add(concept, (), gap=f"no muscle named in {counted(unnamed)}" if unnamed else "")
