"""Wage growth (工资增长): wages of covered households grow faster."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from incomesim.fields import Share, Yuan
from incomesim.policy.faster_growth import grow_faster
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Known, Lever, Mechanisms, Sentence


class WageGrowth(Lever):
    """Let wage income grow by `extra_growth` a year more while the lever runs; the level reached stays.

    Wages of covered households in year t are multiplied by prod over s <= t of (1 + i[s] * extra_growth), with i
    the intensity. A share `coverage` of the target households is covered, always the same ones (collective
    bargaining, a reform of pay at employers that take part). Households without wages gain nothing.
    """

    default_family: ClassVar[Family] = "lift"
    goes_by: ClassVar[Known] = "once"

    lever: Literal["wage_growth"]
    extra_growth: float = Field(ge=0.0, le=0.5, description="additional growth of wage income a year")
    coverage: Share = Field(1.0, description="share of the target households that are covered; 1 is an assumption")
    cost: Yuan = Field(description="yuan per covered household and year, beyond the wages themselves")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one acceleration of wages, cumulated over the years."""
        return Mechanisms(
            accelerations=(grow_faster("wage", self.intensity(ground), self.extra_growth, self.coverage),)
        )

    def delivery(self, households: float, received: float) -> float:
        """Return the yearly cost of those covered."""
        return self.cost * households

    def sentence(self) -> Sentence:
        """Return growth and coverage."""
        return Sentence(
            f"Wages of {self.coverage:.0%} of the target households grow {self.extra_growth:.1%} a year faster.",
            f"目标家庭中 {self.coverage:.0%} 的工资性收入每年多增长 {self.extra_growth:.1%}。",
        )
