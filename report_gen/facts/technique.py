"""Facts of modalities as set up, stimulation and recording settings, baseline reviews and resets, equipment."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.case.signals import STIMULATION_VALUES, ModalityRecord, Recording, Stimulation
from report_gen.facts.builder import FactBuilder, modality_label, term, text
from report_gen.facts.model import Value
from report_gen.facts.wording import NOT_RECORDED, number_text, quantity_text
from report_gen.vocab import vocabulary

__all__ = ["derive_technique"]

_MODES = {"cc": "constant current", "cv": "constant voltage"}


def derive_technique(b: FactBuilder) -> None:
    """Add a fact for each modality, its settings and its baseline review, and for each device."""
    requested = set(b.case.order.modalities) if b.case.order else set()
    for index, row in enumerate(b.case.modalities):
        _modality(b, index, row, row.modality in requested)
    listed = {row.modality for row in b.case.modalities}
    for position, code in enumerate(b.case.order.modalities if b.case.order else ()):
        if code not in listed:
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


def _modality(b: FactBuilder, index: int, row: ModalityRecord, requested: bool) -> None:
    group, place = f"modality.{row.modality}", f"/modalities/{index}"
    reasons = [
        vocabulary("absence_reasons").display(row.not_performed_reason) if row.not_performed_reason else "",
        row.not_performed_detail or "",
    ]
    b.add(
        group,
        "modality",
        place,
        [
            modality_label("label", row.modality),
            term("name", "modalities", row.modality),
            Value("requested", "yes" if requested else "no", flag=requested)
            if b.case.order
            else text("requested", NOT_RECORDED),
            b.words("reason", ", ".join(part for part in reasons if part) or None),
            b.instant("last_data_at", row.last_data_at),
        ],
        group=group,
        modality=row.modality,
        status="performed" if row.performed else "not_performed",
    )
    _settings(b, row, group, place)
    _review(b, row, group, place)
    for position, reset in enumerate(row.baseline_resets):
        b.add(
            b.row_ids(f"{group}.reset", row.baseline_resets)[position],
            "modality.baseline_reset",
            f"{place}/baseline_resets/{position}",
            [
                b.instant("at", reset.at),
                text("reason", reset.reason),
                b.words("authorized_by", b.person_name(reset.authorized_by)),
                modality_label("label", row.modality),
            ],
            group=group,
            modality=row.modality,
        )


def _settings(b: FactBuilder, row: ModalityRecord, group: str, place: str) -> None:
    for position, stimulation in enumerate(row.stimulation):
        b.add(
            b.row_ids(f"{group}.stimulation", row.stimulation)[position],
            "modality.stimulation",
            f"{place}/stimulation/{position}",
            [
                text("text", _stimulation(b, stimulation)),
                b.words("stim_mode", _MODES.get(stimulation.stim_mode or "")),
                *(b.quantity(name, getattr(stimulation, name)) for name in STIMULATION_VALUES),
                b.instant("start_at", stimulation.start_at),
            ],
            group=group,
            modality=row.modality,
            side=stimulation.side,
        )
    if row.performed and vocabulary("modalities")[row.modality].stimulated and not row.stimulation:
        pointer = f"{place}/stimulation"
        b.add(f"{group}.stimulation", "modality.stimulation", pointer, [], group=group, modality=row.modality)
    if row.recording is None and not row.performed:
        return
    b.add(
        f"{group}.recording",
        "modality.recording",
        f"{place}/recording",
        [text("text", _recording(row.recording, electrodes=_has_electrodes(row)))] if row.recording is not None else [],
        group=group,
        modality=row.modality,
    )
    impedances = row.recording.impedances if row.recording else ()
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
            modality=row.modality,
            must_state=False,
        )


def _review(b: FactBuilder, row: ModalityRecord, group: str, place: str) -> None:
    review = row.baseline_review
    followed = any(channel.modality == row.modality for channel in b.case.channels)
    if review is None and not (row.performed and followed):
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
        modality=row.modality,
        status="recorded" if review is None else review.acceptance,
        inputs=[] if review is None else [f"person.{review.by}"],
    )


def _stimulation(b: FactBuilder, row: Stimulation) -> str:
    side = "" if row.side in ("not_recorded", "not_applicable") else row.side
    nerve = vocabulary("nerves").display(row.nerve) if row.nerve else ""
    where = " ".join(part for part in (side, nerve) if part)
    parts = [part for part in (where, row.site, row.electrode_type, row.polarity) if part]
    if row.stim_mode is not None:
        parts.append(_MODES[row.stim_mode])
    for name in STIMULATION_VALUES[: STIMULATION_VALUES.index("train_count")]:
        amount = getattr(row, name)
        if amount is not None:
            label = vocabulary("parameters")[name].value_label
            parts.append(f"{label} {quantity_text(name, amount)}".lstrip())
    parts.extend(_train(row))
    if row.start_at is not None:
        parts.append(f"from {b.clock.time(row.start_at)}")
    return ", ".join(parts) or "settings not recorded"


def _train(row: Stimulation) -> list[str]:
    parts: list[str] = []
    if row.train_count is not None:
        parts.append(f"train of {row.train_count}")
    if row.double_train is not None:
        parts.append("double train" if row.double_train else "no conditioning train")
    if row.isi_ms is not None:
        parts.append(f"interstimulus interval {quantity_text('isi_ms', row.isi_ms)}")
    if row.sweeps is not None:
        parts.append(f"{row.sweeps} sweeps")
    return parts


def _has_electrodes(row: ModalityRecord) -> bool:
    return vocabulary("modalities")[row.modality].electrodes


def _recording(row: Recording, *, electrodes: bool) -> str:
    parts = [row.electrode_type] if row.electrode_type else []
    if row.low_cut_hz is not None or row.high_cut_hz is not None:
        low = number_text(row.low_cut_hz) if row.low_cut_hz is not None else "not recorded"
        high = number_text(row.high_cut_hz) if row.high_cut_hz is not None else "not recorded"
        parts.append(f"filters {low} to {high} Hz")
    if row.notch_on is not None:
        parts.append(f"notch {'on' if row.notch_on else 'off'}")
    if row.sweep_ms is not None:
        parts.append(f"sweep {quantity_text('sweep_ms', row.sweep_ms)}")
    if row.sensitivity_uv_div is not None:
        parts.append(quantity_text("sensitivity_uv_div", row.sensitivity_uv_div))
    if row.impedances:
        parts.append(_impedances([impedance.impedance_kohm for impedance in row.impedances]))
    elif electrodes:
        parts.append("impedances not recorded")
    return ", ".join(parts) or NOT_RECORDED


def _impedances(values: Sequence[float]) -> str:
    if len(values) == 1:
        return f"impedance {number_text(values[0])} kΩ (1 electrode)"
    return f"impedances {number_text(min(values))} to {number_text(max(values))} kΩ ({len(values)} electrodes)"
