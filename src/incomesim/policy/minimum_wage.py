"""Minimum wage (最低工资): wages of earners below it are lifted to it."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from incomesim.fields import Share, Yuan
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Lever, Mechanisms, Sentence, WageFloor


class MinimumWage(Lever):
    """Lift the wage of each earner to `monthly` * 12 where it lies below, but not below `part_time` times that.

    The wages of a household are divided evenly among its earners: `earners` of its members of 15 to 64, at least one.
    Who earns what is not known, so a low wage beside a high one is not seen, and neither are hours: below `part_time`
    times the minimum a wage is taken for part of the time or of the year. A share i * `compliance` of households is
    lifted, always the same ones; nothing stays after the lever's years. Nobody loses work because of it, and no other
    wage moves: assumptions.
    """

    default_family: ClassVar[Family] = "lift"

    lever: Literal["minimum_wage"]
    monthly: Yuan = Field(description="yuan per earner and month, prices of the lever's first year")
    earners: float = Field(gt=0.0, le=1.0, description="share of the members of 15 to 64 who earn a wage, at least one")
    part_time: float = Field(
        gt=0.0, lt=1.0, description="share of the minimum below which a wage is taken for part-time work and left alone"
    )
    compliance: Share = Field(1.0, description="share of households whose employers pay it; 1 is an assumption")
    cost: Yuan = Field(description="yuan per household lifted and year: inspection, beyond the wages themselves")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one floor under wages; a phase-in lets compliance rise."""
        intensity = self.intensity(ground)
        minimum = np.where(intensity > 0.0, 12.0 * self.monthly * self.amounts(ground)[:, None], 0.0)
        rate = self.compliance * intensity
        return Mechanisms(wage_floors=(WageFloor(minimum, self.earners, self.part_time, rate),))

    def delivery(self, households: float, received: float) -> float:
        """Return the yearly cost of inspection."""
        return self.cost * households

    def sentence(self) -> Sentence:
        """Return the minimum, whom it concerns and how many employers pay it."""
        return Sentence(
            f"Lifts wages of {self.part_time:.0%} or more of {self.monthly:,.0f} yuan a month to that; "
            f"{self.compliance:.0%} of the households concerned are paid it.",
            f"将月工资达到 {self.monthly:,.0f} 元之 {self.part_time:.0%} 以上而不足者提高到该标准；"
            f"所涉家庭中 {self.compliance:.0%} 得到落实。",
        )
