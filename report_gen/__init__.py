"""Post-operative reports of intraoperative neurophysiological monitoring, every sentence traced to the record.

The names are looked up when they are first used: importing the package, and asking a command for its help, loads
neither the contract nor the report.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from report_gen.life import ReportLife, Signature
    from report_gen.pipeline import ClaimSupport, agenerate, claim_support, generate
    from report_gen.render.made import Report
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
    "ReportLife",
    "Settings",
    "Signature",
    "__version__",
    "agenerate",
    "claim_support",
    "generate",
    "load_case",
]

_HOMES = {
    "report_gen.case": ("Case", "load_case"),
    "report_gen.errors": (
        "AssetError",
        "CaseInvalidError",
        "FileAccessError",
        "GateBlockedError",
        "NarrationConfigError",
        "Problem",
        "ProfileError",
        "RenderError",
        "ReportGenError",
    ),
    "report_gen.life": ("ReportLife", "Signature"),
    "report_gen.pipeline": ("ClaimSupport", "agenerate", "claim_support", "generate"),
    "report_gen.render.made": ("Report",),
    "report_gen.settings": ("Settings",),
    "report_gen.version": ("__version__",),
}
_HOME_OF = {name: module for module, listed in _HOMES.items() for name in listed}


def __getattr__(name: str) -> Any:
    """A public name, or a module that holds some, imported on first use."""
    if f"{__name__}.{name}" in _HOMES:
        return import_module(f"{__name__}.{name}")
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
