"""Samples of which a model is asked nothing."""

from __future__ import annotations

__all__ = ["NOTHING"]

NOTHING = (
    "invented_acdf_quiet",
    "invented_names_eight_scripts",
    "invented_thin_aneurysm_untimed_mep",
    "invented_thin_aortic_stent_legs",
    "invented_thin_cancelled_before_monitoring",
    "invented_thin_cardiac_eeg_asymmetry",
    "invented_thin_carotid_no_shunt_details",
    "invented_thin_neonate_back_closure",
    "invented_thin_screw_mep_loss",
    "invented_thin_second_stage_scoliosis",
    "invented_thin_tethered_cord_triggered_emg",
    "invented_unobtainable_baselines",
)
"""Cases of which a wording can change nothing that is worth a question: quiet, thin, or called off."""
