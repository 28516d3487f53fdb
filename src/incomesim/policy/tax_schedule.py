"""Schedules of an income tax: deduction and brackets; the law in force in China."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from incomesim.fields import Model, Share, Yuan

__all__ = ["LAW_2018", "Bracket", "Schedule", "lay_over"]

Reals = NDArray[np.float64]


class Bracket(Model):
    """A bracket of a schedule."""

    above: Yuan = Field(description="yuan of taxable income a year at which it begins")
    rate: Share = Field(description="tax on the next yuan")


@dataclass(frozen=True)
class Schedule:
    """What a taxpayer may deduct, yuan a year, and the brackets of what is left, in rising order."""

    deduction: float
    brackets: tuple[Bracket, ...]

    def steps(self, deduction_level: float = 1.0, bracket_level: float = 1.0) -> Reals:
        """Return thresholds of income and steps of the rate, (2, brackets), with the amounts at these levels."""
        rates = [0.0, *(bracket.rate for bracket in self.brackets)]
        starts = np.array([bracket.above for bracket in self.brackets])
        return np.array([self.deduction * deduction_level + starts * bracket_level, np.diff(rates)])


LAW_2018 = Schedule(
    60_000.0,
    tuple(
        Bracket(above=above, rate=rate)
        for above, rate in (
            (0.0, 0.03), (36_000.0, 0.10), (144_000.0, 0.20), (300_000.0, 0.25), (420_000.0, 0.30),
            (660_000.0, 0.35), (960_000.0, 0.45),
        )
    ),
)  # fmt: skip
"""Comprehensive income (综合所得), in force since 2019-01-01.

Individual Income Tax Law of the People's Republic of China (个人所得税法) as amended on 2018-08-31: article 6 (1) has
the deduction, article 3 (1) with the first table of rates (个人所得税税率表一) the brackets.
"""


def lay_over(steps: Reals, law: Reals) -> Reals:
    """Return all thresholds in rising order, by how much more than the law's the rate steps there, and the law's step.

    Schedules are (2, brackets) as `Schedule.steps` has them, the result is (3, brackets).
    """
    threshold, place = np.unique(np.concatenate([steps[0], law[0]]), return_inverse=True)
    more, of_law = np.zeros((2, len(threshold)))
    np.add.at(more, place, np.concatenate([steps[1], -law[1]]))
    np.add.at(of_law, place[len(steps[0]) :], law[1])
    return np.array([threshold, more, of_law])
