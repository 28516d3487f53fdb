"""A share of those in question gains in market income, once, and the gain fades."""

from __future__ import annotations

from incomesim.policy.lever import Gain, Reals

__all__ = ["gain_once"]


def gain_once(intensity: Reals, share: float, premium: float, fade: float) -> Gain:
    """Return the gain of `premium` log points for a `share` of the target households a year.

    `intensity` (T, C) is that of the lever. Of the gain a share `fade` is lost every year after.
    """
    return Gain(intensity * share, premium, 1.0 - fade)
