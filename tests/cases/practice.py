"""A practice that has decided everything the base story leaves to it. All names, codes and numbers are invented."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from report_gen.claim.practice.profile import Profile, load_profile

PROFILE = """\
format = "report_gen.claim_profile/1"
practice = "Example Practice"
billing_npi = "0000000900"
billing_name = "Example Practice"

[[confirmations]]
item = "tables_current"
confirmed_on = 2026-07-06
confirmed_by = "B. Biller"
until = 2026-09-30

[[confirmations]]
item = "service_address"
confirmed_on = 2026-02-02
confirmed_by = "C. Compliance"

[[confirmations]]
item = "study_concept"
confirmed_on = 2026-02-02
confirmed_by = "C. Coder"
"""
CODES = """\
format = "report_gen.code_map/1"
licence_confirmed_by = "C. Compliance"
licence_confirmed_on = 2026-01-05

[codes]
"mon.in_room" = "00001"
"mon.remote_multi" = "00002"
"sep.both" = "00013"
"mep.both" = "00023"
"emg.limited" = "00033"
"nmj" = "00041"
"""


def written(folder: Path) -> tuple[Path, Path]:
    """Profile and code map as files in a folder."""
    paths = folder / "practice.toml", folder / "codes.toml"
    for path, text in zip(paths, (PROFILE, CODES), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def settled(folder: Path) -> Profile:
    """The profile read from those files."""
    return load_profile(*written(folder))


def raw(**more: Any) -> dict[str, Any]:
    """The profile without its format line, with more keys."""
    values = tomllib.loads(PROFILE)
    del values["format"]
    return {**values, **more}
