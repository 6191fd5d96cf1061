"""Post-operative reports of intraoperative neurophysiological monitoring, every sentence traced to the record."""

from report_gen.case import Case, load_case
from report_gen.errors import (
    AssetError,
    CaseInvalidError,
    FileAccessError,
    GateBlockedError,
    NarrationConfigError,
    Problem,
    ProfileError,
    RenderError,
    ReportGenError,
)
from report_gen.pipeline import ClaimSupport, Report, agenerate, claim_support, generate
from report_gen.settings import Settings
from report_gen.version import __version__

__all__ = [
    "AssetError",
    "Case",
    "CaseInvalidError",
    "ClaimSupport",
    "FileAccessError",
    "GateBlockedError",
    "NarrationConfigError",
    "Problem",
    "ProfileError",
    "RenderError",
    "Report",
    "ReportGenError",
    "Settings",
    "__version__",
    "agenerate",
    "claim_support",
    "generate",
    "load_case",
]
