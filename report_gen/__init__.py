"""Post-operative reports of intraoperative neurophysiological monitoring, every sentence traced to the record."""

from report_gen.case import Case, load_case
from report_gen.errors import (
    AssetError,
    CaseInvalidError,
    FileAccessError,
    GateBlockedError,
    NarrationConfigError,
    Problem,
    RenderError,
    ReportGenError,
)
from report_gen.pipeline import Report, agenerate, generate
from report_gen.settings import Settings
from report_gen.version import __version__

__all__ = [
    "AssetError",
    "Case",
    "CaseInvalidError",
    "FileAccessError",
    "GateBlockedError",
    "NarrationConfigError",
    "Problem",
    "RenderError",
    "Report",
    "ReportGenError",
    "Settings",
    "__version__",
    "agenerate",
    "generate",
    "load_case",
]
