"""Values as they look when they were entered in another unit: a thousandth, an inch, a degree Fahrenheit.

Only a suspicion to ask about; nothing is converted. The units stand in ``units.json``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from report_gen.errors import AssetError

__all__ = ["SLIP_BETWEEN", "Slip", "by_ratio", "entered_in", "slips"]

SLIP_BETWEEN: Final = (0.25, 4.0)
"""How far a value in another unit may lie from what it is compared with, once converted: a quarter to four times. Our
own choice: homologous responses and later readings of one response seldom differ by more (clinical reference §2.4)."""


@dataclass(frozen=True, slots=True)
class Slip:
    """Another unit in which values of a quantity are sometimes entered."""

    unit: str
    """That unit, as printed."""
    ratio: str
    """What a value entered in it is of the right one, in words."""
    factor: float
    """The right number for an entered one of 1."""
    offset: float = 0.0
    """Added to the entered number before the factor."""

    def right(self, entered: float) -> float:
        """The number in the unit of the contract."""
        return (entered + self.offset) * self.factor


@cache
def slips() -> Mapping[str, Sequence[Slip]]:
    """Units that are taken for that of a quantity, by quantity, the likelier first.

    Raises:
        AssetError: The file is missing or damaged.
    """
    try:
        rows = json.loads((Path(__file__).parent / "units.json").read_text(encoding="utf-8"))["slips"]
        found: dict[str, list[Slip]] = {}
        for row in rows:
            slip = Slip(row["unit"], row["ratio"], float(row["factor"]), float(row.get("offset", 0)))
            found.setdefault(row["quantity"], []).append(slip)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssetError("assets.checks", "units.json is missing or damaged; install report_gen again") from error
    return MappingProxyType(found)


def entered_in(quantity: str, values: Sequence[float], plausible: Callable[[float], bool]) -> Slip | None:
    """The other unit in which all of some values would be plausible. None: none of those known."""
    if not values:
        return None
    fitting = (slip for slip in slips().get(quantity, ()) if all(plausible(slip.right(value)) for value in values))
    return next(fitting, None)


def by_ratio(quantity: str, value: float, reference: float) -> Slip | None:
    """The other unit in which a value would lie near a reference of the same quantity. None: none of those known.

    Units whose ratio is small are left out: a change of signal explains such a difference as well.
    """
    if value <= 0 or reference <= 0:
        return None
    low, high = SLIP_BETWEEN
    for slip in _by_ratio(quantity):
        if low <= slip.right(value) / reference <= high:
            return slip
    return None


_SMALL: Final = (0.02, 50.0)


@cache
def _by_ratio(quantity: str) -> tuple[Slip, ...]:
    """Units of a quantity whose ratio to the right one is large enough to tell."""
    known = slips().get(quantity, ())
    return tuple(slip for slip in known if slip.offset == 0 and not _SMALL[0] < slip.factor < _SMALL[1])
