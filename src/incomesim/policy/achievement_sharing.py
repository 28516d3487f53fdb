"""Sharing what research earns (科技成果转化收益分享): researchers get a share of what their results bring."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from incomesim.fields import SOURCES, Share, Yuan
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Acceleration, Family, Known, Lever, Mechanisms, Sentence


class AchievementSharing(Lever):
    """Raise one source of income of those who take part by `share` of it while the lever runs.

    In a year with intensity i the source is multiplied by 1 + i * share; when the lever ends so does the gain. A
    share `coverage` of the target households takes part, always the same ones. The source is the wage (bonuses
    paid out of the proceeds) or property income (royalties, equity); who gains in both is described by
    two levers, since the ledger counts a household once for each.
    """

    default_family: ClassVar[Family] = "expand"
    goes_by: ClassVar[Known] = "once"

    lever: Literal["achievement_sharing"]
    source_of_income: Literal["wage", "property"] = Field(description="wage (bonuses) or property (royalties, equity)")
    share: float = Field(ge=0.0, le=2.0, description="gain as a share of that source of income")
    coverage: Share = Field(1.0, description="share of the target households that take part; 1 is an assumption")
    cost: Yuan = Field(description="yuan per household that takes part and year, beyond what it gains")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one acceleration of the source."""
        factor = 1.0 + self.intensity(ground) * self.share
        return Mechanisms(accelerations=(Acceleration(SOURCES.index(self.source_of_income), factor, self.coverage),))

    def delivery(self, households: float, received: float) -> float:
        """Return the yearly cost of those who take part."""
        return self.cost * households

    def sentence(self) -> Sentence:
        """Return source, gain and coverage."""
        chinese = {"wage": "工资性收入", "property": "财产净收入"}[self.source_of_income]
        return Sentence(
            f"{self.coverage:.0%} of the target households share in what their research earns: their "
            f"{self.source_of_income} income is {self.share:.1%} higher.",
            f"目标家庭中 {self.coverage:.0%} 分享科技成果转化收益，{chinese}提高 {self.share:.1%}。",
        )
