"""Facts of modalities as set up, stimulation and recording settings, baseline reviews and resets, equipment."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.case.contract.signals import STIMULATION_VALUES, ModalityRecord, Recording, Stimulation
from report_gen.facts.builder import FactBuilder, modality_label, term, text
from report_gen.facts.model import Value
from report_gen.facts.wording import NOT_RECORDED, absence_words, number_text, quantity_text
from report_gen.vocab import vocabulary

__all__ = ["derive_technique"]

_MODES = {"cc": "constant current", "cv": "constant voltage"}


def derive_technique(b: FactBuilder) -> None:
    """Add a fact for each modality, its settings and its baseline review, and for each device."""
    requested = set(b.case.order.modalities) if b.case.order else set()
    for index, record in enumerate(b.case.modalities):
        _modality(b, index, record, record.modality in requested)
    listed = {record.modality for record in b.case.modalities}
    for position, code in enumerate(b.case.order.modalities if b.case.order else ()):
        if code not in listed:
            listed.add(code)
            b.add(
                f"modality.{code}",
                "modality",
                f"/order/modalities/{position}",
                [
                    modality_label("label", code),
                    term("name", "modalities", code),
                ],
                group=f"modality.{code}",
                modality=code,
                status="requested_not_listed",
            )
    for index, device in enumerate(b.case.equipment):
        b.add(
            b.row_ids("equipment", b.case.equipment)[index],
            "equipment",
            f"/equipment/{index}",
            [
                text("text", device.make_model),
                b.words("software", device.software),
                b.words("serial", device.device_serial),
                b.words("checked_on", device.safety_checked_on),
            ],
            group="equipment",
        )
    if not b.case.equipment:
        b.add("equipment", "equipment", "/equipment", [])


def _modality(b: FactBuilder, index: int, record: ModalityRecord, requested: bool) -> None:
    group, place = f"modality.{record.modality}", f"/modalities/{index}"
    b.add(
        group,
        "modality",
        place,
        [
            modality_label("label", record.modality),
            term("name", "modalities", record.modality),
            Value("requested", "yes" if requested else "no", flag=requested)
            if b.case.order
            else text("requested", NOT_RECORDED),
            b.words("reason", absence_words(record.not_performed_reason, record.not_performed_detail) or None),
            b.instant("last_data_at", record.last_data_at),
        ],
        group=group,
        modality=record.modality,
        status="performed" if record.performed else "not_performed",
    )
    _settings(b, record, group, place)
    _review(b, record, group, place)
    for position, reset in enumerate(record.baseline_resets):
        b.add(
            b.row_ids(f"{group}.reset", record.baseline_resets)[position],
            "modality.baseline_reset",
            f"{place}/baseline_resets/{position}",
            [
                b.instant("at", reset.at),
                text("reason", reset.reason),
                b.words("authorized_by", b.person_name(reset.authorized_by)),
                modality_label("label", record.modality),
            ],
            group=group,
            modality=record.modality,
        )


def _settings(b: FactBuilder, record: ModalityRecord, group: str, place: str) -> None:
    for position, stimulation in enumerate(record.stimulation):
        b.add(
            b.row_ids(f"{group}.stimulation", record.stimulation)[position],
            "modality.stimulation",
            f"{place}/stimulation/{position}",
            [
                text("text", _stimulation(b, stimulation)),
                b.words("stim_mode", _MODES.get(stimulation.stim_mode or "")),
                *(b.quantity(name, getattr(stimulation, name)) for name in STIMULATION_VALUES),
                b.instant("start_at", stimulation.start_at),
            ],
            group=group,
            modality=record.modality,
            side=stimulation.side,
        )
    if record.performed and vocabulary("modalities")[record.modality].stimulated and not record.stimulation:
        pointer = f"{place}/stimulation"
        b.add(f"{group}.stimulation", "modality.stimulation", pointer, [], group=group, modality=record.modality)
    recording = record.recording
    if recording is None and not record.performed:
        return
    b.add(
        f"{group}.recording",
        "modality.recording",
        f"{place}/recording",
        [text("text", _recording(recording, electrodes=_has_electrodes(record)))] if recording is not None else [],
        group=group,
        modality=record.modality,
    )
    impedances = recording.impedances if recording else ()
    for position, impedance in enumerate(impedances):
        b.add(
            b.row_ids(f"{group}.impedance", impedances)[position],
            "modality.impedance",
            f"{place}/recording/impedances/{position}",
            [
                text("electrode", impedance.electrode),
                b.quantity("impedance_kohm", impedance.impedance_kohm),
                b.instant("at", impedance.at),
            ],
            group=group,
            modality=record.modality,
            must_state=False,
        )


def _review(b: FactBuilder, record: ModalityRecord, group: str, place: str) -> None:
    review = record.baseline_review
    followed = any(channel.modality == record.modality for channel in b.case.channels)
    if review is None and not (record.performed and followed):
        # A screw or mapping test has no baseline that anybody could review.
        return
    b.add(
        f"{group}.baseline_review",
        "modality.baseline_review",
        f"{place}/baseline_review",
        []
        if review is None
        else [
            b.coded("acceptance", "acceptances", review.acceptance),
            b.words("by", b.person_name(review.by)),
            b.instant("at", review.at),
            b.words("note", review.note),
        ],
        group=group,
        modality=record.modality,
        status="recorded" if review is None else review.acceptance,
        inputs=[] if review is None or review.by is None else [f"person.{review.by}"],
    )


def _stimulation(b: FactBuilder, stimulation: Stimulation) -> str:
    side = "" if stimulation.side in ("not_recorded", "not_applicable") else stimulation.side
    nerve = vocabulary("nerves").display(stimulation.nerve) if stimulation.nerve else ""
    where = " ".join(part for part in (side, nerve) if part)
    parts = [part for part in (where, stimulation.site, stimulation.electrode_type, stimulation.polarity) if part]
    if stimulation.stim_mode is not None:
        parts.append(_MODES[stimulation.stim_mode])
    for name in STIMULATION_VALUES[: STIMULATION_VALUES.index("train_count")]:
        amount = getattr(stimulation, name)
        if amount is not None:
            label = vocabulary("parameters")[name].value_label
            parts.append(f"{label} {quantity_text(name, amount)}".lstrip())
    parts.extend(_train(stimulation))
    if stimulation.start_at is not None:
        parts.append(f"from {b.clock.time(stimulation.start_at)}")
    return ", ".join(parts) or "settings not recorded"


def _train(stimulation: Stimulation) -> list[str]:
    parts: list[str] = []
    if stimulation.train_count is not None:
        parts.append(f"train of {stimulation.train_count}")
    if stimulation.double_train is not None:
        parts.append("double train" if stimulation.double_train else "no conditioning train")
    if stimulation.isi_ms is not None:
        parts.append(f"interstimulus interval {quantity_text('isi_ms', stimulation.isi_ms)}")
    if stimulation.sweeps is not None:
        parts.append(f"{stimulation.sweeps} sweeps")
    return parts


def _has_electrodes(record: ModalityRecord) -> bool:
    return vocabulary("modalities")[record.modality].electrodes


def _recording(recording: Recording, *, electrodes: bool) -> str:
    parts = [recording.electrode_type] if recording.electrode_type else []
    if recording.low_cut_hz is not None or recording.high_cut_hz is not None:
        low = number_text(recording.low_cut_hz) if recording.low_cut_hz is not None else "not recorded"
        high = number_text(recording.high_cut_hz) if recording.high_cut_hz is not None else "not recorded"
        parts.append(f"filters {low} to {high} Hz")
    if recording.notch_on is not None:
        parts.append(f"notch {'on' if recording.notch_on else 'off'}")
    if recording.sweep_ms is not None:
        parts.append(f"sweep {quantity_text('sweep_ms', recording.sweep_ms)}")
    if recording.sensitivity_uv_div is not None:
        parts.append(quantity_text("sensitivity_uv_div", recording.sensitivity_uv_div))
    if recording.impedances:
        parts.append(_impedances([impedance.impedance_kohm for impedance in recording.impedances]))
    elif electrodes:
        parts.append("impedances not recorded")
    return ", ".join(parts) or NOT_RECORDED


def _impedances(values: Sequence[float]) -> str:
    if len(values) == 1:
        return f"impedance {number_text(values[0])} kΩ (1 electrode)"
    return f"impedances {number_text(min(values))} to {number_text(max(values))} kΩ ({len(values)} electrodes)"
