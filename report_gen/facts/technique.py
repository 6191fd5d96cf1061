"""Facts of modalities as set up, stimulation and recording settings, tests, mapping, equipment."""

from __future__ import annotations

from report_gen.case.signals import ModalityRecord, Recording, Stimulation, ThresholdTest
from report_gen.facts.builder import FactBuilder, text
from report_gen.facts.wording import joined, number_text, quantity_text
from report_gen.vocab import vocabulary

__all__ = ["derive_technique", "derive_tests"]


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
                    text("label", vocabulary("modalities").label(code)),
                    text("name", vocabulary("modalities").display(code)),
                ],
                group=f"modality.{code}",
                modality=code,
                status="requested_not_listed",
            )
    for index, device in enumerate(b.case.equipment):
        b.add(
            f"equipment.{index + 1}",
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
    entry = vocabulary("modalities")[row.modality]
    group, place = f"modality.{row.modality}", f"/modalities/{index}"
    reason = None
    if row.not_performed_reason is not None:
        reason = vocabulary("absence_reasons").display(row.not_performed_reason)
        if row.not_performed_detail:
            reason = f"{reason}, {row.not_performed_detail}"
    b.add(
        group,
        "modality",
        place,
        [
            text("label", vocabulary("modalities").label(row.modality)),
            text("name", entry.display),
            text("requested", "yes" if requested else ("no" if b.case.order else "not recorded")),
            b.words("reason", reason),
            b.instant("last_data_at", row.last_data_at),
        ],
        group=group,
        modality=row.modality,
        status="performed" if row.performed else "not_performed",
    )
    for position, stimulation in enumerate(row.stimulation):
        b.add(
            f"{group}.stimulation.{position + 1}",
            "modality.stimulation",
            f"{place}/stimulation/{position}",
            [text("text", _stimulation(stimulation))],
            group=group,
            modality=row.modality,
            side=stimulation.side,
        )
    if row.performed and entry.extra.get("stimulated") and not row.stimulation:
        b.add(
            f"{group}.stimulation",
            "modality.stimulation",
            f"{place}/stimulation",
            [],
            group=group,
            modality=row.modality,
        )
    if row.recording is not None:
        b.add(
            f"{group}.recording",
            "modality.recording",
            f"{place}/recording",
            [text("text", _recording(row.recording))],
            group=group,
            modality=row.modality,
        )
    elif row.performed:
        b.add(f"{group}.recording", "modality.recording", f"{place}/recording", [], group=group, modality=row.modality)
    review = row.baseline_review
    if review is not None:
        b.add(
            f"{group}.baseline_review",
            "modality.baseline_review",
            f"{place}/baseline_review",
            [
                b.coded("acceptance", "acceptances", review.acceptance),
                b.words("by", b.person_name(review.by)),
                b.instant("at", review.at),
                b.words("note", review.note),
            ],
            group=group,
            modality=row.modality,
            status=review.acceptance,
        )
    elif row.performed:
        b.add(
            f"{group}.baseline_review",
            "modality.baseline_review",
            f"{place}/baseline_review",
            [],
            group=group,
            modality=row.modality,
        )


def _stimulation(row: Stimulation) -> str:
    side = "" if row.side in ("not_recorded", "not_applicable") else row.side
    nerve = vocabulary("nerves").display(row.nerve) if row.nerve else ""
    where = " ".join(part for part in (side, nerve) if part)
    parts = [part for part in (where, row.site, row.electrode_type, row.polarity) if part]
    if row.stim_mode is not None:
        parts.append({"cc": "constant current", "cv": "constant voltage"}[row.stim_mode])
    for name, label in (
        ("intensity_ma", ""),
        ("intensity_v", ""),
        ("intensity_db_nhl", ""),
        ("masking_db_nhl", "masking "),
        ("pulse_width_us", ""),
        ("rate_hz", ""),
    ):
        amount = getattr(row, name)
        if amount is not None:
            parts.append(f"{label}{quantity_text(name, amount)}")
    if row.train_count is not None:
        parts.append(f"train of {row.train_count}")
    if row.isi_ms is not None:
        parts.append(f"interstimulus interval {quantity_text('isi_ms', row.isi_ms)}")
    if row.sweeps is not None:
        parts.append(f"{row.sweeps} sweeps")
    return ", ".join(parts) or "settings not recorded"


def _recording(row: Recording) -> str:
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
        values = [impedance.impedance_kohm for impedance in row.impedances]
        parts.append(
            f"impedances {number_text(min(values))} to {number_text(max(values))} kΩ "
            f"({len(values)} electrode{'s' if len(values) != 1 else ''})"
        )
    else:
        parts.append("impedances not recorded")
    return ", ".join(parts)


def derive_tests(b: FactBuilder) -> None:
    """Add a fact for each screw, nerve or dilator test and each mapping result."""
    for index, row in enumerate(b.case.threshold_tests):
        b.add(
            f"threshold.{index + 1}",
            "threshold",
            f"/threshold_tests/{index}",
            [
                text("place", _place(row)),
                text("result", _result(row)),
                text(
                    "stage",
                    {
                        "initial": "initial",
                        "after_redirection": "after redirection",
                        "after_removal": "after removal",
                        "final": "final",
                    }[row.stage],
                ),
                b.words("muscle", vocabulary("muscles").label(row.muscle) if row.muscle else None),
                b.quantity("threshold_ma", row.threshold_ma),
                b.quantity("threshold_v", row.threshold_v),
                b.quantity("max_tested_ma", row.max_tested_ma),
                b.words("direction", row.direction),
                b.words("note", row.note),
                b.instant("at", row.at),
            ],
            group=f"threshold.{row.kind}",
            status=row.outcome,
            side=row.side,
            site=row.level or row.nerve or "",
            modality={"screw": "emg_triggered_screw", "nerve": "emg_triggered_nerve", "dilator": "emg_directional"}[
                row.kind
            ],
        )
    for index, result in enumerate(b.case.mapping_tests):
        b.add(
            f"mapping.{index + 1}",
            "mapping",
            f"/mapping_tests/{index}",
            [
                text("site", result.site),
                text("result", result.result),
                b.quantity("intensity_ma", result.intensity_ma),
                b.words("polarity", None if result.polarity == "not_recorded" else result.polarity),
                b.yes_no("after_discharge", result.after_discharge),
                b.instant("at", result.at),
                text("modality", vocabulary("modalities").label(result.modality)),
            ],
            group="mapping",
            side=result.side,
            modality=result.modality,
        )


def _place(row: ThresholdTest) -> str:
    side = {"left": "left", "right": "right", "midline": "midline"}.get(row.side, "")
    name = row.level or (vocabulary("nerves").display(row.nerve) if row.nerve else "")
    return joined([" ".join(part for part in (side, name) if part) or "place not recorded"])


def _result(row: ThresholdTest) -> str:
    if row.outcome == "not_recorded":
        return "not recorded"
    if row.outcome == "no_response":
        limit = "" if row.max_tested_ma is None else f" up to {quantity_text('max_tested_ma', row.max_tested_ma)}"
        return f"no response{limit}"
    if row.threshold_ma is not None:
        return quantity_text("threshold_ma", row.threshold_ma)
    return "not recorded" if row.threshold_v is None else quantity_text("threshold_v", row.threshold_v)
