"""Moving up into another group (群体流动), for instance from needy to skilled worker."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from incomesim.fields import Name, Share, Yuan
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Known, Lever, Mechanisms, Move, Sentence


class GroupMobility(Lever):
    """Let a share `rate` of the target households a year join the group `to`.

    They keep their latent rank and take `assimilation` years to reach the same place in the new group.
    """

    default_family: ClassVar[Family] = "expand"
    goes_by: ClassVar[Known] = "earlier"

    lever: Literal["group_mobility"]
    to: Name = Field(description="name of the group they join")
    rate: Share = Field(description="share of the target households a year")
    assimilation: int = Field(3, ge=1, le=40, description="years until the new group's income is reached")
    cost: Yuan = Field(description="yuan per household that changes group")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one move."""
        destination = ground.replace_group(self.to)
        probability = self.intensity(ground) * self.rate
        return Mechanisms(moves=(Move(probability, destination, self.assimilation),))

    def delivery(self, households: float, received: float) -> float:
        """Return the cost of those who moved."""
        return self.cost * households

    def sentence(self) -> Sentence:
        """Return rate and destination."""
        return Sentence(
            f"{self.rate:.1%} of the target households a year join the group {self.to}.",
            f"每年有 {self.rate:.1%} 的目标家庭转入 {self.to}。",
        )
