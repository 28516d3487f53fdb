"""How what households earn answers to a lever's own rate on the next yuan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from incomesim.fields import Assumed

__all__ = ["Response", "step_response"]

Reals = NDArray[np.float64]


class Response(Assumed):
    """Wage and operating income of a household that the lever reaches change by max(ratio, lowest) ** elasticity.

    The ratio is what the lever leaves of the next yuan earned over what was left of it without the lever. Above
    1 / lowest it is held there: beyond the rates that the study has seen the elasticity says nothing. Only the lever's
    own rate counts, not what others take of the same yuan; that somebody earns less because he has more (the income
    effect), or earns less to get under a line, is left out. Losses do not change.
    """

    elasticity: float = Field(
        ge=0.0, le=3.0, description="of earned income to what is left of the next yuan; 0: nobody responds"
    )
    lowest: float = Field(
        gt=0.0,
        lt=1.0,
        description="lowest ratio of what is left in the study of the elasticity; the highest is 1 / lowest",
    )

    def change(self, ratio: Reals) -> Reals:
        """Return the change of earned income, as a share of it."""
        return np.asarray(np.clip(ratio, self.lowest, 1.0 / self.lowest) ** self.elasticity - 1.0)

    def is_beyond(self, ratio: Reals) -> NDArray[np.bool_]:
        """Return where the ratio lies outside the range and somebody responds."""
        return np.asarray(((ratio < self.lowest) | (ratio > 1.0 / self.lowest)) & (self.elasticity > 0.0))


def step_response(response: Response, part: tuple[float, float], before: Reals, more: Reals) -> tuple[Reals, Reals]:
    """Return by how much changes of wage and operating income (T, R, 2), and being beyond (T, R), step at thresholds.

    `before` and `more` (T, R) are the steps, at thresholds in rising order, of the marginal rate that is replaced and
    of what the lever adds to it; `part` is what of each source belongs to the base. Steps of 0 may stand behind.
    """
    old, new = np.cumsum(before, axis=1), np.cumsum(before + more, axis=1)
    left, was_left = (1.0 - np.multiply.outer(rate, part) for rate in (new, old))
    ratio = left / was_left
    change, beyond = response.change(ratio), response.is_beyond(ratio).any(axis=-1)
    return np.diff(change, axis=1, prepend=0.0), np.diff(beyond.astype(np.float64), axis=1, prepend=0.0)
