"""Numbers as a reader wants to see them: by unit, with a real minus sign, a dash where there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = [
    "DASH", "MINUS", "Written", "write_bound", "write_difference", "write_error", "write_known",
    "write_known_difference", "write_money", "write_number", "write_significant", "write_value",
]  # fmt: skip

DASH = "–"
MINUS = "−"
_SPACE = "\u00a0"  # lines do not break there
_MILLION = 1e6
_SMALL_SHARE = 0.1


@dataclass(frozen=True)
class Written:
    """A number as a text, with its bound and its standard error.

    The bound is how far off it can be, empty where no digit shown is in doubt; the error is empty where there is none.
    """

    text: str
    bound: str
    error: str = ""


def write_known(value: float, bound: float, unit: str, error: float = math.nan) -> Written:
    """Return a level with its bound and standard error."""
    return Written(write_value(value, unit), write_bound(bound, unit), write_error(error, unit))


def write_known_difference(value: float, bound: float, unit: str, error: float = math.nan) -> Written:
    """Return a difference with its bound and standard error."""
    return Written(write_difference(value, unit), write_bound(bound, unit), write_error(error, unit))


def write_error(error: float, unit: str) -> str:
    """Return a standard error to two digits that count, shares in percentage points; empty where there is none."""
    size, suffix = (100.0 * error, f"{_SPACE}pp") if unit == "share" else (error, "")
    if not size > 0.0:
        return ""
    decimals = max(1 - math.floor(math.log10(size)), 0)
    return f"s.e.{_SPACE}{size:,.{decimals}f}{suffix}"


def write_bound(bound: float, unit: str) -> str:
    """Return a bound, rounded up, with its sign; shares in percentage points. Empty below half the last digit shown."""
    decimals, size, suffix = (2, 100.0 * bound, f"{_SPACE}pp") if unit == "share" else (_decimals(unit), bound, "")
    if not size >= 0.5 * 10.0**-decimals:
        return ""
    return f"±{_SPACE}{math.ceil(size * 10.0**decimals) / 10.0**decimals:,.{decimals}f}{suffix}"


def write_value(value: float, unit: str) -> str:
    """Return a level: shares in percent, incomes and counts in whole numbers, indices to four digits."""
    if unit == "share":
        return _finite(value, f"{100.0 * value:.{1 if abs(value) >= _SMALL_SHARE else 2}f}{_SPACE}%")
    return _finite(value, _plain(value, unit))


def write_difference(value: float, unit: str) -> str:
    """Return a difference with its sign: shares in percentage points."""
    if unit == "share":
        return _signed(100.0 * value, 2, f"{_SPACE}pp")
    return _signed(value, _decimals(unit), "")


def write_money(yuan: float) -> str:
    """Return an amount in million yuan, without the unit."""
    return _finite(yuan, f"{yuan / _MILLION:,.1f}")


def write_number(value: float, decimals: int = 0) -> str:
    """Return a plain number with thousands apart."""
    return _finite(value, f"{value:,.{decimals}f}")


def write_significant(value: float) -> str:
    """Return a small difference with its sign, to three digits that count."""
    return _finite(value, f"{value:+#.3g}" if value else "0")


def _plain(value: float, unit: str) -> str:
    return f"{value:,.{_decimals(unit)}f}"


def _decimals(unit: str) -> int:
    return {"index": 4, "ratio": 3}.get(unit, 0)


def _signed(value: float, decimals: int, suffix: str) -> str:
    if not math.isfinite(value):
        return DASH
    text = f"{value:+,.{decimals}f}"
    if not any(digit in "123456789" for digit in text):
        text = f"{0.0:.{decimals}f}"
    return text.replace("-", MINUS) + suffix


def _finite(value: float, text: str) -> str:
    return text.replace("-", MINUS) if math.isfinite(value) else DASH
