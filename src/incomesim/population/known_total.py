"""A total that weights have to meet, and how it is called in messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["KnownTotal", "enumerate_briefly", "percent"]

_MOST = 6  # names in a message


@dataclass(frozen=True)
class KnownTotal:
    """The total of one category of a margin; `category` is empty where the margin has no categories."""

    margin: str
    category: str
    unit: str
    value: float

    def __str__(self) -> str:
        return f"{self.margin} ({self.category})" if self.category else self.margin

    def show(self, amount: float) -> str:
        """Return an amount of it with its unit."""
        return f"{amount:,.{'0f' if abs(amount) >= 1e6 else '7g'}} {self.unit}"


def percent(share: float) -> str:
    """Return a share as people write it, to three digits where it is below 1."""
    return f"{100.0 * share:,.3g} %" if share < 1.0 else f"{100.0 * share:,.0f} %"


def enumerate_briefly(words: Iterable[str], joint: str = ", ") -> str:
    """Return the first few words joined, and how many more there are."""
    listed = list(words)
    more = f" and {len(listed) - _MOST} more" if len(listed) > _MOST else ""
    return joint.join(listed[:_MOST]) + more
