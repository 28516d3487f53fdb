"""Farm income (农业增收): operating income of covered households grows faster."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from incomesim.fields import Share, Yuan
from incomesim.policy.faster_growth import grow_faster
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Known, Lever, Mechanisms, Sentence


class FarmIncome(Lever):
    """Let operating income grow by `extra_growth` a year more while the lever runs.

    The level reached stays afterwards. A share `coverage` of the target households takes part,
    always the same ones (a cooperative, a cold store, a brand serve who has joined).
    """

    default_family: ClassVar[Family] = "lift"
    goes_by: ClassVar[Known] = "once"

    lever: Literal["farm_income"]
    extra_growth: float = Field(ge=0.0, le=0.5, description="additional growth of operating income a year")
    coverage: Share = Field(1.0, description="share of the target households that take part")
    cost: Yuan = Field(description="yuan per household that takes part and year")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one acceleration, cumulated over the years."""
        return Mechanisms(
            accelerations=(grow_faster("operating", self.intensity(ground), self.extra_growth, self.coverage),)
        )

    def delivery(self, households: float, received: float) -> float:
        """Return the yearly cost of those who take part."""
        return self.cost * households

    def sentence(self) -> Sentence:
        """Return growth and coverage."""
        return Sentence(
            f"Operating income of {self.coverage:.0%} of the target households grows {self.extra_growth:.1%} "
            "a year faster.",
            f"目标家庭中 {self.coverage:.0%} 的经营净收入每年多增长 {self.extra_growth:.1%}。",
        )
