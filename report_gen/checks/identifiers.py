"""Check digits of identifiers, by which a number typed with two digits swapped is seen."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["npi_fits"]

_PREFIX: Final = "80840"
"""What stands before a national provider identifier when its check digit is computed (billing reference §8)."""
_DIGITS: Final = 10
_ISSUED: Final = ("1", "2")
"""First digits that are issued."""
_INVENTED: Final = "0000"
"""How a number begins that says at once that nobody has it, as in invented records."""


def npi_fits(number: str) -> bool:
    """Whether a national provider identifier can be one: its first digit is issued, its last one the check digit.

    The check digit is Luhn's over 80840 and the number. A number that begins with four zeros is not judged.
    """
    if re.fullmatch(rf"[0-9]{{{_DIGITS}}}", number) is None:
        return False
    if number.startswith(_INVENTED):
        return True
    if number[0] not in _ISSUED:
        return False
    total = 0
    for place, digit in enumerate(reversed(_PREFIX + number)):
        amount = int(digit) * (2 if place % 2 else 1)
        total += amount - 9 if amount > 9 else amount
    return total % 10 == 0
