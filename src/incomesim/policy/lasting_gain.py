"""A share of those in question gains in market income, once, and the gain fades."""

from __future__ import annotations

import numpy as np

from incomesim.policy.ground import Ground, MeansTested
from incomesim.policy.lever import Gain, Reals

__all__ = ["gain_once"]


def gain_once(ground: Ground, intensity: Reals, target: MeansTested, share: float, premium: float, fade: float) -> Gain:
    """Return the gain of `premium` log points for a `share` of the target households below its ceiling a year.

    `intensity` (T, C) is that of the lever. The ceiling moves with consumer prices; it is held against the
    income of the year without this year's levers. Of the gain a share `fade` is lost every year after.
    """
    limit = np.inf if target.ceiling is None else target.ceiling
    return Gain(intensity * share, limit * ground.price_level, premium, 1.0 - fade)
