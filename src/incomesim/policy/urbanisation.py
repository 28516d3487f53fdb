"""Moving to town (农业转移人口市民化), beyond what happens anyway."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from incomesim.fields import RESIDENCES, Share, Yuan
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Known, Lever, Mechanisms, Move, Sentence


class Urbanisation(Lever):
    """Let a further share `rate` of the target rural households a year move to the town of their region.

    They keep group and latent rank and take `assimilation` years to reach the same place in town.
    """

    default_family: ClassVar[Family] = "expand"
    goes_by: ClassVar[Known] = "earlier"

    lever: Literal["urbanisation"]
    rate: Share = Field(description="share of the rural target households a year, beyond the baseline")
    assimilation: int = Field(5, ge=1, le=40, description="years until the income of the town is reached")
    cost: Yuan = Field(description="yuan per household that moves: housing, schools, services")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one move."""
        urban, rural = RESIDENCES
        in_country = ground.members(self.target.model_copy(update={"residence": rural}))
        probability = self.intensity(ground) * self.rate * in_country
        return Mechanisms(moves=(Move(probability, ground.replace_residence(urban), self.assimilation),))

    def delivery(self, households: float, received: float) -> float:
        """Return the cost of those who moved."""
        return self.cost * households

    def sentence(self) -> Sentence:
        """Return rate and assimilation."""
        return Sentence(
            f"A further {self.rate:.1%} of the rural target households a year move to town and reach its "
            f"incomes in {self.assimilation} years.",
            f"每年另有 {self.rate:.1%} 的目标农村家庭进城，{self.assimilation} 年达到城镇同位收入。",
        )
