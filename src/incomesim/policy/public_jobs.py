"""Public-service jobs (公益性岗位): a wage from public hands for those who find no other work."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from incomesim.fields import SOURCES, Share, Yuan
from incomesim.kernel.tables import Per
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Family, Grant, Lever, Mechanisms, Sentence


class PublicJobs(Lever):
    """Give one member of a share `coverage` of the target households up to the ceiling a job at `wage` yuan a year.

    The same households hold the jobs from year to year while they are entitled; a phase-in adds jobs. The wage comes on
    top of what the household earns: what it would have earned in that time otherwise is taken to be nothing. It is
    income from work that public hands pay: the ledger has it as received, and it may end an entitlement to the floor.
    """

    default_family: ClassVar[Family] = "lift"
    one_each: ClassVar[bool] = True

    lever: Literal["public_jobs"]
    coverage: Share = Field(description="share of the target households up to the ceiling that hold a job in a year")
    wage: Yuan = Field(description="yuan per job and year, prices of the lever's first year")
    administration: float = Field(0.0, ge=0.0, le=1.0, description="insurance, tools and supervision per yuan of wages")

    def compile(self, ground: Ground) -> Mechanisms:
        """Return one grant for each household that holds a job."""
        grant = Grant(
            source=SOURCES.index("wage"),
            per=Per.HOUSEHOLD,
            amount=ground.members(self.target) * (self.wage * self.amounts(ground))[:, None],
            rate=self.coverage * ground.intensity(self.years, self.phase_in)[:, None],
            earned=False,
        )
        return Mechanisms(grants=(grant,))

    def delivery(self, households: float, received: float) -> float:
        """Return the cost of insurance, tools and supervision."""
        return self.administration * received

    def sentence(self) -> Sentence:
        """Return coverage and wage."""
        return Sentence(
            f"Gives {self.coverage:.1%} of the entitled households a public job at {self.wage:,.0f} yuan a year.",
            f"为 {self.coverage:.1%} 的符合条件家庭提供公益性岗位，每岗每年 {self.wage:,.0f} 元。",
        )
