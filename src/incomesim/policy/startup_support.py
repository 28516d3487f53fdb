"""Support for start-ups (创业扶持): some of those who begin a business stay in it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from incomesim.fields import Name, Share, Yuan
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Known, Lever, Mechanisms, Move, Sentence


class StartupSupport(Lever):
    """Help a share `rate` of the target households a year to begin a business; a share `survival` lasts.

    Those whose business lasts join the group `to` in the year they begin, keep their latent rank and take
    `assimilation` years to reach the same place there: a share rate * survival moves. The others stay what they
    are, with the income they had, and cost as much: what they lose by failing is not in the model.
    """

    default_family: ClassVar[Family] = "expand"
    goes_by: ClassVar[Known] = "earlier"

    lever: Literal["startup_support"]
    to: Name = Field(description="name of the group of entrepreneurs they join")
    rate: Share = Field(description="share of the target households that begin a business in a year")
    survival: float = Field(gt=0.0, le=1.0, description="share of them whose business lasts")
    assimilation: int = Field(
        3, ge=1, le=40, description="years until the new group's income is reached; 3 is an assumption"
    )
    cost: Yuan = Field(description="yuan per household that begins, whether or not it lasts")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one move, of those who last."""
        probability = self.intensity(ground) * (self.rate * self.survival)
        return Mechanisms(moves=(Move(probability, ground.replace_group(self.to), self.assimilation),))

    def delivery(self, households: float, received: float) -> float:
        """Return the cost of all who began, for the `households` that lasted."""
        return self.cost * households / self.survival

    def sentence(self) -> Sentence:
        """Return rate, survival and destination."""
        return Sentence(
            f"{self.rate:.1%} of the target households a year begin a business; {self.survival:.0%} of these last and "
            f"join the group {self.to}.",
            f"每年扶持目标家庭的 {self.rate:.1%} 创业，其中 {self.survival:.0%} 存活并转入 {self.to}。",
        )
