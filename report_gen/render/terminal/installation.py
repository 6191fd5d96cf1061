"""What is installed and configured, as lines for the person who looks after the machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

__all__ = ["installation_lines"]

_NOT_DRAWN: Final = "not drawn: "
_SCRIPTS_HELP: Final = (
    "needs the extra scripts, and fonts: Debian's fonts-noto-core and fonts-noto-cjk, or --script-fonts"
)


def installation_lines(status: Mapping[str, Any]) -> Iterator[str]:
    """The state of the installation, one thing on a line.

    Args:
        status: What `report-gen doctor --format json` prints.
    """
    for key, value in status.items():
        if key == "scripts":
            yield from _script_lines(value)
        elif isinstance(value, dict):
            yield from (f"{key} {name}: {shown}" for name, shown in value.items())
        elif isinstance(value, list):
            yield f"{key}: {'; '.join(value) or 'none'}"
        elif isinstance(value, bool):
            yield f"{key}: {'yes' if value else 'NO'}"
        else:
            yield f"{key}: {value}"


def _script_lines(status: Mapping[str, str]) -> Iterator[str]:
    """A line for each script that is drawn, and one for all that are not, with the reason."""
    reasons: dict[str, list[str]] = {}
    for name, font in status.items():
        if font.startswith(_NOT_DRAWN):
            reasons.setdefault(font.removeprefix(_NOT_DRAWN), []).append(name)
        else:
            yield f"scripts {name}: {font}"
    for reason, names in reasons.items():
        yield f"scripts not drawn: {', '.join(sorted(names))} ({reason}; {_SCRIPTS_HELP})"
